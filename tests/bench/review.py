"""How long do the review's pages take where OUT holds a thousand documents?

    python -m tests.bench.review [DOCUMENTS]

Each document is that of a fixture under a name of its own, its file beside it with a comment
more, so that every page has its picture. Reported are the slowest and the middle of twenty requests over
HTTP, the first of each address (nothing is held ready), and how long a decision takes.
"""

from __future__ import annotations

import hashlib
import http.client
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow.dataset as ds

from extract import document
from extract.model import Reading
from extract.review.app import form_key
from extract.review.server import Address, serving
from extract.stages.publish import Output, pack

PDF = Path("fixtures/cases/fengqiao-2021-slip/fengqiao-2021.pdf")
YEARS = range(2018, 2024)


def renamed(of: Reading, number: int, folder: Path) -> Reading:
    """The reading as that of another document, whose file lies in ``folder``."""
    data = PDF.read_bytes() + b"\n%% %d\n" % number
    sha256 = hashlib.sha256(data).hexdigest()
    source = folder / f"{number}.pdf"
    source.write_bytes(data)

    def own(noun: Any) -> Any:
        ids = {"doc_id": sha256[:16]}
        if hasattr(noun, "finding_id"):
            ids["finding_id"] = hashlib.sha256(f"{noun.finding_id}{number}".encode()).hexdigest()[
                :16
            ]
        return replace(noun, **ids)

    nouns = ("items", "checks", "findings", "facts", "sections", "other_tables")
    identity = replace(
        of.identity, agency=f"望月区第{number}局", fiscal_year=YEARS[number % len(YEARS)]
    )
    return replace(
        of,
        sha256=sha256,
        source=str(source),
        identity=identity,
        **{name: tuple(map(own, getattr(of, name))) for name in nouns},
    )


def made(folder: Path, many: int) -> Path:
    """An OUT of ``many`` documents."""
    of = document.read(PDF.read_bytes(), str(PDF))
    (folder / "in").mkdir()
    with Output.open(folder / "out") as output:
        for number in range(many):
            one = renamed(of, number, folder / "in")
            output.name(one.source, one.doc_id, one.bytes)
            output.keep(pack(one))
        output.publish()
    return folder / "out"


class Browser:
    """Asks, with the cookie of the run, and times it."""

    def __init__(self, at: Address) -> None:
        self._at = at
        self._headers = {"Cookie": f"juesuan-{at.port}={at.token}"}

    def asked(self, path: str, told: dict[str, str] | None = None) -> float:
        """Milliseconds until all of the answer is there."""
        began = time.perf_counter()
        there = http.client.HTTPConnection("127.0.0.1", self._at.port)
        origin = {"Origin": f"http://127.0.0.1:{self._at.port}"}
        if told is None:
            there.request("GET", path, headers=self._headers)
        else:
            told = told | {"key": form_key(self._at.token)}
            there.request("POST", path, urlencode(told), self._headers | origin)
        answer = there.getresponse()
        answer.read()
        there.close()
        assert answer.status in (200, 303), (answer.status, path)
        return (time.perf_counter() - began) * 1000


def measured(out: Path) -> Iterator[str]:
    """A line for each kind of page."""
    table = ds.dataset(out / "findings").to_table(["finding_id", "doc_id", "page", "severity"])
    found = [row for row in table.to_pylist() if row["severity"] == "error" and row["page"]][::37][
        :20
    ]
    began = time.perf_counter()
    with serving(out, by="bench") as at:
        yield f"start {(time.perf_counter() - began) * 1000:.0f} ms"
        ask = Browser(at).asked
        queue = [f"/?year={y}&state={s}" for y in YEARS for s in ("open", "all")]
        queue += [f"/?page={n}" for n in range(1, 9)]
        with_picture = [
            ask(f"/finding/{one['finding_id']}")
            + ask(f"/document/{one['doc_id']}/page/{one['page']}.webp")
            for one in found
        ]
        kinds = {
            "queue": [ask(path) for path in queue],
            "finding with its picture": with_picture,
            "document": [ask(f"/document/{one['doc_id']}") for one in found],
            "documents": [ask(f"/documents?page={n}") for n in range(1, 21)],
            "search": [ask(f"/search?q={quote('预算')}") for _ in range(5)],
            "decision": [
                ask(f"/finding/{one['finding_id']}/decide", {"what": "publisher"})
                for one in found[:5]
            ],
        }
        for kind, times in kinds.items():
            yield f"{kind}: {median(times):.0f} ms, at most {max(times):.0f} ms"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        out = made(Path(where), int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
        for line in measured(out):
            print(line, flush=True)
