"""What do all equations of a statement together say of all its cells?

Each equation becomes a constraint over integers: its miss is the signed sum of its cells
in half-分, and may not leave its slack. Blank cells count as zero here, lost or not, and so
do rows that a tie calls for and nobody printed: whether they are lost is what the search
for causes asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from typing import NamedTuple

from extract.forms import catalogue
from extract.forms.rules import Rule
from extract.stages.reconcile.equations import Equation, asked_by, equations
from extract.stages.reconcile.ledger import HALF_FEN, Cell, Figure, Ledger, Table, is_code
from extract.stages.reconcile.testimony import Heard, Place, against
from extract.stages.reconcile.verdicts import figure, strays_explain

Name = tuple[str, str, Cell]
"""(rule, variant, total): what tells two constraints apart in two readings of a statement."""


class Constraint(NamedTuple):
    """``miss`` = Σ coefficient × value; within ``slack`` of zero, or on the good side of it.

    ``spread`` is the sum of the squares of half the steps of all figures that are not nothing.
    """

    equation: Equation
    terms: tuple[tuple[int, Place], ...]
    miss: int
    slack: int
    spread: int

    @property
    def name(self) -> Name:
        """What it is called in any reading of the statement."""
        return self.equation.rule.id, self.equation.variant, self.equation.total

    def holds(self, miss: int) -> bool:
        """Whether it would hold with that miss."""
        sense = self.equation.rule.sense
        return sense * miss >= -self.slack if sense else abs(miss) <= self.slack

    def bounds(self, coefficient: int) -> tuple[float, float]:
        """Least and greatest change of a cell with which it holds, all else as it is."""
        sense = self.equation.rule.sense * coefficient
        middle = -self.miss * coefficient
        low = -INFINITY if sense < 0 else middle - self.slack
        high = INFINITY if sense > 0 else middle + self.slack
        return low, high


INFINITY = float("inf")
Stated = Mapping[Equation, Constraint | None]
"""The equations of one rule, each with its constraint, if it can be asked."""


@dataclass(frozen=True)
class System:
    """All constraints of one reading of a statement; ``by_rule`` holds those of each rule.

    ``heard`` is what the narrative states of its cells.
    Readings differ in little: what a change does not touch is taken over from the system before.
    """

    ledger: Ledger
    rules: Sequence[Rule]
    by_rule: tuple[Stated, ...]
    heard: Heard = field(default_factory=dict)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The equations that can be asked."""
        return tuple(one for stated in self.by_rule for one in stated.values() if one is not None)

    @cached_property
    def over(self) -> Mapping[Place, Sequence[tuple[int, int]]]:
        """The constraints over each place: (number, coefficient)."""
        over: dict[Place, list[tuple[int, int]]] = defaultdict(list)
        for number, one in enumerate(self.constraints):
            for coefficient, place in one.terms:
                over[place].append((number, coefficient))
        return over

    @cached_property
    def between(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """The constraints that tie each (form, variant) to another."""
        between: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, one in enumerate(self.constraints):
            forms = {(cell.form, variant) for _, (variant, cell) in one.terms}
            for form in forms if len(forms) > 1 else ():
                between[form].append(number)
        return between

    @cached_property
    def violated(self) -> frozenset[int]:
        """The constraints that do not hold."""
        return frozenset(n for n, one in enumerate(self.constraints) if not one.holds(one.miss))

    @cached_property
    def complaints(self) -> frozenset[Name]:
        """The names of the constraints that do not hold."""
        return frozenset(self.constraints[n].name for n in self.violated)

    def figure(self, place: Place) -> Figure | None:
        """The figure at a place; None where no cell is."""
        return figure(place[1], place[0], self.ledger)

    def value(self, place: Place) -> int:
        """The value at a place in half-分; a blank is nothing."""
        there = self.figure(place)
        return (there.value or 0) if there else 0

    def changed(self, changes: Mapping[Place, int]) -> tuple[frozenset[int], frozenset[int]]:
        """The constraints that new values at some places would settle, and those they would break."""
        moved: dict[int, int] = defaultdict(int)
        for place, value in changes.items():
            delta = value - self.value(place)
            for number, coefficient in self.over.get(place, ()) if delta else ():
                moved[number] += coefficient * delta
        holding = {n for n, by in moved.items() if self._holds_after(n, by)}
        return frozenset(holding & self.violated), frozenset(moved.keys() - holding - self.violated)

    def spoken_against(self, changes: Mapping[Place, int]) -> float:
        """Nats that the narrative speaks against new values at some places; below zero where it speaks for them."""
        return sum(
            against(stated, value) - against(stated, self.value(place))
            for place, value in changes.items()
            if (stated := self.heard.get(place))
        )

    def breaks(self, cell: Cell, amount: Decimal) -> bool:
        """Whether an equality that holds would fail if a cell of a standard form read ``amount``, in yuan."""
        _, broken = self.changed({("", cell): int(amount * HALF_FEN)})
        return any(not self.constraints[n].equation.rule.sense for n in broken)

    def with_values(self, changes: Mapping[Place, int]) -> System:
        """The system with other values at some places."""
        tables = dict(self.ledger.items())
        for (variant, cell), value in changes.items():
            name = (cell.form, variant)
            tables[name] = tables[name].with_value(cell.key, cell.measure, value)
        rows = {(variant, cell.form, cell.key) for variant, cell in changes}
        new = any(key not in self.ledger[form, variant].rows for variant, form, key in rows)
        return self._reread(tables, rows, new=new)

    def with_table(self, variant: str, table: Table) -> System:
        """The system with one form read another way."""
        old = self.ledger[table.form, variant].rows
        rows = {
            (variant, table.form, key)
            for key in old.keys() | table.rows.keys()
            if old.get(key) is not table.rows.get(key)
        }
        new = old.keys() != table.rows.keys()
        return self._reread({**self.ledger, (table.form, variant): table}, rows, new=new)

    def _reread(self, ledger: Ledger, rows: Set[tuple[str, str, str]], *, new: bool) -> System:
        """The system of another ledger that differs in some rows; ``new`` says that rows came or went."""
        forms = {form for _, form, _ in rows}
        by_rule = tuple(
            _reread(rule, stated, ledger, rows, new=new) if rule.speaks_of & forms else stated
            for rule, stated in zip(self.rules, self.by_rule, strict=True)
        )
        after = System(ledger, self.rules, by_rule, self.heard)
        if not new and [one.terms for one in after.constraints] == [
            one.terms for one in self.constraints
        ]:
            # The same cells in the same sums.
            vars(after)["over"], vars(after)["between"] = self.over, self.between
        return after

    def _holds_after(self, number: int, by: int) -> bool:
        one = self.constraints[number]
        return one.holds(one.miss + by)


def system(
    ledger: Ledger,
    rules: Sequence[Rule],
    asked: Sequence[Equation] | None = None,
    heard: Heard | None = None,
) -> System:
    """The constraints the rules make of a reading; ``asked`` are its equations, where they are at hand."""
    by_rule: dict[str, dict[Equation, Constraint | None]] = {rule.id: {} for rule in rules}
    for equation in equations(ledger, rules) if asked is None else asked:
        by_rule[equation.rule.id][equation] = _constraint(equation, ledger)
    return System(ledger, rules, tuple(by_rule.values()), heard or {})


def _reread(
    rule: Rule, stated: Stated, ledger: Ledger, rows: Set[tuple[str, str, str]], *, new: bool
) -> Stated:
    """The constraints of one rule in another ledger; those without a cell in ``rows`` are kept."""
    known = {(one.variant, one.total): one for one in stated} if new else {}
    return {
        one: stated[one]
        if one in stated and one.rows.isdisjoint(rows)
        else _constraint(one, ledger)
        for one in (asked_by(rule, ledger, known) if new else stated)
    }


def _constraint(equation: Equation, ledger: Ledger) -> Constraint | None:
    """The equation as a constraint; None where it cannot be asked."""
    total = figure(equation.total, equation.variant, ledger)
    if total is None and not _is_called_for(equation, ledger):
        return None
    terms: list[tuple[int, Place]] = [(1, (equation.variant, equation.total))]
    miss, slack = (total.value or 0, total.half) if total else (0, 0)
    spread = slack**2 if miss else 0
    printed = len(equation.parts) == 1 or (equation.rule.sense > 0 and miss > 0)
    for sign, place, there in _parts(equation, ledger):
        terms.append((-sign, place))
        if there is not None and there.value is not None:
            miss, slack, printed = miss - sign * there.value, slack + there.half, True
            spread += there.half**2 if there.value else 0
    if not printed or len(terms) == 1:
        return None
    one = Constraint(equation, tuple(terms), miss, slack, spread)
    if not one.holds(miss) and strays_explain(equation, miss, slack, ledger):
        return None
    return one


def _parts(equation: Equation, ledger: Ledger) -> Iterator[tuple[int, Place, Figure | None]]:
    for sign, cut, cell in equation.parts:
        there = figure(cell, cut, ledger)
        table = ledger.get((cell.form, cut))
        if there is not None or (table and table.live and _could_be_lost(cell, table, equation)):
            yield sign, (cut, cell), there


def _could_be_lost(cell: Cell, table: Table, equation: Equation) -> bool:
    """Whether a row that nobody printed is named by a tie, so that it may have been lost."""
    if cell.key in table.rows or cell.measure not in table.columns:
        return False
    return equation.rule.each is not None if is_code(cell.key) else cell.key in _totals(cell.form)


@cache
def _totals(form: str) -> frozenset[str]:
    """Lines of a form that sum others up and that all publishers print."""
    return frozenset(catalogue().forms[form].totals)


def _is_called_for(equation: Equation, ledger: Ledger) -> bool:
    """Whether a total that is not there could be a lost row or line."""
    table = ledger.get((equation.total.form, equation.variant))
    if table is None or not table.live or equation.total.measure not in table.printed:
        return False
    if equation.total.key in table.rows:
        return False
    if is_code(equation.total.key):
        return equation.rule.each is not None and equation.rule.sense >= 0
    return equation.rule.sums and equation.rule.sense == 0 and not any(table.strays.values())


def places(constraints: Iterable[Constraint]) -> set[Place]:
    """All places some constraints speak of."""
    return {place for one in constraints for _, place in one.terms}
