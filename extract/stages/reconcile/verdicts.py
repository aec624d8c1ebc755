"""Does an equation hold, as exactly as its figures are printed?

A printed figure stands for the closed interval of half its step to either side, so an
equality holds when the miss is no more than the halves of all its figures together.
A blank cell of a form that prints amounts is zero and exact; a cell of which it is
unknown what it should say leaves the equation untested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.model import Check, Part, Verdict
from extract.stages.reconcile.equations import Equation
from extract.stages.reconcile.ledger import (
    Cell,
    Figure,
    Ledger,
    is_code,
    may_be_left_out,
    yuan,
)


@dataclass
class Unknown:
    """Cells and rows, by variant, that are not there and are not zero."""

    cells: set[tuple[str, Cell]] = field(default_factory=set)
    rows: set[tuple[str, str, str]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.cells or self.rows)

    def __contains__(self, at: tuple[str, Cell]) -> bool:
        variant, cell = at
        return at in self.cells or (variant, cell.form, cell.key) in self.rows


class Sum(NamedTuple):
    """The parts added up, in half-分. ``known``: none is unknown; ``printed``: one has an amount."""

    value: int
    slack: int
    known: bool
    printed: bool
    parts: tuple[tuple[int, str, Cell, Figure | None], ...]


class Judged(NamedTuple):
    """An equation with its verdict; ``miss`` and ``slack`` in half-分, the total's sign 0."""

    equation: Equation
    check: Check
    figures: tuple[tuple[int, Cell, Figure], ...]
    miss: int
    slack: int


def figure(cell: Cell, variant: str, ledger: Ledger) -> Figure | None:
    """The cell as it is there; None where it is not."""
    table = ledger.get((cell.form, variant))
    row = table.rows.get(cell.key) if table else None
    return row.get(cell.measure) if row else None


def add_up(equation: Equation, ledger: Ledger, unknown: Unknown | None = None) -> Sum:
    """The signed sum of the parts; those of ``unknown`` may be anything."""
    value = slack = 0
    known, printed = True, False
    found: list[tuple[int, str, Cell, Figure | None]] = []
    for sign, cut, cell in equation.parts:
        there = figure(cell, cut, ledger)
        awaited = unknown is not None and (cut, cell) in unknown
        if awaited or (there is None and not is_zero(equation, cut, cell, ledger)):
            # At least what is printed: a part more would only ask for a greater total.
            known = known and equation.rule.sense * sign > 0
        elif there is not None:
            value, slack = value + sign * (there.value or 0), slack + there.half
            printed = printed or there.value is not None
        if awaited or there is not None:
            found.append((sign, cut, cell, there))
    return Sum(value, slack, known, printed, tuple(found))


def judge(sums: Mapping[Equation, Sum], ledger: Ledger, unknown: Unknown) -> list[Judged]:
    """All equations that have something to say, judged; ``sums`` are those of their parts."""
    judged = (_judge(equation, parts, ledger, unknown) for equation, parts in sums.items())
    return [one for one in judged if one is not None]


def _judge(equation: Equation, parts: Sum, ledger: Ledger, unknown: Unknown) -> Judged | None:
    total = figure(equation.total, equation.variant, ledger)
    if unknown and any((cut, cell) in unknown for _, cut, cell in equation.parts):
        parts = add_up(equation, ledger, unknown)
    if not parts.parts:
        return None
    if (equation.variant, equation.total) in unknown:
        return _verdict(equation, total, parts, "untested") if parts.printed else None
    if total is None or total.value is None:
        return None
    if not parts.known:
        return _verdict(equation, total, parts, "untested")
    if equation.rule.kind == "inequality" and not parts.printed:
        return None
    return _verdict(equation, total, parts, _compare(equation, total, parts, ledger))


def _compare(equation: Equation, total: Figure, parts: Sum, ledger: Ledger) -> Verdict:
    miss, slack = (total.value or 0) - parts.value, total.half + parts.slack
    if miss == 0 or equation.rule.sense * miss > 0:
        return "holds"
    if abs(miss) <= slack:
        return "rounding"
    return "untested" if strays_explain(equation, miss, slack, ledger) else "fails"


def strays_explain(equation: Equation, miss: int, slack: int, ledger: Ledger) -> bool:
    """Whether a line that is in no sum, or all of them, would close the gap.

    They are findings already: lines of no known meaning, codes printed twice.
    """
    form, _, measure = equation.total
    table = ledger.get((form, equation.variant))
    strays = table.strays.get(measure, ()) if table else ()
    return equation.rule.sums and any(
        abs(miss - stray) <= slack for stray in (*strays, sum(strays)) if stray
    )


def is_zero(equation: Equation, cut: str, cell: Cell, ledger: Ledger) -> bool:
    """Whether a cell that is not there may be taken as nothing."""
    table = ledger.get((cell.form, cut))
    if table is None or not table.live:
        return False
    if cell.key not in table.rows:
        # A line the publisher does not print. A code that equals this one is another matter;
        # of the funds that bound it, most spend nothing on it.
        return not (is_code(cell.key) and equation.rule.each and equation.rule.sense == 0)
    return cell.measure not in table.columns and may_be_left_out(cell.form, cell.measure)


def _verdict(equation: Equation, total: Figure | None, parts: Sum, verdict: Verdict) -> Judged:
    printed = total.value if total else None
    miss = None if printed is None or not parts.known else printed - parts.value
    slack = (total.half if total else 0) + parts.slack
    check = Check(
        check_id="",
        doc_id="",
        statement=0,
        rule=equation.rule.id,
        kind=equation.rule.kind,
        form=equation.total.form,
        variant=equation.variant,
        key=equation.total.key,
        measure=equation.total.measure,
        parts=tuple(
            Part(*cell, sign, there.item.amount if there else None, cut)
            for sign, cut, cell, there in parts.parts
        ),
        total=None if printed is None or total is None else total.item.amount,
        sum=yuan(parts.value) if parts.known else None,
        difference=None if miss is None else yuan(miss),
        tolerance=yuan(slack),
        verdict=verdict,
    )
    figures = [(sign, cell, there) for sign, _, cell, there in parts.parts if there is not None]
    if total is not None:
        figures.insert(0, (0, equation.total, total))
    return Judged(equation, check, tuple(figures), miss or 0, slack)
