"""Does the narrative's “与上年相比” say what the accounts of the year before make of it?

A change is held against this year's figure and last year's: each as its form prints it or, where
no form does, as its narrative states it. So is a figure of last year that the text repeats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from extract.forms.narrative import Aspect
from extract.model import Fact, Item, Severity
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell, Ledger, yuan
from extract.stages.reconcile.witness.figures import Figure
from extract.stages.reconcile.witness.said import Said, Saying, said
from extract.stages.reconcile.witness.words import quoted, where
from extract.stages.reconcile.wording import money

CHANGE, PRIOR = "years.change", "years.prior"
_ZERO = Decimal(0)
_LEVEL: tuple[Aspect, ...] = ("actual", "level")


def changes(
    tables: Ledger, facts: Sequence[Fact], before: Ledger, then: Sequence[Fact]
) -> Iterator[Told]:
    """Every change, and every figure of last year, that two years' accounts do not bear out."""
    if not facts:
        return
    now, last = _Year(tables, said(facts)), _Year(before, said(then))
    for one in now.said.all:
        if one.fact.value_unit == "yuan" and one.aspect in ("change", "prior"):
            yield from _held(one, now, last)


class _Year:
    """What one year's document prints and states."""

    def __init__(self, tables: Ledger, stated: Said) -> None:
        self.said = stated
        self.tables = tables

    def level(self, one: Saying) -> list[tuple[Figure, Item | None]]:
        """What is printed of a saying's subject, else what is stated of it."""
        stated = self.said.of(one.topic, *_LEVEL)
        cells = stated.cells if stated else []
        printed = [found for cell in cells if (found := self._figure(cell)) is not None]
        return printed or ([(stated.figure, None)] if stated else [])

    def at(self, cells: Sequence[Cell]) -> list[tuple[Figure, Item | None]]:
        """What some cells print."""
        return [found for cell in cells if (found := self._figure(cell)) is not None]

    def _figure(self, cell: Cell) -> tuple[Figure, Item | None] | None:
        table = self.tables.get((cell.form, ""))
        there = table.rows.get(cell.key, {}).get(cell.measure) if table else None
        if table is None or there is None or not table.live:
            return None
        return Figure(yuan(there.value or 0), yuan(there.half)), there.item


def _held(one: Saying, now: _Year, last: _Year) -> Iterator[Told]:
    current = now.said.of(one.topic, *_LEVEL)
    # Last year's document may state nothing of it where this year's form prints the cell.
    were = last.level(one) or (last.at(current.cells) if current else [])
    nows = now.level(one) if one.aspect == "change" else [(Figure(_ZERO, _ZERO), None)]
    if not were or not nows:
        return
    gaps = [
        (_gap(one, is_now, was), (item, before))
        for (is_now, item), (was, before) in product(nows, were)
    ]
    if any(miss <= slack for (miss, slack), _ in gaps):
        return
    (miss, slack), cells = gaps[0]
    yield _told(one, nows[0][0], were[0][0], miss, slack, cells)


def _gap(one: Saying, now: Figure, was: Figure) -> tuple[Decimal, Decimal]:
    """How far the sentence is off, and how far honest rounding may be."""
    made = now.value - was.value if one.aspect == "change" else was.value
    return abs(one.figure.value - made), one.figure.half + now.half + was.half


def _told(
    one: Saying,
    now: Figure,
    was: Figure,
    miss: Decimal,
    slack: Decimal,
    cells: Sequence[Item | None],
) -> Told:
    made = now.value - was.value if one.aspect == "change" else was.value
    sure = all(item and item.checks_passed and not item.checks_failed for item in cells if item)
    severity: Severity = "warning" if sure and any(cells) else "info"
    (zh, en), unit = where(one.fact.page), "万元"
    what, what_en = (
        (
            f"上年决算为 {money(was.value, unit)}，本年为 {money(now.value, unit)}，变动应为 {money(made, unit)}",
            f"the accounts of both years go from {money(was.value, unit)} to {money(now.value, unit)}, a change of {money(made, unit)}",
        )
        if one.aspect == "change"
        else (
            f"上年决算为 {money(was.value, unit)}",
            f"the accounts of the year before say {money(was.value, unit)}",
        )
    )
    return Told(
        rule=CHANGE if one.aspect == "change" else PRIOR,
        category="narrative_mismatch",
        severity=severity,
        zh=f"{zh}“{quoted(one.fact.text, one.fact.raw)}”：文中为 {one.fact.raw}，{what}，差 {money(miss, unit)}",
        en=f"{en}the text says {one.fact.raw}; {what_en}, {money(miss, unit)} apart",
        at=Cell(one.fact.section, one.topic.code or one.topic.subject, one.aspect),
        page=one.fact.page,
        expected=made,
        actual=one.figure.value,
        difference=one.figure.value - made,
        tolerance=slack,
    )
