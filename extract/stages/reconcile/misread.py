"""Was a digit of a code misread? Its row's name knows.

The name of a row belongs to a code: the one other forms of the statement print it with, or
the one the code book gives. A row whose own code is one digit off from that is misread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from extract.forms import catalogue, code_book
from extract.forms.codes import class_labels, parent
from extract.hanzi import fold, unnumbered
from extract.model import CodeSystem
from extract.stages.reconcile.causes import A_SLIP, Cause
from extract.stages.reconcile.ledger import Cell, Figure, Table, is_code
from extract.stages.reconcile.system import System


def misread_codes(system: System) -> Iterator[Cause]:
    """Rows whose name belongs to a code one digit away, which the form does not print."""
    named = _named(system)
    for (form, variant), table in sorted(system.ledger.items()):
        kind = catalogue().forms[form].keyed_by
        book: CodeSystem = "economic" if kind == "economic" else "functional"
        if kind == "period":
            continue
        rows: list[tuple[str, int | None, dict[str, Figure]]] = [
            (key, None, row) for key, row in table.rows.items()
        ]
        rows += [(key, seq, row) for (key, seq), row in table.doubles.items()]
        for key, seq, row in rows:
            true = (
                _true_code(key, row, form, table, named[book], book)
                if is_code(key) and row
                else None
            )
            if true is not None:
                yield _rekeyed(variant, table, key, seq, row, true)


def _true_code(
    key: str,
    row: Mapping[str, Figure],
    form: str,
    table: Table,
    named: Mapping[str, Mapping[str, set[str]]],
    book: CodeSystem,
) -> str | None:
    name = _core(next(iter(row.values())).item.name)
    elsewhere = {code for code, forms in named.get(name, {}).items() if forms - {form}}
    if not name or key in elsewhere:
        return None
    listed = set(_codes_named(book).get(name, ()))
    candidates = [c for c in elsewhere | listed if _one_digit_off(c, key) and c not in table.rows]
    if not candidates or (key in listed and not elsewhere & set(candidates)):
        return None
    return max(candidates, key=lambda c: (c in elsewhere, parent(c) in table.rows, c in listed, c))


def _rekeyed(
    variant: str, table: Table, key: str, seq: int | None, row: dict[str, Figure], true: str
) -> Cause:
    rows, doubles = dict(table.rows), dict(table.doubles)
    if seq is None:
        del rows[key]
        for double in sorted(d for d in doubles if d[0] == key):
            rows[key] = doubles.pop(double)
            break
    else:
        del doubles[key, seq]
    rows[true] = row
    reread = table.with_rows(rows, doubles)
    return Cause(
        "code_misread",
        variant,
        Cell(table.form, key, ""),
        A_SLIP,
        rows=(key,),
        table=reread,
        detail=true,
    )


def _named(system: System) -> Mapping[CodeSystem, dict[str, dict[str, set[str]]]]:
    """For each code system: name → code → the forms that print the two together."""
    named: dict[CodeSystem, dict[str, dict[str, set[str]]]] = {
        "functional": defaultdict(lambda: defaultdict(set)),
        "economic": defaultdict(lambda: defaultdict(set)),
    }
    for (form, _), table in system.ledger.items():
        kind = catalogue().forms[form].keyed_by
        book: CodeSystem = "economic" if kind == "economic" else "functional"
        for key, row in table.rows.items():
            if is_code(key) and row and kind != "period":
                named[book][_core(next(iter(row.values())).item.name)][key].add(form)
    return named


@cache
def _codes_named(system: CodeSystem) -> Mapping[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for code, names in code_book(system).names.items():
        for name in names:
            codes[_core(name)].append(code)
    if system == "functional":
        for label, code in class_labels().items():
            codes[_core(label)].append(code)
    return {name: tuple(dict.fromkeys(known)) for name, known in codes.items()}


def _core(name: str) -> str:
    return unnumbered(fold(name)).removesuffix("支出")


def _one_digit_off(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
