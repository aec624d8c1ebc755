"""Proven rows alone teach the code book, and it is only told what they say."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.document import read
from extract.forms import catalogue
from extract.forms.codes import CodeBook, code_book
from extract.model import Finding, Item, Reading
from extract.observed import COLUMNS, as_csv, as_lines, differences, observed

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
QUICK = CASES / "wangyue-2021-markdown" / "wangyue-2021.md"
NOTHING = CodeBook("functional", {})


@cache
def disclosure() -> Reading:
    return read(QUICK.read_bytes(), QUICK.name)


def altered(reading: Reading, code: str, **changes: object) -> Reading:
    """The same document, whose rows of one code are otherwise."""
    items = (replace(i, **changes) if i.code == code else i for i in reading.items)
    return replace(reading, items=tuple(items))


def published(number: int, year: int, agency: str) -> Reading:
    reading = disclosure()
    who = replace(reading.identity, fiscal_year=year, agency=agency)
    return replace(reading, sha256=f"{number:064x}", identity=who)


def some_code() -> str:
    return observed([disclosure()], "functional")[-1].code


def cells(code: str) -> list[Item]:
    return [item for item in disclosure().items if item.code == code]


def test_every_proven_code_of_the_forms_is_learnt_with_its_name():
    keyed = {n for n, form in catalogue().forms.items() if form.keyed_by == "functional"}
    printed = {
        (i.code, i.name)
        for i in disclosure().items
        if i.form in keyed and i.code and i.checks_passed and i.amount is not None
    }
    learnt = observed([disclosure()], "functional")
    assert {(one.code, one.name) for one in learnt} == printed
    assert len(printed) > 10
    assert {(one.first_year, one.last_year, one.documents) for one in learnt} == {(2021, 2021, 1)}


def test_each_system_has_its_own_book():
    economic = observed([disclosure()], "economic")
    assert {one.code[0] for one in economic} <= set("3")
    assert not {one.code for one in economic} & {
        one.code for one in observed([disclosure()], "functional")
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"checks_passed": 0},
        {"checks_failed": 1},
        {"status": "flagged"},
        {"status": "inferred"},
        {"amount": None},
        {"name": " "},
        {"key": "2010101#2"},
    ],
    ids=str,
)
def test_a_row_that_is_not_proven_teaches_nothing(changes):
    code = some_code()
    learnt = observed([altered(disclosure(), code, **changes)], "functional")
    assert code not in {one.code for one in learnt}
    assert learnt


def test_a_row_that_a_warning_doubts_teaches_nothing():
    code = some_code()
    doubts = tuple(
        Finding(
            finding_id=item.form,
            doc_id=item.doc_id,
            statement=0,
            stage="reconcile",
            rule="codes",
            category="code_misread",
            severity="warning",
            form=item.form,
            key=code,
            message="",
            message_en="",
        )
        for item in cells(code)
    )
    doubted = replace(disclosure(), findings=doubts)
    noted = replace(disclosure(), findings=tuple(replace(one, severity="info") for one in doubts))
    assert code not in {one.code for one in observed([doubted], "functional")}
    assert code in {one.code for one in observed([noted], "functional")}


def test_documents_and_years_are_counted_once_each():
    three = [published(1, 2019, "甲局"), published(2, 2023, "乙局"), published(3, 2021, "丙局")]
    for one in observed(three, "functional"):
        assert (one.first_year, one.last_year, one.documents) == (2019, 2023, 3)
        assert one.source == "丙局 2021; 乙局 2023; 甲局 2019"
    more = [*three, published(4, 2022, "丁局")]
    assert {one.source for one in observed(more, "functional")} == {
        "丁局 2022; 丙局 2021; 乙局 2023 +1"
    }


@given(st.permutations(range(4)))
def test_the_order_of_documents_does_not_matter(order):
    four = [published(n, 2018 + n, f"{n}局") for n in range(4)]
    four[2] = altered(four[2], some_code(), name="另称支出")
    assert observed([four[n] for n in order], "functional") == observed(four, "functional")


def test_a_name_in_another_spelling_is_one_name_and_the_commonest_is_told():
    code = some_code()
    name = cells(code)[0].name
    spaced = altered(published(9, 2021, "己局"), code, name="　".join(name))
    learnt = observed(
        [spaced, published(1, 2021, "甲局"), published(2, 2021, "乙局")], "functional"
    )
    assert [(one.name, one.documents) for one in learnt if one.code == code] == [(name, 3)]


def test_what_the_book_lacks_is_new_and_what_it_calls_otherwise_is_renamed():
    learnt = observed([disclosure()], "functional")
    assert [(d.kind, d.observed) for d in differences(learnt, NOTHING)] == [
        ("new", one) for one in learnt
    ]
    taught = CodeBook("functional", {one.code: (one.name,) for one in learnt})
    assert list(differences(learnt, taught)) == []
    code = some_code()
    renamed = observed([altered(disclosure(), code, name="某种前所未有之事")], "functional")
    [told] = differences(renamed, taught)
    assert (told.kind, told.observed.code, told.known) == ("renamed", code, taught.names[code])
    [line] = as_lines([told])
    assert line.startswith(
        f"~ {code} 某种前所未有之事  (book: {taught.names[code][0]})  2021, 1×: "
    )


def test_the_table_has_the_columns_of_the_book(tmp_path, monkeypatch):
    """What is learnt, put into the book's place, is a book: nothing of it differs any more."""
    learnt = observed([disclosure()], "functional")
    table = as_csv(learnt)
    assert tuple(next(csv.reader(io.StringIO(table)))) == COLUMNS
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "functional.csv").write_text(table, encoding="utf-8")
    monkeypatch.setattr("extract.forms.codes.schemas", lambda: tmp_path)
    code_book.cache_clear()
    try:
        assert list(differences(learnt, code_book("functional"))) == []
    finally:
        code_book.cache_clear()
