"""What the run remembers of a document: the counts of its ``documents`` row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One document, published or about to be."""

    doc_id: str
    fiscal_year: int
    sha256: str | None
    source: str
    status: str
    error: str | None
    version: str
    supersedes: str | None
    pages: int
    forms: int
    items: int
    amounts: int
    proven: float
    proven_twice: float
    findings_error: int
    findings_warning: int
    findings_info: int

    @classmethod
    def of_row(cls, row: Mapping[str, Any], fiscal_year: int) -> Entry:
        """The entry of a ``documents`` row."""
        derived = {
            "fiscal_year": fiscal_year,
            "forms": len(row["forms_found"]),
            # As counts, so that shares over many documents are sums.
            "proven": (row["proven"] or 0.0) * row["amounts"],
            "proven_twice": (row["proven_twice"] or 0.0) * row["amounts"],
        }
        plain = {f.name: row[f.name] for f in fields(cls) if f.name not in derived}
        return cls(**derived, **plain)

    @property
    def readable(self) -> bool:
        """Whether anything could be read."""
        return self.status != "failed"

    @property
    def findings(self) -> int:
        """How many."""
        return self.findings_error + self.findings_warning + self.findings_info
