"""What counts as proven, and that counts of parts add up to that of the whole."""

from __future__ import annotations

from dataclasses import astuple, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from extract.coverage import Coverage, by_form, cover, together
from tests import making

CELL = making.item("0" * 16, 0, "201", Decimal("1.00"))
cells = st.builds(
    replace,
    st.just(CELL),
    form=st.sampled_from(["income", "expenditure"]),
    amount=st.sampled_from([None, Decimal(0), Decimal("5.00")]),
    checks_passed=st.integers(0, 3),
    checks_failed=st.integers(0, 1),
)


@given(st.lists(cells), st.lists(cells))
def test_parts_add_up_to_the_whole(some, others):
    assert cover(some) + cover(others) == cover(some + others)
    assert sum(by_form(some).values(), Coverage()) == cover(some)
    assert together([by_form(some), by_form(others)]) == by_form(some + others)


@given(st.lists(cells))
def test_less_is_proven_twice_than_once_and_less_is_not_zero_than_there_is(some):
    amounts, once, twice, *nonzero = astuple(cover(some))
    assert amounts >= once >= twice
    assert nonzero == sorted(nonzero, reverse=True)
    assert all(part <= whole for part, whole in zip(nonzero, (amounts, once, twice), strict=True))


def test_one_that_fails_undoes_all_that_hold():
    assert cover([replace(CELL, checks_passed=3, checks_failed=1)]) == Coverage(1, 0, 0, 1, 0, 0)


def test_a_blank_counts_nowhere_and_a_zero_apart():
    blank, zero = replace(CELL, amount=None), replace(CELL, amount=Decimal("0.00"))
    assert cover([blank, zero, CELL]) == Coverage(2, 2, 0, 1, 1, 0)
    assert cover([blank]).share is cover([zero]).nonzero_share is None
