"""What do the cells of one worksheet make: lines of text, and tables?

A worksheet has no paragraphs: titles, units and notes stand in cells above and below the
table. Where the sheet draws borders, what lies outside them is text; without borders, a
row merged over the whole width is. Blank rows part tables. Hidden rows and columns are
left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from extract import amounts
from extract.bounds import CELLS
from extract.errors import TooLarge
from extract.model import Block, Cell, Cells, Page, Remark
from extract.readers import laid

COLUMNS = 16_384
"""That a sheet may have."""

_TOLD = 4096
_WORK = 4 * CELLS  # slots that merged cells may claim, those that others hold among them
_WIDTH = 54.0  # points, of a column that states none
_TITLE = 3  # texts that a line above a table may hold

Span = tuple[int, int, int, int]
"""Row, column, rows, columns."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one cell shows, and the number behind it."""

    text: str
    stored: Decimal | None = None


@dataclass(slots=True)
class Worksheet:
    """One sheet as its file says, before anything is asked of it; rows and columns from 0."""

    number: int
    name: str
    entries: dict[tuple[int, int], Entry] = field(default_factory=dict)  # those that print
    framed: set[int] = field(default_factory=set)  # rows with borders
    spans: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    widths: dict[int, float] = field(default_factory=dict)
    hidden: bool = False
    uncomputed: int = 0
    told: int = 0  # statements about columns

    def columns(self, told: range, *, width: float | None = None, hidden: bool = False) -> None:
        """What the file says of some columns; who says it thousands of times is not listened to."""
        self.told += 1
        if self.told > _TOLD:
            return
        kept = told[:COLUMNS]
        if hidden:
            self.hidden_columns.update(kept)
        if width is not None:
            self.widths.update(dict.fromkeys(kept, width))

    def spread(self, marked: Mapping[tuple[int, int], bool]) -> None:
        """Texts centred over the blank cells right of them are merged in all but name.

        ``marked`` are the cells so centred, and whether they print.
        """
        for row, column in (place for place, prints in marked.items() if prints):
            end = column + 1
            while marked.get((row, end)) is False:
                end += 1
            if end > column + 1:
                self.spans.append((row, column, 1, end - column))


def pages(sheets: Sequence[Worksheet]) -> tuple[tuple[Page, ...], tuple[Remark, ...]]:
    """A page for each sheet that shows something. Raises ``TooLarge``."""
    budget = CELLS
    made: list[Page] = []
    remarks: list[Remark] = []
    for sheet in sheets:
        remarks += _remarks(sheet)
        if sheet.hidden:
            continue
        blocks = tuple(_blocks(_Raster(sheet)))
        budget -= sum(len(block.cells) for block in blocks if isinstance(block, Cells))
        if budget < 0:
            raise too_large(sheet.name)
        if blocks:
            made.append(Page(sheet.number, blocks=blocks))
    return tuple(made), tuple(remarks)


def too_large(name: str) -> TooLarge:
    """What is said of a sheet with more cells than any form has."""
    return TooLarge(
        f"sheet “{name}” has more than {CELLS:,} cells; final accounts have a few thousand: "
        "delete the sheets that are none of their forms"
    )


class _Raster:
    """The visible cells of a sheet, each slot with the cell that covers it."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        printed = sheet.entries.keys()
        self.rows = _visible((r for r, _ in printed), sheet.hidden_rows)
        self.columns = _visible((c for _, c in printed), sheet.hidden_columns)
        if len(self.rows) * len(self.columns) > CELLS:
            # Something stands far below all else: the blank rows between are not made.
            self.rows = sorted({r for r, _ in printed} - sheet.hidden_rows)
        if len(self.rows) * len(self.columns) > CELLS:
            raise too_large(sheet.name)
        self.row_at = {row: at for at, row in enumerate(self.rows)}
        self.column_at = {column: at for at, column in enumerate(self.columns)}
        self.framed = {self.row_at[row] for row in sheet.framed if row in self.row_at}
        self.cells: dict[tuple[int, int], Cell] = {}
        self._place()

    def _place(self) -> None:
        entries = self.sheet.entries
        taken: set[tuple[int, int]] = set()
        work = _WORK
        for row, column, rows, columns in self.sheet.spans:
            down = _within(self.row_at, row, rows)
            over = _within(self.column_at, column, columns)
            work -= len(down) * len(over) + 1
            if work < 0:
                raise too_large(self.sheet.name)
            slots = {(r, c) for r in down for c in over}
            if not slots or slots & taken:
                continue
            taken |= slots
            entry = entries.get((row, column), _BLANK)
            self.cells[down[0], over[0]] = Cell(
                down[0], over[0], entry.text, len(down), len(over), stored=entry.stored
            )
        for r, row in enumerate(self.rows):
            for c, column in enumerate(self.columns):
                if (r, c) not in taken:
                    entry = entries.get((row, column), _BLANK)
                    self.cells[r, c] = Cell(r, c, entry.text, stored=entry.stored)

    def texts(self, row: int) -> list[str]:
        """What the cells that begin in a row print."""
        cells = (self.cells.get((row, column)) for column in range(len(self.columns)))
        return [cell.text.strip() for cell in cells if cell is not None and cell.text.strip()]

    def goes_on(self, row: int) -> bool:
        """Whether a row belongs to a table: no text, and not blank outside all frames."""
        return not self.is_text(row) and bool(self.texts(row) or row in self.framed)

    def parted(self, row: int) -> bool:
        """Whether blank rows that were not made stand before a row."""
        between = range(self.rows[row - 1] + 1, self.rows[row])
        return len(between) > len(self.sheet.hidden_rows) or any(
            r not in self.sheet.hidden_rows for r in between
        )

    def is_text(self, row: int) -> bool:
        """Whether a row is no part of a table."""
        texts = self.texts(row)
        if self.framed:
            plain = len(texts) <= _TITLE and not any(map(amounts.is_amount, texts))
            return row not in self.framed and plain
        first = self.cells.get((row, 0))
        whole = first is not None and first.columns == len(self.columns) > 1
        return whole and len(texts) == 1

    def edges(self) -> list[float]:
        """Where the columns begin and end, in points."""
        edges = [0.0]
        for column in self.columns:
            edges.append(edges[-1] + max(self.sheet.widths.get(column, _WIDTH), 1.0))
        return edges


_BLANK = Entry("")


def _within(places: Mapping[int, int], first: int, count: int) -> list[int]:
    """The visible ones of so many rows or columns; a merged cell may reach over all of the sheet."""
    if count > len(places):
        return sorted(at for place, at in places.items() if first <= place < first + count)
    return [places[place] for place in range(first, first + count) if place in places]


def _visible(printed: Iterable[int], hidden: set[int]) -> list[int]:
    """From the first that prints to the last, without the hidden ones.

    Where more lie between than a document has cells, those that print alone: a broken file counts its
    rows in billions.
    """
    found = set(printed)
    if not found:
        return []
    if max(found) - min(found) > CELLS:
        return sorted(found - hidden)
    return [at for at in range(min(found), max(found) + 1) if at not in hidden]


def _blocks(raster: _Raster) -> Iterator[Block]:
    run: list[int] = []
    for row in [*range(len(raster.rows)), None]:
        if row is not None and raster.goes_on(row) and not (run and raster.parted(row)):
            run.append(row)
            continue
        yield from _table(raster, run)
        run = []
        if row is not None and raster.goes_on(row):
            run = [row]
        elif row is not None:
            yield from _lines(raster.texts(row))


def _lines(texts: Sequence[str]) -> Iterator[Block]:
    yield from (line for text in texts for line in laid.lines(text))


def _table(raster: _Raster, run: Sequence[int]) -> Iterator[Block]:
    """Rows that stand together."""
    if not run:
        return
    top, bottom = run[0], run[-1] + 1
    cells = [
        replace(cell, row=row - top, rows=min(cell.rows, bottom - row))
        for row in range(top, bottom)
        for column in range(len(raster.columns))
        if (cell := raster.cells.get((row, column))) is not None
    ]
    yield from laid.blocks("sheet", cells, len(raster.columns), raster.edges())


# What is hidden -------------------------------------------------------------------------


def _remarks(sheet: Worksheet) -> Iterator[Remark]:
    printing = sheet.entries.keys()
    if sheet.hidden:
        if printing:
            yield Remark(
                "read.hidden_sheet",
                sheet.name,
                f"工作表“{sheet.name}”是隐藏的，其中{len(printing)}个单元格没有读取。",
                f"sheet “{sheet.name}” is hidden; its {len(printing)} cells were not read.",
            )
        return
    columns = sorted({c for _, c in printing} & sheet.hidden_columns)
    if columns:
        letters = "、".join(map(letter, columns))
        yield Remark(
            "read.hidden_columns",
            sheet.name,
            f"工作表“{sheet.name}”的{letters}列是隐藏的，没有读取。",
            f"sheet “{sheet.name}”: columns {letters.replace('、', ', ')} are hidden; they were not read.",
        )
    rows = sorted({r for r, _ in printing} & sheet.hidden_rows)
    if rows:
        yield Remark(
            "read.hidden_rows",
            sheet.name,
            f"工作表“{sheet.name}”有{len(rows)}行是隐藏的（自第{rows[0] + 1}行起），没有读取。",
            f"sheet “{sheet.name}”: {len(rows)} rows are hidden (from row {rows[0] + 1} on); they were not read.",
        )
    if sheet.uncomputed:
        yield Remark(
            "read.uncomputed",
            sheet.name,
            f"工作表“{sheet.name}”有{sheet.uncomputed}个公式没有保存计算结果；请用表格软件打开并重新保存。",
            f"sheet “{sheet.name}”: {sheet.uncomputed} formulas were saved without their values; "
            "open it in a spreadsheet program and save it again.",
            loud=True,
        )


def letter(column: int) -> str:
    """The name of a column.

    >>> letter(0), letter(25), letter(26), letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    name = ""
    while column >= 0:
        name = chr(65 + column % 26) + name
        column = column // 26 - 1
    return name
