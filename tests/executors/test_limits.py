"""What the limits of a worker count."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from extract.executors import Processes, never
from tests.layouts import SCANNER, scan

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
_WORKER = """
import mmap, sys
from extract.executors.worker import limit_memory
limit_memory(64)
if sys.argv[1] == "reserve":
    mmap.mmap(-1, 1 << 30, prot=mmap.PROT_READ)
else:
    bytearray(256 << 20)
"""


def ends_with(what: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _WORKER, what], capture_output=True, text=True, check=False
    )
    return done.stderr.strip().rpartition("\n")[2]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit")
def test_memory_is_what_is_filled_not_what_is_mapped() -> None:
    assert ends_with("reserve") == ""
    assert ends_with("fill") == "MemoryError"


@pytest.mark.slow
def test_every_document_of_the_fixtures_is_read_within_the_default_limits(tmp_path: Path) -> None:
    """A scan, of a page as those of the fixtures have, comes to a worker that has read others before."""
    sheet = next(one for seed in count(1) if (one := scan(seed, SCANNER, forms=1)))
    (tmp_path / "z.pdf").write_bytes(sheet.data)
    command = [sys.executable, "-m", "extract.cli", "run", CASES, tmp_path / "z.pdf"]
    command += ["--jobs", "1", "--json"]
    done = subprocess.run(
        [*command, "--out", tmp_path / "out"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def threads(_: int) -> dict[str, int]:
    """What the libraries of this process use, once they have worked."""
    import cv2
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    matrix = np.ones((600, 600))
    assert (matrix @ matrix)[0, 0] == 600
    cv2.GaussianBlur(np.ones((2000, 2000), np.uint8), (9, 9), 2)
    wide = pa.table({f"c{n}": list(range(1000)) for n in range(50)})
    assert wide.filter(pc.greater(wide["c0"], 500)).num_rows == 499
    return {
        "arrow": pa.cpu_count(),
        "arrow io": pa.io_thread_count(),
        "opencv": cv2.getNumThreads(),
        "onnxruntime, tesseract": int(os.environ["OMP_NUM_THREADS"]),
    }


def test_libraries_start_no_threads_of_their_own() -> None:
    [(_, told)] = Processes(1).run(threads, [0], never)
    assert set(told.values()) == {1}, told
