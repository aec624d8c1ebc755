"""What the stages make of pages: regions, grids of cells, sheets of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extract.model.pages import Box, Cell, Cells, Page, Rows


@dataclass(frozen=True, slots=True)
class Region:
    """A table's place, with the lines that stand between it and what came before.

    ``box`` bounds the table on its page; ``rows`` is set instead where the format
    delimits the table. ``captions`` are nearest last; those that recur from page to page,
    as running heads do, are in ``running`` too. ``notes`` follow the table. A table that is
    not ``ruled`` has columns by how its words stand, on all the pages of ``whole``.
    """

    page: Page
    captions: tuple[str, ...]
    notes: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()
    box: Box | None = None
    rows: Rows | Cells | None = None
    ruled: bool = True
    whole: tuple[tuple[Page, Box], ...] = ()


ENGINES = (
    "auto",
    "ruled",
    "aligned",
    "pdfplumber",
    "camelot-lattice",
    "camelot-combined",
    "camelot-network",
    "camelot-stream",
    "camelot-hybrid",
)
"""Who may be asked to cut tables; auto: whoever suits a table, and others where he leaves a doubt."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A region cut into cells by one engine."""

    region: Region
    engine: str
    height: int
    width: int
    cells: tuple[Cell, ...]
    edges: tuple[float, ...] = ()
    """Where the slots of a row begin and end; empty without page geometry."""

    def covering(self) -> dict[tuple[int, int], Cell]:
        """The cell over each slot (row, column)."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }


Role = Literal["code", "name", "unit", "line_no", "measure", "passed", "none"]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table's body holds; ``slot`` is where to look for its cells.

    ``passed`` is a column known to hold no amount of the form: percentages, years;
    ``unit``, one that names the subordinate unit a row is of.
    ``level`` tells 类 款 项 apart where codes are printed in parts; ``block`` counts the
    tables printed side by side; ``key`` is the period of a 三公 column,
    None where the rows are periods.
    """

    slot: int
    role: Role
    block: int = 0
    level: int | None = None
    measure: str | None = None
    key: str | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid understood: its columns, and the row at which its body begins."""

    grid: Grid
    columns: tuple[Column, ...]
    body: int
    header_lost: bool = False

    @property
    def by_unit(self) -> bool:
        """Whether its rows are subordinate units."""
        return any(column.role == "unit" for column in self.columns)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All tables of one form in a document, in order, and what their captions declare."""

    form: str
    title: str
    unit: str | None
    tables: tuple[Table, ...]
    variant: str = ""
    titled: str = ""
    """The form its title names, where its columns are those of another."""
    statement: int = 0
    """Which of several units' complete sets of forms it belongs to."""


@dataclass(frozen=True, slots=True)
class OtherTable:
    """A grid that is none of the nine forms; ``known_as`` names a listed other form.

    ``title`` is what stands above it, in the schemas' wording where they know it.
    """

    grid: Grid
    title: str
    known_as: str | None = None
    statement: int = 0
