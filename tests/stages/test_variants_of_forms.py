"""What is printed a second time is a variant; what only looks like a form is none."""

from __future__ import annotations

import pytest

from extract.document import read, stages
from tests.papers import THREE_PUBLIC, Paper, plain

UNIT = "单位：万元"
PLANNED = [
    ["科目编码", "科目名称", "预算数", "调整预算数", "决算数"],
    ["", "合计", "9.00", "8.00", "7.00"],
    ["201", "一般公共服务支出", "5.00", "4.00", "3.00"],
    ["208", "社会保障和就业支出", "4.00", "4.00", "4.00"],
]
DOWN = [
    ["项目", "预算数", "决算数"],
    ["合计", "5.00", "4.00"],
    ["因公出国（境）费", "0.00", "0.00"],
    ["公务接待费", "2.00", "1.00"],
    ["公务用车费", "3.00", "3.00"],
]


def forms(paper: Paper, way: str = "pdf") -> list[tuple[str, str, str]]:
    data = {"pdf": paper.pdf, "typed": paper.typed, "markdown": paper.markdown}[way]()
    items = read(data, "made").items
    return list(dict.fromkeys((i.form, i.variant, i.key) for i in items if i.amount is not None))


drawn_and_typed = pytest.mark.parametrize("way", ["pdf", "typed", "markdown"])


@pytest.mark.parametrize(
    "title",
    ["2022年一般公共预算支出决算表", "政府性基金预算支出决算表", "国有资本经营预算支出决算表"],
)
@drawn_and_typed
def test_a_government_s_plan_and_account_is_no_form_with_damaged_headings(title, way):
    paper = Paper().lines("2022年度某区政府决算", title, UNIT).table(PLANNED)
    assert forms(paper, way) == []


@drawn_and_typed
def test_the_account_of_a_government_misses_no_form(way):
    paper = Paper().lines("2022年度某区政府决算", "“三公”经费支出决算表", UNIT).table(DOWN)
    data = {"pdf": paper.pdf, "typed": paper.typed, "markdown": paper.markdown}[way]()
    reading = read(data, "made")
    assert reading.forms_found == ("three_public",)
    assert not [f for f in reading.findings if f.category == "missing_form"]


@drawn_and_typed
def test_one_row_of_a_unit_is_the_agency_itself(way):
    heads = ["单位名称", "合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费"]
    rows = [heads, ["某局", "6.00", "1.00", "2.00", "3.00"]]
    paper = Paper().lines("2015年度某局部门决算", "“三公”经费支出决算表", UNIT).table(rows)
    assert forms(paper, way) == [("three_public", "", "actual")]


@drawn_and_typed
def test_rows_of_units_are_a_variant_with_their_total(way):
    heads = ["单位", "年度", "合计", "因公出国（境）费", "公务接待费", "公务用车费"]
    rows = [
        heads,
        ["总计", "2014", "6.00", "1.00", "2.00", "3.00"],
        ["一所", "2014", "4.00", "1.00", "1.00", "2.00"],
        ["二所", "2014", "2.00", "0.00", "1.00", "1.00"],
    ]
    paper = Paper().lines("2014年度某局部门决算", "“三公”经费支出决算表", UNIT).table(rows)
    keys = ["actual", "actual.unit.1", "actual.unit.2"]
    assert forms(paper, way) == [("three_public", "by_unit", key) for key in keys]


@drawn_and_typed
def test_of_two_plans_the_one_for_the_whole_year_is_read(way):
    """机构运行信息表 of 2021: 年初预算数, 全年预算数 and 决算数 side by side."""
    rows = [[row[0], "9.99", *row[1:]] for row in DOWN]
    rows[0] = ["项目", "预算数", "全年预算数", "决算数"]
    title = "财政拨款“三公”经费支出决算表"
    paper = Paper().lines("2021年度某局部门决算", title, UNIT).table(rows)
    made = stages({"pdf": paper.pdf, "typed": paper.typed, "markdown": paper.markdown}[way]())
    read_ = {(i.key, i.measure): i.raw for i in made.items if i.amount is not None}
    assert read_["budget", "total"] == "5.00"
    assert read_["actual", "total"] == "4.00"
    assert {one.reason for one in made.ignored if one.cell.text == "9.99"} == {"another plan"}


@drawn_and_typed
def test_three_public_published_by_itself_misses_no_other_form(way):
    title = "“三公”经费支出决算表"
    paper = Paper().lines("2013年度某局部门决算", title, UNIT).table(DOWN)
    reading = read({"pdf": paper.pdf, "typed": paper.typed, "markdown": paper.markdown}[way](), "x")
    assert reading.forms_found == ("three_public",)
    assert not [f for f in reading.findings if f.category == "missing_form"]


@drawn_and_typed
def test_one_block_without_a_period_is_what_was_spent(way):
    rows = [row[:6] for row in THREE_PUBLIC[1:]]
    paper = Paper().lines("2015年度某局部门决算", "“三公”经费支出决算表", UNIT).table(rows)
    assert forms(paper, way) == [("three_public", "", "actual")]


@drawn_and_typed
def test_the_columns_are_believed_where_the_title_is_another_s(way):
    paper = plain("income")
    paper.page().lines("收入决算表", "金额单位：元").table(plain("expenditure").pages[0][-1].rows)
    data = {"pdf": paper.pdf, "typed": paper.typed, "markdown": paper.markdown}[way]()
    reading = read(data, "made")
    assert reading.forms_found == ("income", "expenditure")
    assert [f.form for f in reading.findings if f.rule == "normalize.wrong_title"] == [
        "expenditure"
    ]
