"""How exactly are scans read, how long does it take, and how much memory?

    python -m tests.bench.scans [DOCUMENTS [FIRST_SEED]]

Forms of random layouts, of as many DOCUMENTS (2) that the tests do not use, are printed in a
Chinese font, scanned as ``CONDITIONS`` say, and read; a cell counts where form, key, measure and
amount are those printed. Time is set against bare ``rapidocr`` on the same pages in the same run,
one thread each, page by page in turns. Prints Markdown.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before onnxruntime is loaded

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count as counted
from itertools import islice

import pypdfium2 as pdfium
from rapidocr import RapidOCR

from extract.document import read
from extract.model import Finding, Item, Reading
from extract.repair import judged
from fixtures.render.scan import Scanner
from tests.bench.layouts import LAYOUTS
from tests.layouts import Printed, scan

CONDITIONS = {
    "200 dpi": Scanner(dpi=200, quality=90),
    "200 dpi, skew ≤ 2°, noise, JPEG 75": Scanner(dpi=200, skew=2.0, noise=5.0, quality=75),
    "150 dpi, skew ≤ 2°, noise, JPEG 75": Scanner(dpi=150, skew=2.0, noise=5.0, quality=75),
    "150 dpi, skew ≤ 2°, noise, JPEG 60": Scanner(dpi=150, skew=2.0, noise=8.0, quality=60),
}
OFTEN = tuple(CONDITIONS)[1:3]
"""The conditions under which layouts with fewer rules are tried too."""

DOCUMENTS = 2
FORMS = 2  # of each
PAGES = 4  # set against bare rapidocr
_FIRST = 50_000  # seed

Place = tuple[str, str, str]
Cells = dict[Place, Decimal]


@dataclass
class Score:
    """Cells printed, read, and read rightly; wrong or missing ones, and those under no finding."""

    printed: int = 0
    read: int = 0
    right: int = 0
    mended_read: int = 0
    mended_right: int = 0
    wrong: int = 0
    unseen: int = 0

    @property
    def f1(self) -> float:
        """Before any proposal is applied."""
        return 2 * self.right / (self.printed + self.read)

    @property
    def f1_mended(self) -> float:
        """After."""
        return 2 * self.mended_right / (self.printed + self.mended_read)


def main() -> None:
    """Measure, and print each line as it is known."""
    for line in lines(*map(int, sys.argv[1:])):
        print(line, flush=True)


def lines(count: int = DOCUMENTS, first: int = _FIRST) -> Iterator[str]:
    """Tables of ``count`` documents: how exact, how fast."""
    yield f"{count} documents of {FORMS} forms each, printed, scanned, read by OCR.\n"
    yield "| rules | scan | cells | F1 | F1 applied | wrong or lost | of them under a finding |"
    yield "|---|---|---|---|---|---|---|"
    for rules, layout in LAYOUTS.items():
        for name in CONDITIONS if rules == "all" else OFTEN:
            documents = islice(_documents(CONDITIONS[name], first, rules), count)
            one = accuracy(list(documents))
            seen = 1 - one.unseen / one.wrong if one.wrong else 1.0
            yield (
                f"| {layout} | {name} | {one.printed} | {one.f1:.4f} | {one.f1_mended:.4f} "
                f"| {one.wrong} | {seen:.0%} |"
            )
    ours, bare = speed(next(_documents(CONDITIONS["200 dpi"], first)).data)
    yield f"\n{ours:.2f} s a page, bare rapidocr {bare:.2f} s on the same pages: {ours / bare:.2f} ×."


def _documents(scanner: Scanner, first: int, rules: str = "all") -> Iterator[Printed]:
    scans = (scan(seed, scanner, rules, FORMS) for seed in counted(first))
    return (one for one in scans if one is not None)


def accuracy(documents: Sequence[Printed]) -> Score:
    """How scans are read."""
    score = Score()
    for document in documents:
        printed = {place: amount for place, (amount, _) in document.figures().items()}
        reading = read(document.data, document.way)
        found, mended = _cells(reading), _cells(judged(reading, "apply"))
        wrong = {p for p in printed.keys() | found.keys() if printed.get(p) != found.get(p)}
        score.printed += len(printed)
        score.read += len(found)
        score.right += sum(printed.get(place) == amount for place, amount in found.items())
        score.mended_read += len(mended)
        score.mended_right += sum(printed.get(place) == amount for place, amount in mended.items())
        score.wrong += len(wrong)
        score.unseen += len(wrong - _doubted(reading))
    return score


def _cells(reading: Reading) -> Cells:
    return {_place(i): i.amount for i in reading.items if i.amount is not None}


def _place(item: Item) -> Place:
    return item.form, item.key, item.measure


def _doubted(reading: Reading) -> set[Place]:
    """The places that findings name; a finding about a row or column names all its cells."""
    loud = [finding for finding in reading.findings if finding.severity != "info"]
    named = {(s.form, s.key, s.measure) for one in loud for s in one.suspects}
    named |= {(f.form or "", f.key or "", f.measure or "") for f in loud}
    return named | {_place(i) for i in reading.items if any(_covers(f, i) for f in loud)}


def _covers(finding: Finding, item: Item) -> bool:
    told = (finding.form, finding.key, finding.measure)
    return any(told[1:]) and all(
        each in (None, own) for each, own in zip(told, _place(item), strict=True)
    )


def speed(content: bytes) -> tuple[float, float]:
    """Seconds a page, all of ours and bare rapidocr, page by page in turns."""
    from extract.readers.scan import scanned as read_page

    bare = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
        }
    )
    ours = theirs = 0.0
    pdf = pdfium.PdfDocument(content)
    count = min(PAGES, len(pdf))
    # The first of them warms both up and does not count.
    for at, number in enumerate((len(pdf) - 1, *range(len(pdf) - count, len(pdf)))):
        picture = pdf[number].render(scale=200 / 72).to_numpy()[:, :, :3].copy()
        began = time.process_time()
        read_page(number, picture, 200 / 72)
        between = time.process_time()
        bare(picture)
        if at:
            ours += between - began
            theirs += time.process_time() - between
    return ours / count, theirs / count


if __name__ == "__main__":
    main()
