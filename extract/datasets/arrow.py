"""The Arrow schema of each dataset, compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyarrow as pa

from extract.datasets.catalogue import dataset
from extract.datasets.spec import Column
from extract.version import SCHEMA_VERSION

_TYPES: Mapping[str, pa.DataType] = {
    "bool": pa.bool_(),
    "date": pa.date32(),
    "decimal(20,2)": pa.decimal128(20, 2),
    "decimal(24,6)": pa.decimal128(24, 6),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "list<string>": pa.list_(pa.string()),
    "string": pa.string(),
    "timestamp": pa.timestamp("ms", tz="UTC"),
}


@cache
def schema(name: str) -> pa.Schema:
    """Types, units and meanings of the dataset ``name``, and the contract's version."""
    described = dataset(name)
    return pa.schema(
        [_field(column) for column in described.columns],
        metadata={
            "dataset": name,
            "meaning": described.meaning,
            "schema_version": SCHEMA_VERSION,
        },
    )


def empty(name: str) -> pa.Table:
    """The dataset ``name`` without a row."""
    return schema(name).empty_table()


def _field(column: Column) -> pa.Field:
    return pa.field(
        column.name,
        _type(column),
        nullable=column.nullable,
        metadata={"unit": column.unit, "meaning": column.meaning},
    )


def _type(column: Column) -> pa.DataType:
    if column.type == "list<struct>":
        return pa.list_(pa.struct([_field(field) for field in column.fields]))
    return _TYPES[column.type]
