"""How exactly are scans read, how long does it take, and how much memory?

    python -m tests.bench.scans [CASE…]

Fixture cases, all that can be printed on paper or those named, are printed in a Chinese font,
scanned as ``CONDITIONS`` say, and read; a cell counts where form, key, measure and amount are
those printed. Without names a few pages of one case stand for all: a minute or two. Time is
set against bare ``rapidocr`` on the same pages in the same run, one thread each; memory is that
of a fresh process reading one scan three times over.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before onnxruntime is loaded

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pypdfium2 as pdfium
from rapidocr import RapidOCR

from extract.document import read
from extract.model import Finding, Reading
from extract.repair import judged
from fixtures.render.case import Case, cases, scanned
from fixtures.render.grid import Sheet
from fixtures.render.scan import Scanner

CONDITIONS = {
    "200 dpi": Scanner(dpi=200, quality=90),
    "200 dpi, skew 2°, noise, JPEG 75": Scanner(dpi=200, skew=2.0, noise=5.0, quality=75),
    "150 dpi, skew 2°, noise, JPEG 75": Scanner(dpi=150, skew=2.0, noise=5.0, quality=75),
    "150 dpi, skew 2°, noise, JPEG 60": Scanner(dpi=150, skew=2.0, noise=8.0, quality=60, seed=2),
}
FORMS = 3  # of one case, where none is named
PAGES = 3  # set against bare rapidocr
_PEAK = """
import os, resource, sys
os.environ["OMP_NUM_THREADS"] = "1"
from pathlib import Path
from extract.document import read
for _ in range(3):
    read(Path(sys.argv[1]).read_bytes(), "scan")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""

Place = tuple[str, str, str]
Cells = dict[Place, Decimal]


@dataclass
class Score:
    """Cells printed, read, and read rightly; wrong ones, and those under no finding."""

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
    sheets = [case for case in cases() if _is_sheet(case)]
    chosen = [case for case in sheets if case.slug in sys.argv[1:]]
    papers = [Paper(case) for case in chosen] or [Paper(sheets[0], FORMS)]
    print(", ".join(paper.case.slug for paper in papers), flush=True)
    for name, scanner in CONDITIONS.items():
        score = accuracy(papers, scanner)
        print(
            f"{name}: {score.printed} cells, F1 {score.f1:.4f}, applied {score.f1_mended:.4f}, "
            f"{score.wrong} wrong, {score.unseen} of them under no finding",
            flush=True,
        )
    content, _ = papers[0].scan(CONDITIONS["200 dpi"])
    ours, bare = speed(content)
    print(f"{ours:.2f} s a page, rapidocr {bare:.2f}: {ours / bare:.2f}", flush=True)
    print(f"peak memory, once, twice, three times: {' '.join(map(str, peaks(content)))} MB")


@dataclass(frozen=True)
class Paper:
    """A case to print and scan; only its first ``forms`` if told so."""

    case: Case
    forms: int | None = None

    def scan(self, scanner: Scanner) -> tuple[bytes, Cells]:
        """The file, and what is printed in it."""
        blocks, _ = self.case.blocks(self.case.statement())
        if self.forms is not None:
            blocks = [block for block in blocks if isinstance(block, Sheet)][: self.forms]
        content, cells = scanned(blocks, self.case.layout, scanner, ".pdf")
        return content, {cell.place: Decimal(cell.amount_yuan) for cell, _ in cells}


def _is_sheet(case: Case) -> bool:
    """Whether it can be printed on paper, with figures."""
    has_figures = "forms" in case.parts and not case.settings["figures"].get("blank")
    return (
        case.input.suffix == ".pdf"
        and has_figures
        and not case.layout.rotated
        and not case.layout.watermark
    )


def accuracy(papers: list[Paper], scanner: Scanner) -> Score:
    """How the papers are read after such a scan."""
    score = Score()
    for paper in papers:
        content, printed = paper.scan(scanner)
        reading = read(content, paper.case.slug)
        found, mended = _cells(reading), _cells(judged(reading, "apply"))
        wrong = {place for place, amount in found.items() if printed.get(place) != amount}
        score.printed += len(printed)
        score.read += len(found)
        score.right += len(found) - len(wrong)
        score.mended_read += len(mended)
        score.mended_right += sum(printed.get(place) == amount for place, amount in mended.items())
        score.wrong += len(wrong)
        score.unseen += len(wrong - {at for one in reading.findings for at in _about(one)})
    return score


def _cells(reading: Reading) -> Cells:
    return {(i.form, i.key, i.measure): i.amount for i in reading.items if i.amount is not None}


def _about(finding: Finding) -> Iterator[Place]:
    if finding.severity != "info":
        yield finding.form or "", finding.key or "", finding.measure or ""
        yield from ((s.form, s.key, s.measure) for s in finding.suspects)


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
        began = time.perf_counter()
        read_page(number, picture, 200 / 72)
        between = time.perf_counter()
        bare(picture)
        if at:
            ours += between - began
            theirs += time.perf_counter() - between
    return ours / count, theirs / count


def peaks(content: bytes) -> list[int]:
    """MB resident at most after one, two and three readings."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, file.name], check=True, capture_output=True, text=True
        )
    return [int(line) for line in done.stdout.split()]


if __name__ == "__main__":
    main()
