"""Figures as intervals, and the cells that facts are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.forms.narrative import CODE
from extract.forms.narrative import Cell as Place
from extract.model import Item
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell, Ledger, yuan

_ZERO = Decimal(0)


class Figure(NamedTuple):
    """A printed figure: it stands for ``value`` and ``half`` a step to either side."""

    value: Decimal
    half: Decimal

    @property
    def low(self) -> Decimal:
        """The least it may stand for."""
        return self.value - self.half

    @property
    def high(self) -> Decimal:
        """The most it may stand for."""
        return self.value + self.half


class Tables:
    """The cells of a statement that are not in doubt already.

    In doubt is what ``told`` names or suspects, and the ``rows`` that its causes take in; ``breaks`` says
    whether a sum would fail if a cell read another amount, in yuan.
    """

    def __init__(
        self,
        items: Sequence[Item],
        printed: Ledger,
        breaks: Callable[[Cell, Decimal], bool],
        told: Sequence[Told],
        rows: Iterable[tuple[str, str]] = (),
    ) -> None:
        plain = [item for item in items if not item.variant]
        self.items = {Cell(i.form, i.key, i.measure): i for i in plain}
        self._live = {i.form for i in plain if i.amount is not None}
        # The finest step a form prints: trailing zeros may be dropped from single figures.
        self._half = {form: yuan(t.half) for (form, variant), t in printed.items() if not variant}
        self._breaks = breaks
        self._doubted = _doubted(told) | {Cell(form, key, "") for form, key in rows}

    def lives(self, form: str) -> bool:
        """Whether a form prints any amount."""
        return form in self._live

    def figure(self, cell: Cell) -> Figure | None:
        """What a cell states; a blank cell of a form with amounts states nothing spent."""
        item = self.items.get(cell)
        if item is None or not self.lives(cell.form) or self.doubts(cell):
            return None
        return Figure(item.amount or _ZERO, self._half[cell.form] if item.amount else _ZERO)

    def doubts(self, cell: Cell) -> bool:
        """Whether the diagnosis of the tables speaks of it."""
        form, key, _ = cell
        return not {cell, Cell(form, key, ""), Cell(form, "", "")}.isdisjoint(self._doubted)

    def stands(self, cell: Cell, stated: Decimal) -> bool:
        """Whether the cell could not read what is ``stated`` without a sum failing that holds."""
        return self._breaks(cell, stated)


def place(of: Place, code: str | None) -> Cell | None:
    """The cell a metric names, for the 科目 a fact speaks of."""
    if of.key == CODE:
        return Cell(of.form, code, of.measure) if code else None
    return Cell(of.form, of.key, of.measure)


def _doubted(told: Sequence[Told]) -> set[Cell]:
    doubted: set[Cell] = set()
    for one in told:
        if one.severity != "info":
            doubted.update(Cell(s.form, s.key, s.measure) for s in one.suspects)
            if one.form:
                doubted.add(Cell(one.form, one.key or "", one.measure or ""))
    return doubted
