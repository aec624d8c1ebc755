"""One row a run: the only place for clocks.

A job that runs every hour leaves thousands of rows a year, so those of a month share a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from extract.datasets import table_of_rows
from extract.stages.publish.files import Bucket, buckets, read_table, write_table


def record_run(root: Path, row: Mapping[str, Any]) -> None:
    """Add the run to ``runs``."""
    run_id = f"{row['started']:%Y%m%dT%H%M%S%f}-{os.getpid()}"
    month = Bucket(0, f"{row['started']:%Y-%m}")
    before = read_table(root, "runs", month).to_pylist()
    write_table(root, "runs", month, table_of_rows("runs", [*before, {**row, "run_id": run_id}]))


def runs(root: Path) -> Iterator[dict[str, Any]]:
    """Every run that came to its end, the last one first."""
    for month in sorted(buckets(root, "runs"), reverse=True):
        yield from reversed(read_table(root, "runs", month).to_pylist())


def shards_read(root: Path) -> list[str]:
    """Which part of the inputs its last run was about; none where that was all of them.

    What judged the items again was about no inputs.
    """
    about = (row for row in runs(root) if row["inputs"])
    last = max(about, key=lambda row: row["started"], default=None)
    return [last["shard"]] if last and last["shard"] else []
