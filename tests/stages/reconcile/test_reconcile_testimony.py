"""What the narrative states decides between readings that the sums leave open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.model import Fact, Finding, Item
from extract.stages.reconcile import reconcile
from tests.stages.accounts import DOC, item

SPENT = "general_budget_expenditure"


def stated(code: str | None, raw: str, metric: str = "final_amount") -> Fact:
    number = Decimal(raw.removesuffix("万元"))
    return Fact(
        doc_id=DOC, statement=0, section="general_budget_expenditure", metric=metric, code=code, name=None,
        period="current", value=number * 10_000, value_unit="yuan", raw=raw, text=f"支出决算为{raw}。", page=9,
    )  # fmt: skip


def form(**figures: str) -> list[Item]:
    """A 类 of two 款, each with one 项, and their total; one column, so that only the sums of rows tie them."""
    rows = {"total": "90.00", "201": "90.00", "20103": "37.00", "20105": "53.00"} | {
        key.removeprefix("c"): raw for key, raw in figures.items()
    }
    return [item(SPENT, key, "total", raw, seq=n) for n, (key, raw) in enumerate(rows.items())]


UNDECIDED = form(c20103="33.00", c20105="33.00", c201="86.00", total="86.00")
"""One of the two was 53.00."""


def doubts(items: list[Item], *facts: Fact) -> list[Finding]:
    found = reconcile(items, text_layer="ocr", facts=facts)[1]
    return [f for f in found if f.severity != "info"]


def test_two_readings_as_likely_are_decided_by_what_is_stated() -> None:
    (open_,) = doubts(UNDECIDED)
    assert open_.suggested is None
    for code in ("20103", "20105"):
        (one,) = doubts(UNDECIDED, stated(code, "53.00万元"))
        assert (one.key, one.category, one.suggested) == (code, "ocr_digit", Decimal(530_000))


def test_a_reading_that_is_stated_is_not_the_one_doubted() -> None:
    (one,) = doubts(UNDECIDED, stated("20103", "33.00万元"))
    assert one.key == "20105"


@pytest.mark.parametrize("said", ["31.00万元", "73.00万元"])
def test_where_the_sums_hold_a_fact_accuses_no_cell(said: str) -> None:
    """Text and table differ, and the table's figure is proven: the text is told, with no suspect."""
    (one,) = doubts(form(), stated("20103", said))
    assert (one.category, one.suspects, one.suggested) == ("narrative_mismatch", (), None)


def test_where_no_sum_is_over_it_the_cell_is_a_suspect() -> None:
    items = [item("three_public", "actual", "reception", "3.10")]
    fact = replace(stated(None, "3.70万元", "reception_actual"), section="three_public")
    (one,) = doubts(items, fact)
    assert one.category == "narrative_mismatch"
    assert [(s.key, s.measure) for s in one.suspects] == [("actual", "reception")]


def test_a_fact_within_the_slack_of_the_sums_leaves_its_cell_a_suspect() -> None:
    """31.01 + 59.00 = 90.00 is honest rounding: the sums do not say that 31.00, as stated, is wrong."""
    items = form(c20103="31.01", c20105="59.00")
    (one,) = doubts(items, stated("20103", "30.99万元"))
    assert [s.key for s in one.suspects] == ["20103"]
