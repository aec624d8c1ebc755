"""Whose document it is, of which kind and year, is said in many ways."""

from __future__ import annotations

from datetime import date

import pytest

from extract.document import stages
from extract.model import Identity
from extract.stages.publish.tables import agency_id
from tests.papers import TABLES, Paper

OFFICE, YEAR = "云岭县水务局", 2021
COVER = "云岭县水务局2021年度部门决算"


def said(*lines: str, way: str = "typed", table: bool = True) -> Identity:
    paper = Paper().lines(*lines).page().lines("目录", "一、收入决算表").page()
    if table:
        paper.lines("收入决算表", "金额单位：元").table(TABLES["income"])
    return stages(getattr(paper, way)()).identity


@pytest.mark.parametrize(
    "cover",
    [
        ("2021年度", "云岭县水务局", "部门决算"),
        ("云岭县水务局", "2021年度部门决算"),
        ("云岭县水务局2021年度部门决算",),
        ("云岭县水务局 2021 年度部门决算",),
        ("云 岭 县 水 务 局", "2 0 2 1 年 度 部 门 决 算"),
        ("云岭县", "水务局 2021 年度", "部门决算"),
        ("2021年云岭县水务局部门决算",),
        ("云岭县水务局2021年部门决算",),
        ("云岭县水务局2021年度部门决算公开",),
        ("云岭县水务局2021年度部门决算公开说明",),
        ("云岭县水务局2021年度部门决算情况说明",),
        ("云岭县水务局2021年度部门决算编制说明",),
        ("云岭县水务局2021年度部门决算公开文本",),
        ("云岭县水务局2021年度部门决算及“三公”经费决算公开说明",),
        ("云岭县水务局2021年度县级部门决算",),
        ("云岭县水务局", "二〇二一年度部门决算"),
        ("云岭县水务局", "二○二一年度", "部门决算"),
        ("2021年度部门决算", "云岭县水务局"),
        ("2021年度部门决算", "云岭县水务局", "2022年8月"),
        ("云岭县水务局", "2021年度部门决算", "二〇二二年八月"),
        ("2022年8月", "云岭县水务局2021年度部门决算"),
        ("监督索引号53000000000111000", "云岭县水务局2021年度部门决算"),
        ("索引号：000014348/2022-00012", "云岭县水务局2021年度部门决算"),
        (
            "保密审查情况：已审查",
            "部门主要负责人审签情况：已审签",
            "云岭县水务局",
            "2021年度部门决算",
        ),
        ("批复时间：2022年8月1日", "公开时间：2022年8月20日", "云岭县水务局2021年度部门决算"),
        ("附件1", "云岭县水务局2021年度部门决算"),
        ("附件2：云岭县水务局2021年度部门决算",),
        ("关于云岭县水务局2021年度部门决算的说明",),
        ("2021年度部门决算", "部门：云岭县水务局"),
        ("2021年度部门决算", "单位名称：云岭县水务局"),
        ("2021年度部门决算公开表", "编制单位：云岭县水务局  2021年度  金额单位：元"),
    ],
    ids=lambda cover: "/".join(cover),
)
@pytest.mark.parametrize("way", ["typed", "pdf"])
def test_covers_say_it_in_many_ways(cover: tuple[str, ...], way: str) -> None:
    identity = said(*cover, way=way)
    assert (identity.agency, identity.fiscal_year, identity.kind) == (OFFICE, YEAR, "部门决算")


@pytest.mark.parametrize("scope", ["（本级）", "（汇总）", "（含下属单位）"])
def test_the_scope_is_part_of_the_name(scope: str) -> None:
    assert said(f"云岭县水务局{scope}2021年度部门决算").agency == f"云岭县水务局{scope}"


@pytest.mark.parametrize(
    "name", ["云岭县预算编审中心", "云岭县财政局", "云岭县部门预算评审中心", "中共云岭县委办公室"]
)
def test_a_name_may_hold_words_of_the_trade(name: str) -> None:
    assert said(f"{name}2021年度部门决算").agency == name


@pytest.mark.parametrize(
    "nobody",
    ["XX局", "某某部门", "××局", "上海市XX局", "XXX单位", "＊＊局", "部门名称", "○○局", "某某某局"],
)
def test_a_template_names_nobody(nobody: str) -> None:
    identity = said(f"{nobody}2021年度部门决算")
    assert (identity.agency, identity.fiscal_year) == (None, YEAR)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("云岭县水务局2021年度部门决算", "部门决算"),
        ("云岭县水文站2021年度单位决算", "单位决算"),
        ("云岭县2021年度政府决算", "政府决算"),
        ("云岭县2021年财政决算", "政府决算"),
        ("云岭县水务局2021年部门预算", "部门预算"),
        ("云岭县水文站2021年单位预算", "单位预算"),
        ("云岭县水务局2021年度部门收支决算", "部门决算"),
        ("云岭县水务局2021年度决算公开报告", "部门决算"),
    ],
)
def test_the_kind_is_what_the_title_says(title: str, kind: str) -> None:
    assert said(title).kind == kind


@pytest.mark.parametrize("way", ["typed", "pdf"])
def test_forms_without_a_cover_name_the_agency_above_the_table(way: str) -> None:
    paper = Paper().lines(
        "收入决算表", "公开02表", "部门：云岭县水务局", "2021年度", "金额单位：元"
    )
    identity = stages(getattr(paper.table(TABLES["income"]), way)()).identity
    assert (identity.agency, identity.fiscal_year) == (OFFICE, YEAR)


def test_a_unit_of_money_is_no_agency() -> None:
    paper = Paper().lines("收入决算表", "单位：万元").table(TABLES["income"])
    assert stages(paper.typed()).identity.agency is None


def test_a_running_head_is_not_the_cover() -> None:
    paper = Paper()
    for at in range(5):
        paper.line("政务公开决算专栏", down=0)
        if at == 0:
            paper.lines("2021年度", OFFICE, "部门决算")
        if at == 3:
            paper.lines("收入决算表", "金额单位：元").table(TABLES["income"])
        paper.page()
    assert stages(paper.pdf()).identity.agency == OFFICE


def test_the_first_part_may_name_the_agency() -> None:
    made = stages("第一部分 云岭县水务局概况\n一、部门职责\n管水。\n".encode())
    assert made.identity.agency == OFFICE


def test_a_document_that_says_nothing_says_nothing() -> None:
    assert stages("表\n".encode()).identity == Identity("表", None, None, 0)


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ((COVER, "2022年8月26日"), date(2022, 8, 26)),
        ((COVER, "二〇二二年八月二十六日"), date(2022, 8, 26)),
        ((COVER, "二○二二年十月十日"), date(2022, 10, 10)),
        (("公开时间：2022年8月6日", COVER), date(2022, 8, 6)),
        ((COVER, "发布时间：2022-08-25 10:30  来源：云岭县水务局  浏览次数：12"), date(2022, 8, 25)),
        ((COVER, "发布日期：2022.08.25"), date(2022, 8, 25)),
        (("成文日期：2022/9/1", COVER, "2022年10月1日"), date(2022, 9, 1)),
        ((COVER, "2022年8月"), None),
        ((COVER, "2021年8月26日"), None),
        ((COVER, "2022年13月45日"), None),
        ((COVER,), None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["typed", "pdf"])
def test_the_day_of_publication_is_the_one_printed(
    lines: tuple[str, ...], day: date | None, way: str
) -> None:
    identity = said(*lines, way=way)
    assert (identity.agency, identity.fiscal_year, identity.published) == (OFFICE, YEAR, day)


@pytest.mark.parametrize(
    "around",
    [
        "当前位置：首页 > 政务公开 > 财政预决算",
        "首页 > 信息公开 > 部门决算",
        "来源：云岭县财政局",
        "信息来源：县政府办  浏览次数：102",
        "【字号：大 中 小】 【打印】 【关闭】",
        "文号：无",
        "主题词：决算",
        "责任编辑：某人",
        "成文日期：2022年8月26日",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_what_a_portal_sets_around_a_title_is_no_cover(around: str, above: bool) -> None:
    identity = said(*((around, COVER) if above else (COVER, around)))
    assert (identity.agency, identity.fiscal_year, identity.kind) == (OFFICE, YEAR, "部门决算")


def test_a_name_has_one_id_in_every_year_and_spelling() -> None:
    names = {
        said(f"{name}{year}年度部门决算").agency
        for name in (OFFICE, "云 岭 县 水 务 局")
        for year in (2019, 2021, 2023)
    }
    assert {agency_id(name) for name in names} == {agency_id(OFFICE)}
