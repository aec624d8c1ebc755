"""In what does the reading of a card of fixtures/variants.yaml differ from what was printed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from extract.document import read, stages
from extract.hanzi import fold
from extract.model import Cell, Reading, Table
from fixtures.render.grid import Slot
from fixtures.render.variants import Card
from tests.papers import unaccounted

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
    return [*missing, *(f"{text} unaccounted" for text in unaccounted(made))]


def _texts(cells: Iterable[Cell | Slot]) -> Iterator[str]:
    return (text for cell in cells if (text := fold(cell.text)))


def _printed(table: Table) -> Iterator[str]:
    """The texts of a table, each alone and with the one right of it: a label may run into its figure."""
    for cell, after in pairwise([*table.grid.cells, None]):
        yield from filter(None, [fold(cell.text)])
        if after and cell.row == after.row and cell.text and after.text:
            yield fold(cell.text + after.text)
