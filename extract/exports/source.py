"""The tables that are exported, and their rows in an order that hangs on nothing but the rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.datasets import FORM_DATASETS, PER_DOCUMENT, Column, dataset
from extract.stages.publish import Bucket, buckets, read_table
from extract.warehouse import Warehouse, views
from extract.warehouse.stock import columns

DATASETS = (*PER_DOCUMENT, "sources")
"""Everything but the clocks."""

VIEWS = ("panel",)
"""The views that go along; what else there is can be asked of a DuckDB file."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Exportable:
    """A table: its name (``forms/income``), what a row is, and its columns."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Of its columns."""
        return [column.name for column in self.columns]


@dataclass(frozen=True, slots=True)
class Source:
    """An output directory to export from."""

    root: Path
    warehouse: Warehouse

    @classmethod
    @contextmanager
    def of(cls, root: Path) -> Iterator[Source]:
        """Open ``root``."""
        with Warehouse.open(root) as warehouse:
            yield cls(root, warehouse)

    @property
    def tables(self) -> tuple[Exportable, ...]:
        """Every table that is exported."""
        plain = (Exportable(name, dataset(name).meaning, columns(name)) for name in DATASETS)
        made = (views()[name] for name in VIEWS)
        return (*plain, *(Exportable(v.name, v.meaning, tuple(v.columns)) for v in made))

    def table(self, name: str) -> Exportable:
        """One of them."""
        return next(table for table in self.tables if table.name == name)

    @property
    def forms(self) -> tuple[Exportable, ...]:
        """The wide forms."""
        return tuple(self.table(name) for name in FORM_DATASETS)

    def rows(self, table: Exportable) -> Iterator[Row]:
        """Its rows, file by file."""
        if table.name in VIEWS:
            order = ", ".join(f"{name} nulls first" for name in views()[table.name].order)
            yield from self.warehouse.ask(f"select * from {table.name} order by {order}").rows
        else:
            for bucket in buckets(self.root, table.name):
                yield from self.part(table, bucket)

    def part(self, table: Exportable, bucket: Bucket) -> Iterator[Row]:
        """The rows of one file of a dataset."""
        for batch in read_table(self.root, table.name, bucket).to_batches(1 << 14):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield (bucket.fiscal_year, *row)
