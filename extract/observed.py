"""What do the accounts in an output directory call each 科目, and what of it does the book not say?

Only proven rows teach: a code and a name are believed where one of their amounts stands under
a sum that comes out and nothing about the row is in doubt. A document counts once for a name,
however many of its forms print it. The book itself is never written: what was learnt is a table
in its columns, and whether it is a new name or a slip of one publisher is a reader's to say.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from extract.forms import catalogue
from extract.forms.codes import CodeBook, is_code
from extract.hanzi import fold
from extract.model import CodeSystem, Item, Reading

COLUMNS = ("code", "name", "first_year", "last_year", "documents", "source")
"""Those of schemas/codes."""

_NAMED = 3  # sources told by name; the number of all stands beside them


@dataclass(frozen=True, slots=True)
class Observed:
    """One name of a code, with the years and the documents that print it."""

    code: str
    name: str
    first_year: int | None
    last_year: int | None
    documents: int
    source: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A code that the book lacks, or calls otherwise: then ``known`` are its names there."""

    kind: Literal["new", "renamed"]
    observed: Observed
    known: tuple[str, ...] = ()


def observed(readings: Iterable[Reading], system: CodeSystem) -> tuple[Observed, ...]:
    """Every name of every code that a proven row prints, the commonest name of a code first."""
    told: dict[tuple[str, str], list[_Print]] = {}
    for reading in readings:
        for (code, folded), name in _names(reading, system).items():
            told.setdefault((code, folded), []).append(_Print.of(reading, name))
    found = [_summed(code, prints) for (code, _), prints in told.items()]
    return tuple(sorted(found, key=lambda one: (one.code, -one.documents, one.name)))


def differences(found: Iterable[Observed], book: CodeBook) -> Iterator[Difference]:
    """What the book does not say; a name cut short, or with 支出 more, is the same name."""
    for one in found:
        if not book.knows(one.code):
            yield Difference("new", one)
        elif not book.fits(one.code, one.name):
            yield Difference("renamed", one, book.names[one.code])


def as_csv(found: Sequence[Observed]) -> str:
    """A table in the columns of schemas/codes."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([getattr(one, column) for column in COLUMNS] for one in found)
    return table.getvalue()


def as_lines(found: Iterable[Difference]) -> Iterator[str]:
    """One difference a line: ``+`` a new code, ``~`` a code under another name."""
    for one in found:
        seen = one.observed
        spanned = sorted({year for year in (seen.first_year, seen.last_year) if year})
        years = "–".join(map(str, spanned)) or "year unknown"
        known = f"  (book: {'; '.join(one.known)})" if one.known else ""
        mark = "+" if one.kind == "new" else "~"
        yield f"{mark} {seen.code} {seen.name}{known}  {years}, {seen.documents}×: {seen.source}"


# One document -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Print:
    """One document that prints a name."""

    name: str
    year: int | None
    source: str

    @classmethod
    def of(cls, reading: Reading, name: str) -> _Print:
        year = reading.identity.fiscal_year
        agency = reading.identity.agency or reading.doc_id
        return cls(name, year, f"{agency} {year}" if year else agency)


def _names(reading: Reading, system: CodeSystem) -> dict[tuple[str, str], str]:
    """Code and folded name → the name as printed, of the proven rows of a document."""
    doubtful = {(one.form, one.key) for one in reading.findings if one.severity != "info"}
    names: dict[tuple[str, str], str] = {}
    for item in reading.items:
        if _teaches(item, system) and (item.form, item.key) not in doubtful:
            names.setdefault((item.code or "", fold(item.name)), item.name)
    return names


def _teaches(item: Item, system: CodeSystem) -> bool:
    """Whether a cell proves the row it stands in; a code printed twice proves neither."""
    return (
        item.code is not None
        and item.key == item.code
        and item.code_system == system
        # In the summary forms the code follows from the name: they would teach the book itself.
        and catalogue().forms[item.form].keyed_by == system
        and is_code(item.code, system)
        and bool(fold(item.name))
        and item.amount is not None
        and item.status == "ok"
        and item.checks_passed > 0
        and not item.checks_failed
    )


def _summed(code: str, prints: Sequence[_Print]) -> Observed:
    names = Counter(one.name for one in prints)
    years = [one.year for one in prints if one.year]
    sources = sorted({one.source for one in prints})
    more = f" +{len(sources) - _NAMED}" if len(sources) > _NAMED else ""
    return Observed(
        code,
        min(names, key=lambda name: (-names[name], name)),
        min(years, default=None),
        max(years, default=None),
        len(prints),
        "; ".join(sources[:_NAMED]) + more,
    )
