"""What a table becomes that was written under an earlier version of the contract.

``schemas/datasets`` says of each column since when it is, and what rows have in it that were written
before. A table has the columns of its version, or some of the later ones: a version was not always
raised with the first column that came after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from extract.datasets import Column, dataset, table_as_given
from extract.errors import SchemaMismatch


def renewed(name: str, rows: pa.Table) -> pa.Table:
    """The rows of the dataset ``name`` in its columns of today, in the order they have.

    Raises ``SchemaMismatch`` where they lack what they always had.
    """
    columns = dataset(name).columns
    given = rows.to_pylist()
    return table_as_given(name, [_row(row, columns, name) for row in given])


def _row(row: Mapping[str, Any], columns: Sequence[Column], name: str) -> dict[str, Any]:
    return {column.name: _value(row, column, row, name) for column in columns}


def _value(given: Mapping[str, Any], column: Column, row: Mapping[str, Any], name: str) -> Any:
    """What ``given`` has in a column; ``row`` is the whole row, of which it may be a part."""
    if column.name not in given:
        if column.since == 1:
            raise SchemaMismatch(
                f"{name} lacks its column {column.name}, which it always had; read the documents again"
            )
        return row[column.like] if column.like else column.formerly
    value = given[column.name]
    if column.fields and value is not None:
        return [{f.name: _value(one, f, row, name) for f in column.fields} for one in value]
    return value
