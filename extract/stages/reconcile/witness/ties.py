"""Facts against the cells that state the same."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from extract.hanzi import fold
from extract.model import Item, Severity, Suspect
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell
from extract.stages.reconcile.witness.figures import Figure, Tables
from extract.stages.reconcile.witness.said import Said, Saying
from extract.stages.reconcile.witness.words import quoted, where
from extract.stages.reconcile.wording import cell as cell_said
from extract.stages.reconcile.wording import money
from extract.stages.reconcile.wording import place as form_said

_INITIAL = "年初预算"


def ties(said: Said, tables: Tables) -> Iterator[Told]:
    """Every fact that no cell of its meaning bears out."""
    for one in said.all:
        cells = counterparts(one, tables)
        if not cells or any(one.figure.value == figure.value for _, figure in cells):
            continue
        cell, figure = cells[0]
        if any(_near(one.figure, its) for _, its in cells):
            cell, figure = next((c, f) for c, f in cells if _near(one.figure, f))
            yield _told(one, cell, figure, tables, "rounding")
        else:
            yield _told(one, cell, figure, tables, "narrative_mismatch")


def counterparts(one: Saying, tables: Tables) -> list[tuple[Cell, Figure]]:
    """The cells that print what a fact states, as far as they are there and not in doubt."""
    cells = ((cell, tables.figure(cell)) for cell in one.cells)
    return [(cell, figure) for cell, figure in cells if figure is not None]


def _near(one: Figure, other: Figure) -> bool:
    return abs(one.value - other.value) <= one.half + other.half


def _told(one: Saying, cell: Cell, figure: Figure, tables: Tables, category: str) -> Told:
    item = tables.items[cell]
    rounds = category == "rounding"
    coarse = abs(one.figure.value - figure.value) <= one.prints / 2 + figure.half
    unsupported = not rounds and not tables.stands(cell, one.figure.value)
    zh, en = _words(one, item, cell)
    if not rounds:
        also, also_en = _taken_from(one, cell, tables)
        zh, en = zh + also, en + also_en
    return Told(
        rule=f"facts.{one.fact.metric}",
        category=category,
        severity=_severity(one) if not (rounds or coarse) else "info",
        zh=zh,
        en=en,
        at=Cell(cell.form, cell.key, f"{cell.measure}:{one.fact.section}"),
        page=one.fact.page,
        expected=figure.value,
        actual=one.figure.value,
        difference=one.figure.value - figure.value,
        tolerance=one.figure.half + figure.half,
        suspects=(Suspect(*cell, 1.0),) if unsupported else (),
    )


def _severity(one: Saying) -> Severity:
    """A form's 预算数 may be the adjusted one: a text's 年初预算 that differs is to be asked about."""
    asked = one.fact.period == "budget" and _INITIAL in fold(one.fact.text)
    return "warning" if asked else "error"


def _taken_from(one: Saying, cell: Cell, tables: Tables) -> tuple[str, str]:
    """The cell of the same line of another form that prints the text's figure, whence it may come."""
    for other, item in tables.items.items():
        alike = other.form != cell.form and other.key == cell.key
        if alike and item.amount and item.amount == one.figure.value:
            (form, form_en), (what, what_en) = (
                form_said(other.form, item.page),
                cell_said(other, item),
            )
            return f"，却与{form}{what}相同", f"; the same as {form_en}, {what_en}"
    return "", ""


def _words(one: Saying, item: Item, cell: Cell) -> tuple[str, str]:
    """The sentence, the cell and both numbers."""
    (form, form_en), (what, what_en) = form_said(cell.form, item.page), cell_said(cell, item)
    printed = "空白" if item.amount is None else money(item.amount, item.unit)
    blank = "blank" if item.amount is None else printed
    zh, en = where(one.fact.page)
    gap = money(abs(one.figure.value - (item.amount or Decimal(0))), item.unit)
    return (
        f"{zh}“{quoted(one.fact.text, one.fact.raw)}”：文中为 {one.fact.raw}，{form}{what}为 {printed}，差 {gap}",
        f"{en}the text says {one.fact.raw}, {form_en}, {what_en}, says {blank}; {gap} apart",
    )
