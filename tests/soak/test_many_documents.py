"""Ten thousand documents in one run, the same again, and one more.

JUESUAN_SOAK_DOCUMENTS says how many where ten thousand are too many.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.dataset as ds
import pytest

pytestmark = pytest.mark.soak

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
MARKDOWN = CASES / "wangyue-2021-markdown" / "wangyue-2021.md"
PDF = CASES / "qinghe-2022-yuan" / "qinghe-2022.pdf"
MANY = int(os.environ.get("JUESUAN_SOAK_DOCUMENTS", "10000"))
YEARS = range(2018, 2024)
_RUN = """
import json, os, sys, time
from pathlib import Path
from extract import api

began, cpu = time.perf_counter(), sum(os.times()[:4])
told = api.run([sys.argv[1]], sys.argv[2], jobs=2)
status = Path("/proc/self/status").read_text().split()
print(json.dumps({
    "exit_code": told.exit_code, "read": told.read, "documents": told.documents,
    "failed": told.failed, "publishing": told.seconds_publishing,
    "seconds": time.perf_counter() - began, "cpu": sum(os.times()[:4]) - cpu,
    "megabytes": int(status[status.index("VmHWM:") + 1]) >> 10,
}))
"""


def documents(first: int, last: int) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each: every twentieth a PDF, the others a form as text or Markdown."""
    form = MARKDOWN.read_text(encoding="utf-8")
    form = form[: form.index("## ", form.index("| 总计"))] if "| 总计" in form else form[:6000]
    whole = PDF.read_bytes()
    for number in range(first, last):
        if number % 20 == 0:
            yield f"{number}.pdf", whole + b"\n%% %d\n" % number
        else:
            named = form.replace("望月区民政局", f"望月区第{number}局")
            year = YEARS[number % len(YEARS)]
            suffix = "md" if number % 2 else "txt"
            yield f"{number}.{suffix}", named.replace("2021年度", f"{year}年度").encode()


def run(folder: Path) -> dict[str, float]:
    """One run with two workers, in a process of its own; CPU seconds are those of all three."""
    command = [sys.executable, "-c", _RUN, str(folder / "in"), str(folder / "out")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    print(told, file=sys.stderr)
    return told


def test_ten_thousand_documents_in_one_run(tmp_path):
    (tmp_path / "in").mkdir()
    for name, data in documents(0, MANY):
        (tmp_path / "in" / name).write_bytes(data)
    first = run(tmp_path)
    assert (first["read"], first["documents"], first["failed"]) == (MANY, MANY, 0)
    rows = ds.dataset(tmp_path / "out" / "documents").to_table(["doc_id", "items"])
    assert len(set(rows["doc_id"].to_pylist())) == rows.num_rows == MANY
    items = ds.dataset(tmp_path / "out" / "items")
    assert items.count_rows() == sum(rows["items"].to_pylist()) > MANY
    assert first["megabytes"] < 500
    again = run(tmp_path)
    assert (again["read"], again["documents"]) == (0, MANY)
    if MANY >= 500:  # of a few, starting is the most of it
        assert again["cpu"] <= 0.03 * first["cpu"]
    since = time.time_ns()
    for name, data in documents(MANY + 1, MANY + 2):
        (tmp_path / "in" / name).write_bytes(data)
    one = run(tmp_path)
    assert one["read"] == 1
    written = [p for p in (tmp_path / "out").rglob("*.parquet") if p.stat().st_mtime_ns >= since]
    assert len(written) <= 20  # a file a dataset, and that of the runs
    assert one["cpu"] <= again["cpu"] + 30
