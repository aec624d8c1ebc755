"""A DuckDB file: the datasets as tables, the views of schemas/views, and what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from extract.exports.source import Source
from extract.version import SCHEMA_VERSION, VERSION
from extract.warehouse import contents
from extract.warehouse.asked import engine
from extract.warehouse.fill import fill
from extract.warehouse.stock import CLOCKS

SIGN = "juesuan_export"


def write(source: Source, path: Path) -> tuple[str, ...]:
    """Write every dataset, history too, and every view into the file ``path``."""
    # One thread: the rows lie in the order in which they come.
    with engine().connect(str(path), config={"threads": 1}) as connection:
        connection.execute("begin")  # once to the disk, not once a sentence
        fill(connection, source.root, copied=True)
        for sentence in _comments():
            connection.execute(sentence)
        connection.execute(
            f"create table {SIGN} as select ? as version, ? as schema_version",
            [VERSION, SCHEMA_VERSION],
        )
        connection.execute("commit")
    return ()


def is_ours(path: Path) -> bool:
    """Whether an export made the file."""
    duckdb = engine()
    if not path.is_file():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return bool(connection.execute(f"select count(*) from {SIGN}").fetchone())
    except duckdb.Error:
        return False


def _comments() -> Iterator[str]:
    for table in contents():
        if table.name in CLOCKS:
            continue
        what = "view" if table.kind == "view" else "table"
        yield f"comment on {what} {table.name} is {_quoted(table.meaning)}"
        for column in table.columns:
            unit = f" ({column.unit})" if column.unit else ""
            where = f'{table.name}."{column.name}"'
            yield f"comment on column {where} is {_quoted(column.meaning + unit)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
