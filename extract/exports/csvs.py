"""A CSV file a table: UTF-8 with the mark that Excel wants, and no text that it takes for a formula."""

from __future__ import annotations

from pathlib import Path

from extract.exports.folder import sign, signed
from extract.exports.source import Exportable, Source
from extract.exports.text import write_csv

KIND = "csv"
_MARKED = "utf-8-sig"


def write(source: Source, folder: Path) -> tuple[str, ...]:
    """Write every table into ``folder``."""
    for table in source.tables:
        write_table(source, table, folder / f"{table.name}.csv", _MARKED)
    sign(folder, KIND)
    return ()


def write_table(source: Source, table: Exportable, path: Path, encoding: str) -> None:
    """Write one table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        write_csv(file, table.names, source.rows(table))


def is_ours(path: Path) -> bool:
    """Whether an export made the folder."""
    return signed(path, KIND)
