"""The rows of a sheet, block by block, each with its key cells and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extract import amounts
from extract.forms import Form, Vocabulary, is_ratio
from extract.hanzi import fold
from extract.model import Cell, CodeSystem, Column, Sheet, Table


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose items they are, and the unit that governs them; ``stated`` says the form prints it."""

    doc_id: str
    statement: int
    unit: str
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Ignored:
    """A printed cell that states nothing of its own, and why it was left out."""

    cell: Cell
    page: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one block: its key cells by column, its figures by column."""

    table: Table
    number: int
    keys: tuple[tuple[Column, Cell], ...]
    figures: tuple[tuple[Column, Cell | None], ...]

    @property
    def page(self) -> int | None:
        """The page it is printed on."""
        return self.table.grid.region.page.number

    @property
    def by_ocr(self) -> bool:
        """Whether its letters may be misread: seen on a picture, or from a transcript."""
        typed = self.table.grid.engine == "plaintext"
        return typed or any(cell.confidence is not None for _, cell in self.keys)

    def printed(self) -> Iterator[Cell]:
        """The cells that carry text."""
        for _, cell in (*self.keys, *self.figures):
            if cell is not None and cell.text.strip():
                yield cell

    def is_blank(self) -> bool:
        """Whether no figure is printed."""
        return not any(cell is not None and cell.text.strip() for _, cell in self.figures)

    def line_no(self) -> int | None:
        """Its 行次 or 序号, where one is printed."""
        numbers = [
            t for _, t in self.texts("line_no") if t.isascii() and t.isdigit() and len(t) < 5
        ]
        return int(numbers[0]) if numbers else None

    def texts(self, role: str) -> list[tuple[Column, str]]:
        """Folded texts of the key columns of one role, blanks included."""
        return [(column, fold(cell.text)) for column, cell in self.keys if column.role == role]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row understood: which line of the form it is."""

    row: Row
    key: str
    name: str
    seq: int = 0
    code: str | None = None
    code_system: CodeSystem | None = None
    level: int | None = None
    parent: str | None = None
    line_no: int | None = None
    doubt: str | None = None

    def numbered(self, seq: int, times: int) -> Entry:
        """The entry as the ``times``-th of its key."""
        if times == 1:
            return replace(self, seq=seq)
        return replace(self, seq=seq, key=f"{self.key}#{times}")


def blocks(sheet: Sheet) -> list[int]:
    """The tables printed side by side, left to right."""
    return sorted({column.block for table in sheet.tables for column in table.columns})


def rows(sheet: Sheet, block: int, words: Vocabulary, ignored: list[Ignored]) -> Iterator[Row]:
    """The rows of one block that state something; the others go to ``ignored``."""
    for table in sheet.tables:
        if all(column.block != block for column in table.columns):
            continue  # the next page may go on with one of two tables side by side
        covering = table.grid.covering()
        for number in range(table.body, table.grid.height):
            row = _run_over(table, number, block, covering)
            reason = _no_statement(row, words)
            if reason is None:
                yield row
            else:
                ignored.extend(Ignored(cell, row.page, reason) for cell in row.printed())


def _run_over(table: Table, number: int, block: int, covering: dict[tuple[int, int], Cell]) -> Row:
    """A row of one block; the label of a total may run over into a later block that holds its figure."""
    parts = {
        at: _row(table, number, [c for c in table.columns if c.block == at], covering)
        for at in sorted({column.block for column in table.columns})
    }
    row = parts[block]
    before = _printing(reversed([one for at, one in parts.items() if at < block]))
    after = _printing(one for at, one in parts.items() if at > block)
    if before is not None and _lends(before, row):
        return Row(table, number, (), ())
    if after is not None and _lends(row, after):
        return Row(table, number, row.keys, after.figures)
    return row


def _printing(rows: Iterable[Row]) -> Row | None:
    """The first row with anything in it."""
    return next((row for row in rows if any(row.printed())), None)


def _lends(row: Row, after: Row) -> bool:
    measures = [column.measure for column, _ in row.figures]
    return (
        bool(measures)
        and measures == [column.measure for column, _ in after.figures]
        and any(cell.text.strip() for _, cell in row.keys)
        and not any(cell.text.strip() for _, cell in after.keys)
        and row.is_blank()
        and not after.is_blank()
    )


def _row(
    table: Table, number: int, columns: Sequence[Column], covering: dict[tuple[int, int], Cell]
) -> Row:
    keys: list[tuple[Column, Cell]] = []
    figures: list[tuple[Column, Cell | None]] = []
    for column in columns:
        cell = covering.get((number, column.slot))
        own = cell is not None and cell.row == number and _first(cell, column, table)
        if column.role == "measure":
            figures.append((column, cell if own else None))
        elif own and cell is not None and column.role not in {"none", "passed"}:
            keys.append((column, cell))
    return Row(table, number, tuple(keys), tuple(figures))


def _first(cell: Cell, column: Column, table: Table) -> bool:
    """A cell merged over columns speaks for the first of them, as one merged over rows does."""
    under = (c for c in table.columns if cell.column <= c.slot < cell.column + cell.columns)
    return next(under, None) is column


def _no_statement(row: Row, words: Vocabulary) -> str | None:
    """Why the row states nothing; None if it does."""
    printed = [text for cell in row.printed() if (text := fold(cell.text))]
    if not printed:
        return "empty row"
    keyed = [
        text for column, cell in row.keys if column.role != "line_no" and (text := fold(cell.text))
    ]
    if not keyed and row.is_blank():
        return "numbered row without a line"
    if words.states_years(printed):
        return "years"
    if _states_ratios(row, words):
        return "percentages"
    if words.numbers_columns(printed) or (keyed and set(keyed) <= set(words.column_no)):
        return "column numbers"
    if keyed and keyed[0].startswith(
        tuple(f"{note}{mark}" for note in words.notes for mark in ":1一.、")
    ):
        return "note"
    if row.is_blank() and keyed and all(set(text) <= set(".…·") for text in keyed):
        return "ellipsis of a template"
    if _is_header_again(row, words):
        return "header repeated"
    return None


def _states_ratios(row: Row, words: Vocabulary) -> bool:
    """A row that says so and has no code, or of which no figure is anything else and that names nothing."""
    keyed = [text for _, cell in row.keys if (text := fold(cell.text))]
    figures = [text for _, cell in row.figures if cell is not None and (text := fold(cell.text))]
    coded = any(text[0].isdigit() for text in keyed)
    named = any(map(words.states_ratio, keyed)) and not coded
    return named or (not keyed and bool(figures) and all(map(is_ratio, figures)))


def _is_header_again(row: Row, words: Vocabulary) -> bool:
    """A heading printed once more inside the body: no figure in it, words over the columns of figures."""
    figures = [fold(cell.text) for _, cell in row.figures if cell is not None and cell.text.strip()]
    keyed = (fold(cell.text) for _, cell in row.keys)
    return any(map(words.heads_keys, keyed)) and not any(map(amounts.is_amount, figures))


def left_over(
    sheet: Sheet, entries: Sequence[Entry], form: Form, words: Vocabulary, ignored: list[Ignored]
) -> list[tuple[Table, Cell]]:
    """Printed cells of the body that no row took up; those with a good reason go to ``ignored``."""
    used = {id(cell) for entry in entries for cell in entry.row.printed()}
    used |= {id(one.cell) for one in ignored}
    left: list[tuple[Table, Cell]] = []
    for table in sheet.tables:
        columns = {column.slot: column for column in table.columns}
        for cell in table.grid.cells:
            if cell.row < table.body or not cell.text.strip() or id(cell) in used:
                continue
            reason = _needless(cell, columns.get(cell.column), form, words)
            if reason is None:
                left.append((table, cell))
            else:
                ignored.append(Ignored(cell, table.grid.region.page.number, reason))
    return left


def _needless(cell: Cell, column: Column | None, form: Form, words: Vocabulary) -> str | None:
    """Why a cell that no row took up states nothing that is missed."""
    if words.heads_keys(fold(cell.text)):
        return "heading on the row of the total"
    if column is None:
        return None
    if column.role == "passed":
        return "another plan" if form.period(column.heading) else "percentages or years"
    if form.sides and column.block >= len(form.sides):
        return "a third side: expenditure again, by economic nature"
    return "a column the form passes over" if form.passes_over(column.heading) else None
