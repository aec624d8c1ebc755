"""Was a row lost?

Three things show it: codes below it are printed, another form prints its twin, or a list
that is printed whole has a gap where a sum does not come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log

from extract.forms import catalogue, code_book
from extract.forms.codes import parent
from extract.stages.reconcile.causes import A_ROW, A_SLIP, TIGHT, Cause
from extract.stages.reconcile.ledger import Cell, Figure, Table, is_code
from extract.stages.reconcile.system import System
from extract.stages.reconcile.tried import helps, tried

A_PARENT = A_SLIP - 5.0
"""A code whose children are printed and which is not."""
A_TWIN = A_ROW - 3.0
"""A code that another form prints with figures."""
MOST, LEAST, WORK = 40, 8, 4000
"""Rows tried in one reading, those that most of what fails calls for; fewer the more fails."""


def lost_parents(system: System) -> Iterator[Cause]:
    """Codes whose children are printed with figures and which are not, where others of their level are."""
    levelled = {form for rule in system.rules if rule.each == "parents" for form in rule.forms}
    for (form, variant), table in sorted(system.ledger.items()):
        for key in table.unprinted_parents() if form in levelled else ():
            yield _with_row(system, variant, form, key, A_PARENT)


def lost_leaves(system: System) -> Iterator[Cause]:
    """The one economic code a full list leaves out, where a 类 has a figure and none of its 款 has."""
    for (form, variant), table in sorted(system.ledger.items()):
        if catalogue().forms[form].keyed_by != "economic":
            continue
        for above, children in sorted(table.below.items()):
            absent = _absent(above, table)
            silent = not any(f.value for key in children for f in table.rows[key].values())
            total = [f.value for f in table.rows[above].values() if f.value]
            if silent and total and len(absent) == 1 and len(children) > 2:
                yield _with_row(
                    system,
                    variant,
                    form,
                    absent[0],
                    A_PARENT,
                    dict(zip(table.rows[above], total, strict=False)),
                )


def lost_rows(system: System) -> Iterator[Cause]:
    """Rows that could have been lost where something does not add up, each tried."""
    asked: Counter[tuple[str, str, str]] = Counter()
    twins = _functional_codes(system)
    for n in sorted(system.violated):
        one = system.constraints[n]
        variant, total = one.equation.variant, one.equation.total
        rows = {
            (cut, cell.form, cell.key)
            for _, (cut, cell) in one.terms
            if is_code(cell.key) and system.figure((cut, cell)) is None
        }
        if one.equation.rule.spreads:
            table = system.ledger[total.form, variant]
            rows |= {
                (variant, total.form, code)
                for code in twins - table.rows.keys()
                if _stands_under(code, total.key, table)
            }
        asked.update(rows)
    tries = min(MOST, max(LEAST, WORK // max(1, len(system.violated))))
    likeliest = sorted(asked, key=lambda row: (-asked[row], row))[:tries]
    for variant, form, key in sorted(likeliest):
        if catalogue().forms[form].keyed_by != "economic":
            cause = _with_row(system, variant, form, key, A_TWIN)
            if helps(cause):
                yield cause
    yield from _unlisted(system)


def _stands_under(code: str, key: str, table: Table) -> bool:
    """Whether the code would be counted in the sum that makes up ``key``."""
    above = next((code[:n] for n in range(len(code) - 2, 2, -2) if code[:n] in table.rows), None)
    return above == key if is_code(key) else above is None


def _functional_codes(system: System) -> set[str]:
    return {
        code
        for (form, _), table in system.ledger.items()
        if catalogue().forms[form].keyed_by in ("functional", "lines")
        for code in table.codes
        if any(figure.value for figure in table.rows[code].values())
    }


def _unlisted(system: System) -> Iterator[Cause]:
    """Economic codes that a form printing the whole list leaves out, under a 类 that does not add up."""
    for n in sorted(system.violated):
        one = system.constraints[n]
        variant, total = one.equation.variant, one.equation.total
        if not one.equation.rule.spreads or catalogue().forms[total.form].keyed_by != "economic":
            continue
        table = system.ledger[total.form, variant]
        absent = _absent(total.key, table)
        if one.miss > 0 and absent and len(absent) * 3 <= len(table.below.get(total.key, ())):
            # The fuller the list, the more a gap in it says.
            cost = A_SLIP - 3 + log(len(absent))
            for code in absent:
                cause = _with_row(system, variant, total.form, code, cost)
                if helps(cause):
                    yield cause


def _absent(above: str, table: Table) -> list[str]:
    """The listed codes under a 类 that a form does not print."""
    listed = (code for code in code_book("economic").names if parent(code) == above)
    return [code for code in listed if code not in table.rows]


def _with_row(
    system: System,
    variant: str,
    form: str,
    key: str,
    cost: float,
    known: Mapping[str, int] | None = None,
) -> Cause:
    """The cause that a row was lost, its figures such that most of what calls for it is settled."""
    table = system.ledger[form, variant]
    item = _near(table, key).item
    blank = {m: Figure(None, 0, item) for m in sorted(table.columns)}
    there = system.with_table(variant, table.with_rows({**table.rows, key: blank}))
    fills = [known] if known is not None else _fills(there, variant, form, key, list(blank))
    return max(
        (_filled(system, there, variant, Cell(form, key, ""), cost, fill) for fill in fills),
        key=lambda cause: len(cause.settles) - len(cause.breaks),
    )


def _filled(
    system: System, there: System, variant: str, at: Cell, cost: float, fill: Mapping[str, int]
) -> Cause:
    changes = {(variant, Cell(at.form, at.key, m)): value for m, value in fill.items()}
    after = there.with_values(changes)
    reached = sum(
        1
        for place in changes
        for n, _ in after.over.get(place, ())
        if after.constraints[n].equation.rule.sense and not after.constraints[n].miss
    )
    return tried(system, "missing_row", variant, at, cost - TIGHT * reached, after)


def _fills(
    system: System, variant: str, form: str, key: str, measures: Sequence[str]
) -> list[dict[str, int]]:
    """What the row may have said: by the sums it was counted in, and by the forms that bound it.

    Of several sums, the one known most finely tells.
    """
    violated = system.violated
    fills: list[dict[str, int]] = [{}, {}]
    for measure in measures:
        place = (variant, Cell(form, key, measure))
        over = [(system.constraints[n], c) for n, c in system.over.get(place, ()) if n in violated]
        for one, coefficient in sorted(over, key=lambda pair: pair[0].slack):
            bound = one.equation.rule.sense != 0
            fills[bound].setdefault(measure, -one.miss * coefficient)
    return fills if fills[0] != fills[1] and fills[1] else fills[:1]


def _near(table: Table, key: str) -> Figure:
    """A figure of the row after which the key would stand."""
    before = [code for code in table.codes if code < key and table.rows[code]]
    row = table.rows[before[-1]] if before else next(r for r in table.rows.values() if r)
    return next(iter(row.values()))
