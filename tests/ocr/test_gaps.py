"""A line of print that holds the texts of two cells falls into both."""

from __future__ import annotations

import numpy as np
import pytest

from extract.ocr.contract import Area, Picture, Print
from extract.ocr.gaps import parted

HEIGHT = 20
AREA: Area = (10, 5, 410, 35)


def line(text: str) -> tuple[Picture, Print]:
    """Letters as bars of ink, digits half as wide; ``|`` is white wider than a letter, ``_`` half as wide."""
    page = np.full((40, 420), 255, np.uint8)
    x, letters, lefts = 20, "", []
    for letter in text:
        if letter in "|_":
            x += 30 if letter == "|" else 10
            continue
        width = 10 if letter.isascii() else HEIGHT
        page[10 : 10 + HEIGHT, x + 1 : x + width - 1] = 0
        letters += letter
        lefts.append((x + 1 - AREA[0]) / (AREA[2] - AREA[0]))
        x += width
    return page, Print(letters, 0.9, tuple(lefts))


@pytest.mark.parametrize(
    ("printed", "texts"),
    [
        ("3,461.53_一、一般公共服务", ["3,461.53", "一、一般公共服务"]),
        ("473|1,365.77", ["473", "1,365.77"]),
        ("08_群众体育", ["08", "群众体育"]),
        ("0|310", ["0", "310"]),
        ("出国_(境)", ["出国(境)"]),
        ("支出_(15.00)_名称", ["支出", "(15.00)", "名称"]),
        ("一般公共预算|政府性基金", ["一般公共预算", "政府性基金"]),
        ("类|款|项", ["类", "款", "项"]),
        ("收|入|决|算|表", ["收入决算表"]),
        ("合|计", ["合计"]),
        ("一般公共服务支出", ["一般公共服务支出"]),
        ("1,234.5|1", ["1,234.51"]),
    ],
)
def test_white_parts_what_stands_in_two_cells(printed: str, texts: list[str]) -> None:
    page, told = line(printed)
    assert [text.text for _, text in parted(page, AREA, told)] == texts


def test_each_text_reaches_as_far_as_its_ink() -> None:
    page, told = line("12.00_名称")
    (first, one), (second, other) = parted(page, AREA, told)
    assert first == (21, 10, 69, 30)
    assert second == (81, 10, 119, 30)
    assert [len(part.lefts) for part in (one, other)] == [5, 2]
    assert all(0 <= share <= 1 for share in other.lefts)


def test_a_rule_above_a_line_hides_no_white() -> None:
    page, told = line("类|款|项")
    page[6:8, 10:300] = 0
    area = (10, 5, 200, 35)
    told = Print(told.text, told.confidence, tuple(left * 400 / 190 for left in told.lefts))
    assert [text.text for _, text in parted(page, area, told)] == ["类", "款", "项"]


def test_a_letter_after_a_figure_is_no_part_of_it_though_its_place_is_told_badly() -> None:
    page, told = line("0.00_一、二三")
    off = tuple(left - 0.028 * (at > 3) for at, left in enumerate(told.lefts))
    parts = parted(page, AREA, Print(told.text, told.confidence, off))
    assert [text.text for _, text in parts] == ["0.00", "一、二三"]


def test_ink_before_the_first_letter_is_of_another_line() -> None:
    page, told = line("甲|乙丙")
    behind = Print("乙丙", told.confidence, told.lefts[1:])
    [(area, text)] = parted(page, AREA, behind)
    assert (area[0], text.text) == (71, "乙丙")


def test_a_code_after_an_amount_is_no_part_of_it_though_its_place_is_told_badly() -> None:
    page, told = line("45.61|302")
    off = tuple(left - 0.025 * (at > 4) for at, left in enumerate(told.lefts))
    parts = parted(page, AREA, Print(told.text, told.confidence, off))
    assert [text.text for _, text in parts] == ["45.61", "302"]


def test_an_items_number_stays_with_its_text() -> None:
    page, told = line("一、|一般公共服务")
    assert [text.text for _, text in parted(page, AREA, told)] == ["一、一般公共服务"]


def test_a_line_without_ink_stays_as_it_is() -> None:
    page = np.full((40, 420), 255, np.uint8)
    told = Print("12", 0.5, (0.1, 0.2))
    assert list(parted(page, AREA, told)) == [(AREA, told)]
