"""Documents to be looked at, wherever they come from: a published OUT, or read a moment ago.

A shelf has a short line for each document (``Listed``) and gives any of them whole, as the
``Reading`` every other view is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from extract.coverage import Coverage
from extract.model import Reading
from extract.stages.publish import columns, held, reading_of
from extract.stages.publish.tables import document_rows
from extract.version import VERSION

_COLUMNS = (
    *("doc_id", "statement", "source", "agency", "kind", "province", "city", "county", "status"),
    *("error", "forms_found", "items", "amounts", "coverage"),
    *("findings_error", "findings_warning", "findings_info"),
)
_COUNTS = ("amounts", "proven", "proven_twice", "nonzero", "nonzero_proven", "nonzero_proven_twice")


@dataclass(frozen=True, slots=True)
class Listed:
    """A statement of a document, as a list shows it."""

    doc_id: str
    statement: int
    fiscal_year: int
    agency: str | None
    kind: str | None
    place: tuple[str, ...]
    source: str
    status: str
    error: str | None
    forms: tuple[str, ...]
    items: int
    coverage: Coverage
    errors: int
    warnings: int
    notes: int


class Shelf(Protocol):
    """What every kind of shelf offers."""

    @property
    def listed(self) -> tuple[Listed, ...]:
        """A line a statement, by year, agency and document."""

    def reading(self, doc_id: str) -> Reading:
        """A document, whole. Raises ``KeyError``."""


class Published:
    """The documents of an output directory, as they stand when they are asked for."""

    def __init__(self, out: str | Path) -> None:
        self.root = held(Path(out))

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """As in ``Shelf``; read once."""
        return _sorted(
            _listed(row, year)
            for year, table in columns(self.root, "documents", _COLUMNS)
            for row in table.to_pylist()
        )

    def reading(self, doc_id: str) -> Reading:
        """As in ``Shelf``; of each dataset only the one file that holds the document is read."""
        return reading_of(self.root, doc_id)


class Fresh:
    """Documents that were just read."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = {one.doc_id: one for one in readings}

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """As in ``Shelf``."""
        return _sorted(
            _listed(row, one.identity.fiscal_year)
            for one in self._readings.values()
            for row in document_rows(one, VERSION)
        )

    def reading(self, doc_id: str) -> Reading:
        """As in ``Shelf``."""
        return self._readings[doc_id]


def _sorted(lines: Iterable[Listed]) -> tuple[Listed, ...]:
    return tuple(
        sorted(lines, key=lambda d: (d.agency or "", d.fiscal_year, d.doc_id, d.statement))
    )


def _listed(row: Mapping[str, Any], year: int) -> Listed:
    forms: Iterator[Coverage] = (
        Coverage(*(form[name] for name in _COUNTS)) for form in row["coverage"]
    )
    return Listed(
        doc_id=row["doc_id"],
        statement=row["statement"],
        fiscal_year=year,
        agency=row["agency"],
        kind=row["kind"],
        place=tuple(row[n] for n in ("province", "city", "county") if row[n]),
        source=row["source"],
        status=row["status"],
        error=row["error"],
        forms=tuple(row["forms_found"]),
        items=row["items"],
        coverage=sum(forms, Coverage()),
        errors=row["findings_error"],
        warnings=row["findings_warning"],
        notes=row["findings_info"],
    )
