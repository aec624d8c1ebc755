"""The datasets of OUT as Arrow hands them out: file by file, never all in memory.

The files of a dataset come in the order of years and of ``doc_id``, so that the same OUT gives
the same rows in the same order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from extract.datasets import FORM_DATASETS, PER_DOCUMENT, Column, dataset, schema
from extract.stages.publish import HISTORY, paths

YEAR = Column(name="fiscal_year", type="int16", meaning="Year of the accounts; 0: unknown")
"""Lives in the path alone."""

PAST = tuple(name for name in (*PER_DOCUMENT, "sources") if name not in FORM_DATASETS)
"""What of history is shown; its wide forms are its items."""

CLOCKS = ("runs",)
"""Datasets that tell when something was done, not what is so; no year is theirs."""


def sql_name(name: str) -> str:
    """What a dataset is called in SQL.

    >>> sql_name("items"), sql_name("forms/income"), sql_name("history/items")
    ('items', 'forms.income', 'history.items')
    """
    return name.replace("/", ".")


def columns(name: str) -> tuple[Column, ...]:
    """The columns of a dataset as it is shown."""
    own = tuple(dataset(name.removeprefix(f"{HISTORY}/")).columns)
    return own if name in CLOCKS else (YEAR, *own)


def datasets(root: Path, name: str) -> Any:
    """A dataset of ``root``, history's among them, as a ``pyarrow.dataset.Dataset``."""
    kind = name.removeprefix(f"{HISTORY}/")
    where = root if kind == name else root / HISTORY
    shown = schema(kind)
    if kind not in CLOCKS:
        shown = pa.schema([pa.field(YEAR.name, pa.int16()), *shown])
    found = paths(where, kind)
    if not found:
        return ds.dataset(shown.empty_table())
    years = ds.partitioning(pa.schema([(YEAR.name, pa.int16())]), flavor="hive")
    return ds.dataset(
        [str(path) for path in found],
        schema=shown,
        format="parquet",
        partitioning=years,
        partition_base_dir=str(where / kind),
    )
