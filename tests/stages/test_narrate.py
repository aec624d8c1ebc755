"""The narrative: sections, sentences, facts, and what a text itself gives away."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.model import Cell, Document, Fact, Grid, Identity, Page, Region, Word
from extract.stages.narrate import narrate
from tests.stages.accounts import item
from tests.stages.narration import SHA, found, narrated, stated, tale

ACCOUNTS = Identity(None, "云岭县水务局", "部门决算", 2023)
GENERAL = "general_budget_expenditure"


def facts_of(*lines: str, heading: str = "七、“三公”经费支出决算情况说明") -> list[Fact]:
    return list(narrated([heading, *lines], ACCOUNTS).facts)


def said(*lines: str, heading: str = "七、“三公”经费支出决算情况说明") -> dict[str, Decimal]:
    return {fact.metric: fact.value for fact in facts_of(*lines, heading=heading)}


@pytest.mark.parametrize("seed", range(24))
def test_an_invented_narrative_is_read_back_to_the_figure(seed: int) -> None:
    one = tale(seed)
    assert found(one.read().facts) == stated(one.told.facts)


# Sentences ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "metric", "value"),
    [
        ("公务接待费支出决算为１．９４万元。", "reception_actual", "19400"),
        ("公务接待费 支 出 1,234.50 万 元。", "reception_actual", "12345000"),
        ("公务接待费支出 19400.00 元。", "reception_actual", "19400"),
        ("公务接待费支出0.00012亿元。", "reception_actual", "12000"),
        ("公务接待费支出 0.39 万（含外宾接待支出0万元）。", "reception_actual", "3900"),
        ("公务接待费预算为2万元，支出决算为1万元，完成预算的50%。", "reception_completion_percent", "50"),
        ("公务接待费支出1万元，比上年减少0.5万元，下降33.3%。", "reception_yoy_change", "-5000"),
        ("公务接待费支出1万元，比上年减少0.5万元，下降33.3%。", "reception_yoy_change_percent", "-33.3"),
        ("公务接待费支出1万元，较2022年度增长0.5万元、上升100%。", "reception_yoy_change", "5000"),
        ("公务接待费支出1万元，与上年相比减少（增加）0万元。", "reception_yoy_change", "0"),
        ("公务接待费支出1万元，同比下降（增长）50%。", "reception_yoy_change_percent", "-50"),
        ("公务接待费支出1万元，较年初预算减少1万元，降低50%。", "budget_change_percent", "-50"),
        ("公务接待费支出1万元，占“三公”经费的12.5%。", "share_percent", "12.5"),
        ("公务接待费支出1万元（占12.5%）。", "share_percent", "12.5"),
        ("公务接待费上年支出为3万元。", "reception_actual", "30000"),
        ("公务接待费用于调研，全年接待来访团组18个、来宾156人次。", "reception_groups", "18"),
        ("公务接待费用于调研，全年接待来访团组18个、来宾156人次。", "reception_visitors", "156"),
        ("国内公务接待2批次，26人次，其中：接待外宾1批次、3人次。", "foreign_reception_visitors", "3"),
        ("因公出国（境）费0万元。全年安排团组0个、累计0人次。", "overseas_groups", "0"),
        ("公务用车运行维护费3万元，主要是油费，公务用车保有量为2辆。", "vehicles_owned", "2"),
    ],
)  # fmt: skip
def test_a_sentence_states(sentence: str, metric: str, value: str) -> None:
    assert said(sentence)[metric] == Decimal(value)


@pytest.mark.parametrize(
    "sentence",
    [
        "公务接待费有关规定的限额为单次50万元以上。",
        "公务接待费增加的主要原因是追加会议经费5万元，较上年增长20%。",
        "公务接待费与上年持平。",
        "截至2023年12月31日，公务接待费尚无发票3张。",
        "公务接待费标准为100元/人。",
        "公务接待费下降2个百分点。",
        "参保107.23万人，征缴基金70.40亿元，完成任务163.38%。",
    ],
)
def test_a_sentence_states_nothing_of_the_accounts(sentence: str) -> None:
    assert said(sentence) == {}


def test_a_decrease_is_negative_and_raw_is_as_printed() -> None:
    [fact] = [f for f in facts_of("公务接待费比上年减少 0.5 万元。") if f.metric.endswith("change")]
    assert (fact.value, fact.raw, fact.name) == (Decimal(-5000), "0.5万元", "公务接待费")


def test_a_figure_restated_is_one_fact() -> None:
    assert len(facts_of("公务接待费支出1.50万元。", "公务接待费决算为1.5万元。")) == 1


def test_a_change_without_its_percent_sign_is_read_and_told() -> None:
    read = narrated(["七、“三公”经费情况说明", "公务接待费比上年增加2万元，增长13.95。"], ACCOUNTS)
    assert [f.value for f in read.facts if f.value_unit == "percent"] == [Decimal("13.95")]
    assert [f.rule for f in read.findings] == ["percent_sign"]


# 科目 ---------------------------------------------------------------------------------


def items() -> list:
    names = {
        "201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务", "2010301": "行政运行",
        "208": "社会保障和就业支出", "20801": "人力资源和社会保障管理事务", "2080101": "行政运行",
        "20807": "就业补助", "2080705": "公益性岗位补贴", "2080799": "其他就业补助支出",
    }  # fmt: skip
    amounts = {"2010301": "10.00", "2080101": "20.00", "2080705": "3.00", "2080799": "4.00"}
    return [item(GENERAL, c, "total", amounts.get(c, "1.00"), name=n) for c, n in names.items()]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("1、一般公共服务（类）政府办公厅（室）及相关机构事务（款）行政运行（项）。", "2010301"),
        ("（2）社会保障和就业支出（类）人力资源和社会保障管理事务（款）行政运行（项）", "2080101"),
        ("3.社会保障和就业支出（类）就业补助（款）公益性岗位（项）：", "2080705"),
        ("4. 社会保障和就业支出（类）就业补助（款）其他促进就业支出（项）", "2080799"),
    ],
)
def test_a_code_is_told_by_names_or_by_the_amount(head: str, code: str) -> None:
    spent = {"2010301": 10, "2080101": 20, "2080705": 3, "2080799": 4}[code]
    lines = [
        "五、一般公共预算财政拨款支出决算情况说明",
        head,
        f"年初预算为5万元，支出决算为{spent}万元。",
    ]
    read = narrated(lines, ACCOUNTS, items())
    assert {(f.metric, f.code) for f in read.facts} == {
        ("initial_budget", code),
        ("final_amount", code),
    }


def test_a_name_that_fits_nothing_has_no_code() -> None:
    lines = [
        "五、一般公共预算财政拨款支出决算情况说明",
        "1、农林水支出（类）水利（款）水利技术（项）。年初预算为5万元。",
    ]
    assert [f.code for f in narrated(lines, ACCOUNTS, items()).facts] == [None]


# Sections -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ("第三部分 2023年度部门决算情况说明", "一、收入决算情况说明"),
        ("三、决算情况说明", "（二）收入决算情况"),
        ("第三章 决算说明", "2、关于2023年度收入决算情况说明"),
        ("收入决算情况说明",),
    ],
)
def test_sections_are_numbered_in_any_way(headings: tuple[str, ...]) -> None:
    read = narrated([*headings, "本年收入合计3万元。"], ACCOUNTS)
    assert [(f.section, f.metric) for f in read.facts] == [("income", "income_current_year")]


def test_the_table_of_contents_is_no_narrative() -> None:
    contents = [
        "目录",
        "第一部分 概况",
        "一、主要职责",
        "第三部分 说明",
        "一、收入决算情况说明......3",
    ]
    body = [
        "第一部分 概况",
        "一、主要职责",
        "1.管水。",
        "2.护水。",
        "第三部分 说明",
        "一、收入决算情况说明",
        "本年收入合计3万元。",
    ]
    read = narrated(contents + body, ACCOUNTS)
    assert [s.section for s in read.sections] == [None, "duties", None, "income"]
    assert read.sections[1].entries == ("管水。", "护水。")


def test_a_glossary_is_a_list_and_states_nothing() -> None:
    terms = ["一、财政拨款收入：指拨来的钱。", "二、机关运行经费：指运行用的钱，如10万元。"]
    read = narrated(["第四部分 名词解释", *terms], ACCOUNTS)
    assert (len(read.sections[0].entries), read.facts) == (2, ())


def test_offices_and_units_are_lists() -> None:
    read = narrated(["二、机构设置", "本局内设三个科室，分别是办公室、财务科、业务科。"], ACCOUNTS)
    assert read.sections[0].entries == ("办公室", "财务科", "业务科")


def test_a_budget_states_no_facts() -> None:
    budget = Identity(None, "云岭县水务局", "部门预算", 2024)
    read = narrated(["三、“三公”经费预算情况说明", "公务接待费1万元。"], budget)
    assert (len(read.sections), read.facts) == (1, ())


@pytest.mark.parametrize("part", [["第五部分 附件"], ["第五部分", "附件"], []])
def test_what_the_annexed_report_tells_of_others_is_no_fact(part: list[str]) -> None:
    lines = [*part, "2023年度部门整体支出绩效评价报告", "一、基本情况", "2023年支出10万元，其中基本支出6万元，项目支出4万元。",
             "（二）项目支出绩效情况", "项目支出1万元。"]  # fmt: skip
    read = narrated(lines, ACCOUNTS)
    assert {(f.section, f.metric, int(f.value)) for f in read.facts} == {
        ("performance_report", "expenditure_current_year", 100000),
        ("performance_report", "basic_expenditure", 60000),
        ("performance_report", "project_expenditure", 40000),
    }


# Pages --------------------------------------------------------------------------------


def word(text: str, y: float, x: float = 90.0) -> Word:
    return Word(text, (x, y, x + 12.0 * len(text), y + 12.0))


def leaf(number: int, *texts: str) -> Page:
    words = [word("云岭县水务局决算公开", 30.0), word(f"— {number} —", 800.0)]
    words += [word(text, 100.0 + 20 * at) for at, text in enumerate(texts)]
    return Page(number, 595.0, 842.0, tuple(words))


def test_a_sentence_goes_on_over_lines_and_pages() -> None:
    pages = (
        leaf(
            1,
            "一、收入支出决算总体情况说明",
            "本年度收入支出总计一百万以内，即收入支出总计99",
            "00万元，与上年相比，增加12",
        ),
        leaf(2, "00万元，增长13.8%。", "二、收入决算情况说明", "本年收入合计5万元。"),
        leaf(3, "第四部分 名词解释"),
    )
    facts = narrate(Document(SHA, "application/pdf", "native", pages), (), ACCOUNTS, []).facts
    assert [(f.metric, int(f.value), f.page) for f in facts] == [
        ("total_income_expenditure", 99000000, 1),
        ("yoy_change", 12000000, 1),
        ("yoy_change_percent", 13, 2),
        ("income_current_year", 50000, 2),
    ]


def test_sentences_in_tables_are_not_narrative() -> None:
    page = leaf(1, "二、收入决算情况说明", "本年收入合计5万元。", "本年收入合计7万元。")
    region = Region(page, (), box=(80.0, 138.0, 400.0, 160.0))
    table = Grid(region, "ruled", 1, 1, (Cell(0, 0, "本年收入合计7万元。"),))
    document = Document(SHA, "application/pdf", "native", (page,))
    assert [int(f.value) for f in narrate(document, (table,), ACCOUNTS, []).facts] == [50000]


# What a text gives away ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (["二、收入决算情况说明", "本年收入合计XX万元。"], "placeholder"),
        (["二、收入决算情况说明", "本年收入合计5万元（不涉及的不列）。"], "instruction"),
        (["七、“三公”经费情况说明", "公务接待费比上年下降（增长）5万元。"], "alternative"),
        (["七、“三公”经费情况说明", "公务接待费支出5万元。", "公务接待费支出6万元。"], "restated"),
        (
            [
                "七、“三公”经费情况说明",
                "公务接待费预算5万元，决算6万元，决算数小于预算数的原因是节约。",
            ],
            "compared",
        ),
        (
            ["七、“三公”经费情况说明", "公务接待费预算5万元，决算6万元，决算数与预算数持平。"],
            "compared",
        ),
        (["第三部分 2022年度部门决算情况说明"], "heading_year"),
        (["第三部分 青禾市水务局2023年度部门决算情况说明"], "heading_agency"),
        (["二、收入决算情况说明", "本年收入合计5万元（含拨款。"], "bracket"),
    ],
)
def test_a_text_gives_itself_away(lines: list[str], rule: str) -> None:
    assert [one.rule for one in narrated(lines, ACCOUNTS).findings] == [rule]


def test_a_form_said_to_be_empty_is_held_against_the_form() -> None:
    fund = [item("government_fund", "total", "expenditure_total", "3.00", name="合计")]
    lines = [
        "八、政府性基金预算财政拨款收入支出决算情况说明",
        "本局2023年度没有政府性基金预算财政拨款收入和支出。",
    ]
    assert [f.rule for f in narrated(lines, ACCOUNTS, fund).findings] == ["said_empty"]
    assert narrated(lines, ACCOUNTS, items()).findings == ()


def test_a_misspelt_agency_is_told_once_but_a_neighbour_is_none() -> None:
    identity = Identity(None, "云岭县规划和自然资源局", "部门决算", 2023)
    lines = ["二、收入决算情况说明", "云岭县规划与自然资源局收入。", "云岭县规划与自然资源局支出。"]
    assert [f.rule for f in narrated(lines, identity).findings] == ["agency_misspelt"]
    finance = Identity(None, "上海市云岭区财政局", "部门决算", 2023)
    assert narrated(["二、收入决算情况说明", "上海市云岭区民政局移交。"], finance).findings == ()


def test_units_may_stand_in_a_table() -> None:
    page = leaf(1, "二、部门决算单位构成", "纳入编制范围的单位见下表：")
    texts = [["序号", "单位名称"], ["1", "云岭县水务局（本级）"], ["2", "云岭县水文站"]]
    cells = tuple(Cell(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row))
    table = Grid(Region(page, (), box=(80.0, 160.0, 400.0, 300.0)), "ruled", 3, 2, cells)
    document = Document(SHA, "application/pdf", "native", (page,))
    [section] = narrate(document, (table,), ACCOUNTS, []).sections
    assert section.entries == ("云岭县水务局（本级）", "云岭县水文站")


# What contradicts itself ---------------------------------------------------------------


def flat(*lines: str) -> list[tuple[str, str]]:
    read = narrated(["四、财政拨款收入支出决算总体情况说明", *lines], ACCOUNTS)
    return [(f.severity, f.message) for f in read.findings if f.rule == "unchanged"]


@pytest.mark.parametrize(
    ("lines", "way"),
    [
        (["财政拨款收入支出总计30.00万元，与上年持平，主要原因是项目支出减少。"], "减少"),
        (["财政拨款收支总计30.00万元。与2022年度相比，财政拨款收支总计持平。主要原因：人员增加。"], "增加"),
        (["财政拨款收支总计30.00万元。较上年无变化。主要原因：", "项目经费下降。"], "减少"),
    ],
)  # fmt: skip
def test_no_change_that_a_rise_or_fall_explains_is_told(lines: list[str], way: str) -> None:
    [(severity, message)] = flat(*lines)
    assert severity == "warning"
    assert message.endswith(f"文中称持平，所述原因却是{way}")


@pytest.mark.parametrize(
    "line",
    [
        "财政拨款收支总计30.00万元，与上年持平，主要原因是人员经费增加、项目支出减少。",
        "财政拨款收支总计30.00万元，与上年基本持平，主要原因是项目支出减少。",
        "财政拨款收支总计30.00万元，与上年持平，主要原因是人员没有增加。",
        "财政拨款收支总计30.00万元，与上年持平，主要原因是厉行节约。",
        "财政拨款收支总计0万元，与上年持平，主要原因是减少开支。",
        "财政拨款收支总计30.00万元，与上年持平。本年项目减少。",
        "财政拨款收支总计30.00万元，决算数与预算数持平。主要原因是项目减少。",
    ],
)
def test_no_change_with_a_reason_for_it_is_not(line: str) -> None:
    assert flat(line) == []
