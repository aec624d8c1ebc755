"""Datasets as pandas frames, exact and unsurprising; and frames of any make as nouns again.

Text is ``str`` or None and amounts ``Decimal`` or None, in object columns; so are whole
numbers that may be absent. Coming in, every way pandas has to say "nothing" is None, and
what can be told from the rest need not be there.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from extract.forms import catalogue, codes
from extract.model import CodeSystem, Fact, Item

_PLAIN = {
    pa.bool_(): "bool",
    pa.int8(): "int8",
    pa.int16(): "int16",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.float32(): "float32",
    pa.float64(): "float64",
}
_ESSENTIAL = ("form", "key", "measure", "amount")
_MONEY = ("amount", "stored", "value")
_SYSTEMS: Mapping[str, CodeSystem] = {
    "functional": "functional",
    "economic": "economic",
    "lines": "functional",
}


def frame(table: pa.Table) -> pd.DataFrame:
    """The rows of ``table``, column by column."""
    return pd.DataFrame(
        {
            field.name: pd.Series(column.to_pylist(), dtype=_dtype(field))
            for field, column in zip(table.schema, table.columns, strict=True)
        }
    )


def _dtype(field: pa.Field) -> str:
    if field.nullable and not pa.types.is_floating(field.type):
        return "object"
    return _PLAIN.get(field.type, "object")


def items(table: pd.DataFrame) -> Iterator[tuple[int, Item]]:
    """Each row as a cell, with its fiscal year (0: not told)."""
    if missing := [name for name in _ESSENTIAL if name not in table.columns]:
        raise ValueError(f"items have no column {', '.join(missing)}")
    seqs: dict[tuple[Any, ...], int] = {}
    for number, row in enumerate(_rows(table)):
        if absent := [name for name in _ESSENTIAL[:3] if row[name] is None]:
            raise ValueError(f"row {number} of items has no {', '.join(absent)}")
        told = _told(row)
        place = (told.get("doc_id"), told.get("statement"), told["form"], told.get("variant"))
        seq = seqs.setdefault((*place, told["key"]), len(seqs))
        yield row.get("fiscal_year") or 0, Item(**{**_ITEM, "seq": seq, **_code(told), **told})


def facts(table: pd.DataFrame | None) -> Iterator[Fact]:
    """Each row as a fact."""
    for row in () if table is None else _rows(table):
        yield Fact(**{**_FACT, **{key: row[key] for key in _FACT if row.get(key) is not None}})


# What stands where a column is absent or empty; only fields without a default need one.
_ITEM: Mapping[str, Any] = dict.fromkeys(f.name for f in fields(Item) if f.default is MISSING) | {
    "doc_id": "",
    "statement": 0,
    "variant": "",
    "name": "",
    "raw": "",
    "unit": "元",
    "engine": "",
}
_FACT: Mapping[str, Any] = dict.fromkeys(f.name for f in fields(Fact)) | {
    "doc_id": "",
    "statement": 0,
    "section": "",
    "period": "current",
    "value_unit": "yuan",
    "raw": "",
    "text": "",
}
_ITEM_FIELDS = tuple(f.name for f in fields(Item))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of items does say."""
    told = {name: row[name] for name in _ITEM_FIELDS if row.get(name) is not None}
    if "raw" not in told and "amount" in told and row.get("unit") is None:
        told["raw"] = str(told["amount"])
    return told


def _code(told: Mapping[str, Any]) -> dict[str, Any]:
    """What the key tells of a 科目 that the row leaves out."""
    code = told.get("code", told["key"].partition("#")[0])
    form = catalogue().forms.get(told["form"])
    system = _SYSTEMS.get(form.keyed_by) if form else None
    if system is None or not codes.is_code(code, system):
        return {}
    return {
        "code": code,
        "code_system": system,
        "level": codes.level(code),
        "parent": codes.parent(code),
    }


def _rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One mapping a row, as plain Python values."""
    names = [str(name) for name in table.columns]
    columns = [_column(name, table[name].tolist()) for name in names]
    return (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


_PLAIN_KINDS = frozenset({str, int, bool, type(None)})


def _column(name: str, values: list[Any]) -> list[Any]:
    if _PLAIN_KINDS.issuperset(map(type, values)):
        return values  # most columns hold nothing of NumPy's or pandas'
    return [_plain(value, money=name in _MONEY) for value in values]


def _plain(value: Any, *, money: bool) -> Any:
    """``value`` without NumPy and pandas around it."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is Decimal:
        return value if value.is_finite() else None
    if value is pd.NA or value is pd.NaT:
        return None
    if kind is not bool and isinstance(value, numbers.Real):
        return _number(float(value), money=money) if kind is not int else value
    return value


def _number(value: float, *, money: bool) -> Decimal | int | float | None:
    if math.isnan(value):
        return None
    if money:
        return Decimal(repr(value))
    return int(value) if value.is_integer() else value
