"""The nouns of ``extract.model`` as rows, as Arrow tables, and back.

Columns and attributes share their names. A value finer than its column is rounded half
to even; a value too large for it is refused, naming the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from functools import cache, partial
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

import pyarrow as pa

from extract.datasets.arrow import schema
from extract.datasets.catalogue import dataset
from extract.model import Check, Fact, Finding, Item, OtherCell, Part, Section, Suspect

Noun = TypeVar("Noun", Item, Check, Finding, Fact, Section, OtherCell)
Row = Mapping[str, Any]

NOUNS: Mapping[str, type[Any]] = {
    "items": Item,
    "checks": Check,
    "findings": Finding,
    "facts": Fact,
    "sections": Section,
    "other_tables": OtherCell,
}
"""The datasets whose rows are nouns of the model."""

_NESTED: Mapping[str, Callable[[Any], Any]] = {
    "parts": lambda parts: tuple(Part(**part) for part in parts),
    "suspects": lambda suspects: tuple(Suspect(**suspect) for suspect in suspects),
    "evidence": tuple,
    "part_documents": tuple,
    "entries": tuple,
}
# Wide enough that quantizing never meets the context's own limit before the column's.
_EXACT = Context(prec=60)
_STEPS = {scale: Decimal(1).scaleb(-scale) for scale in (2, 6)}


def to_table(name: str, records: Iterable[Any]) -> pa.Table:
    """Nouns as rows of the dataset ``name``, in its order."""
    return table_of_rows(name, rows_of_records(name, records))


def to_records(name: str, table: pa.Table) -> tuple[Any, ...]:
    """The nouns that ``table`` holds."""
    return records_of_rows(name, table.to_pylist())


def rows_of_records(name: str, records: Iterable[Any]) -> list[dict[str, Any]]:
    """One mapping a noun."""
    names = dataset(name).names
    return [{column: getattr(record, column) for column in names} for record in records]


def records_of_rows(name: str, rows: Iterable[Row]) -> tuple[Any, ...]:
    """One noun a mapping; columns the noun does not know are left aside."""
    noun = NOUNS[name]
    known = [field.name for field in fields(noun)]
    return tuple(noun(**{key: _nested(key, row[key]) for key in known}) for row in rows)


def table_of_rows(name: str, rows: Sequence[Row]) -> pa.Table:
    """Rows of the dataset ``name`` as a table, sorted by its order, ties as they came."""
    order = dataset(name).order
    ranked = sorted(rows, key=lambda row: tuple(_rank(row[column]) for column in order))
    return table_as_given(name, ranked)


def table_as_given(name: str, rows: Sequence[Row]) -> pa.Table:
    """Rows of the dataset ``name`` as a table, in the order they come."""
    target = schema(name)
    arrays = [_array(field, [row[field.name] for row in rows]) for field in target]
    return pa.Table.from_arrays(arrays, schema=target)


def columns_of_records(name: str, records: Sequence[Any]) -> dict[str, list[Any]]:
    """The values of each column of the dataset ``name`` as its table would give them back, without making one."""
    return {f.name: _fitting(f, [getattr(one, f.name) for one in records]) for f in schema(name)}


def _array(field: pa.Field, values: list[Any]) -> pa.Array:
    return pa.array(_fitting(field, values), type=field.type)


def _fitting(field: pa.Field, values: list[Any]) -> list[Any]:
    if not field.nullable and None in values:
        raise ValueError(f"{field.name} must not be null")
    fitted = _fitter(field.type)
    return list(map(fitted, values)) if fitted else values


@cache
def _fitter(kind: pa.DataType) -> Callable[[Any], Any] | None:
    """How a value is brought into the form Arrow takes for ``kind``; None: it has it."""
    if pa.types.is_decimal(kind):
        return partial(_quantized, scale=kind.scale, digits=kind.precision - kind.scale)
    if pa.types.is_struct(kind):
        return _row_fitter([f.name for f in kind], {f.name: _fitter(f.type) for f in kind})
    if pa.types.is_list(kind):
        each = _fitter(kind.value_type)
        return (lambda values: list(map(each, values))) if each else list
    return None


def _row_fitter(
    names: Sequence[str], fitters: Mapping[str, Callable[[Any], Any] | None]
) -> Callable[[Any], Row]:
    """How a noun, or the mapping it was published as, is made a row."""
    of_noun, of_row = attrgetter(*names), itemgetter(*names)
    fitting = [(name, fit) for name, fit in fitters.items() if fit]

    def fitted(noun: Any) -> Row:
        row = dict(zip(names, (of_row if type(noun) is dict else of_noun)(noun), strict=True))
        for name, fit in fitting:
            row[name] = fit(row[name])
        return row

    return fitted


def _quantized(value: Decimal | None, scale: int, digits: int) -> Decimal | None:
    if value is None or (value.same_quantum(_STEPS[scale]) and value.adjusted() < digits):
        return value
    try:
        rounded = value.quantize(_STEPS[scale], ROUND_HALF_EVEN, _EXACT)
    except InvalidOperation:
        rounded = Decimal("Infinity")
    if not rounded.is_finite() or rounded.adjusted() >= digits:
        raise ValueError(f"{value} has more than {digits} digits before the point")
    return rounded


def _nested(column: str, value: Any) -> Any:
    return _NESTED[column](value) if column in _NESTED else value


def _rank(value: Any) -> tuple[bool, Any]:
    """None before everything."""
    return (value is not None, value)
