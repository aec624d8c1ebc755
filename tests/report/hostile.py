"""A document that wants to break whoever shows it: for tests of pages and of what else shows documents."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal

from extract.model import Finding, Identity, Item, OtherCell, Reading
from tests import making

SCRIPT = "<script>document.title='owned'</script>"
BREAKS = "\"'><img src=x onerror=\"document.title='owned'\"></td></table></style>&lt;"
FORMULA = '=HYPERLINK("http://evil.example","点")'
HIDDEN = "局\u202e\x00\ud800"
FINDINGS, ROWS, COLUMNS = 10_000, 10_000, 300


def hostile(*, findings: int = FINDINGS, rows: int = ROWS, columns: int = COLUMNS) -> Reading:
    """Scripts for names, formulas for cells, more findings, rows and columns than any page holds."""
    base = making.read(making.text("某局", 2020, **{"201": "1.00"}), "a.txt")
    sha256 = hashlib.sha256(b"hostile").hexdigest()
    doc_id = sha256[:16]
    items = tuple(_item(doc_id, seq) for seq in range(rows))
    return replace(
        base,
        sha256=sha256,
        source="javascript:alert(1)//" + BREAKS,
        identity=Identity(SCRIPT, SCRIPT + BREAKS + HIDDEN.replace("\ud800", ""), "部门决算", 2020),
        items=items,
        checks=(),
        findings=tuple(_finding(doc_id, n, items) for n in range(findings)),
        facts=(),
        sections=(),
        other_tables=tuple(_other(doc_id, n) for n in range(columns)),
    )


def _item(doc_id: str, seq: int) -> Item:
    made = making.item(doc_id, seq, f"{2010000 + seq}", Decimal(seq))
    return replace(made, name=SCRIPT if seq % 2 else BREAKS, raw=FORMULA, level=3)


def _finding(doc_id: str, number: int, items: tuple[Item, ...]) -> Finding:
    base = making.finding(items[number % len(items)])
    return replace(
        base,
        finding_id=f"{number:016x}",
        doc_id=doc_id,
        rule=f"made.{number}",
        message=SCRIPT + BREAKS,
        message_en=BREAKS,
        x0=-5.0,
        y0=0.0,
        x1=1e9,
        y1=float("inf"),
    )


def _other(doc_id: str, number: int) -> OtherCell:
    return OtherCell(doc_id, 0, 0, SCRIPT, None, 0, number, 1, 1, BREAKS, 1, None, None, None, None)
