"""Each 类 is a function of government, or is said to be none; and every entry says why."""

from __future__ import annotations

import pytest

from extract.forms import code_book
from extract.forms.cofog import cofog


def test_every_class_of_the_code_book_has_an_entry():
    classes = {code for code in code_book("functional").names if len(code) == 3}
    assert classes - cofog().codes.keys() == set()


def test_every_entry_has_a_ground():
    assert all(one.note for one in cofog().codes.values())


def test_a_group_lies_within_a_division_that_is_named():
    assert all(name[:2] in cofog().names for name in cofog().names)


@pytest.mark.parametrize(
    ("code", "year", "function"),
    [
        ("205", 2020, "09"),
        ("2080505", 2020, "10.2"),
        ("2080701", 2020, "04.1"),
        ("2100717", 2020, "10.4"),
        ("2100717", 2010, "07"),  # 妇幼保健 then
        ("21106", 2020, "05.4"),
        ("227", 2020, None),
        ("2270101", 2020, None),
        ("29901", 2020, None),
    ],
)
def test_a_code_is_what_it_meant_that_year(code, year, function):
    found = cofog().of(code, year)
    assert (found.cofog if found else None) == function
