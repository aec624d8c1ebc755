"""Two wordings that say the same thing fold to the same spelling."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.hanzi import fold, near, tidy, unnumbered
from extract.locations import schemas

LETTERS = "收入支出决算表（()“”\"'‘’ 　\n\t０1２三公⾦⻓、.-—：:"
wordings = st.text(LETTERS, max_size=12) | st.text(max_size=8)
lawful = settings(derandomize=True)


@given(wordings)
@lawful
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(LETTERS, max_size=12), st.integers(0, 12), st.sampled_from(" \n\t　\u200b\ufeff"))
@lawful
def test_spaces_anywhere_are_no_matter(text: str, at: int, space: str) -> None:
    assert fold(text[:at] + space + text[at:]) == fold(text)


@given(wordings)
@lawful
def test_a_tidy_name_folds_like_its_print(text: str) -> None:
    assert fold(tidy(text)) == fold(text)
    assert tidy(tidy(text)) == tidy(text)


@given(wordings)
@lawful
def test_every_wording_is_near_itself_and_one_letter_more(text: str) -> None:
    assert near(text, text)
    assert near(text, text + "表")


@given(st.text("收入支出", min_size=1, max_size=8), st.data())
@lawful
def test_nearness_goes_both_ways(text: str, data: st.DataObject) -> None:
    other = data.draw(st.text("收入支出", min_size=1, max_size=8))
    assert near(text, other) == near(other, text)


def test_every_radical_folds_to_its_ideograph() -> None:
    with (schemas() / "hanzi" / "radicals.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            assert fold(row["radical"]) == fold(row["ideograph"])
            assert fold(f"工{row['radical']}资") == fold(f"工{row['ideograph']}资")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“三公”经费", "三公经费"),
        ("＂三公＂经费", "‘三公’经费"),
        ("因公出国（境）费", "因公出国(境)费"),
        ("收 入 决 算 表", "收入决算表"),
        ("２０２０年度", "2020年度"),
        ("用⽤⾏⻋", "用用行车"),
        ("注：", "注:"),
        ("人员——公用", "人员--公用"),
    ],
)
def test_spellings_of_one_wording_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("一、收入", "收入"),
        ("二十六、抗疫特别国债安排的支出", "抗疫特别国债安排的支出"),
        ("(一)收入", "收入"),
        ("1.收入", "收入"),
        ("1、收入", "收入"),
        ("(1)收入", "收入"),
        ("三公经费", "三公经费"),
        ("208", "208"),
        ("1.5", "1.5"),
    ],
)
def test_an_ordinal_in_front_is_no_part_of_a_label(label: str, bare: str) -> None:
    assert unnumbered(label) == bare
