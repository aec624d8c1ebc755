"""What one page shows of a finding or a document, bounded whatever the document holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from extract.model import Finding, Reading
from extract.report.clippings import boxed
from extract.review.drawn import Drawn
from extract.views import svg
from extract.views.citations import citation_en, citation_zh
from extract.views.dossiers import Book, Dossier
from extract.views.equations import Figure
from extract.views.sheets import Sheet, sheets

NEAR = 25
"""Rows of the form above and below the one in doubt."""
CELLS = 20_000
"""Cells of forms on one page."""
PAGES, RELATIONS, LETTERS, OTHERS = 3, 12, 4_000, 20
Cell = tuple[str, str]
"""key, measure."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the document: its picture with boxes, or why there is none."""

    number: int
    drawing: Markup | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Near:
    """The form as read, around what is doubted; ``roles`` say what each cell is to the finding."""

    sheet: Sheet
    roles: Mapping[Cell, str]
    left_out: int


@dataclass(frozen=True, slots=True)
class Seen:
    """All of a finding's page."""

    dossier: Dossier
    pages: tuple[Shown, ...]
    unseen: bool
    near: Near | None
    equations: tuple[tuple[str, str], ...]
    more: int
    citations: tuple[str, str]
    correctable: tuple[Figure, ...]


def seen(reading: Reading, finding: Finding, drawn: Drawn, title: str) -> Seen:
    """The page of a finding of ``reading``; pictures come from ``drawn``."""
    dossier = Book(replace(reading, findings=())).dossier(finding)
    pages, unseen = _pages(reading, dossier, drawn, title)
    relations = dossier.relations[:RELATIONS]
    texts = tuple((one.verdict, _cut(one.text)) for one in relations)
    cells = [one for one in (dossier.cell, *dossier.others[:OTHERS]) if one and one.raw is not None]
    return Seen(
        dossier,
        pages,
        unseen,
        _near(reading, dossier),
        texts,
        len(dossier.relations) - len(relations),
        (citation_zh(dossier.place), citation_en(dossier.place)),
        tuple(cells),
    )


def page_of(reading: Reading, number: int, drawn: Drawn, title: str) -> Shown:
    """A page of a document, with the cells of its findings boxed."""
    marks = [
        svg.Mark((f.x0, f.y0, f.x1 or 0.0, f.y1 or 0.0), "doubt", f.category)
        for f in reading.findings
        if f.page == number and f.severity != "info" and f.x0 is not None and f.y0 is not None
    ]
    return _shown(reading, number, marks[:200], drawn, title)


def bounded(found: Sequence[Sheet]) -> tuple[Sequence[Sheet], Mapping[str, int]]:
    """The forms with as many rows as one page takes, and of each how many are left out."""
    room, kept, left_out = CELLS, [], {}
    for sheet in found:
        most = max(room // max(len(sheet.columns), 1), 1)
        kept.append(replace(sheet, rows=sheet.rows[:most]))
        room -= len(kept[-1].rows) * len(sheet.columns)
        left_out[sheet.anchor] = len(sheet.rows) - len(kept[-1].rows)
    return kept, left_out


def _pages(
    reading: Reading, dossier: Dossier, drawn: Drawn, title: str
) -> tuple[tuple[Shown, ...], bool]:
    found = dict(boxed(dossier)) or dict(drawn.quoted(reading, dossier.finding))
    if not found and dossier.finding.page is not None and _is_of_pages(reading, dossier.finding):
        found = {dossier.finding.page: ()}
    if not found:
        return (), True
    return tuple(
        _shown(reading, number, marks, drawn, title)
        for number, marks in list(found.items())[:PAGES]
    ), False


def _is_of_pages(reading: Reading, finding: Finding) -> bool:
    """Whether its page is one to look at: the forms of a disclosure may be in a workbook, its text in a PDF."""
    own = [item for item in reading.items if item.form == finding.form]
    return not own or any(item.x0 is not None for item in own)


def _shown(
    reading: Reading, number: int, marks: Sequence[svg.Mark], drawn: Drawn, title: str
) -> Shown:
    if (why := drawn.why_not(reading, number)) is not None:
        return Shown(number, None, why)
    picture = drawn.page(reading, number)
    href = f"/document/{reading.doc_id}/page/{number}.webp"
    return Shown(number, svg.over(picture, href, marks, f"{title} {number}"), None)


def _near(reading: Reading, dossier: Dossier) -> Near | None:
    finding = dossier.finding
    mine = replace(
        reading,
        items=tuple(
            item
            for item in reading.items
            if (item.statement, item.form, item.variant)
            == (finding.statement, finding.form, finding.variant)
        ),
    )
    found = sheets(mine)
    if not found:
        return None
    sheet, roles = found[0], dict(_roles(dossier))
    at = [n for n, row in enumerate(sheet.rows) if any((row.key, m) in roles for m in row.cells)]
    first = max(0, (min(at) if at else 0) - NEAR)
    most = (
        max(2 * NEAR, 1) if len(sheet.columns) * 2 * NEAR <= CELLS else CELLS // len(sheet.columns)
    )
    rows = sheet.rows[first : first + most]
    return Near(replace(sheet, rows=rows), roles, len(sheet.rows) - len(rows))


def _roles(dossier: Dossier) -> list[tuple[Cell, str]]:
    """Later ones win: the cell itself over a suspect over a part of the equation."""
    finding, form = dossier.finding, dossier.finding.form
    parts = [f for one in dossier.relations[:3] for f in (one.total, *one.parts)]
    found = [((f.key, f.measure), "part") for f in parts if f.form == form]
    found += [((f.key, f.measure), "suspect") for f in dossier.others if f.form == form]
    if finding.key and finding.measure:
        found.append(((finding.key, finding.measure), "doubt"))
    return found


def _cut(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[:LETTERS]}…"
