"""Print states exactly one number, none, or nothing that is a number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import amounts

cents = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
MINUS = ["-{}", "－{}", "−{}", "–{}", "△{}", "▲{}", "({})", "（{}）", "[{}]"]

lawful = settings(derandomize=True)


@st.composite
def styles(draw: st.DrawFn) -> dict:
    return {
        "thousands": draw(st.booleans()),
        "wide": draw(st.booleans()),
        "trailing": draw(st.booleans()),
        "minus": draw(st.sampled_from(MINUS)),
        "around": draw(st.sampled_from(["{}", " {}", "{} ", "\n{}\n", "\u3000{}", "¥{}"])),
    }


def print_(value: Decimal, style: dict) -> str:
    """A number as some publisher sets it."""
    text = f"{abs(value):,.2f}" if style["thousands"] else f"{abs(value):.2f}"
    if not style["trailing"]:
        text = text.rstrip("0").rstrip(".")
    if style["wide"]:
        text = text.translate(WIDE)
    if value < 0:
        return style["minus"].format(text)
    return style["around"].format(text)


@given(cents, styles())
@lawful
def test_what_was_printed_is_read_back(value: Decimal, style: dict) -> None:
    assert amounts.parse(print_(value, style)) == value


@given(cents, styles())
@lawful
def test_a_number_may_be_broken_over_two_lines(value: Decimal, style: dict) -> None:
    text = print_(value, {**style, "around": "{}"})
    for at in range(1, len(text)):
        assert amounts.parse(f"{text[:at]}\n{text[at:]}") == value


@given(cents.filter(lambda value: abs(value) >= 1000))
@lawful
def test_groups_tell_where_a_lost_point_stood(value: Decimal) -> None:
    assert amounts.parse(f"{value:,.2f}".replace(".", "")) == value


@given(cents.filter(bool), cents.filter(bool))
@lawful
def test_two_numbers_in_one_cell_are_no_number(one: Decimal, other: Decimal) -> None:
    with pytest.raises(amounts.NotAnAmount):
        amounts.parse(f"{one:.2f} {abs(other):.2f}")


@given(cents, st.sampled_from(list(amounts.UNITS)))
@lawful
def test_units_scale_exactly(value: Decimal, unit: str) -> None:
    assert amounts.yuan(f"{value:.2f}", unit) == (value * amounts.UNITS[unit]).quantize(
        amounts.CENT
    )


@given(st.text(max_size=12))
@lawful
def test_any_text_is_a_number_a_blank_or_refused(text: str) -> None:
    try:
        value = amounts.parse(text)
    except amounts.NotAnAmount:
        assert not amounts.is_figure(text)
    else:
        assert amounts.is_figure(text)
        assert amounts.is_amount(text) == (value is not None)


@pytest.mark.parametrize(
    "blank", ["", " ", "\n", "-", "—", "——", "－", "--", "/", "*", "无", "一", "　"]
)
def test_a_blank_is_not_a_zero(blank: str) -> None:
    assert amounts.parse(blank) is None


@pytest.mark.parametrize(
    "zero", ["0", "0.0", "0.00", "-0.00", "０", "(0.00)", "O", "o", "0.O", "o.o"]
)
def test_a_zero_is_not_a_blank(zero: str) -> None:
    assert amounts.parse(zero) == 0


@pytest.mark.parametrize(
    "text",
    ["1,48.0", "1,2345", "1..2", "1.2.3", "--1", "(-1)", "12%", "1e5", "abc", "25.", "1-2", "二十"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(amounts.NotAnAmount):
        amounts.parse(text)


@pytest.mark.parametrize(
    ("text", "decimals"), [("1.50", 2), ("25", 0), ("（3.2）", 1), ("1，484．80", 2), ("", 0)]
)
def test_decimals_are_counted_as_printed(text: str, decimals: int) -> None:
    assert amounts.decimals(text) == decimals


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("单位:万元", "万元"),
        ("金额单位：万元", "万元"),
        ("单 位： 万 元", "万元"),
        ("单位：人民币万元", "万元"),
        ("（单位：元）", "元"),
        ("计量单位：元", "元"),
        ("单位：亿元", "亿元"),
        ("单位：千元", "千元"),
        ("部门：云岭县水务局 单位：万元", "万元"),
        ("单位：上海市普陀区司法局 金额单位：元", "元"),
        ("单位：上海市普陀区司法局", None),
        ("本单位收入十万元", None),
    ],
)
def test_a_unit_is_one_only_where_money_follows(text: str, unit: str | None) -> None:
    assert amounts.unit_in(text) == unit
