"""Was a whole form read in the wrong unit?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from extract.stages.reconcile.causes import A_ROW, Cause
from extract.stages.reconcile.ledger import HALF_FEN, Cell, Figure, Table
from extract.stages.reconcile.system import System
from extract.stages.reconcile.tried import helps, tried

TIMES = 10_000
"""万元 to 元."""


def other_units(system: System) -> Iterator[Cause]:
    """Forms whose ties to others fail, and would hold in another unit."""
    suspected = {
        (cell.form, variant)
        for number in system.violated
        for _, (variant, cell) in system.constraints[number].terms
    }
    for form, variant in sorted(suspected):
        ties = [n for n in system.between.get((form, variant), ()) if _asks(system, n)]
        failing = [n for n in ties if n in system.violated]
        if failing and 2 * len(failing) >= len(ties):
            # A wrong unit fails nearly every tie, and another unit mends nearly all of them.
            sums = [n for n in failing if not system.constraints[n].equation.rule.sense]
            asked_of = len(sums or failing) // 2
            yield from _in_other_unit(system, form, variant, asked=asked_of, exact=bool(sums))


def _asks(system: System, number: int) -> bool:
    """Whether a tie says anything of units: one between nothings does not, nor a bound that holds."""
    one = system.constraints[number]
    if one.equation.rule.sense and number not in system.violated:
        return False
    return any(system.value(place) for _, place in one.terms)


def unlikely_units(system: System) -> Iterator[Cause]:
    """Forms in a unit of their own in which all their figures are next to nothing."""
    units = {name: unit for name, table in system.ledger.items() if (unit := _unit(table))}
    for name, unit in sorted(units.items()):
        others = {u for other, u in units.items() if other != name}
        if unit == "元" and others == {"万元"}:
            greatest = max(abs(f.value or 0) for f in _figures(system.ledger[name]))
            if 0 < greatest < 1000 * HALF_FEN:
                yield from _in_other_unit(system, *name, certain=True)


def _in_other_unit(
    system: System,
    form: str,
    variant: str,
    *,
    asked: int = 0,
    exact: bool = False,
    certain: bool = False,
) -> Iterator[Cause]:
    """The form in the other unit, if that settles more than ``asked`` constraints (``exact``: equalities)."""
    table = system.ledger[form, variant]
    unit = _unit(table)
    if unit not in {"元", "万元"}:
        return
    up = unit == "元"
    scaled = table.with_rows(
        {key: {m: _scaled(f, up=up) for m, f in row.items()} for key, row in table.rows.items()}
    )
    after = system.with_table(variant, scaled)
    cause = tried(system, "unit_mismatch", variant, Cell(form, "", ""), A_ROW, after)
    # A form made small enough stays below every bound: where it has sums to others, they decide.
    sums = [n for n in cause.settles if not system.constraints[n].equation.rule.sense]
    if (helps(cause) and len(sums if exact else cause.settles) > asked) or (
        certain and not cause.breaks
    ):
        yield cause


def _scaled(figure: Figure, *, up: bool) -> Figure:
    if figure.value is None:
        return figure
    if up:
        return figure._replace(value=figure.value * TIMES, half=figure.half * TIMES)
    return figure._replace(value=figure.value // TIMES, half=max(figure.half // TIMES, 1))


def _unit(table: Table) -> str:
    """The unit of most of its figures."""
    units = Counter(f.item.unit for f in _figures(table) if f.value)
    return max(units, key=lambda unit: (units[unit], unit), default="")


def _figures(table: Table) -> Iterable[Figure]:
    return (figure for row in table.rows.values() for figure in row.values())
