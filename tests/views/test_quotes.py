"""A sentence a finding quotes is found where it is printed, over the ends of lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import extract
from extract.report import page
from extract.views.pictures import opened
from extract.views.quotes import quoted
from tests import making

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
TOLD = CASES / "xikou-2023-told" / "xikou-2023.pdf"


@pytest.fixture(scope="module")
def reading():
    return extract.extract(TOLD).reading


def test_sentences_of_the_narrative_are_found_on_their_page(reading):
    facts = [fact for fact in reading.facts if fact.page is not None]
    missed = []
    with opened([TOLD.read_bytes()]) as pages:
        for fact in facts:
            lines = pages.find(fact.page, fact.text)
            if not lines:
                missed.append(fact.text)  # more than half of it on the page before
            width, height = pages.size(fact.page)
            for x0, y0, x1, y1 in lines:
                assert 0 <= x0 < x1 <= width
                assert 0 <= y0 < y1 <= height
            tops = [box[1] for box in lines]
            assert tops == sorted(tops)
    assert len(set(missed)) <= 1 < len(facts)


def test_what_is_not_there_is_not_found(reading):
    with opened([TOLD.read_bytes()]) as pages:
        assert pages.find(1, "这一句话不在这一页上") == []
        assert pages.find(1, "，") == []


def test_a_finding_about_a_sentence_is_clipped_where_the_sentence_stands(reading):
    fact = next(fact for fact in reading.facts if fact.page is not None)
    finding = extract.extract(CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf").reading.findings[
        0
    ]
    about = replace(
        finding,
        **dict.fromkeys(("form", "key", "measure", "x0", "y0", "x1", "y1", "suggested")),
        suspects=(),
        evidence=(),
        page=fact.page,
        message=f"第{fact.page}页“…{fact.text[4:30]}…”：文中“三公”有误",
    )
    assert quoted(about) == fact.text[4:30]
    text = page(replace(reading, findings=(about,)), [TOLD.read_bytes()], "en")
    assert text.count("data:image/webp") == 1
    unknown = replace(about, message="第1页“这一句话不在这一页上”")
    assert "data:image/webp" not in page(
        replace(reading, findings=(unknown,)), [TOLD.read_bytes()], "en"
    )


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("“甲“三公”乙”：丙", "甲“三公”乙"),
        ("第1页“…甲乙…”写作“丙”", "甲乙"),
        ("没有引文", None),
        ("“没有结束", None),
        ("“…”", None),
    ],
)
def test_quotes_inside_quotes_are_part_of_them(message, said):
    some = making.finding(making.item("0" * 16, 0, "201", None))
    assert quoted(replace(some, message=message, page=1)) == said
