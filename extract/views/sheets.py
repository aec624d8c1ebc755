"""A form as it was read, as a grid: rows, columns, and what is known of each cell.

Findings mark the cells they doubt: the one they name, or the suspects that are as likely as
the likeliest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from extract.forms import catalogue
from extract.forms.catalogue import FORMS
from extract.model import Box, Finding, Item, Reading
from extract.views.around import doubted
from extract.views.citations import Place, place
from extract.views.equations import box_of, money

Proof = Literal["blank", "twice", "once", "none", "failed"]
"""How an amount is proven: under two equalities that hold, one, none; or one fails."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its short name, and what to call it."""

    measure: str
    label: str


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell as read; ``amount`` in yuan, ``shown`` in the printed unit.

    ``findings`` are ids, the loudest first; ``loud``, whether the cell is in doubt.
    """

    key: str
    measure: str
    raw: str
    unit: str
    amount: Decimal | None
    shown: str
    status: str
    proof: Proof
    page: int | None
    box: Box | None
    findings: tuple[str, ...] = ()
    loud: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether it should catch the eye."""
        return self.loud or self.status != "ok"


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as read; ``cells`` by measure, where the form prints any."""

    key: str
    code: str | None
    level: int | None
    name: str
    page: int | None
    cells: Mapping[str, SeenCell]
    findings: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether any cell, or the row as a whole, is in doubt."""
        return bool(self.findings) or any(cell.doubtful for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form of a document, its rows in printed order."""

    statement: int
    form: str
    variant: str
    title: str
    place: Place
    unit: str
    columns: tuple[Heading, ...]
    rows: tuple[SeenRow, ...]
    findings: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """What to call it in an address: ASCII, one for each form of a document."""
        return "-".join(filter(None, (self.form, self.variant, str(self.statement or ""))))

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages it is on."""
        return tuple(sorted({row.page for row in self.rows if row.page is not None}))


def sheets(reading: Reading) -> tuple[Sheet, ...]:
    """Every form of the document, statement by statement, in the Ministry's order."""
    told = _told(reading.findings)
    order = {name: number for number, name in enumerate(FORMS)}
    printed = sorted(reading.items, key=lambda i: (i.statement, order[i.form], i.variant))
    return tuple(
        _sheet(reading, statement, form, variant, list(items), told)
        for (statement, form, variant), items in groupby(
            printed, key=lambda i: (i.statement, i.form, i.variant)
        )
    )


@dataclass(frozen=True, slots=True)
class _Doubts:
    """What is found of one place."""

    findings: tuple[str, ...] = ()
    loud: bool = False


_NONE = _Doubts()
_LOUDNESS = ("error", "warning", "info")
Told = Mapping[tuple[int, str, str, str, str], _Doubts]


def _told(findings: Sequence[Finding]) -> Told:
    """The findings of each cell by statement, form, variant, key and measure."""
    found: dict[tuple[int, str, str, str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: _LOUDNESS.index(one.severity)):
        places = doubted(finding) or {(finding.form or "", "", "")}
        for form, key, measure in places:
            of = (finding.statement, form, finding.variant, key, measure)
            found.setdefault(of, []).append(finding)
    return {
        of: _Doubts(
            tuple(dict.fromkeys(one.finding_id for one in held)), held[0].severity != "info"
        )
        for of, held in found.items()
    }


def _sheet(
    reading: Reading, statement: int, form: str, variant: str, items: Sequence[Item], told: Told
) -> Sheet:
    spec = catalogue().forms[form]
    where = (statement, form, variant)
    headings = {m.name: m.label for m in spec.measures}
    measures = dict.fromkeys(item.measure for item in items)
    ordered = sorted(items, key=lambda item: item.seq)
    rows = tuple(
        _row(key, list(cells), where, told)
        for (_, key), cells in groupby(ordered, key=lambda item: (item.seq, item.key))
    )
    return Sheet(
        statement,
        form,
        variant,
        spec.title,
        place(reading, statement, form, variant, rows[0].page),
        next((item.unit for item in items if item.unit), ""),
        tuple(Heading(name, headings.get(name, name)) for name in measures),
        rows,
        told.get((*where, "", ""), _NONE).findings,
    )


def _row(key: str, cells: Sequence[Item], where: tuple[int, str, str], told: Told) -> SeenRow:
    first = cells[0]
    return SeenRow(
        key,
        first.code,
        first.level,
        first.name,
        first.page,
        {item.measure: _cell(item, told.get((*where, key, item.measure), _NONE)) for item in cells},
        told.get((*where, key, ""), _NONE).findings,
    )


def _cell(item: Item, doubts: _Doubts) -> SeenCell:
    return SeenCell(
        item.key,
        item.measure,
        item.raw,
        item.unit,
        item.amount,
        "" if item.amount is None else money(item.amount, item.unit),
        item.status,
        _proof(item),
        item.page,
        box_of(item),
        doubts.findings,
        doubts.loud or item.status == "flagged",
    )


def _proof(item: Item) -> Proof:
    if item.amount is None:
        return "blank"
    if item.checks_failed:
        return "failed"
    if item.checks_passed >= 2:
        return "twice"
    return "once" if item.checks_passed else "none"
