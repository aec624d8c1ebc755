"""The narrative against the tables, and against itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pandas as pd
import pytest

from extract import reconcile as judge_frames
from extract.document import read
from extract.model import Fact, Finding
from extract.repair import judged
from extract.stages.publish.tables import reading, tables
from extract.stages.reconcile import reconcile
from extract.version import VERSION
from fixtures.render import Style, invent
from fixtures.render.case import cases
from tests.stages.accounts import DOC, item, items_of
from tests.stages.narration import tale

OPPOSITE = {
    "增加": "减少", "减少": "增加", "上升": "下降", "降低": "上升", "增长": "下降", "下降": "增长",
    "大于": "小于", "小于": "大于",
}  # fmt: skip


def fact(section: str, metric: str, raw: str, **more: object) -> Fact:
    unit = "percent" if raw.endswith("%") else "yuan" if raw.endswith("万元") else "count"
    number = Decimal(raw.rstrip("%万元辆"))
    given = {
        "doc_id": DOC, "statement": 0, "section": section, "metric": metric, "code": None, "name": None,
        "period": "current", "value": number * 10000 if unit == "yuan" else number, "value_unit": unit,
        "raw": raw, "text": f"句中有{raw}。", "page": 21,
    }  # fmt: skip
    return Fact(**(given | more))  # type: ignore[arg-type]


def told(*facts: Fact, items: list | None = None) -> list[Finding]:
    cells = items or [item("income", "total", "total", "100.00", name="合计")]
    return [f for f in reconcile(cells, facts=facts)[1] if f.rule.startswith("facts.")]


# Laws ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(24))
def test_a_true_narrative_raises_nothing(seed: int) -> None:
    assert tale(seed).doubts() == []


@pytest.mark.parametrize("seed", range(12))
def test_honest_rounding_is_never_accused(seed: int) -> None:
    assert [f for f in tale(seed, exact=True).doubts() if f.severity != "info"] == []


def test_an_altered_figure_or_word_is_noticed() -> None:
    noticed = tried = 0
    for seed in range(40):
        one, rng = tale(seed), Random(seed)
        marks = [n for n, mark in enumerate(one.told.marks) if not mark.alone]
        for number in rng.sample(marks, 6):
            noticed += bool(one.doubts({number: altered(one.told.marks[number].text, rng)}))
            tried += 1
    assert noticed >= 0.97 * tried, f"{noticed} of {tried}"


def altered(text: str, rng: Random) -> str:
    """The opposite word, or the figure with one digit another."""
    if text in OPPOSITE:
        return OPPOSITE[text]
    at = rng.choice([at for at, letter in enumerate(text) if letter.isdigit()])
    other = rng.choice([digit for digit in "0123456789" if digit != text[at]])
    return text[:at] + other + text[at + 1 :]


# Specimens ----------------------------------------------------------------------------


def test_a_fact_that_its_cell_denies_is_an_error_with_both_numbers() -> None:
    [one] = told(fact("income", "income_current_year", "101.00万元"))
    assert (one.severity, one.category, one.page) == ("error", "narrative_mismatch", 21)
    assert (one.expected, one.actual) == (Decimal(1000000), Decimal(1010000))
    assert "101.00万元" in one.message
    assert "收入决算表" in one.message
    assert "100.00 万元" in one.message


def test_a_last_digit_apart_is_rounding() -> None:
    [one] = told(fact("income", "income_current_year", "100.01万元"))
    assert (one.severity, one.category) == ("info", "rounding")


def test_one_cell_of_several_bears_a_fact_out() -> None:
    cells = [
        item("income", "total", "total", "100.00", name="合计"),
        item(
            "income_expenditure_summary",
            "income.current_year",
            "amount",
            "99.99",
            name="本年收入合计",
        ),
    ]
    assert told(fact("income", "income_current_year", "99.99万元"), items=cells) == []


def test_a_blank_cell_of_a_form_with_amounts_is_nothing_spent() -> None:
    cells = [
        item("three_public", "budget", "total", "0.95", name="预算数"),
        item("three_public", "actual", "reception", "", name="决算数"),
    ]
    assert told(fact("three_public", "reception_actual", "0.00万元"), items=cells) == []
    [one] = told(fact("three_public", "reception_actual", "0.95万元"), items=cells)
    assert one.severity == "error"


@pytest.mark.parametrize(("said", "severity"), [("年初预算", "warning"), ("预算", "error")])
def test_a_budget_of_the_year_s_begin_may_have_been_adjusted(said: str, severity: str) -> None:
    cells = [item("three_public", "budget", "reception", "3.00", name="预算数")]
    budget = fact(
        "three_public",
        "reception_budget",
        "2.00万元",
        period="budget",
        text=f"公务接待费{said}为2.00万元。",
    )
    assert [f.severity for f in told(budget, items=cells)] == [severity]


@pytest.mark.parametrize(
    ("printed", "severity"),
    [("33.33%", None), ("33.34%", "warning"), ("33.3%", None), ("34%", "warning")],
)
def test_a_share_is_recomputed(printed: str, severity: str | None) -> None:
    facts = [
        fact("income", "income_current_year", "3000.00万元"),
        fact("income", "fiscal_appropriation_income", "1000.00万元", name="财政拨款收入"),
        fact("income", "share_percent", printed, name="财政拨款收入"),
    ]
    cells = [item("expenditure", "total", "total", "1.00")]
    assert [f.severity for f in told(*facts, items=cells)] == ([severity] if severity else [])


def test_a_percentage_cut_off_is_told_as_such() -> None:
    facts = [
        fact("income", "income_current_year", "3000.00万元"),
        fact("income", "other_income", "2000.00万元", name="其他收入"),
        fact("income", "share_percent", "66.66%", name="其他收入"),
    ]
    [one] = told(*facts, items=[item("expenditure", "total", "total", "1.00")])
    assert (one.severity, "截尾" in one.message) == ("info", True)


@pytest.mark.parametrize("change", ["-10.00万元", "10.00万元"])
def test_a_change_and_its_percentage_go_the_same_way(change: str) -> None:
    facts = [
        fact("operating_expenses", "operating_expenses_of_organs", "110.00万元"),
        fact("operating_expenses", "yoy_change", change, name="机关运行经费"),
        fact("operating_expenses", "yoy_change_percent", "10.00%", name="机关运行经费"),
    ]
    assert len(told(*facts)) == (change[0] == "-")


def test_parts_are_added_up() -> None:
    parts = {"goods": "4.79万元", "works": "0万元", "services": "246.47万元"}
    facts = [fact("procurement", f"procurement_{name}", raw) for name, raw in parts.items()]
    [near] = told(fact("procurement", "procurement_total", "251.25万元"), *facts)
    [off] = told(fact("procurement", "procurement_total", "261.26万元"), *facts)
    assert (near.category, near.severity) == ("rounding", "info")
    assert (off.category, off.severity) == ("narrative_mismatch", "error")


def test_a_list_that_leaves_something_out_is_not_accused() -> None:
    facts = [
        fact("procurement", "procurement_total", "10.00万元"),
        fact("procurement", "procurement_goods", "4.00万元"),
    ]
    assert told(*facts) == []


def test_what_is_listed_as_paid_has_been_paid() -> None:
    form = "general_budget_basic_expenditure"
    cells = [
        item(form, "30101", "amount", "10.00", name="基本工资"),
        item(form, "30103", "amount", "0.00", name="奖金"),
        item(form, "30309", "amount", "", name="奖励金"),
        item(form, "30201", "amount", "0.00", name="办公费"),
    ]
    text = "人员经费10.00万元，主要包括：基本工资、奖金、奖励金等；公用经费5.00万元，主要包括：办公费。"
    facts = [fact("basic_expenditure", "personnel_expenses", "10.00万元", text=text)]
    found = told(*facts, items=cells)
    assert [(f.severity, f.category) for f in found] == [("warning", "narrative_mismatch")] * 2
    assert sorted(f.message.partition("文中列有")[2][:3] for f in found) == ["奖励金", "奖金，"]


def test_what_the_tables_doubt_already_is_not_told_of_the_text() -> None:
    statement = invent(3)
    cells = [
        replace(i, amount=i.amount * 10, raw="misread")
        if (i.form, i.key, i.measure) == ("expenditure", "total", "total") and i.amount
        else i
        for i in items_of(statement, Style())
    ]
    true = statement.fen()["expenditure", "total", "total"]
    said = fact("expenditure", "expenditure_current_year", f"{true / 1_000_000:.2f}万元")
    assert told(said, items=cells) == []


def test_rows_that_changed_places_are_told_of_the_table_alone() -> None:
    one = tale(5)
    form = "general_budget_expenditure"
    first, second = [
        key for f, key, m in one.statement.fen() if (f, m, len(key)) == (form, "total", 7)
    ][:2]
    other = {first: second, second: first}
    by_place = {(i.form, i.key, i.measure): i for i in one.items}
    cells = []
    for cell in one.items:
        if cell.form == form and cell.key in other:
            there = by_place[form, other[cell.key], cell.measure]
            cell = replace(cell, amount=there.amount, raw=there.raw)
        cells.append(cell)
    findings = reconcile(cells, facts=one.read().facts)[1]
    assert [f.category for f in findings if f.rule.startswith("facts.")] == []


def test_a_figure_taken_from_another_form_is_told_so() -> None:
    cells = [
        item("general_budget_expenditure", "total", "basic", "100.00", name="合计"),
        item("expenditure", "total", "basic", "112.89", name="合计"),
    ]
    [one] = told(
        fact("basic_expenditure", "general_budget_basic_expenditure", "112.89万元"), items=cells
    )
    assert "却与支出决算表合计基本支出相同" in one.message


def test_what_is_published_is_judged_the_same_again() -> None:
    case = next(case for case in cases() if "told" in case.parts)
    data = case.input.read_bytes()
    first = read(data, case.slug)
    published = tables(first, VERSION)
    assert (
        tables(judged(reading(published, first.identity.fiscal_year), "suggest"), VERSION)
        == published
    )


def test_facts_change_neither_checks_nor_other_findings() -> None:
    one = tale(5)
    alone = reconcile(one.items)
    with_facts = reconcile(one.items, facts=one.read().facts)
    assert alone == with_facts


def test_frames_of_facts_are_taken_too() -> None:
    items = pd.DataFrame(
        [{"form": "income", "key": "total", "measure": "total", "amount": Decimal("100")}]
    )
    facts = pd.DataFrame(
        [{"section": "income", "metric": "income_current_year", "value": Decimal("90")}]
    )
    _, findings = judge_frames(items, facts)
    assert list(findings["category"]) == ["narrative_mismatch"]


def test_a_message_names_the_sentence() -> None:
    [one] = told(
        fact("income", "income_current_year", "101.00万元", text="本年收入合计101.00万元。")
    )
    assert one.message.startswith("第21页“本年收入合计101.00万元。”")


def shares(*said: tuple[str, str, str], text: str = "") -> list[Fact]:
    """Shares of 类 in one sentence: code, name, share."""
    whole = (
        text or "主要用于以下方面：" + "；".join(f"{name}占{raw}" for _, name, raw in said) + "。"
    )
    return [
        fact("general_budget_expenditure", "share_percent", raw, code=code, name=name, text=whole)
        for code, name, raw in said
    ]


EDUCATION, WELFARE, HEALTH = (
    ("205", "教育支出"),
    ("208", "社会保障和就业支出"),
    ("210", "卫生健康支出"),
)


def test_shares_beyond_the_whole_are_told_once() -> None:
    [one] = told(*shares((*EDUCATION, "70.00%"), (*WELFARE, "20.00%"), (*HEALTH, "10.07%")))
    assert (one.severity, one.actual, one.expected) == ("warning", Decimal("100.07"), Decimal(100))
    assert "3 项比重之和为 100.07%" in one.message


@pytest.mark.parametrize("last", ["10.01%", "10.00%", "5.00%"])
def test_shares_that_round_or_leave_something_out_are_not(last: str) -> None:
    assert told(*shares((*EDUCATION, "70.00%"), (*WELFARE, "20.00%"), (*HEALTH, last))) == []


def test_shares_within_shares_are_no_list() -> None:
    assert told(*shares((*EDUCATION, "70.00%"), ("20502", "普通教育", "60.00%"))) == []


PAID = [
    item("general_budget_basic_expenditure", code, "amount", "1.00", name=name)
    for code, name in (
        ("30101", "基本工资"), ("30102", "津贴补贴"), ("30103", "奖金"), ("30113", "住房公积金"),
        ("30309", "奖励金"),
    )
]  # fmt: skip


def listing(names: str) -> list[Finding]:
    text = f"人员经费5.00万元，主要包括：{names}。"
    one = fact("basic_expenditure", "personnel_expenses", "5.00万元", text=text, name="人员经费")
    return [
        f for f in told(one, items=PAID) if f.key == "personnel_expenses" or "未列" in f.message
    ]


def test_what_was_paid_and_is_left_out_of_a_full_list_is_told_as_information() -> None:
    [one] = listing("基本工资、津贴补贴、奖金、住房公积金支出")
    assert one.severity == "info"
    assert "奖励金（30309）1.00 万元" in one.message


@pytest.mark.parametrize(
    "names",
    [
        "基本工资、津贴补贴、奖金、住房公积金、奖励金支出",
        "基本工资、津补贴、奖金、住房公积金、奖励金",
        "基本工资、津贴补贴",
    ],
)
def test_a_list_that_names_all_or_only_some_is_not(names: str) -> None:
    assert listing(names) == []
