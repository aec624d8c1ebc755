"""What is published: the rows of the datasets, by their columns' names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from extract.model.pages import Ocr, TextLayer

CodeSystem = Literal["functional", "economic"]
Severity = Literal["error", "warning", "info"]
Verdict = Literal["holds", "rounding", "fails", "untested"]
Stage = Literal["read", "narrate", "reconcile"]
Repair = Literal["suggest", "apply"]


@dataclass(frozen=True, slots=True)
class Way:
    """How documents are to be read: the ``engine`` of their tables ("auto": they compete), the pages
    that are for OCR, and whether the ``narrative`` is read too."""

    engine: str = "auto"
    ocr: Ocr = "auto"
    narrative: bool = True


USUAL = Way()


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
    variant: str = ""


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
    part_documents: tuple[str, ...] = ()


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
    decided: str | None = None
    found_category: str | None = None
    found_severity: Severity | None = None
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
    entries: tuple[str, ...] = ()


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
    region_code: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Further:
    """Another unit whose complete set of forms a document prints behind the first."""

    agency: str
    unit: str | None
    forms_found: tuple[str, ...]
    forms_other: tuple[str, ...]


_PRINT_THE_FORMS = (None, "部门决算", "单位决算")


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one document yields. It crosses process borders; it holds no pages.

    ``error`` says why nothing could be read; ``sha256`` is empty where not even the bytes were had;
    ``repair``, whether proposals were put into the items; ``decisions``, a fingerprint of what
    people decided on it; ``way``, how it was to be read;
    ``reproduce``, the command that reads it alone, where reading it cost a process.
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
    further: tuple[Further, ...] = ()
    items: tuple[Item, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    other_tables: tuple[OtherCell, ...] = ()
    error: str | None = None
    reproduce: str | None = None
    repair: Repair = "suggest"
    decisions: str | None = None
    way: Way | None = USUAL
    seconds: float = field(default=0.0, compare=False)

    @property
    def forms_due(self) -> tuple[str, ...] | None:
        """The forms that are there, known others among them; None where none is missed.

        That is where they are said to be in another file, and in the accounts of a whole
        government or a budget, which print other tables.
        """
        if self.identity.kind not in _PRINT_THE_FORMS:
            return None
        away = any(f.rule == "expected_forms.elsewhere" for f in self.findings)
        return None if away else (*self.forms_found, *self.forms_other)

    @property
    def doc_id(self) -> str:
        """First 16 hex digits of the SHA-256 of the source's bytes; of its name without them."""
        return (self.sha256 or sha256(self.source.encode()).hexdigest())[:16]
