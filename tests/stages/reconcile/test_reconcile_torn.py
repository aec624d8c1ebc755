"""One row read as two, two rows read as one: told by what stands in their cells, held to the sums."""

from dataclasses import replace
from decimal import Decimal
from itertools import groupby

import pytest

from extract.stages.reconcile import reconcile
from fixtures.render import Style, Wishes, invent
from tests.stages.accounts import items_of

FORM, ROW = "general_budget_expenditure", "2080505"


def numbered(items):
    """The items, each row with its place in the form, and room for another after it."""
    return [
        replace(one, seq=2 * seq)
        for _, form in groupby(items, lambda one: one.form)
        for seq, (_, row) in enumerate(groupby(form, lambda one: one.key))
        for one in row
    ]


@pytest.fixture(scope="module")
def items():
    return numbered(items_of(invent(5, Wishes(own_income=True)), Style()))


def loud(items):
    return [one for one in reconcile(items, text_layer="ocr")[1] if one.severity != "info"]


def read(one, raw):
    amount = Decimal(raw.replace(",", "")) * 10_000 if raw.strip() else None
    return replace(one, raw=raw, amount=amount)


def row(items, key=ROW):
    return [one for one in items if (one.form, one.key) == (FORM, key)]


def instead(items, old, new):
    return [one for one in items if one not in old] + new


def test_figures_that_fell_into_a_row_without_a_code_are_part_of_the_row_above(items):
    own = row(items)
    upper = [one if one.measure == "total" else read(one, "") for one in own]
    lower = [read(one, "") if one.measure == "total" else one for one in own]
    lower = [
        replace(one, key="line.99", code=None, code_system=None, seq=one.seq + 1) for one in lower
    ]
    [told] = loud(instead(items, own, [*upper, *lower]))
    assert (told.category, told.form, told.key) == ("split_row", FORM, ROW)


def test_figures_broken_over_two_rows_are_joined(items):
    own = row(items)
    upper = [read(one, one.raw.split(".")[0][:-1]) if one.amount else one for one in own]
    lower = [
        replace(read(one, one.raw[len(up.raw) :] if one.amount else ""), key=f"{ROW}#2")
        for one, up in zip(own, upper, strict=True)
    ]
    [told] = loud(instead(items, own, [*upper, *lower]))
    assert (told.category, told.form, told.key) == ("split_row", FORM, ROW)


def test_a_row_printed_twice_whole_is_no_split(items):
    twice = [replace(one, key=f"{ROW}#2") for one in row(items)]
    assert [one.category for one in loud([*items, *twice])] == ["duplicate_row"]


@pytest.mark.parametrize("between", [" ", "\n", ""])
def test_two_rows_in_one_without_a_code_are_found_by_the_names_they_hold(items, between):
    keys = list(dict.fromkeys(one.key for one in items if one.form == FORM))
    here, there = row(items), row(items, keys[keys.index(ROW) + 1])
    both = [
        replace(
            one, key="line.9", code=None, code_system=None, name=one.name + other.name,
            raw=(one.raw + between + other.raw).strip(), amount=None,
        )
        for one, other in zip(here, there, strict=True)
    ]  # fmt: skip
    [told] = loud(instead(items, here + there, both))
    assert (told.category, told.key) == ("merged_row", ROW)
    assert there[0].key in told.message
