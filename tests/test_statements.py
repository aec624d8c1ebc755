"""Where one file prints the forms of several units, each unit's set is a statement of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import extract
from extract.document import read
from extract.model import Item, Reading
from extract.stages.publish import pack, tables
from extract.stages.publish.package import from_bytes
from extract.stages.publish.tables import reading as reading_of
from fixtures.render import around, sheets
from fixtures.render.formats import FORMATS
from fixtures.render.grid import Sheet
from fixtures.render.invention import Wishes, invent
from fixtures.render.layout import Layout, layout
from fixtures.render.pdf import pdf
from fixtures.render.prose import Prose, front, narrative
from fixtures.render.statement import Agency, Statement

NAMES = ("云岭县水务局", "云岭县水务局灌溉服务中心", "云岭县河道管理所")
WAYS = ("pdf", "txt", "xlsx", "docx", "html")


def several(count: int) -> list[Statement]:
    return [invent(500 + at, Wishes(), Agency(name, 2022)) for at, name in enumerate(NAMES[:count])]


def drawn(sets: Sequence[Statement], looks: Layout) -> list[list[Sheet]]:
    return [
        [around.dressed(sheet, looks, one.agency) for sheet in sheets.forms(one, looks)]
        for one in sets
    ]


def document(sets: Sequence[Statement], forms: Sequence[Sheet], looks: Layout, way: str) -> bytes:
    first = sets[0]
    blocks: list[Prose | Sheet] = [*front(first, looks), *forms, narrative(first, looks)]
    if way == "pdf":
        return pdf(blocks, looks, "several").content
    # A workbook keeps exact figures behind those shown only for the one statement it is given.
    return FORMATS[way](blocks, replace(first, forms={}), looks)


def told(sets: Sequence[Statement], way: str, looks: Layout | None = None) -> Reading:
    looks = looks or layout({})
    forms = [form for forms in drawn(sets, looks) for form in forms]
    return read(document(sets, forms, looks, way), f"several.{way}")


def amounts(items: Sequence[Item], statement: int) -> dict[tuple[str, str, str], object]:
    return {
        (one.form, one.key, one.measure): one.amount
        for one in items
        if one.statement == statement and one.amount is not None
    }


def printed(one: Statement) -> dict[tuple[str, str, str], object]:
    return {cell.place: cell.amount_yuan for cell in one.cells() if cell.amount_yuan is not None}


def each_is_read(found: Reading, sets: Sequence[Statement]) -> None:
    assert {item.statement for item in found.items} == set(range(len(sets)))
    assert {item.variant for item in found.items} == {""}
    for number, one in enumerate(sets):
        assert amounts(found.items, number) == printed(one)
    assert not [check for check in found.checks if check.verdict == "fails"]
    assert [one.agency for one in found.further] == [one.agency.name for one in sets[1:]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("count", [2, 3])
def test_the_set_of_each_unit_is_a_statement_of_its_own(count: int, way: str) -> None:
    sets = several(count)
    found = told(sets, way)
    each_is_read(found, sets)
    assert not [one for one in found.findings if one.severity != "info"]


@pytest.mark.parametrize("way", ["pdf", "txt"])
def test_a_unit_may_be_named_in_front_of_the_title(way: str) -> None:
    sets = several(2)
    looks = layout({"title_pattern": "{agency}{year}年度{title}", "agency_label": ""})
    each_is_read(told(sets, way, looks), sets)


@pytest.mark.parametrize("way", ["pdf", "txt"])
def test_the_units_may_take_turns_form_by_form(way: str) -> None:
    sets, looks = several(3), layout({})
    forms = [form for turn in zip(*drawn(sets, looks), strict=True) for form in turn]
    each_is_read(read(document(sets, forms, looks, way), f"turns.{way}"), sets)


@pytest.mark.parametrize("way", ["pdf", "txt", "xlsx"])
def test_other_names_above_forms_that_no_set_repeats_are_no_units(way: str) -> None:
    [one], looks = several(1), layout({})
    other = replace(one, agency=replace(one.agency, name="云岭县民政局"))
    [mine], [foreign] = drawn([one], looks), drawn([other], looks)
    found = read(document([one], [*mine[:4], *foreign[4:]], looks, way), f"template.{way}")
    each_is_read(found, [one])


def test_a_break_in_one_set_is_found_in_that_set_alone() -> None:
    sets, looks = several(2), layout({})
    forms = [form for forms in drawn(sets, looks) for form in forms]
    text = document(sets, forms, looks, "txt").decode()
    total = next(c for c in sets[1].cells() if c.place == ("income", "total", "total"))
    start = text.index("收入决算表", text.index(f"部门：{NAMES[1]}"))
    broken = text[:start] + text[start:].replace(total.raw, "9" + total.raw, 1)
    assert text != broken
    found = read(broken.encode(), "broken.txt")
    assert {check.statement for check in found.checks if check.verdict == "fails"} == {1}
    loud = [one for one in found.findings if one.severity != "info"]
    assert {one.statement for one in loud} == {1}


def test_each_statement_has_its_row_and_comes_back_from_the_tables(tmp_path: Path) -> None:
    sets, looks = several(3), layout({})
    forms = [form for forms in drawn(sets, looks) for form in forms]
    path = tmp_path / "several.txt"
    path.write_bytes(document(sets, forms, looks, "txt"))
    found = read(path.read_bytes(), str(path))
    assert tables(reading_of(tables(found, "1"), 2022), "1") == tables(found, "1")
    package = pack(found)
    assert package.entry.items == len(found.items)
    assert from_bytes(package.data).tables.keys() == tables(found, "1").keys()

    out = tmp_path / "out"
    assert extract.run(path, out, executor="serial").documents == 1
    rows = pd.read_parquet(out / "documents").sort_values("statement")
    assert rows["agency"].tolist() == list(NAMES)
    assert rows["statement"].tolist() == [0, 1, 2]
    assert rows["items"].sum() == len(found.items)
    assert {len(row) for row in rows["forms_found"]} == {9}
    wide = pd.read_parquet(out / "forms" / "income")
    assert set(zip(wide["statement"], wide["agency"], strict=True)) == set(enumerate(NAMES))
    before = pd.read_parquet(out / "checks")
    assert extract.check(out).documents == 1
    pd.testing.assert_frame_equal(pd.read_parquet(out / "checks"), before)
