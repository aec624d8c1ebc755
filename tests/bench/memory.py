"""Does a worker's memory stay bounded and flat, however many pages it reads?

    python -m tests.bench.memory [NATIVE_PAGES [SCANNED_PAGES]]

One fresh process reads random layouts until it has read so many pages (2000), another one scans
(24), as a pool worker does. Prints Markdown: what is resident after each fifth of the pages,
and the most there was.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count as counted
from pathlib import Path

from fixtures.render.scan import Scanner
from tests.layouts import printed, scan

NATIVE, SCANNED = 2_000, 24
_DOCUMENTS = 8  # read over and over
_PARTS = 5
_READ = """
import os, resource, sys
os.environ["OMP_NUM_THREADS"] = "1"
from itertools import cycle
from pathlib import Path
from extract.document import read
from extract.repair import judged

pages, parts = int(sys.argv[1]), int(sys.argv[2])
done = told = 0
for path in cycle(sys.argv[3:]):
    done += judged(read(Path(path).read_bytes(), path), "suggest").pages
    while told < parts and done * parts >= (told + 1) * pages:
        told += 1
        size = int(Path("/proc/self/statm").read_text().split()[1])
        print(size * resource.getpagesize() >> 20)
    if done >= pages:
        break
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


def main() -> None:
    """Measure, and print each line as it is known."""
    for line in lines(*map(int, sys.argv[1:])):
        print(line, flush=True)


def lines(native: int = NATIVE, scanned: int = SCANNED) -> Iterator[str]:
    """A Markdown table: a row native, a row scanned."""
    heads = " | ".join(f"after {part}/{_PARTS}" for part in range(1, _PARTS + 1))
    yield f"| a worker reading, MB resident | {heads} | at most |"
    yield "|---" * (_PARTS + 2) + "|"
    papers = (one.data for seed in counted(60_000) if (one := printed(seed, "pdf")))
    yield _row(f"{native} native pages", _resident(native, papers))
    scanner = Scanner(dpi=200, skew=2.0, noise=5.0)
    scans = (one.data for seed in counted(60_000) if (one := scan(seed, scanner, forms=2)))
    yield _row(f"{scanned} scanned pages", _resident(scanned, scans))


def _row(name: str, sizes: list[int]) -> str:
    return f"| {name} | " + " | ".join(map(str, sizes)) + " |"


def _resident(pages: int, documents: Iterator[bytes]) -> list[int]:
    """MB resident after each part of the pages, and at most."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.pdf" for number in range(_DOCUMENTS)]
        for path in paths:
            path.write_bytes(next(documents))
        command = [sys.executable, "-c", _READ, str(pages), str(_PARTS), *map(str, paths)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(line) for line in done.stdout.split()]


if __name__ == "__main__":
    main()
