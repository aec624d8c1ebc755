"""Datasets as pandas frames, exact and unsurprising; and frames of any make as nouns again.

Text is ``str`` or None and amounts ``Decimal`` or None, in object columns; so are whole
numbers that may be absent. Coming in, every way pandas has to say "nothing" is None, and
what can be told from the rest need not be there.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa

from extract.datasets import columns_of_records, schema
from extract.forms import catalogue, codes
from extract.model import Check, CodeSystem, Fact, Finding, Item

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


def of_nouns(name: str, nouns: Sequence[Check] | Sequence[Finding]) -> pd.DataFrame:
    """Nouns as a frame of the dataset ``name``, in the order they come."""
    columns = columns_of_records(name, nouns)
    return pd.DataFrame(
        {field.name: pd.Series(columns[field.name], dtype=_dtype(field)) for field in schema(name)}
    )


def _dtype(field: pa.Field) -> str:
    if field.nullable and not pa.types.is_floating(field.type):
        return "object"
    return _PLAIN.get(field.type, "object")


def items(table: pd.DataFrame) -> Iterator[tuple[int, Item]]:
    """Each row as a cell, with its fiscal year (0: not told)."""
    if missing := [name for name in _ESSENTIAL if name not in table.columns]:
        raise ValueError(f"items have no column {', '.join(missing)}")
    told = _columns(table)
    for number, named in enumerate(zip(*(told[name] for name in _ESSENTIAL[:3]), strict=True)):
        if None in named:
            absent = [n for n, value in zip(_ESSENTIAL, named, strict=False) if value is None]
            raise ValueError(f"row {number} of items has no {', '.join(absent)}")
    full = {name: _filled(told.get(name), len(table), _ITEM[name]) for name in _ITEM}
    _tell_raws(full, told)
    _tell_codes(full)
    _tell_order(full)
    years = _filled(told.get("fiscal_year"), len(table), 0)
    return zip(years, map(Item, *(full[name] for name in _ITEM)), strict=True)


def _filled(values: list[Any] | None, count: int, default: Any) -> list[Any]:
    """A column, ``default`` where it says nothing."""
    if values is None:
        return [default] * count
    return values if default is None else [default if v is None else v for v in values]


def _tell_raws(full: Mapping[str, list[Any]], told: Mapping[str, list[Any]]) -> None:
    """An amount of which neither print nor unit is told is printed as it stands, in yuan."""
    raws, units = told.get("raw"), told.get("unit")
    for number, amount in enumerate(full["amount"]):
        silent = (raws is None or raws[number] is None) and (units is None or units[number] is None)
        if silent and amount is not None:
            full["raw"][number] = str(amount)


def _tell_codes(full: Mapping[str, list[Any]]) -> None:
    """What the key tells of a 科目 that the row leaves out."""
    columns = [full[name] for name in _OF_CODE]
    for number, told in enumerate(zip(*columns, strict=True)):
        if None in told:
            code = told[0] or full["key"][number].partition("#")[0]
            known = _of_code(full["form"][number], code)
            for column, own, value in zip(columns, told, known, strict=True):
                column[number] = value if own is None else own


@lru_cache(maxsize=1 << 14)
def _of_code(form: str, code: str) -> tuple[str | None, CodeSystem | None, int | None, str | None]:
    of = catalogue().forms.get(form)
    system = _SYSTEMS.get(of.keyed_by) if of else None
    if system is None or not codes.is_code(code, system):
        return None, None, None, None
    return code, system, codes.level(code), codes.parent(code)


def _tell_order(full: Mapping[str, list[Any]]) -> None:
    """Rows stand as their keys first come."""
    seqs: dict[tuple[Any, ...], int] = {}
    places = zip(*(full[n] for n in ("doc_id", "statement", "form", "variant", "key")), strict=True)
    for number, place in enumerate(places):
        seq = seqs.setdefault(place, len(seqs))
        if full["seq"][number] is None:
            full["seq"][number] = seq


def facts(table: pd.DataFrame | None) -> Iterator[Fact]:
    """Each row as a fact."""
    for row in () if table is None else _rows(table):
        yield Fact(**{**_FACT, **{key: row[key] for key in _FACT if row.get(key) is not None}})


# What stands where a column is absent or empty.
_ITEM: Mapping[str, Any] = {
    f.name: None if f.default is MISSING else f.default for f in fields(Item)
} | {
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
_OF_CODE = ("code", "code_system", "level", "parent")


def _rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One mapping a row, as plain Python values."""
    told = _columns(table)
    return (dict(zip(told, values, strict=True)) for values in zip(*told.values(), strict=True))


def _columns(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Each column as plain Python values."""
    return {str(name): _column(str(name), table[name].tolist()) for name in table.columns}


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
