"""From the cells of rows, with their spans, to a table or to lines.

What a web page or a text document calls a table may be none: a title in a box, a unit
right of a name. A table has two columns at least, and more than one short row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract import amounts
from extract.bounds import CELLS, LINES
from extract.errors import TooLarge
from extract.model import Block, Cell, Cells, Line

_TITLE = 3  # texts that a line above a table may hold
_ROWS = 4  # such lines: title, number, agency, unit
_WIDTH = 54.0  # points, of a column that states none


@dataclass(frozen=True, slots=True)
class Box:
    """One cell as its format writes it: behind the one before, over so many rows and columns."""

    text: str
    rows: int = 1
    columns: int = 1
    stored: Decimal | None = None


def table(reader: str, rows: Sequence[Sequence[Box]], budget: int) -> Iterator[Block]:
    """The rows of one table, each box in the first slot that those above leave free.

    Raises ``TooLarge`` for more than ``budget`` cells.
    """
    cells: list[Cell] = []
    taken: dict[int, int] = {}  # column → first row in which it is free again
    width, spent = 0, 0
    for number, boxes in enumerate(rows):
        column = 0
        for box in boxes:
            while taken.get(column, 0) > number:
                column += 1
            down = min(max(box.rows, 1), len(rows) - number)
            over = _free(taken, number, column, max(box.columns, 1))
            spent += down * over
            if spent > budget:
                raise too_large()
            cells.append(Cell(number, column, box.text, down, over, stored=box.stored))
            taken.update(dict.fromkeys(range(column, column + over), number + down))
            column += over
            width = max(width, column)
    if width * len(rows) > budget:
        raise too_large()
    yield from blocks(reader, filled(cells, len(rows), width), width)


def blocks(
    reader: str, cells: Sequence[Cell], width: int, edges: Sequence[float] = ()
) -> Iterator[Block]:
    """A table that covers all its slots, without its blank outer columns; or the lines it really is."""
    printed = [cell for cell in cells if cell.text.strip()]
    if not printed:
        return
    if _is_text(printed):
        yield from (line for cell in printed for line in lines(cell.text))
        return
    left = min(cell.column for cell in printed)
    right = max(cell.column + cell.columns for cell in printed)
    bottom = max(cell.row for cell in printed) + 1
    kept = tuple(
        replace(
            cell,
            column=cell.column - left,
            rows=min(cell.rows, bottom - cell.row),
            columns=min(cell.columns, right - cell.column),
        )
        for cell in cells
        if left <= cell.column < right and cell.row < bottom
    )
    # Where nothing is merged the eye alone tells how far a heading reaches: no edges.
    merged = any(cell.columns > 1 for cell in kept)
    whole = edges or [_WIDTH * column for column in range(width + 1)]
    yield Cells(
        reader, bottom, right - left, kept, tuple(whole[left : right + 1]) if merged else ()
    )


def _is_text(printed: Sequence[Cell]) -> bool:
    """Whether the cells are lines in a frame: all in one column, or a few short rows without a figure."""
    if len({cell.column for cell in printed}) == 1:
        return True
    rows = Counter(cell.row for cell in printed)
    short = len(rows) <= _ROWS and max(rows.values()) <= _TITLE
    return short and not any(amounts.is_amount(cell.text) for cell in printed)


def lines(text: str) -> Iterator[Line]:
    """The printed lines of a text; what tabs keep apart are captions of their own."""
    parts = (part.strip() for line in text.split("\n") for part in line.split("\t"))
    yield from (Line(part) for part in parts if part)


def bounded(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks of a document. Raises ``TooLarge`` where they are more than any has."""
    lines_, cells = 0, 0
    for block in blocks:
        if isinstance(block, Line):
            lines_ += 1
        else:
            cells += len(block.cells) if isinstance(block, Cells) else sum(map(len, block.rows))
        if lines_ > LINES:
            raise TooLarge(
                f"it has more than {LINES:,} lines of text; save the forms alone and try again"
            )
        if cells > CELLS:
            raise too_large()
        yield block


def taller(cell: Cell) -> Cell:
    """The cell over one row more."""
    return replace(cell, rows=cell.rows + 1)


def too_large() -> TooLarge:
    """What is said of more cells than any disclosure has."""
    return TooLarge(
        f"its tables have more than {CELLS:,} cells; final accounts have a few thousand: "
        "save the forms alone and try again"
    )


def _free(taken: dict[int, int], row: int, column: int, wanted: int) -> int:
    """How many of the wanted columns are free; a cell from above is not covered again."""
    over = 1
    while over < wanted and taken.get(column + over, 0) <= row:
        over += 1
    return over


def filled(cells: list[Cell], height: int, width: int) -> list[Cell]:
    """All cells in order; slots that rows leave out are blank ones."""
    covered = {
        (row, column)
        for cell in cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    blank = (
        Cell(row, column, "")
        for row in range(height)
        for column in range(width)
        if (row, column) not in covered
    )
    return sorted([*cells, *blank], key=lambda cell: (cell.row, cell.column))
