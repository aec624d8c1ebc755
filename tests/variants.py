"""In what does the reading of a card of fixtures/variants.yaml differ from what was printed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from extract.document import Made, read, stages
from extract.hanzi import fold
from extract.model import Cell, Reading, Sheet, Table
from fixtures.render.grid import Slot
from fixtures.render.variants import Card

Place = tuple[str, str, str, str]


def misread(card: Card, way: str) -> list[str]:
    """Every difference, as a sentence; none where the document was read for what it is."""
    reading = read(card.document(way), f"{card.slug}.{way}")
    return [*_cells(card, reading), *_forms(card, reading), *_findings(card, reading)]


def printed(card: Card) -> dict[Place, Decimal | None]:
    """Every figure of the nine forms, by the place it belongs to."""
    return {(c.form, c.variant, c.key, c.measure): c.amount_yuan for c in card.cells()}


def found(reading: Reading) -> dict[Place, Decimal | None]:
    """Every amount read."""
    return {item.place: item.amount for item in reading.items if item.amount is not None}


def _cells(card: Card, reading: Reading) -> Iterator[str]:
    wanted, got = printed(card), found(reading)
    for place in sorted(wanted.keys() | got.keys()):
        if wanted.get(place) != got.get(place):
            yield f"{place}: printed {wanted.get(place)}, read {got.get(place)}"


def _forms(card: Card, reading: Reading) -> Iterator[str]:
    wanted = {cell.form for cell in card.cells()} | (
        set() if card.instead else set(card.statement.forms)
    )
    for form in sorted(wanted ^ set(reading.forms_found)):
        yield f"form {form}: {'not found' if form in wanted else 'invented'}"
    for other in sorted(set(card.others) ^ set(reading.forms_other)):
        yield f"other form {other}: {'not named' if other in card.others else 'invented'}"


def _findings(card: Card, reading: Reading) -> Iterator[str]:
    missing = {f.form for f in reading.findings if f.rule == "expected_forms"}
    for form in missing ^ set(card.missing):
        yield f"missing_form {form}: {'not told' if form in card.missing else 'wrong'}"
    rules = {finding.rule for finding in reading.findings}
    yield from (f"{rule} is not told" for rule in card.told if rule not in rules)
    for finding in reading.findings:
        if finding.severity != "info" and finding.category != "missing_form":
            yield f"{finding.severity} {finding.rule}: {finding.message_en}"
    for check in reading.checks:
        if check.verdict == "fails":
            yield f"{check.rule} fails at {check.form} {check.key} {check.measure}"


def lost(card: Card, way: str) -> list[str]:
    """Printed cells that are in no item, in no other table, not left out with a reason, and no heading."""
    made = stages(card.document(way))
    texts = Counter(text for table in made.others for text in _texts(table.grid.cells))
    texts += Counter(text for sheet in made.sheets for t in sheet.tables for text in _printed(t))
    # In a workbook a heading over all columns stands where a title does.
    texts += Counter(fold(text) for grid in made.grids for text in grid.region.captions)
    wanted = Counter(text for sheet in card.sheets for text in _texts(sheet.slots))
    missing = [f"{count} × “{text}”" for text, count in (wanted - texts).items()]
    return [*missing, *unused(made)]


def unused(made: Made) -> list[str]:
    """Cells in the body of a form that no item, no reason and no finding speaks of, form by form.

    Each figure stands in an item of its own; what names a row stands in the name, the code or
    the number of one.
    """
    return [text for sheet in made.sheets for text in _unused(sheet, made)]


def _unused(sheet: Sheet, made: Made) -> Iterator[str]:
    own = [item for item in made.items if (item.form, item.variant) == (sheet.form, sheet.variant)]
    named = {
        fold(text)
        for i in own
        for text in (i.name, i.code or "", str(i.line_no or ""), f"{i.code}{i.name}")
    }
    left_out = {id(one.cell) for one in made.ignored}
    totals = {i.raw for i in own if i.level == 0}  # one may stand in a column of its own
    told = " ".join(finding.message for finding in made.findings)
    figures: Counter[str] = Counter()
    for table in sheet.tables:
        roles = {column.slot: column.role for column in table.columns}
        for cell in table.grid.cells:
            text = "".join(cell.text.split("\n")).strip()
            if cell.row < table.body or not text or id(cell) in left_out or text in told:
                continue
            spanned = range(cell.column, cell.column + cell.columns)
            role = next((roles[slot] for slot in spanned if slot in roles), "none")
            if role == "measure" or text in totals:
                figures[text] += 1
            elif role in {"none", "passed"}:
                yield f"{sheet.form}: “{text}” is in no column"
            elif not (_names_measures(sheet) or any(fold(text) in name for name in named)):
                yield f"{sheet.form}: “{text}” names no item"
    raws = Counter(item.raw for item in own if item.raw)
    yield from (f"{sheet.form}: {n} × “{text}” in no item" for text, n in (figures - raws).items())


def _names_measures(sheet: Sheet) -> bool:
    """Whether labels name the columns of the one row there is: the 三公 form down the page."""
    return all(column.key or column.role != "measure" for t in sheet.tables for column in t.columns)


def _texts(cells: Iterable[Cell | Slot]) -> Iterator[str]:
    return (text for cell in cells if (text := fold(cell.text)))


def _printed(table: Table) -> Iterator[str]:
    """The texts of a table, each alone and with the one right of it: a label may run into its figure."""
    for cell, after in pairwise([*table.grid.cells, None]):
        yield from filter(None, [fold(cell.text)])
        if after and cell.row == after.row and cell.text and after.text:
            yield fold(cell.text + after.text)
