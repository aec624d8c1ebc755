"""The index of a run: how much is covered and found, by year, and agency by agency.

A hundred agencies a page, each with its years beside each other; a page is bounded however many
documents there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from extract.coverage import Coverage
from extract.lang import Lang, say
from extract.report.page import templates
from extract.stages.publish import write_bytes
from extract.views import svg
from extract.views.html import policy
from extract.views.shelf import Listed

AGENCIES = 100
"""Agencies on one page."""
_EACH = 4  # documents of an agency and year that are linked
_FAILED = 100
_YEARS = 40


@dataclass(frozen=True, slots=True)
class Sum:
    """Some statements together."""

    documents: int
    failed: int
    forms: int
    covered: Coverage
    errors: int
    warnings: int
    notes: int

    @classmethod
    def of(cls, lines: Iterable[Listed]) -> Sum:
        """All of ``lines``."""
        held = list(lines)
        return cls(
            len({one.doc_id for one in held}),
            len({one.doc_id for one in held if one.status == "failed"}),
            sum(len(one.forms) for one in held),
            sum((one.coverage for one in held), Coverage()),
            sum(one.errors for one in held),
            sum(one.warnings for one in held),
            sum(one.notes for one in held),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """An agency: what there is of it in each year, and how many documents more."""

    agency: str | None
    place: str
    years: Mapping[int, tuple[Sequence[Listed], int]]


def index(lines: Sequence[Listed], folder: Path, lang: Lang) -> list[str]:
    """Write the index of ``lines``; the names of its pages, the first first."""
    rows = list(_rows(lines))
    years = sorted({one.fiscal_year for one in lines})[-_YEARS:]
    by_year = {year: Sum.of(one for one in lines if one.fiscal_year == year) for year in years}
    template = templates(lang).get_template("index.html")
    pages = [rows[at : at + AGENCIES] for at in range(0, len(rows), AGENCIES)] or [[]]
    names = [name(number) for number in range(len(pages))]
    for number, held in enumerate(pages):
        text = template.render(
            policy=policy(),
            whole=Sum.of(lines),
            by_year=by_year,
            proof=_proof(by_year, lang) if number == 0 else None,
            rows=held,
            years=years,
            agencies=len(rows),
            number=number,
            names=names,
            spans=[_span(one) for one in pages],
            failed=[one for one in lines if one.status == "failed"][:_FAILED],
        )
        write_bytes(folder / names[number], text.encode("utf-8", "replace"))
    return names


def name(number: int) -> str:
    """What a page of the index is called.

    >>> name(0), name(1)
    ('index.html', 'index-2.html')
    """
    return "index.html" if number == 0 else f"index-{number + 1}.html"


def _rows(lines: Sequence[Listed]) -> Iterable[Row]:
    ranked = sorted(lines, key=lambda one: (one.agency or "", one.fiscal_year, one.doc_id))
    for agency, held in groupby(ranked, key=lambda one: one.agency):
        mine = list(held)
        years = {}
        for year, documents in groupby(mine, key=lambda one: one.fiscal_year):
            found = list(documents)
            years[year] = (found[:_EACH], max(0, len(found) - _EACH))
        yield Row(agency, "".join(mine[0].place), years)


def _proof(by_year: Mapping[int, Sum], lang: Lang) -> object:
    told = [(str(year or "?"), one.covered) for year, one in by_year.items()]
    words = [say(word, lang) for word in ("proven twice", "proven once", "not proven")]
    return svg.proof(told, say("How far the amounts of each year are proven", lang), words)


def _span(rows: Sequence[Row]) -> str:
    """The first and last agency of a page."""
    named = [one.agency or "?" for one in rows]
    return f"{named[0]} – {named[-1]}" if named else ""
