"""Pages a second, end to end, beside what others need for the tables alone.

    python -m tests.bench.speed [FILE…]

Without files it takes the PDFs under JUESUAN_CORPUS, or those of fixtures/. One process and one
core; in each round every contestant reads all files in turn, so that all meet the same machine; the median
ratio is the figure to quote. Peak memory is that of a fresh process that does nothing
but read each file. PyMuPDF takes part where it is installed: its licence keeps it out of
what the project asks for. Prints Markdown.
"""

from __future__ import annotations

import importlib.util
import io
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import camelot
import pdfplumber
import tablers

from extract.document import read
from extract.model import Way

Files = Mapping[Path, bytes]

ROUNDS = 3
# Not ru_maxrss: a child begins with that of the process it was forked from.
_PEAK = """
import sys
from pathlib import Path
from extract.document import read
for path in sys.argv[1:]:
    read(Path(path).read_bytes(), path)
status = Path("/proc/self/status").read_text().split()
print(int(status[status.index("VmHWM:") + 1]) // 1024)
"""


def main() -> None:
    """Measure, and print each line as it is known."""
    for line in lines([Path(name) for name in sys.argv[1:]]):
        print(line, flush=True)


def lines(paths: Sequence[Path] = ()) -> Iterator[str]:
    """A Markdown table of the speeds, and peak memory."""
    files = {path: path.read_bytes() for path in paths or _inputs()}
    pages = sum(len(pdfplumber.open(io.BytesIO(data)).pages) for data in files.values())
    yield f"{len(files)} PDFs, {pages} pages, one process, {ROUNDS} rounds.\n"
    yield "| | pages/s | juesuan is faster by |"
    yield "|---|---|---|"
    _juesuan(files)  # what is loaded once a process is not what a harvest feels
    rounds = [
        {name: _timed(work, files) for name, work in _contestants().items()} for _ in range(ROUNDS)
    ]
    for name in rounds[0]:
        speed = pages / statistics.median(one[name] for one in rounds)
        ratios = [one[name] / one[OURS] for one in rounds]
        ahead = f"{statistics.median(ratios):.1f} × ({min(ratios):.1f}–{max(ratios):.1f})"
        yield f"| {name} | {speed:.1f} | {'' if name == OURS else ahead} |"
    yield f"\nPeak memory of juesuan over these files: {_peak(files)} MB."


OURS = "juesuan: all forms, narrative, reconciled"


def _contestants() -> dict[str, Callable[[Files], None]]:
    """Who reads, by what each does."""
    who: dict[str, Callable[[Files], None]] = {
        OURS: _juesuan,
        "juesuan --no-narrative": partial(_juesuan, narrative=False),
        "pdfplumber: extract_tables": _pdfplumber,
        "camelot: lattice, vector engine": partial(_camelot, engine="vector"),
        "tablers: find_tables": _tablers,
    }
    if importlib.util.find_spec("pymupdf"):
        who["PyMuPDF: find_tables"] = _pymupdf
    return who


def _inputs() -> list[Path]:
    corpus = os.environ.get("JUESUAN_CORPUS") or "../shared/corpus"
    found = sorted(Path(corpus).rglob("*.pdf"))
    return found or sorted(Path("fixtures/cases").rglob("*.pdf"))


def _timed(work: Callable[[Files], None], files: Files) -> float:
    began = time.perf_counter()
    work(files)
    return time.perf_counter() - began


def _juesuan(files: Files, *, narrative: bool = True) -> None:
    for path, data in files.items():
        read(data, str(path), Way(narrative=narrative))


def _pdfplumber(files: Files) -> None:
    for data in files.values():
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.extract_tables()


def _camelot(files: Files, **how: str) -> None:
    logging.getLogger("camelot").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for data in files.values():
            camelot.read_pdf(data, pages="all", flavor="lattice", **how)


def _tablers(files: Files) -> None:
    for data in files.values():
        pdf = tablers.Document(bytes=data)
        for page in pdf.pages():
            tablers.find_tables(page)
        pdf.close()


def _pymupdf(files: Files) -> None:
    import pymupdf

    for data in files.values():
        for page in pymupdf.open(stream=data):
            for table in page.find_tables().tables:
                table.extract()


def _peak(files: Files) -> int:
    """MB resident at most."""
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(files.values()):
            (Path(folder) / f"{number}.pdf").write_bytes(data)
        paths = sorted(map(str, Path(folder).iterdir()))
        command = [sys.executable, "-c", _PEAK, *paths]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


if __name__ == "__main__":
    main()
