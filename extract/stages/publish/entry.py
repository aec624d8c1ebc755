"""What the run remembers of a document: the counts of its ``documents`` row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any

from extract.coverage import Coverage, together
from extract.model import TextLayer, Way

_LOUDER = ("clean", "flagged", "failed")
_SUMMED = (
    "forms",
    "items",
    "amounts",
    "mended",
    "findings_error",
    "findings_warning",
    "findings_info",
)
_WAY = tuple(field.name for field in fields(Way))
_COUNTS = tuple(field.name for field in fields(Coverage))


@dataclass(frozen=True, slots=True)
class Entry:
    """One document, published or about to be."""

    doc_id: str
    fiscal_year: int
    sha256: str | None
    source: str
    agency: str | None
    kind: str | None
    province: str | None
    city: str | None
    text_layer: TextLayer
    status: str
    error: str | None
    reproduce: str | None
    version: str
    supersedes: str | None
    pages: int
    forms: int
    items: int
    amounts: int
    mended: int
    engine: str | None
    repair: str | None
    decisions: str | None
    ocr: str | None
    narrative: bool | None
    coverage: Mapping[str, Coverage]
    findings_error: int
    findings_warning: int
    findings_info: int

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, Any]], fiscal_year: int) -> Entry:
        """The entry of the ``documents`` rows of one document, a row a statement."""
        first, *others = (
            cls.of_row(row, fiscal_year) for row in sorted(rows, key=lambda row: row["statement"])
        )
        return reduce(Entry._and, others, first)

    def _and(self, other: Entry) -> Entry:
        """With another statement of the same document."""
        summed = {name: getattr(self, name) + getattr(other, name) for name in _SUMMED}
        return replace(
            self,
            status=max(self.status, other.status, key=_LOUDER.index),
            coverage=together([self.coverage, other.coverage]),
            **summed,
        )

    @classmethod
    def of_row(cls, row: Mapping[str, Any], fiscal_year: int) -> Entry:
        """The entry of a ``documents`` row."""
        derived: dict[str, Any] = {
            "fiscal_year": fiscal_year,
            "forms": len(row["forms_found"]),
            "coverage": {
                form["form"]: Coverage(**{name: form[name] for name in _COUNTS})
                for form in row["coverage"]
            },
        }
        plain = {f.name: row[f.name] for f in fields(cls) if f.name not in derived}
        return cls(**derived, **plain)

    def read_in(self, way: Way) -> bool:
        """Whether it was read in that way."""
        return all(getattr(self, name) == getattr(way, name) for name in _WAY)

    @property
    def readable(self) -> bool:
        """Whether anything could be read."""
        return self.status != "failed"

    @property
    def quarantined(self) -> bool:
        """Whether reading it cost its process."""
        return self.reproduce is not None

    @property
    def findings(self) -> int:
        """How many."""
        return self.findings_error + self.findings_warning + self.findings_info


_DERIVED = ("fiscal_year", "forms", "coverage")
COLUMNS = (
    *("statement", "forms_found", "coverage"),
    *(field.name for field in fields(Entry) if field.name not in _DERIVED),
)
"""Of ``documents``, what entries are made of."""
