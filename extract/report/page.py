"""One document as one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from extract.coverage import Coverage, by_form
from extract.forms import catalogue
from extract.forms.catalogue import FORMS
from extract.lang import Lang, say
from extract.model import Reading
from extract.report.clippings import Clipper, Clipping
from extract.views import svg
from extract.views.charts import charts
from extract.views.citations import citation_en, citation_zh, place
from extract.views.dossiers import Book, Dossier
from extract.views.html import environment, policy
from extract.views.sheets import Sheet, sheets

LOUD, NOTES, RELATIONS = 200, 100, 5
"""Findings told in full, notes, and equations of one."""
ROWS, CELLS, SHEETS = 400, 40_000, 60
"""Rows of a form, cells of all forms, and forms that are shown."""
TEMPLATES = Path(__file__).parent / "templates"
_LONG = 4_000  # letters of an equation


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with its clippings."""

    dossier: Dossier
    clippings: tuple[Clipping, ...]
    equations: tuple[str, ...]
    more: int


def page(
    reading: Reading,
    files: Sequence[bytes],
    lang: Lang,
    *,
    unseen: str | None = None,
    home: str | None = None,
) -> str:
    """The document as a page of HTML in ``lang``, its clippings drawn from ``files``.

    ``unseen`` says why there are no files; ``home`` is the address of the index, if there is one.
    """
    loud, notes = _by_loudness(reading)
    with Clipper(files, unseen) as clipper:
        told = [_told(dossier, clipper) for dossier in loud]
        why = clipper.why
    shown, left_out = _bounded(sheets(reading))
    whole = place(reading)
    return (
        templates(lang)
        .get_template("document.html")
        .render(
            policy=policy(),
            reading=reading,
            place=whole,
            citations=(citation_zh(whole), citation_en(whole)),
            home=home,
            covered=sum(by_form(reading.items).values(), Coverage()),
            proof=proof(by_form(reading.items), lang),
            forms=_forms(reading),
            told=told,
            notes=[_told(dossier, None) for dossier in notes],
            linked={dossier.finding.finding_id for dossier in (*loud, *notes)},
            counts=_counts(reading),
            silent=_silent(reading, len(told), len(notes)),
            why=why if told else None,
            charts=charts(reading, lang),
            sheets=shown,
            left_out=left_out,
            others=_others(reading),
        )
    )


@cache
def templates(lang: Lang) -> Environment:
    """The pages of a report, compiled once."""
    return environment(lang, TEMPLATES)


def proof(covered: Mapping[str, Coverage], lang: Lang) -> Markup | None:
    """How far each form is proven, drawn; None where there is no amount."""
    titles = {name: form.title for name, form in catalogue().forms.items()}
    forms = [(titles[f], covered[f]) for f in FORMS if f in covered and covered[f].amounts]
    words = [say(word, lang) for word in ("proven twice", "proven once", "not proven")]
    return svg.proof(forms, say("How far each form is proven", lang), words) if forms else None


def _forms(reading: Reading) -> Sequence[tuple[str, Coverage]]:
    covered = by_form(reading.items)
    return [(catalogue().forms[f].title, covered[f]) for f in FORMS if f in covered]


def _by_loudness(reading: Reading) -> tuple[list[Dossier], list[Dossier]]:
    """What is told of errors and warnings, and of notes; only that is looked into."""
    ranked = sorted(reading.findings, key=lambda f: f.severity)  # error, info, warning
    loud = [f for f in ranked if f.severity != "info"][:LOUD]
    notes = [f for f in ranked if f.severity == "info"][:NOTES]
    book = Book(replace(reading, findings=()))
    return [book.dossier(f) for f in loud], [book.dossier(f) for f in notes]


def _told(dossier: Dossier, clipper: Clipper | None) -> Told:
    texts = [_cut(relation.text) for relation in dossier.relations[:RELATIONS]]
    more = max(0, len(dossier.relations) - RELATIONS)
    return Told(dossier, clipper.cut(dossier) if clipper else (), tuple(texts), more)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _counts(reading: Reading) -> Mapping[str, int]:
    said = [finding.severity for finding in reading.findings]
    return {severity: said.count(severity) for severity in ("error", "warning", "info")}


def _silent(reading: Reading, loud: int, notes: int) -> int:
    return len(reading.findings) - loud - notes


def _bounded(found: Sequence[Sheet]) -> tuple[Sequence[Sheet], Mapping[str, int]]:
    """The forms with as many rows as a page takes, doubtful ones first of all; how many are left out."""
    kept, left_out, room = [], {}, CELLS
    for sheet in found[:SHEETS]:
        most = min(ROWS, max(room // max(len(sheet.columns), 1), 1))
        doubtful = {n for n, row in enumerate(sheet.rows) if row.doubtful}
        ranked = sorted(range(len(sheet.rows)), key=lambda n: (n not in doubtful, n))
        rows = tuple(sheet.rows[n] for n in sorted(ranked[:most]))
        room -= len(rows) * len(sheet.columns)
        kept.append(replace(sheet, rows=rows))
        left_out[sheet.anchor] = len(sheet.rows) - len(rows)
    return kept, left_out


def _others(reading: Reading) -> Sequence[Mapping[str, Any]]:
    """The tables that are none of the nine forms, by title and size."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for cell in reading.other_tables:
        one = found.setdefault(
            (cell.statement, cell.table),
            {"title": cell.title, "page": cell.page, "rows": 0, "columns": 0},
        )
        one["rows"] = max(one["rows"], cell.row + cell.row_span)
        one["columns"] = max(one["columns"], cell.column + cell.column_span)
    return list(found.values())
