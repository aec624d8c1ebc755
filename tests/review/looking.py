"""A review to look at, and to ask what it should refuse."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlencode

from extract import api
from extract.model import Reading
from extract.review.app import form_key
from extract.review.server import Address
from extract.stages.publish import Output, pack

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
NAMES = ("fengqiao-2021-slip", "shisun-2022-ocr", "zhuzhou-2020-ocr")
SLIP, MISREAD, LOST = "1a531e05ee2a4cbb", "fe8b3dd648874a82", "12707b876d644826"
"""finding_ids: a publisher's slip in a PDF, a digit misread in a text, and a total not read."""


@cache
def published() -> Path:
    """An OUT of three documents; to be copied by whoever decides."""
    out = Path(mkdtemp()) / "out"
    api.run([CASES / name for name in NAMES], out, executor="serial")
    return out


def put(out: Path, *readings: Reading) -> None:
    """Publish readings that were made up."""
    with Output.open(out) as output:
        for one in readings:
            output.name(one.source, one.doc_id, one.bytes)
            output.keep(pack(one))
        output.publish()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Asker:
    """Asks as a browser would; any header may be another."""

    at: Address
    cookie: bool = True
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.at.port}"

    def ask(
        self,
        path: str,
        told: Mapping[str, str] | None = None,
        method: str | None = None,
        **more: str,
    ) -> Answer:
        """GET, or POST of ``told``; ``more`` are headers, ``_`` for ``-``."""
        headers = {"Host": f"127.0.0.1:{self.at.port}"}
        if self.cookie:
            headers["Cookie"] = f"juesuan-{self.at.port}={self.at.token}"
        if told is not None:
            headers["Origin"] = self.origin
        headers |= self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        there = http.client.HTTPConnection("127.0.0.1", self.at.port, timeout=30)
        try:
            there.putrequest(method or ("GET" if told is None else "POST"), path, skip_host=True)
            body = urlencode(told).encode() if told is not None else b""
            for name, value in headers.items():
                there.putheader(name, value)
            there.putheader("Content-Length", str(len(body)))
            there.endheaders(body)
            answer = there.getresponse()
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.read(),
            )
        finally:
            there.close()

    def decide(self, finding_id: str, what: str, **told: str) -> Answer:
        """As the form of a finding's page does."""
        key = form_key(self.at.token)
        return self.ask(f"/finding/{finding_id}/decide", {"key": key, "what": what, **told})
