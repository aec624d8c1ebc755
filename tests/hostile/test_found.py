"""What the fuzzer found, each as its smallest specimen."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import amounts
from extract.document import read, stages
from extract.errors import DamagedFile, InputError
from extract.ocr.contract import Print
from extract.ocr.gaps import parted
from extract.readers import read as read_bytes
from extract.readers.letters import Seen, Word, _once
from extract.stages.publish import pack
from tests.hostile.bombs import mapped, sheet, workbook
from tests.papers import plain

INCOME = plain("income").typed().decode()
AMOUNT = next(word for word in INCOME.split("\t") if amounts.is_amount(word) and "." in word)


def packed(text: str) -> None:
    """Read all of it and make rows of it, as a run does."""
    pack(read(text.encode(), "specimen"))


@pytest.mark.parametrize("digits", [15, 18, 19, 30, 400, 5000])
@pytest.mark.parametrize("unit", ["元", "万元", "亿元"])
def test_figures_no_amount_can_be_are_no_amounts(digits: int, unit: str) -> None:
    text = INCOME.replace("单位：元", f"单位：{unit}").replace(AMOUNT, "9" * digits)
    made = stages(text.encode())
    assert all(item.amount is None or item.amount < amounts.MOST for item in made.items)
    if digits <= amounts.WHOLE:  # what is longer is no number at all, and may pass for a heading
        assert any(finding.category == "unreadable" for finding in made.findings)
    packed(text)


@given(st.integers(1, 40), st.integers(0, 40), st.sampled_from(sorted(amounts.UNITS)))
def test_a_number_is_read_exactly_or_is_none(whole: int, broken: int, unit: str) -> None:
    text = "7" * whole + "." * bool(broken) + "3" * broken
    if whole > amounts.WHOLE or broken > amounts.BROKEN:
        with pytest.raises(amounts.NotAnAmount):
            amounts.yuan(text, unit)
    else:
        exact = Decimal(text) * amounts.UNITS[unit]
        assert abs(amounts.yuan(text, unit) - exact) <= Decimal("0.005")


@pytest.mark.parametrize("number", ["9" * 16, "9" * 400, "1." + "3" * 60, "0." + "0" * 400 + "1"])
def test_the_text_may_state_what_no_column_holds(number: str) -> None:
    packed(
        "第三部分 2023年度部门决算情况说明\n一、收入支出决算总体情况说明\n"
        f"2023年度收入总计{number}万元，比上年增加{number}万元，增长{number}%。"
    )


def test_a_row_may_be_numbered_beyond_reason() -> None:
    rows = "".join(f"{n}{'0' * 5000},201,合计,1.00\n" for n in range(1, 9))
    packed("收入决算表\n单位：元\n" + rows.replace(",", "\t"))


def test_a_font_may_map_its_letters_to_halves_of_characters() -> None:
    cmap = b"1 beginbfrange <0001> <0004> <d840> endbfrange 1 beginbfchar <0001> <4e00> endbfchar"
    head = b"/CMapName /X def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    with suppress(InputError):
        pack(read(mapped(head + cmap, b"<0001000100010001000100020001>"), "specimen"))


@pytest.mark.parametrize("written", ["_xD842_", "_xDFB7_", "_xD842__xDFB7_", "_x0000_"])
def test_a_workbook_may_write_halves_of_characters(written: str) -> None:
    cells = f'<c r="A1" t="inlineStr"><is><t>{written}决算</t></is></c><c r="B1"><v>1</v></c>'
    more = '<row r="2"><c r="A2" t="str"><v>合计</v></c><c r="B2"><v>2</v></c></row>'
    pack(read(sheet(f'<sheetData><row r="1">{cells}</row>{more}</sheetData>'), "specimen"))


def test_an_error_repeats_nothing_a_terminal_obeys() -> None:
    spoilt = workbook(xl__workbook_xml='<workbook xmlns="http://a\x7f/">' + "x" * 9000 + "</book>")
    with pytest.raises(DamagedFile) as told:
        read_bytes(spoilt)
    assert str(told.value).isprintable()
    assert str(InputError("\x1b[2Ja\nb\tc\u202ed")) == "�[2Ja b c�d"
    assert len(str(InputError("x" * 10_000))) < 3000


def test_print_without_a_letter_is_left_as_it_is() -> None:
    page = np.full((20, 40), 255, np.uint8)
    page[5:15, 2:6] = page[5:15, 30:34] = 0
    line = Print("", 0.5, ())
    assert list(parted(page, (0, 0, 40, 20), line)) == [((0, 0, 40, 20), line)]


def test_a_page_may_say_the_same_thousands_of_times() -> None:
    seen: Seen = {}
    began = time.process_time()
    words = [
        Word("0.00", (x * 5.0, y * 3.0, x * 5.0 + 4, y * 3.0 + 2), (0.0,) * 4)
        for x in range(50)
        for y in range(100)
    ]
    assert len([kept for word in words for kept in _once(word, seen)]) == len(words)
    assert not [kept for word in words for kept in _once(word, seen)]
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "cell", ["111," * 100_000, "1.111" * 100_000, "12.50 " * 100_000, "(" * 400_000]
)
def test_a_cell_may_hold_a_novel_of_figures(cell: str) -> None:
    began = time.process_time()
    packed(INCOME.replace(AMOUNT, cell))
    assert time.process_time() - began < 10


def test_an_agency_may_not_be_called_by_a_novel() -> None:
    began = time.process_time()
    made = read(("单位名称：" + "甲乙丙丁" * 20_000 + "\n" + INCOME).encode(), "specimen")
    assert not [row for row in made.findings if row.rule == "agency_misspelt"]
    assert time.process_time() - began < 10


def test_a_table_may_have_thousands_of_columns() -> None:
    began = time.process_time()
    packed("收入决算表\n单位：元\n" + ("\t".join(["合计", *["1.00"] * 6000]) + "\n") * 20)
    assert time.process_time() - began < 15


def test_a_row_may_be_the_four_billionth() -> None:
    from extract.readers.sheet.raster import Entry, Worksheet, pages

    sheet_ = Worksheet(
        1, "x", {(0, 0): Entry("合计"), (0, 1): Entry("1"), (1 << 32, 1 << 31): Entry("2")}
    )
    [page], _ = pages([sheet_])
    assert [cell.text for block in page.blocks for cell in getattr(block, "cells", ())].count(
        "2"
    ) <= 1
