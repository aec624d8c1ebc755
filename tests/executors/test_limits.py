"""What the limits of a worker count."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
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
    """The scan comes to a worker that has read others before."""
    command = [sys.executable, "-m", "extract.cli", "run", FIXTURES, "--jobs", "1", "--json"]
    done = subprocess.run(
        [*command, "--out", tmp_path / "out"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
