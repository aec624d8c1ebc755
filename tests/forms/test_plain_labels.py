"""A label that is not listed is compared in its plainest words, and never stands for two."""

from __future__ import annotations

from itertools import product

import pytest

from extract.forms import catalogue
from extract.hanzi import fold

FORMS = catalogue().forms


@pytest.mark.parametrize("name", FORMS)
def test_a_listed_label_names_what_it_is_listed_for(name: str) -> None:
    form = FORMS[name]
    first: dict[str, str] = {}
    for measure in form.measures:
        for [label, *others] in measure.headings:
            if not others:
                first.setdefault(label, measure.name)
    unlike = {label for label in first if label.startswith("其中:")}
    assert {label: form.item(label) for label in first.keys() - unlike} == {
        label: first[label] for label in first.keys() - unlike
    }


@pytest.mark.parametrize("name", FORMS)
def test_plain_words_are_as_plain_as_they_get(name: str) -> None:
    form = FORMS[name]
    labels = [label for m in form.measures for names in m.headings for label in names]
    for label in map(form.plainly, labels):
        assert form.plainly(label) == label


@pytest.mark.parametrize(
    ("form", "label", "measure"),
    [
        ("three_public", "公务用车购置和运行维护经费", "vehicle_total"),
        ("three_public", "因公出国（境）费用支出", "overseas"),
        ("income", "事业收入（不含专户管理资金）", "undertaking"),
        ("government_fund", "本年政府性基金收入", "income"),
        ("government_fund", "上年结转结余", "opening_balance"),
        ("income", "收入", None),
        ("three_public", "公务用车购置（辆）", None),
        ("three_public", "国内公务接待费", None),
        ("three_public", "一、“三公”经费支出", None),
        ("fiscal_appropriation_summary", "财政拨款", None),
        ("expenditure", "项目", None),
        ("state_capital", "政府性基金收入", None),
    ],
)
def test_a_label_by_other_words(form: str, label: str, measure: str | None) -> None:
    assert FORMS[form].item(label) == measure


def test_totals_by_other_words() -> None:
    form, words = FORMS["general_budget_basic_expenditure"], catalogue().words
    for people, what in product(("人员经费", "人员支出"), ("合计", "小计", "合计：")):
        assert form.total(fold(people + what), words) == "personnel_total"
    assert form.total(fold("日常公用支出合计"), words) == "public_total"
    assert form.total(fold("人员经费"), words) is None


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("2016年部门决算公开收支总体情况表", "income_expenditure_summary"),
        ("一般公共预算财政拨款支出决算批复表", "general_budget_expenditure"),
        ("“三公”经费公共预算财政拨款支出决算表", "three_public"),
        ("收入、支出决算总表", "income_expenditure_summary"),
        ("2016年部门预算公开收支总体情况表", None),
        ("2016年收支总体情况表", None),
        ("2022年度部门决算公开项目支出表", None),
        ("支出决算对比表", None),
    ],
)
def test_a_title_by_other_words(caption: str, name: str | None) -> None:
    title = catalogue().named_by(caption)
    assert (title.name if title and not title.other else None) == name
