"""One row a run: the only place for clocks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extract.datasets import table_of_rows
from extract.stages.publish.files import Bucket, write_table


def record_run(root: Path, row: Mapping[str, Any]) -> None:
    """Add the run to ``runs``, in a file of its own."""
    run_id = f"{row['started']:%Y%m%dT%H%M%S%f}-{os.getpid()}"
    rows = table_of_rows("runs", [{**row, "run_id": run_id}])
    write_table(root, "runs", Bucket(0, run_id), rows)
