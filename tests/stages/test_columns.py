"""A column is what its heading and its neighbours say, not what its figures look like."""

from __future__ import annotations

import pytest

from extract.document import stages
from tests.papers import Paper

HEAD = [
    "科目编码",
    "科目名称",
    "年初结转和结余",
    "本年收入",
    "本年支出",
    "基本支出",
    "项目支出",
    "年末结转和结余",
]
SPENT = ["0", "271", "271", "0", "271", "0"]
ROWS = [
    HEAD,
    ["合计", "<", *SPENT],
    ["223", "国有资本经营预算支出", *SPENT],
    ["22301", "解决历史遗留问题及改革成本支出", *SPENT],
    ["2230105", "国有企业退休人员社会化管理补助支出", *SPENT],
]
drawn_and_typed = pytest.mark.parametrize("way", ["pdf", "typed", "markdown"])


def made(paper: Paper, way: str):
    return stages({"pdf": paper.pdf, "typed": paper.typed, "markdown": paper.markdown}[way]())


@drawn_and_typed
def test_an_amount_of_three_digits_in_every_row_is_no_code(way):
    title = "国有资本经营预算财政拨款收入支出决算表"
    found = made(Paper().lines("2022年度某局部门决算", title, "单位：万元").table(ROWS), way)
    read = {(i.key, i.measure): i.raw for i in found.items}
    assert read["2230105", "income"] == "271"
    assert read["total", "expenditure_project"] == "271"


@drawn_and_typed
def test_a_row_s_number_is_kept_and_names_no_total(way):
    head = ["序号", "科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    rows = [
        head,
        ["1", "", "合计", "3.00", "2.00", "1.00"],
        ["2", "201", "一般公共服务支出", "2.00", "1.00", "1.00"],
        ["3", "208", "社会保障和就业支出", "1.00", "1.00", "0.00"],
    ]
    title = "一般公共预算财政拨款支出决算表"
    found = made(Paper().lines("2022年度某局部门决算", title, "单位：万元").table(rows), way)
    named = {i.key: (i.name, i.line_no) for i in found.items}
    assert named["total"] == ("合计", 1)
    assert named["208"] == ("社会保障和就业支出", 3)
