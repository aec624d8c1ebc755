"""Items for the tests of reconcile: from invented statements, and from the corpus's truth."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest

from extract.amounts import UNITS
from extract.forms import catalogue
from extract.forms.codes import is_code, level, parent
from extract.model import Item
from fixtures.render import Statement, Style

PLAIN = Style()
DOC = "0123456789abcdef"
CASES = Path(__file__).parents[2] / "fixtures" / "cases"
ZHUZHOU, PLANNING, FINANCE = "zhuzhou", "规划和自然资源局", "财政局"


def item(form: str, key: str, measure: str, raw: str, **more: object) -> Item:
    """One cell in 万元, as normalize would hand it over."""
    system = catalogue().forms[form].keyed_by
    kind = "economic" if system == "economic" else "functional"
    code = key if is_code(key, kind) else None
    amount = Decimal(raw.replace(",", "")) * 10_000 if raw else None
    given = {
        "doc_id": DOC, "statement": 0, "form": form, "variant": "", "seq": 0, "key": key,
        "code": code, "code_system": kind if code else None, "level": level(code) if code else None,
        "parent": parent(code) if code else None, "name": "", "line_no": None, "measure": measure,
        "amount": amount, "stored": None, "raw": raw, "unit": "万元", "page": None,
        "x0": None, "y0": None, "x1": None, "y1": None, "engine": "test", "confidence": None,
    }  # fmt: skip
    return Item(**(given | more))  # type: ignore[arg-type]


def items_of(statement: Statement, style: Style = PLAIN) -> list[Item]:
    """The items of an invented statement as printed in a style."""
    return [
        replace(
            item(cell.form, cell.key, cell.measure, "", unit=cell.unit, name=cell.name),
            raw=cell.raw,
            amount=cell.amount_yuan,
        )
        for cell in statement.cells(style)
    ]


def rounded_items(
    statement: Statement,
    prints: Mapping[str, tuple[str, int]],
    *,
    trailing: bool = True,
    rounding: str = ROUND_HALF_UP,
) -> list[Item]:
    """The items of a statement each of whose figures was rounded by itself.

    ``prints`` gives unit and decimals of each form; ``trailing`` False drops zeros behind the point.
    """
    items = []
    for cell in statement.cells():
        unit, places = prints[cell.form]
        fen = statement.fen().get(cell.place)
        raw, amount = "", None
        if fen is not None:
            shown = (Decimal(fen) / 100 / UNITS[unit]).quantize(
                Decimal(1).scaleb(-places), rounding
            )
            amount = shown * UNITS[unit]
            raw = f"{shown:,}" if trailing or not places else f"{shown:,}".rstrip("0").rstrip(".")
        plain = item(cell.form, cell.key, cell.measure, "", unit=unit, name=cell.name)
        items.append(replace(plain, raw=raw, amount=amount))
    return items


def case(name: str) -> list[Item]:
    """The items expected of a case of fixtures/."""
    return _filled(_rows(CASES / name / "items.csv"))


@cache
def truth(document: str) -> tuple[Item, ...]:
    """The items of the corpus document whose name holds ``document``."""
    folder = os.environ.get("JUESUAN_CORPUS")
    if not folder:
        pytest.skip("JUESUAN_CORPUS names no corpus")
    rows = _rows(Path(folder) / "truth" / "truth.csv")
    return tuple(_filled([row for row in rows if document in row["doc"]]))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _filled(rows: list[dict[str, str]]) -> list[Item]:
    """The printed cells, and a blank one where a printed row has none (the files leave those out)."""
    printed = {(row["form"], row["key"], row["measure"]): row for row in rows}
    items = []
    for seq, (form, key, measures) in enumerate(_lines(rows)):
        for measure in measures:
            row = printed.get((form, key, measure), {"raw": "", "page": ""})
            page = int(row["page"]) if row["page"] else None
            cell = item(form, key, measure, "", seq=seq, page=page, unit=row.get("unit", "万元"))
            amount = Decimal(row["amount_yuan"]) if row["raw"] else None
            items.append(replace(cell, raw=row["raw"], amount=amount))
    return items


def _lines(rows: Iterable[dict[str, str]]) -> list[tuple[str, str, list[str]]]:
    keys = {(row["form"], row["key"]): None for row in rows}
    printed = {(row["form"], row["measure"]) for row in rows}
    return [(form, key, _columns(form, key, printed)) for form, key in keys]


def _columns(form: str, key: str, printed: set[tuple[str, str]]) -> list[str]:
    """The columns of the form's half the key stands in; optional ones where they are printed."""
    spec = catalogue().forms[form]
    half = None
    if any(measure.side for measure in spec.measures):
        half = "income" if key.startswith("income.") else "expenditure"
    return [
        measure.name
        for measure in spec.measures
        if measure.side in (None, half)
        and (not measure.optional or (form, measure.name) in printed)
    ]
