"""From rows to items: amounts in yuan, with the ink they were read from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from extract import amounts
from extract.forms import Form
from extract.geometry import displayed
from extract.model import Box, Cell, Column, Finding, Item, Sheet
from extract.stages.normalize.entries import Entry, Origin
from extract.stages.normalize.findings import unreadable


def itemize(
    entries: Sequence[Entry], sheet: Sheet, form: Form, origin: Origin
) -> tuple[list[Item], list[Finding]]:
    """An item for each cell of figures, blank ones included; a finding for each text that is no amount."""
    items: list[Item] = []
    doubts: list[Finding] = []
    for entry in entries:
        for column, cell in entry.row.figures:
            unit = "" if column.measure in form.counts else origin.unit
            amount, readable = _amount(cell, unit)
            item = _item(entry, column, cell, amount, unit, sheet, origin)
            items.append(item)
            if not readable:
                doubts.append(unreadable(item, form))
    return items, doubts


def _amount(cell: Cell | None, unit: str) -> tuple[Decimal | None, bool]:
    try:
        amount = amounts.yuan(cell.text if cell else "", unit)
    except amounts.NotAnAmount:
        return None, False
    return (amount, True) if amount is None or abs(amount) < amounts.MOST else (None, False)


def _stored(cell: Cell | None, amount: Decimal | None, unit: str) -> Decimal | None:
    """The exact number behind the one shown, in yuan, as far as its column reaches."""
    if cell is None or cell.stored is None or amount is None:
        return None
    exact = cell.stored * amounts.UNITS[unit]
    return exact.quantize(amounts.MILLIONTH) if abs(exact) < amounts.MOST else None


def _item(
    entry: Entry,
    column: Column,
    cell: Cell | None,
    amount: Decimal | None,
    unit: str,
    sheet: Sheet,
    origin: Origin,
) -> Item:
    assert column.measure is not None
    page = entry.row.table.grid.region.page
    box: Box | tuple[None, None, None, None] = (None, None, None, None)
    if cell and cell.box:
        box = displayed(cell.box, page)
    return Item(
        doc_id=origin.doc_id,
        statement=origin.statement,
        form=sheet.form,
        variant=sheet.variant,
        seq=entry.seq,
        key=entry.key,
        code=entry.code,
        code_system=entry.code_system,
        level=entry.level,
        parent=entry.parent,
        name=entry.name,
        line_no=entry.line_no,
        measure=column.measure,
        amount=amount,
        stored=_stored(cell, amount, origin.unit),
        raw="".join(cell.text.split("\n")).strip() if cell else "",
        unit=unit,
        page=page.number,
        x0=box[0],
        y0=box[1],
        x1=box[2],
        y1=box[3],
        engine=entry.row.table.grid.engine,
        confidence=cell.confidence if cell else None,
    )
