"""Titles as provinces print them name the form they are of, whatever stands around them."""

import pytest

from extract.forms import catalogue

SEEN = {
    "income_expenditure_summary": "收入支出决算总表 收支决算总表 部门收支决算总表 部门收入支出决算总表 收入支出决算公开表 收入支出决算表",
    "income": "收入决算表 收入决算总表 部门收入决算表 部门收入决算总表 收入决算公开表 收入决算表（按功能分类列示） 收入决算表(分科目)",
    "expenditure": "支出决算表 支出决算总表 部门支出决算总表 支出决算公开表 支出决算表(分科目)",
    "fiscal_appropriation_summary": "财政拨款收入支出决算总表 财政拨款收支决算总表 财政拨款收入支出决算表 财政拨款收入支出决算公开表 财政拨款收支总表",
    "general_budget_expenditure": "一般公共预算财政拨款支出决算表 一般公共预算财政拨款收入支出决算表 一般公共预算财政拨款支出决算情况表 一般公共预算（财政拨款）支出决算表（功能科目） 一般公共预算财政拨款支出决算表(一) 一般公共预算支出决算表 财政拨款支出决算表（功能科目）",
    "general_budget_basic_expenditure": "一般公共预算财政拨款基本支出决算表 一般公共预算财政拨款基本支出决算明细表 一般公共预算财政拨款支出决算表(二) 财政拨款基本支出经济分类决算表 财政拨款基本支出决算表（经济科目） 一般公共预算财政拨款基本支出决算情况表 一般公共预算财政拨款基本支出决算公开表",
    "three_public": "一般公共预算财政拨款“三公”经费支出决算表 财政拨款“三公”经费支出决算表 财政拨款三公经费支出决算表 一般公共预算财政拨款安排的“三公”经费支出决算表 一般公共预算及政府性基金财政拨款“三公”经费支出决算表 “三公”经费、行政参公单位机关运行经费情况表 财政拨款“三公”经费、行政参公单位机关运行经费情况表 一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表 财政拨款“三公”经费、会议费、培训费支出决算表 一般公共预算相关经费支出决算表 一般公共预算财政拨款“三公”经费情况表 政府性基金预算财政拨款“三公”经费支出决算表",
    "government_fund": "政府性基金预算财政拨款收入支出决算表 政府性基金预算财政拨款收支决算表 政府性基金财政拨款支出决算表 政府性基金预算支出决算表 政府性基金预算财政拨款收入支出决算公开表",
    "state_capital": "国有资本经营预算财政拨款支出决算表 国有资本经营预算财政拨款收入支出决算表 国有资本经营预算支出决算表",
    "fiscal_appropriation_expenditure_detail": "财政拨款支出决算明细表",
    "general_budget_expenditure_detail": "一般公共预算财政拨款支出决算明细表",
    "general_budget_project_expenditure": "一般公共预算财政拨款项目支出决算表 一般公共预算财政拨款项目支出决算明细表",
    "project_expenditure": "项目支出决算表 项目收入支出决算表 行政事业类项目收入支出决算表",
    "special_account_funds": "财政专户管理资金收入支出决算表",
    "state_assets": "国有资产使用情况表 国有资产占用情况表 资产负债公开简表",
    "organ_operation_information": "机构运行信息表 部门决算相关信息统计表 部门决算公开相关信息统计表 机构运行经费支出、国有资产占用情况及政府采购支出信息表",
    "procurement": "政府采购情况表 政府采购支出决算表 政府采购支出表",
    "purchased_services": "政府购买服务支出情况表 政府购买服务决算公开情况表",
    "operating_expenses_of_organs": "财政拨款机关运行经费支出决算表 一般公共预算机关运行经费支出决算表",
    "government_fund_basic_expenditure": "政府性基金预算财政拨款基本支出决算表",
    "expenditure_detail": "支出决算明细表",
}
DRESSES = (
    "{}", "表一：{}", "表 1：{}", "一、{}", "（三）{}", "7、{}", "《{}》", "{}(表6)", "公开01表 {}", "某县水务局2021年度{}",
    "{}（续）", "附表3 {}", "### {}", "财决01-1表：{}", "2019年度{}（公开05表）",
)  # fmt: skip
NAMED = [(title, slug) for slug, titles in SEEN.items() for title in titles.split()]
OF_NO_DEPARTMENT = (
    "一般公共预算收入决算表", "国有资本经营预算收入决算表", "社会保险基金收入决算表", "社会保险基金支出决算表",
    "一般公共预算收支预算总表", "收入预算总表", "一般公共预算本级支出决算表", "税收返还和转移支付决算表", "政府性基金收入决算表",
)  # fmt: skip


@pytest.mark.parametrize(("title", "slug"), NAMED)
def test_a_title_seen_names_its_form_in_any_dress(title, slug):
    found = {dress: catalogue().named_by(dress.format(title)) for dress in DRESSES}
    assert {dress: named and named.name for dress, named in found.items()} == dict.fromkeys(
        DRESSES, slug
    )


@pytest.mark.parametrize("title", OF_NO_DEPARTMENT)
def test_tables_of_a_whole_government_or_a_budget_bear_no_form_s_title(title):
    assert catalogue().named_by(title) is None


@pytest.mark.parametrize(
    ("title", "variant"),
    [
        ("收入决算表(分单位)", "by_unit"),
        ("支出决算表（按单位列示）", "by_unit"),
        ("政府性基金预算财政拨款“三公”经费支出决算表", "government_fund"),
        ("一般公共预算财政拨款“三公”经费情况表", "general_public_budget"),
        ("财政拨款“三公”经费支出决算表", ""),
        ("财政拨款基本支出决算表（经济科目）", "fiscal_appropriation"),
        ("国有资本经营预算财政拨款收入支出决算表", "fiscal_appropriation"),
        ("收入决算表(分科目)", ""),
    ],
)
def test_a_title_says_in_which_cut_it_prints_its_form(title, variant):
    assert catalogue().named_by(title).variant == variant


REWORDED = {
    "income_expenditure_summary": "收支决算总体情况表 部门收入支出决算总体情况表",
    "income": "收入决算情况表 本年收入决算表 收入决算总体情况表 收入决算表（某市水务局）",
    "expenditure": "支出决算情况表 部门支出决算总体情况表 支出决算表（按功能分类科目）",
    "fiscal_appropriation_summary": "财政拨款收支决算表 部门财政拨款收支决算总表 财政拨款收入支出决算总体情况表",
    "general_budget_expenditure": "公共财政预算拨款支出决算表 一般公共预算拨款支出决算表 一般公共预算支出决算情况表",
    "general_budget_basic_expenditure": "一般公共预算基本支出决算表 公共财政预算拨款基本支出决算表 一般公共预算财政拨款基本支出决算表（按经济分类）",
    "three_public": "“三公”经费决算表 “三公”经费财政拨款支出决算表 使用一般公共预算财政拨款安排的“三公”经费支出决算表",
    "government_fund": "政府性基金收入支出决算表 政府性基金预算收支决算表 政府性基金预算支出决算情况表",
    "state_capital": "国有资本经营预算收支决算表 国有资本经营预算财政拨款收支决算情况表",
    "project_expenditure": "项目支出决算情况表 部门项目支出决算表",
}
NONE_OF_THEM = (
    "支出决算表（项目支出）", "收入决算表（政府性基金预算财政拨款）", "支出预算表", "三公经费支出预算情况表", "支出决算对比表",
    "支出决算构成情况表", "一般公共预算“三公”经费支出表", "部门收入总表", "非税收入决算情况表", "社会保险基金支出决算情况表", "债务余额情况表", "部门人员情况表",
)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "slug"),
    [(title, slug) for slug, titles in REWORDED.items() for title in titles.split()],
)
def test_a_title_in_other_words_names_its_form(title, slug):
    named = catalogue().named_by(f"某县水务局2021年度{title}")
    assert named is not None
    assert named.name == slug


@pytest.mark.parametrize("title", NONE_OF_THEM)
def test_a_title_of_another_table_names_none_of_the_nine(title):
    named = catalogue().named_by(title)
    assert named is None or named.other


def test_titles_in_the_plainest_words_are_still_told_apart():
    """No two forms come down to one title; 05 and 06 of Shanxi are told apart by (一) and (二)."""
    known = catalogue()
    plain = dict(known.reduced.titles)
    for title in (title for title in known.titles if "决算" in title.wording):
        assert plain[known._reduced(title.wording)].name == title.name
