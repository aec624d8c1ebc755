"""Output directories for tests of what is made of them: queries, exports, panels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from extract.identifiers import fingerprint
from extract.model import Identity, Item, OtherCell, Reading
from extract.stages.publish import Output, pack
from tests import making
from tests.stages.accounts import item

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "+1+cmd|x",
    "-2+3",
    "＝1+1",
    "\t=1",
    '=HYPERLINK("http://x","y")',
)
HOSTILE = '<script>alert("x")</script>,"引号"\n第二行\x1b[31m\u202e'
MANY, WIDE = 10_000, 300


def publish(out: Path, *readings: Reading) -> None:
    """One run in which they are read."""
    with Output.open(out) as output:
        for one in readings:
            output.name(one.source, one.doc_id, one.bytes)
            output.keep(pack(one))
        output.publish()


def accounts(
    agency: str,
    year: int,
    cells: Iterable[Item],
    *,
    kind: str = "部门决算",
    source: str = "",
    **more: object,
) -> Reading:
    """A document of one statement; its ``doc_id`` follows from agency, year, kind and source."""
    name = source or f"{agency}{year}{kind}.txt"
    cells = list(cells)
    told = fingerprint(agency, kind, name, *(cell.raw for cell in cells))
    reading = making.read(f"{told} {year}".encode(), name)
    placed = [
        replace(cell, doc_id=reading.doc_id, seq=seq) if cell.seq == 0 else cell
        for seq, cell in enumerate(cells)
    ]
    forms = tuple(dict.fromkeys(cell.form for cell in placed))
    given = {
        "identity": Identity(f"{agency}{year}年度{kind}", agency, kind, year),
        "items": tuple(placed),
        "forms_found": forms,
        "checks": (),
        "facts": (),
        "sections": (),
    }
    return replace(reading, **(given | more))  # type: ignore[arg-type]


def expenditure(**totals: str) -> list[Item]:
    """支出决算表 in 万元: ``total`` and codes (``c201``), each with its 合计."""
    return [
        item("expenditure", key.removeprefix("c"), "total", raw, name="科目", checks_passed=1)
        for key, raw in totals.items()
    ]


def hostile(year: int = 2023) -> Reading:
    """A document in whose every text stands a script or a formula, with 10⁴ findings and 300 columns."""
    names = (*FORMULAS, HOSTILE)
    cells = [
        item("expenditure", f"20{n:01}", "total", f"-{n}.05", name=name, seq=0)
        for n, name in enumerate(names)
    ]
    reading = accounts(f"{HOSTILE}局", year, cells, source="=hostile.txt")
    first = reading.items[0]
    told = tuple(
        replace(
            making.finding(first),
            finding_id=f"h{n:05}",
            form="expenditure",
            key=names and cells[n % len(cells)].key,
            message=f"{names[n % len(names)]} {n}",
            message_en="=1+1",
        )
        for n in range(MANY)
    )
    wide = tuple(
        cell(reading.doc_id, row, column, names[column % len(names)])
        for row in range(3)
        for column in range(WIDE)
    )
    return replace(reading, findings=told, other_tables=wide)


def cell(doc_id: str, row: int, column: int, text: str) -> OtherCell:
    """A cell of a table whose title is a formula."""
    return OtherCell(
        doc_id, 0, 0, FORMULAS[0], None, row, column, 1, 1, text, 1, None, None, None, None
    )  # fmt: skip


def money(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))
