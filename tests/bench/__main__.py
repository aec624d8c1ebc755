"""Pages a second, end to end, beside pdfplumber on the same files in the same run.

    python -m tests.bench [FILE…]

Without files it takes the PDFs under JUESUAN_CORPUS, or those of fixtures/. One process;
each round reads every file with one and then with the other, so that both meet the same
machine; the median ratio is the figure to quote. Peak memory is that of a fresh process
that does nothing but read each file.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pdfplumber
from rich.console import Console
from rich.table import Table

from extract.document import read

ROUNDS = 3
_PEAK = """
import resource, sys
from pathlib import Path
from extract.document import read
for path in sys.argv[1:]:
    read(Path(path).read_bytes(), path)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def main() -> None:
    """Measure and print."""
    paths = [Path(name) for name in sys.argv[1:]] or _inputs()
    files = {path: path.read_bytes() for path in paths}
    pages = sum(len(pdfplumber.open(io.BytesIO(data)).pages) for data in files.values())
    ours, theirs = _rounds(files, pages)
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    _show(len(files), pages, ours, theirs, ratios, _peak(paths))


def _inputs() -> list[Path]:
    corpus = os.environ.get("JUESUAN_CORPUS") or "../shared/corpus"
    found = sorted(Path(corpus).rglob("*.pdf"))
    return found or sorted(Path("fixtures/cases").rglob("*.pdf"))


def _rounds(files: dict[Path, bytes], pages: int) -> tuple[list[float], list[float]]:
    ours, theirs = [], []
    _end_to_end(files)  # what is loaded once a process is not what a harvest feels
    for _ in range(ROUNDS):
        ours.append(pages / _timed(_end_to_end, files))
        theirs.append(pages / _timed(_extract_tables, files))
    return ours, theirs


def _timed(work: Callable[[dict[Path, bytes]], None], files: dict[Path, bytes]) -> float:
    began = time.perf_counter()
    work(files)
    return time.perf_counter() - began


def _end_to_end(files: dict[Path, bytes]) -> None:
    for path, data in files.items():
        read(data, str(path))


def _extract_tables(files: dict[Path, bytes]) -> None:
    for data in files.values():
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.extract_tables()


def _peak(paths: Sequence[Path]) -> int:
    """MB resident at most."""
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, *map(str, paths)], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def _show(
    files: int,
    pages: int,
    ours: Sequence[float],
    theirs: Sequence[float],
    ratios: Sequence[float],
    peak: int,
) -> None:
    table = Table(title=f"{files} PDFs, {pages} pages, one process, {ROUNDS} rounds")
    for heading in ("", "pages/s (median)", "min–max"):
        table.add_column(heading)
    for name, speeds in (
        ("juesuan: extract + reconcile", ours),
        ("pdfplumber: extract_tables", theirs),
    ):
        table.add_row(
            name, f"{statistics.median(speeds):.1f}", f"{min(speeds):.1f}–{max(speeds):.1f}"
        )
    table.add_row(
        "ratio", f"{statistics.median(ratios):.1f}", f"{min(ratios):.1f}–{max(ratios):.1f}"
    )
    table.add_row("peak memory of juesuan", f"{peak} MB", "")
    Console().print(table)


if __name__ == "__main__":
    main()
