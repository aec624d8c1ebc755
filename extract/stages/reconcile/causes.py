"""What might have gone wrong? Each cause is a reading of the statement without one slip.

A cause says what some cells should read and how unlikely it is, in nats, that the slip
happened. Structural slips (a row shifted, two rows exchanged) compete with slips of single
figures on the same scale, so that one shift beats six misread digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.forms import catalogue
from extract.stages.reconcile import slips
from extract.stages.reconcile.ledger import Cell, Figure, Table, is_code
from extract.stages.reconcile.system import INFINITY, Constraint, System
from extract.stages.reconcile.testimony import Place

A_SLIP = 7.0
"""Nats a slip costs for happening at all: about one figure in a thousand is misread."""
A_ROW = A_SLIP + 2.0
"""A slip that takes a whole row: rarer."""
TIGHT = 2.5
"""Nats that speak for a value with which a bound is just reached."""
A_BLANK = A_SLIP - 2.0
"""A total that is blank though its parts are not speaks for itself."""


@dataclass(frozen=True)
class Cause:
    """``changes`` says what cells should read, in half-分, ``settles`` which constraints then hold.

    ``at`` is the cell that is named; its measure is empty where a whole row is meant, its key
    where a whole form is. ``table`` is the form read another way, where cells come and go.
    """

    category: str
    variant: str
    at: Cell
    cost: float
    changes: Mapping[Place, int] = field(default_factory=dict)
    settles: frozenset[int] = frozenset()
    breaks: frozenset[int] = frozenset()
    rows: tuple[str, ...] = ()
    detail: str = ""
    table: Table | None = None

    @property
    def value(self) -> int | None:
        """What the one cell should read; None where the cause is no single figure."""
        return next(iter(self.changes.values())) if len(self.changes) == 1 else None


def causes(system: System, violated: Iterable[int] | None = None) -> Iterator[Cause]:
    """Every cause that would settle some of the violated constraints."""
    numbers = sorted(system.violated if violated is None else violated)
    places = sorted({place for n in numbers for _, place in system.constraints[n].terms})
    for place in places:
        yield from _cells(system, place)
    yield from row_causes(system, places)


def row_causes(system: System, places: Iterable[Place]) -> Iterator[Cause]:
    """The slips of whole rows that hold one of the places, those that settle something."""
    rows: dict[tuple[str, str], set[str]] = defaultdict(set)
    for variant, cell in places:
        rows[cell.form, variant].add(cell.key)
    for (form, variant), keys in sorted(rows.items()):
        table = system.ledger[form, variant]
        measures = [m.name for m in catalogue().forms[form].measures if m.name in table.columns]
        for key in sorted(keys & table.rows.keys()):
            yield from _lost_totals(system, variant, table, key, measures)
            if len(measures) > 2:
                yield from _shifts(system, variant, table, key, measures)
        for upper, lower in _neighbours(table):
            if upper in keys or lower in keys:
                yield from _swap(system, variant, table, upper, lower, measures)


# One cell ---------------------------------------------------------------------------------


def _cells(system: System, place: Place) -> Iterator[Cause]:
    figure = doubtful(system, place)
    if figure is None:
        return
    over = [(system.constraints[n], c, n in system.violated) for n, c in system.over[place]]
    seen: set[int] = set()
    likely = plausible(system, place, figure)
    for low, high in _spans(over):
        for value, cost in _values(figure, likely, over, low, high):
            if value not in seen:
                seen.add(value)
                yield cell_cause(system, place, figure, value, cost)


def plausible(system: System, place: Place, figure: Figure) -> Mapping[int, float]:
    """True values that a slip or the narrative speaks for, each with the cost of its slip."""
    stated = [s.value for s in system.heard.get(place, ()) if s.half <= max(figure.half, 1)]
    named = {value: slips.any_cost(figure, value) for value in stated if value != figure.value}
    return {**named, **slips.costs(figure)}


def doubtful(system: System, place: Place) -> Figure | None:
    """The figure that may be wrong at a place; None where none was lost and none is."""
    return system.figure(place) or _lost_line(system, place)


def _lost_line(system: System, place: Place) -> Figure | None:
    """A total of which not even the line is there, as a blank; rows with codes are another matter."""
    table = system.ledger[place[1].form, place[0]]
    if is_code(place[1].key) or place[1].key in table.rows:
        return None
    return Figure(None, 0, next(f.item for row in table.rows.values() for f in row.values()))


def cell_cause(system: System, place: Place, figure: Figure, value: int, cost: float) -> Cause:
    """The cause that a cell should read ``value``; ``cost`` is that of this very slip."""
    settles, breaks = system.changed({place: value})
    lost = figure.value is None and any(
        system.constraints[n].terms[0][1] == place and system.constraints[n].equation.rule.sums
        for n in settles
    )
    fit = _misfit(system, place, value) + system.spoken_against({place: value})
    return Cause(
        category="missing_total" if lost else "ocr_digit",
        variant=place[0],
        at=place[1],
        cost=(A_BLANK if lost else A_SLIP + cost) + trust(figure) + fit,
        changes={place: value},
        settles=settles,
        breaks=breaks,
    )


def _misfit(system: System, place: Place, value: int) -> float:
    """How badly a value sits among the others, in nats, though all over it may hold.

    Each figure is rounded by itself, so that sums miss by little more often than by much; and
    where one figure may be at most another, it is often just that.
    """
    now, misfit = system.figure(place), 0.0
    was = (now.value or 0) if now else 0
    newly = now.half**2 if now and value and not was else 0
    for number, coefficient in system.over[place]:
        one = system.constraints[number]
        after = one.miss + coefficient * (value - was)
        if one.equation.rule.sense:
            misfit += TIGHT * ((one.miss == 0) - (after == 0))
        elif (spread := one.spread + newly) and one.holds(after):
            # The variance of a rounding by at most h to either side is h²/3.
            misfit += after**2 / (2 * spread / 3)
    return misfit


def _spans(over: Sequence[tuple[Constraint, int, bool]]) -> Iterator[tuple[float, float]]:
    """Changes of the cell with which all over it would hold; else those that settle some and break none."""
    low, high = _common(one.bounds(coefficient) for one, coefficient, _ in over)
    if low <= high:
        yield low, high
        return
    kept = _common(one.bounds(c) for one, c, violated in over if not violated)
    for one, coefficient, violated in over:
        if violated:
            low, high = _common([kept, one.bounds(coefficient)])
            if low <= high:
                yield low, high


def _common(bounds: Iterable[tuple[float, float]]) -> tuple[float, float]:
    low, high = -INFINITY, INFINITY
    for least, most in bounds:
        low, high = max(low, least), min(high, most)
    return low, high


def _values(
    figure: Figure,
    plausible: Mapping[int, float],
    over: Sequence[tuple[Constraint, int, bool]],
    low: float,
    high: float,
) -> Iterator[tuple[int, float]]:
    """True values within a span of changes, each with its cost: plausible slips, else the exact one."""
    now = figure.value or 0
    likely = [(v, cost) for v, cost in plausible.items() if low <= v - now <= high]
    yield from likely
    exact = [-one.miss * c for one, c, violated in over if violated and not one.equation.rule.sense]
    within = [change for change in exact if low <= change <= high]
    if not within and low > -INFINITY and high < INFINITY:
        within = [int(low + high) // 2]
    for change in dict.fromkeys(within[:2]):
        value = now + change
        if all(value != known for known, _ in likely):
            yield value, slips.any_cost(figure, value)


def trust(figure: Figure) -> float:
    """The reader's confidence, where it has one: 0.5 makes a slip likelier, 0.99 changes little."""
    confidence = figure.item.confidence
    return 0.0 if confidence is None else max(-4.0, 8 * (min(confidence, 1.0) - 1.0) + 1.0)


# One or two rows ----------------------------------------------------------------------------


def _row(
    system: System,
    category: str,
    variant: str,
    at: Cell,
    cost: float,
    changes: Mapping[Place, int],
    rows: tuple[str, ...] = (),
    detail: str = "",
) -> Iterator[Cause]:
    """The cause, if it settles anything."""
    settles, breaks = system.changed(changes)
    if settles:
        cost += system.spoken_against(changes)
        yield Cause(
            category, variant, at, cost, changes, settles, breaks, rows or (at.key,), detail
        )


def _lost_totals(
    system: System, variant: str, table: Table, key: str, measures: Sequence[str]
) -> Iterator[Cause]:
    """A whole row of totals that was not read."""
    changes: dict[Place, int] = {}
    for measure in measures:
        place = (variant, Cell(table.form, key, measure))
        figure = system.figure(place)
        if figure is not None and figure.value is None:
            asked = [
                -system.constraints[n].miss * c
                for n, c in system.over.get(place, ())
                if n in system.violated and not system.constraints[n].equation.rule.sense
            ]
            if asked:
                changes[place] = asked[0]
    if len(changes) > 1:
        first = next(iter(changes))[1]
        yield from _row(system, "missing_total", variant, first, A_BLANK + 1, changes, (key,))


def _shifts(
    system: System, variant: str, table: Table, key: str, measures: Sequence[str]
) -> Iterator[Cause]:
    """A row whose figures stand one column too far right, or left."""
    row = table.rows[key]
    read = [f.value if (f := row.get(m)) else None for m in measures]
    places = [(variant, Cell(table.form, key, m)) for m in measures]
    at = Cell(table.form, key, "")
    for shifted, detail in (([*read[1:], None], "right"), ([None, *read[:-1]], "left")):
        gone = read[0] if detail == "right" else read[-1]
        if gone or sum(v is not None for v in read) < 2:
            continue  # a figure would fall off the row
        changes = {p: v or 0 for p, v in zip(places, shifted, strict=True)}
        last = places[-1 if detail == "right" else 0]
        settled, broken = system.changed(changes)
        best = (len(settled) - len(broken), 0)
        for value in _open(system, last, changes):
            settled, broken = system.changed({**changes, last: value})
            best = max(best, (len(settled) - len(broken), value))
        yield from _row(
            system, "shifted_column", variant, at, A_ROW, {**changes, last: best[1]}, detail=detail
        )


def _open(system: System, place: Place, changes: Mapping[Place, int]) -> Iterator[int]:
    """Values that the constraints over a place ask for once the other changes are made."""
    for number, coefficient in system.over.get(place, ()):
        one = system.constraints[number]
        if one.equation.rule.sense:
            continue
        miss = one.miss + sum(
            c * (changes[p] - system.value(p)) for c, p in one.terms if p in changes and p != place
        )
        yield system.value(place) - miss * coefficient


def _neighbours(table: Table) -> list[tuple[str, str]]:
    """Rows that follow one another, in the form or among those that have figures."""
    live = [key for key, row in table.rows.items() if any(f.value for f in row.values())]
    return sorted({*pairwise(table.rows), *pairwise(live)})


def _swap(
    system: System, variant: str, table: Table, upper: str, lower: str, measures: Sequence[str]
) -> Iterator[Cause]:
    """Two rows whose figures were exchanged."""
    changes = {}
    for measure in measures:
        here = (variant, Cell(table.form, upper, measure))
        there = (variant, Cell(table.form, lower, measure))
        if system.value(here) != system.value(there):
            changes[here], changes[there] = system.value(there), system.value(here)
    if changes:
        at = Cell(table.form, upper, "")
        yield from _row(system, "swapped_rows", variant, at, A_ROW, changes, (upper, lower))
