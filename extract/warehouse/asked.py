"""One question in SQL, and its answer row by row."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.errors import ExtraMissing, QueryError
from extract.stages.publish import held
from extract.warehouse.fill import contents, fill

_ROWS = 1 << 14
"""Rows handed out at a time."""

_LOCKED = (
    "set python_enable_replacements = false",  # no variable of ours is a table
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set search_path = 'main,forms'",
    "set enable_external_access = false",  # neither files nor the network, to read or to write
    "set lock_configuration = true",
)
_READS = ("SELECT", "MULTI", "EXPLAIN")  # MULTI: a PIVOT looks its columns up first
_NO_TABLE = re.compile(r"Table with name \"?([^\s\"]+)\"? does not exist")


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns of an answer, and its rows as they are asked for: amounts are ``Decimal``."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The tables of an output directory, as they stood when it was opened."""

    connection: Any

    @classmethod
    @contextmanager
    def open(cls, out: str | Path) -> Iterator[Warehouse]:
        """Show the datasets of ``out``. Raises ``OutputError`` where there are none."""
        root = held(Path(out))
        with tempfile.TemporaryDirectory(prefix="juesuan-") as spill:
            connection = engine().connect(":memory:", config={"temp_directory": spill})
            try:
                fill(connection, root, copied=False)
                for setting in _LOCKED:
                    connection.execute(setting)
                yield cls(connection)
            finally:
                connection.close()

    def ask(self, sql: str) -> Answer:
        """The answer to one SELECT. Raises ``QueryError``, naming the tables there are where one is not."""
        duckdb = engine()
        try:
            self._read_only(self.connection.extract_statements(sql))
            reader = self.connection.sql(sql).to_arrow_reader(_ROWS)
            return Answer(tuple(reader.schema.names), self._rows(reader))
        except duckdb.Error as why:
            raise QueryError(_explained(str(why))) from why

    def _read_only(self, statements: list[Any]) -> None:
        if len(statements) != 1 or statements[0].type.name not in _READS:
            raise QueryError(
                "a query is one SELECT: the datasets are made by `juesuan run` and changed by "
                "nothing else; `juesuan export --to duckdb` makes a database of your own"
            )

    def _rows(self, reader: Any) -> Iterator[tuple[Any, ...]]:
        import pyarrow as pa

        try:
            for batch in reader:
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
        except pa.ArrowException as why:  # what goes wrong only while it is computed
            raise QueryError(_explained(str(why))) from why


def engine() -> Any:
    """DuckDB. Raises ``ExtraMissing`` where it is not installed."""
    try:
        import duckdb
    except ImportError as why:
        raise ExtraMissing(
            "this needs DuckDB, which is not installed: pip install 'juesuan[query]'"
        ) from why
    return duckdb


def _explained(said: str) -> str:
    """What DuckDB says, and which tables there are where it knows none of that name."""
    missing = _NO_TABLE.search(said)
    if missing is None:
        return said.strip()
    names = [table.name for table in contents()]
    return f"there is no table {missing[1]}; there are {', '.join(names)}"
