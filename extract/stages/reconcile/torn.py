"""Was one row read as two, or two as one?

What the two look like shows without arithmetic: a row printed once whose figures stand in two
rows, each blank where the other is not, or cells that hold two figures each. The sums say
which rows belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from extract.amounts import UNITS, NotAnAmount, parse
from extract.forms import CodeBook, catalogue, code_book
from extract.hanzi import fold
from extract.stages.reconcile.causes import A_ROW, A_SLIP, Cause
from extract.stages.reconcile.ledger import HALF_FEN, Cell, Figure, Table, is_code
from extract.stages.reconcile.system import System
from extract.stages.reconcile.tried import helps, tried

A_TEAR = A_SLIP - 4.0
"""A row in two parts that fit, or cells of two figures: they speak for themselves."""
MOST = 24
"""Rows tried for the second figures of a merged row."""
_LOOSE = 200  # rows in no sum; a table of more is no torn one
_LONGEST = 100  # characters of two figures
_FIGURE = re.compile(r"-?\d[\d,]*\.\d\d|-?\d[\d,]*(?:\.\d)?(?=\s|$)")

Row = Mapping[str, Figure]


def split_rows(system: System) -> Iterator[Cause]:
    """Rows that, joined with a row that is in no sum, agree with the others."""
    for (form, variant), table in sorted(system.ledger.items()):
        if len(table.loose) > _LOOSE:
            continue
        for name, row in sorted(table.loose.items()):
            for key, likely in _wholes(table, name, row):
                joined = _joined(table.rows[key], row, table)
                if joined is None:
                    continue
                whole = table.without(name).with_rows({**table.rows, key: joined})
                after = system.with_table(variant, whole)
                cost = A_TEAR if likely else A_ROW
                cause = tried(system, "split_row", variant, Cell(form, key, ""), cost, after)
                asked = len(after.constraints) - len(system.constraints)
                if helps(cause) or ((likely or asked > 0) and not cause.breaks):
                    # What could not be asked of either part is asked of the whole, and holds.
                    yield replace(cause, rows=(key, name))


def merged_rows(system: System) -> Iterator[Cause]:
    """Rows whose cells hold two figures each, the second those of a row that is not printed."""
    for (_, variant), table in sorted(system.ledger.items()):
        for name, row in sorted({**table.loose, **table.rows}.items()):
            pair = _parted(row, table)
            if pair is None:
                continue
            causes = [
                _as_two(system, table, variant, name, dict(zip(keys, pair, strict=True)))
                for keys in _pairs_of_keys(system, table, name, row)
            ]
            # Of pairs that fit as well, the first is the nearest.
            best = max(causes, key=lambda c: len(c.settles) - len(c.breaks), default=None)
            if best is not None and not best.breaks:
                yield best


def _as_two(
    system: System, table: Table, variant: str, name: str, pair: dict[str, dict[str, Figure]]
) -> Cause:
    after = system.with_table(variant, table.without(name).with_rows({**table.rows, **pair}))
    keys = tuple(pair)
    at = Cell(table.form, name if name in keys else keys[0], "")
    return replace(tried(system, "merged_row", variant, at, A_TEAR, after), rows=keys)


def _wholes(table: Table, name: str, row: Row) -> Iterator[tuple[str, bool]]:
    """The rows it may be a part of, and whether its key says so."""
    key = name.partition("#")[0]
    if key in table.rows:
        yield key, True
    elif key == name:
        seq = _seq(row)
        places = sorted((_seq(other), k) for k, other in table.rows.items() if other)
        yield from (
            (k, False)
            for at, k in (
                *[place for place in places if place[0] < seq][-1:],
                *[place for place in places if place[0] > seq][:1],
            )
        )


def _seq(row: Row) -> int:
    return next(iter(row.values())).item.seq


def _joined(upper: Row, lower: Row, table: Table) -> dict[str, Figure] | None:
    """Both parts as one row; None where they are no parts: two figures that make no third, or none."""
    joined, taken = dict(upper), False
    for measure, figure in lower.items():
        own = upper.get(measure)
        if not figure.item.raw.strip() or figure.value is None:
            continue
        if own is not None and own.item.raw.strip():
            value = _run_on(own, figure)
            if value is None:
                return None
            figure = own._replace(value=value, half=table.half)
        joined[measure], taken = figure, True
    return joined if taken else None


def _run_on(upper: Figure, lower: Figure) -> int | None:
    """A figure broken over two lines: “1,2” above “34.56”."""
    if "." in upper.item.raw.rstrip(". "):
        return None
    return _half_fen(upper.item.raw.strip() + lower.item.raw.strip(), upper.item.unit)


def _parted(row: Row, table: Table) -> tuple[dict[str, Figure], dict[str, Figure]] | None:
    """The two rows whose figures stand in one, each cell holding two or none."""
    upper: dict[str, Figure] = {}
    lower: dict[str, Figure] = {}
    found = False
    for measure, figure in row.items():
        raw = figure.item.raw.strip()
        if figure.value is not None:
            return None
        texts = _FIGURE.findall(raw) if len(raw) <= _LONGEST else []
        if raw and (len(texts) != 2 or "".join(texts) != "".join(raw.split())):
            return None
        values = [_half_fen(text, figure.item.unit) for text in texts] or [None, None]
        found = found or bool(texts)
        upper[measure], lower[measure] = (
            figure._replace(value=value, half=table.half) for value in values
        )
    return (upper, lower) if found else None


def _pairs_of_keys(system: System, table: Table, name: str, row: Row) -> list[tuple[str, str]]:
    """Which two rows it may be, in printed order: its own and one that is missing, the nearest first."""
    said = fold(next(iter(row.values())).item.name)
    named, printed = _named(table, said), _twins(system, table)
    missing = named if len(named) > (name not in table.rows) else printed
    if name not in table.rows:
        return list(pairwise(missing))[:MOST]
    if not is_code(name):
        return []
    after, before = [c for c in missing if c > name], [c for c in missing if c < name]
    pairs = [(name, code) for code in after] + [(code, name) for code in reversed(before)]
    return pairs[:MOST]


def _named(table: Table, said: str) -> list[str]:
    """Codes the form does not print whose names ``said`` holds."""
    names = _book(table).names
    return [
        code
        for code in sorted(names.keys() - table.rows.keys())
        if any(fold(name) in said for name in names[code])
    ]


def _twins(system: System, table: Table) -> list[str]:
    """Codes the form does not print, and a full list or another form does."""
    printed: set[str] = set()
    if catalogue().forms[table.form].keyed_by == "economic":
        printed.update(_book(table).names)
    else:
        for (form, _), other in system.ledger.items():
            if catalogue().forms[form].keyed_by == "functional":
                printed.update(other.codes)
    return sorted(printed - table.rows.keys())


def _book(table: Table) -> CodeBook:
    economic = catalogue().forms[table.form].keyed_by == "economic"
    return code_book("economic" if economic else "functional")


def _half_fen(text: str, unit: str) -> int | None:
    try:
        value = parse(text)
    except NotAnAmount:
        return None
    return None if value is None else int(value * UNITS.get(unit, 1) * HALF_FEN)
