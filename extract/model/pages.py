"""What a reader hands over: pages of words and rulings, or of lines and rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Box = tuple[float, float, float, float]
TextLayer = Literal["native", "ocr", "mixed", "none"]
Ocr = Literal["auto", "always", "never"]
"""Which pages are read by OCR: those whose text is of no use, all, or none."""


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together on one line; ``lefts`` is where each begins.

    ``confidence`` (0 to 1) is that of OCR; None where the file itself says what is printed.
    """

    text: str
    box: Box
    lefts: tuple[float, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line, horizontal (``y0 == y1``) or vertical (``x0 == x1``)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text; ``box`` is None where there is no page geometry."""

    text: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A table that the format itself delimits: rows of cell texts, not all of one length."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, spanning ``rows`` × ``columns`` slots from (``row``, ``column``).

    ``text`` is what is shown; ``stored`` the exact number that a spreadsheet keeps behind it.
    """

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    box: Box | None = None
    confidence: float | None = None
    stored: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """A table of a format that says of each cell which slots it covers; blank cells are there too.

    ``edges`` is where its columns begin and end; empty where nothing is merged, so that it is
    left to the eye how far a heading reaches.
    """

    reader: str
    height: int
    width: int
    cells: tuple[Cell, ...]
    edges: tuple[float, ...] = ()


Block = Line | Rows | Cells


@dataclass(frozen=True, slots=True)
class Turn:
    """How a page was laid to be read: levelled about its middle, then turned.

    ``width`` and ``height`` are those of the page as displayed, whose lines rise to the right
    by ``degrees``; ``quarters`` counts counter-clockwise.
    """

    width: float
    height: float
    degrees: float
    quarters: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page, or one sheet of a workbook; texts and web pages are one, without number.

    Formats without geometry have no words and rulings; theirs is made of ``blocks``.

    Words and rulings of a scan count on the page as it was laid; ``turn`` leads back.
    """

    number: int | None
    width: float = 0.0
    height: float = 0.0
    words: tuple[Word, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    blocks: tuple[Block, ...] = ()
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader saw and did not read, hidden columns say; it becomes a finding.

    ``rule`` says what kind of thing, ``where`` tells several of a kind apart.
    """

    rule: str
    where: str
    message: str
    message_en: str
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The same for every format."""

    sha256: str
    media_type: str
    text_layer: TextLayer
    pages: tuple[Page, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def doc_id(self) -> str:
        """First 16 hex digits of the SHA-256 of the source's bytes."""
        return self.sha256[:16]
