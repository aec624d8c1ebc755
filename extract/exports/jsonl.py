"""A file a table, a JSON object a line; amounts are numbers with all their digits."""

from __future__ import annotations

from pathlib import Path

from extract.exports.folder import sign, signed
from extract.exports.source import Source
from extract.exports.text import as_json

KIND = "jsonl"


def write(source: Source, folder: Path) -> tuple[str, ...]:
    """Write every table into ``folder``."""
    for table in source.tables:
        path, names = folder / f"{table.name}.jsonl", table.names
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for row in source.rows(table):
                file.write(as_json(dict(zip(names, row, strict=True))) + "\n")
    sign(folder, KIND)
    return ()


def is_ours(path: Path) -> bool:
    """Whether an export made the folder."""
    return signed(path, KIND)
