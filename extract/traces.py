"""What did each stage make of a document? As lines to read, for ``juesuan show --stage``.

One function a stage, from the stage's own nouns to text. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.geometry import lines
from extract.hanzi import tidy
from extract.model import (
    Box,
    Cell,
    Check,
    Column,
    Document,
    Fact,
    Finding,
    Grid,
    Identity,
    Item,
    Line,
    OtherTable,
    Page,
    Region,
    Rows,
    Section,
    Sheet,
    Table,
)
from extract.stages.normalize import Ignored


def pages(document: Document) -> Iterator[str]:
    """Every page with its text, line by line; tables that the format delimits with their rows."""
    yield f"{document.media_type}, text layer {document.text_layer}, {len(document.pages)} pages"
    for page in document.pages:
        yield ""
        if page.blocks:
            yield from _sheet(page)
        else:
            yield f"page {page.number}: {page.width:.0f} x {page.height:.0f} pt, {len(page.words)} words, {len(page.rulings)} rulings"
            yield from (f"  {line.text}" for line in lines(page.words))


def _sheet(page: Page) -> Iterator[str]:
    if page.number is not None:
        yield f"sheet {page.number}"
    for block in page.blocks:
        if isinstance(block, Line):
            yield f"  {block.text}"
        elif isinstance(block, Rows):
            yield from (f"  | {' | '.join(map(tidy, row))} |" for row in block.rows)
        else:
            covering = {(cell.row, cell.column): cell.text for cell in block.cells}
            for row in range(block.height):
                shown = (tidy(covering.get((row, at), "")) for at in range(block.width))
                yield f"  | {' | '.join(shown)} |"


def regions(found: Sequence[Region]) -> Iterator[str]:
    """Every table's place, with the lines above and below it."""
    yield f"{len(found)} tables"
    for number, region in enumerate(found, 1):
        yield ""
        yield f"table {number}{_on(region)}{_at(region.box)}"
        for text in region.captions:
            yield f"  above: {text}{'  (running head)' if text in region.running else ''}"
        yield from (f"  below: {text}" for text in region.notes)


def grids(found: Sequence[Grid]) -> Iterator[str]:
    """Every table cut into cells, one row a line; ``^`` and ``<`` go on with the cell above or left."""
    for number, grid in enumerate(found, 1):
        yield f"table {number}{_on(grid.region)}: {grid.height} rows x {grid.width} columns, cut by {grid.engine}"
        covering = grid.covering()
        for row in range(grid.height):
            shown = (_slot(covering, row, column) for column in range(grid.width))
            yield f"  | {' | '.join(shown)} |"
        yield ""


def _slot(covering: dict[tuple[int, int], Cell], row: int, column: int) -> str:
    cell = covering.get((row, column))
    if cell is None:
        return ""
    return "<" if cell.column < column else "^" if cell.row < row else tidy(cell.text)


def items(
    sheets: Sequence[Sheet],
    others: Sequence[OtherTable],
    found: Sequence[Item],
    findings: Sequence[Finding],
    ignored: Sequence[Ignored],
) -> Iterator[str]:
    """Every form with its columns and its cells, what was left out and why, and what is doubtful."""
    for sheet in sheets:
        yield f"{sheet.form}{sheet.variant and '@' + sheet.variant}: “{sheet.title}”, {sheet.unit or 'no unit printed'}"
        yield from (f"  {_table(table)}" for table in sheet.tables)
        mine = [i for i in found if (i.form, i.variant) == (sheet.form, sheet.variant)]
        yield from (f"  {_item(item)}" for item in mine)
        yield ""
    for other in others:
        yield f"other table{_on(other.grid.region)}: “{other.title}” {other.known_as or ''}".rstrip()
    for one in ignored:
        page = "" if one.page is None else f", page {one.page}"
        yield f"ignored: “{tidy(one.cell.text)}” ({one.reason}{page})"
    yield from map(_finding, findings)


def _table(table: Table) -> str:
    columns = ", ".join(map(_column, table.columns))
    lost = " (headings damaged)" if table.header_lost else ""
    return f"table{_on(table.grid.region)}: body from row {table.body + 1}; {columns}{lost}"


def _column(column: Column) -> str:
    key = f"{column.key}." if column.key else ""
    level = "" if column.level is None else f" {column.level + 1}"
    return f"{key}{column.measure or column.role}{level}"


def _item(item: Item) -> str:
    amount = "blank" if item.amount is None else f"{item.amount}"
    page = "" if item.page is None else f"  p{item.page}"
    return f"{item.key:<12} {item.measure:<24} {amount:>20}  “{item.raw}”  {item.name}{page}"


def identity(said: Identity) -> Iterator[str]:
    """Whose document it is."""
    yield f"title: {said.title}"
    yield f"agency: {said.agency}, kind: {said.kind}, year: {said.fiscal_year or 'not said'}"
    yield ""


def narrated(
    sections: Sequence[Section], facts: Sequence[Fact], findings: Sequence[Finding]
) -> Iterator[str]:
    """Every section with the facts of its sentences."""
    yield f"{len(sections)} sections, {len(facts)} facts"
    for section in sections:
        pages = (
            "" if section.page_from is None else f", pages {section.page_from}-{section.page_to}"
        )
        yield f"{section.heading}: {section.section or 'no section of facts'}{pages}"
        yield from (f"  - {entry}" for entry in section.entries)
    yield ""
    for fact in facts:
        of = f" {fact.code or ''} {fact.name}" if fact.name else ""
        yield f"{fact.section}: {fact.metric}{of} = {fact.value} {fact.value_unit} ({fact.period}; “{fact.raw}”)"
    yield from map(_finding, findings)


def verdicts(checks: Sequence[Check], findings: Sequence[Finding]) -> Iterator[str]:
    """Every identity with its terms and verdict, then every finding."""
    for check in checks:
        terms = " ".join(
            f"{'+' if part.sign > 0 else '-'} {part.form}{part.variant and '@' + part.variant}[{part.key}].{part.measure} ({part.amount})"
            for part in check.parts
        )
        sign = "=" if check.kind == "equality" else ">="
        yield f"{check.verdict:<8} {check.rule}: {check.form}{check.variant and '@' + check.variant}[{check.key}].{check.measure} ({check.total}) {sign} {terms}"
    yield from map(_finding, findings)


def _finding(one: Finding) -> str:
    return f"{one.severity}: {one.category} ({one.rule}) {one.message_en}"


def _on(region: Region) -> str:
    return "" if region.page.number is None else f" on page {region.page.number}"


def _at(box: Box | None) -> str:
    return "" if box is None else " at " + ", ".join(f"{edge:.0f}" for edge in box)
