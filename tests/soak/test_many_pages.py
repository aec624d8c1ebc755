"""A thousand documents as pages, the same again, and one that changed."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path

import pytest

import extract
from extract import api
from extract.model import Reading
from extract.stages.publish import Output, pack

pytestmark = pytest.mark.soak

PDF = Path(__file__).parents[2] / "fixtures" / "cases" / "fengqiao-2021-slip" / "fengqiao-2021.pdf"
MANY = 1000
_ROWS = ("items", "checks", "findings", "facts", "sections", "other_tables")


def copies(base: Reading, folder: Path, first: int, last: int) -> list[Reading]:
    """The document under other names, each with a file of its own where it is looked for."""
    found = []
    for number in range(first, last):
        data = PDF.read_bytes() + b"\n%% %d\n" % number
        path = folder / f"{number}.pdf"
        path.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        rows = {n: tuple(replace(x, doc_id=sha256[:16]) for x in getattr(base, n)) for n in _ROWS}
        who = replace(base.identity, agency=f"第{number // 5}局", fiscal_year=2019 + number % 5)
        found.append(replace(base, sha256=sha256, source=str(path), identity=who, **rows))
    return found


def publish(out: Path, found: list[Reading]) -> None:
    with Output.open(out) as output:
        for reading in found:
            output.name(reading.source, reading.doc_id, reading.bytes)
            output.keep(pack(reading))
        output.publish()


def test_a_thousand_documents_are_written_once_and_then_only_what_changed(tmp_path):
    base = extract.extract(PDF).reading
    (tmp_path / "in").mkdir()
    publish(tmp_path / "out", copies(base, tmp_path / "in", 0, MANY))
    spent = []
    for more in ((), copies(base, tmp_path / "in", MANY, MANY + 1)):
        if more:
            publish(tmp_path / "out", list(more))
        start = time.process_time()
        done = api.report(tmp_path / "out")
        spent.append(time.process_time() - start)
        assert done.written == (1 if more else MANY)
        assert done.unseen == 0
        start = time.process_time()
        assert api.report(tmp_path / "out").written == 0
        spent.append(time.process_time() - start)
    first, again, one, _ = spent
    assert again < first / 20
    assert one < first / 4
    pages = sorted((tmp_path / "out" / "report").glob("index*.html"))
    assert len(pages) == -(-(MANY // 5 + 1) // 100)
    assert max(page.stat().st_size for page in pages) < 400_000
    documents = list((tmp_path / "out" / "report" / "documents").iterdir())
    assert len(documents) == MANY + 1
    assert max(page.stat().st_size for page in documents) < 500_000
    assert all("data:image/webp" in page.read_text() for page in documents[:5])
    print(f"{MANY} pages: {first:.0f} CPU s, again {again:.2f}, one more {one:.1f}")
