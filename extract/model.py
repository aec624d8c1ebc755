"""The nouns of the domain, frozen.

Reading order of a document's life: ``Document`` of ``Page`` → ``Region`` → ``Grid`` →
``Sheet`` → ``Item`` → ``Check`` and ``Finding``. The rows that leave the program
(``DocumentRow``, ``Item``, ``Check``, ``Finding``, …) carry the column names of the
published datasets, so that schema, code and column say the same word.

Boxes are ``(x0, y0, x1, y1)`` in points of the page as displayed (rotation applied),
72 an inch, origin top left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Literal

Box = tuple[float, float, float, float]

TextLayer = Literal["native", "ocr", "mixed", "none"]
CodeSystem = Literal["functional", "economic"]
Severity = Literal["error", "warning", "info"]
Verdict = Literal["holds", "rounding", "fails", "untested"]
Stage = Literal["read", "narrate", "reconcile"]
Repair = Literal["suggest", "apply"]


# What a reader hands over ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together on one line; ``lefts`` is where each begins."""

    text: str
    box: Box
    lefts: tuple[float, ...] = ()


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
class Page:
    """One page. Formats without geometry have a single page, number None, made of ``blocks``."""

    number: int | None
    width: float = 0.0
    height: float = 0.0
    words: tuple[Word, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    blocks: tuple[Line | Rows, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The same for every format."""

    sha256: str
    media_type: str
    text_layer: TextLayer
    pages: tuple[Page, ...]

    @property
    def doc_id(self) -> str:
        """First 16 hex digits of the SHA-256 of the source's bytes."""
        return self.sha256[:16]


# What the stages make of it -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Region:
    """A table's place, with the lines that stand between it and what came before.

    ``box`` bounds the table on its page; ``rows`` is set instead where the format
    delimits the table. ``captions`` are nearest last; those that recur from page to page,
    as running heads do, are in ``running`` too. ``notes`` follow the table.
    """

    page: Page
    captions: tuple[str, ...]
    notes: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()
    box: Box | None = None
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid, spanning ``rows`` × ``columns`` slots from (``row``, ``column``)."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    box: Box | None = None
    confidence: float | None = None


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


Role = Literal["code", "name", "label", "line_no", "measure", "none"]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table's body holds; ``slot`` is where to look for its cells.

    ``level`` tells 类 款 项 apart where codes are printed in parts; ``block`` counts the
    tables printed side by side; ``key`` is the period of a 三公 column.
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """All tables of one form in a document, in order, and what their captions declare."""

    form: str
    title: str
    unit: str | None
    tables: tuple[Table, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True)
class OtherTable:
    """A grid that is none of the nine forms; ``known_as`` names a listed other form."""

    grid: Grid
    title: str
    known_as: str | None = None


# What is published ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """One cell of a form; columns as in schemas/datasets/items.yaml."""

    doc_id: str
    statement: int
    form: str
    variant: str
    seq: int
    key: str
    code: str | None
    code_system: CodeSystem | None
    level: int | None
    parent: str | None
    name: str
    line_no: int | None
    measure: str
    amount: Decimal | None
    stored: Decimal | None
    raw: str
    unit: str
    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    engine: str
    confidence: float | None
    checks_passed: int = 0
    checks_failed: int = 0
    status: str = "ok"

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What names the cell: (form, variant, key, measure)."""
        return (self.form, self.variant, self.key, self.measure)

    @property
    def mended(self) -> bool:
        """Whether the amount is another than the one printed."""
        return self.status in ("repaired", "inferred")


@dataclass(frozen=True, slots=True)
class Part:
    """One term of an identity."""

    form: str
    key: str
    measure: str
    sign: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Check:
    """One identity evaluated; columns as in schemas/datasets/checks.yaml."""

    check_id: str
    doc_id: str
    statement: int
    rule: str
    kind: Literal["equality", "inequality"]
    form: str
    variant: str
    key: str
    measure: str
    parts: tuple[Part, ...]
    total: Decimal | None
    sum: Decimal | None
    difference: Decimal | None
    tolerance: Decimal
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that may be the wrong one; the scores of a finding's suspects sum to one."""

    form: str
    key: str
    measure: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is doubtful; columns as in schemas/datasets/findings.yaml."""

    finding_id: str
    doc_id: str
    statement: int
    stage: Stage
    rule: str
    category: str
    severity: Severity
    form: str | None = None
    variant: str = ""
    key: str | None = None
    measure: str | None = None
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    expected: Decimal | None = None
    actual: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    suspects: tuple[Suspect, ...] = ()
    evidence: tuple[str, ...] = ()
    suggested: Decimal | None = None
    applied: bool = False
    message: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One number stated in the narrative; columns as in schemas/datasets/facts.yaml."""

    doc_id: str
    statement: int
    section: str
    metric: str
    code: str | None
    name: str | None
    period: str
    value: Decimal
    value_unit: str
    raw: str
    text: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """One narrative section; columns as in schemas/datasets/sections.yaml."""

    doc_id: str
    statement: int
    seq: int
    part: str | None
    section: str | None
    heading: str
    text: str
    page_from: int | None
    page_to: int | None


@dataclass(frozen=True, slots=True)
class OtherCell:
    """One cell of a table that is none of the nine forms; schemas/datasets/other_tables.yaml."""

    doc_id: str
    statement: int
    table: int
    title: str
    known_as: str | None
    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who published what, as the document itself says."""

    title: str | None = None
    agency: str | None = None
    kind: str | None = None
    fiscal_year: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one document yields. It crosses process borders; it holds no pages.

    ``error`` says why nothing could be read; ``sha256`` is empty where not even the bytes were had;
    ``repair``, whether proposals were put into the items.
    """

    sha256: str
    source: str
    media_type: str | None
    identity: Identity
    text_layer: TextLayer
    pages: int
    bytes: int = 0
    unit: str | None = None
    forms_found: tuple[str, ...] = ()
    forms_other: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    other_tables: tuple[OtherCell, ...] = ()
    error: str | None = None
    repair: Repair = "suggest"
    seconds: float = field(default=0.0, compare=False)

    @property
    def doc_id(self) -> str:
        """First 16 hex digits of the SHA-256 of the source's bytes; of its name without them."""
        return (self.sha256 or sha256(self.source.encode()).hexdigest())[:16]
