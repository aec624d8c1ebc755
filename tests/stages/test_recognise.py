"""Forms are known by title and structure, however they are dressed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.document import stages
from tests.papers import (
    GENERAL_BODY,
    INCOME_BODY,
    INCOME_HEAD,
    SUMMARY,
    TABLES,
    THREE_PUBLIC,
    TITLES,
    Paper,
    amounts,
    figures,
    loud,
    plain,
)

INCOME = figures(plain("income").pdf())
EXPENDITURE = figures(plain("expenditure").pdf())
GENERAL = figures(plain("general_budget_expenditure").pdf())
PUBLIC = figures(plain("three_public").pdf())
BOTH = {**INCOME, **EXPENDITURE}
UNIT = "金额单位：元"
LONG = TITLES["general_budget_expenditure"]

every_form = pytest.mark.parametrize("form", TITLES)
drawn_and_typed = pytest.mark.parametrize("way", ["pdf", "typed", "markdown"])


def made_of(paper: Paper, way: str = "pdf"):
    return stages(getattr(paper, way)())


def assert_reads(paper: Paper, expected: dict, way: str = "pdf") -> None:
    made = made_of(paper, way)
    read = {place: str(amount) for place, amount in amounts(made).items() if amount is not None}
    assert read == expected
    assert loud(made) == []


@every_form
def test_drawn_and_typed_forms_state_the_same(form: str) -> None:
    drawn = figures(plain(form).pdf())
    assert len(drawn) >= 10
    assert figures(plain(form).typed()) == drawn == figures(plain(form).markdown())


# Titles ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "收 入 决 算 表",
        "收  入  决  算  表",
        "公开02表 收入决算表",
        "表二：收入决算表",
        "表2 收入决算表",
        "附表2：收入决算表",
        "（二）收入决算表",
        "二、收入决算表",
        "《收入决算表》",
        "云岭县水务局收入决算表",
        "云岭县水务局2023年度收入决算表",
        "2023年度收入决算表",
        "2023年收入决算表",
        "收入决算表（公开02表）",
        "收入决算表（2023年度）",
        "收入决算表 公开02表",
        "收入决算表（单位：元）",
        "收入决算表（元）",
        "收入决算表：",
        "**收入决算表**",
        "部门收入决算总表",
        "收入央算表",
        "收人决算表",
        "收入决算袁",
        "收入决算",
    ],
)
@drawn_and_typed
def test_a_title_may_be_dressed(title: str, way: str) -> None:
    assert_reads(Paper().line(title).line(UNIT).table(TABLES["income"]), INCOME, way)


@drawn_and_typed
def test_a_title_may_be_broken_over_two_lines(way: str) -> None:
    paper = Paper().lines(LONG[:9], LONG[9:], UNIT).table(TABLES["general_budget_expenditure"])
    assert_reads(paper, GENERAL, way)


@drawn_and_typed
def test_a_title_may_be_broken_over_three_lines(way: str) -> None:
    paper = Paper().lines(LONG[:5], LONG[5:10], LONG[10:], UNIT)
    assert_reads(paper.table(TABLES["general_budget_expenditure"]), GENERAL, way)


@drawn_and_typed
def test_title_and_unit_may_stand_inside_the_frame(way: str) -> None:
    width = len(INCOME_HEAD[0])
    rows = [
        ["收入决算表", *"<" * (width - 1)],
        ["部门：云岭县水务局", *"<" * (width - 3), UNIT, "<"],
        *TABLES["income"],
    ]
    assert_reads(Paper().table(rows), INCOME, way)


def test_a_title_may_stand_at_the_foot_of_the_page_before() -> None:
    paper = Paper().lines("第二部分", "收入决算表").page().line(UNIT).table(TABLES["income"])
    assert_reads(paper, INCOME)


def test_the_number_of_the_form_may_stand_right_of_the_title() -> None:
    paper = Paper().line("收入决算表").line("公开02表", x=740, down=0).line(UNIT, x=700)
    assert_reads(paper.table(TABLES["income"]), INCOME)


@drawn_and_typed
def test_the_unit_may_stand_below_the_table(way: str) -> None:
    paper = Paper().line("收入决算表").table(TABLES["income"]).line("注：金额单位：元")
    assert_reads(paper, INCOME, way)


# Places -----------------------------------------------------------------------------------


@drawn_and_typed
def test_several_forms_stand_on_one_page(way: str) -> None:
    paper = Paper().lines("收入决算表", UNIT).table(TABLES["income"])
    paper.lines("支出决算表", UNIT).table(TABLES["expenditure"])
    assert_reads(paper, BOTH, way)


def test_a_form_begins_where_another_ends() -> None:
    head, body = TABLES["income"][:2], TABLES["income"][2:]
    paper = Paper().lines("收入决算表", UNIT).table([*head, *body[:4]])
    paper.page().table(body[4:]).line("注：本表列示各类收入。")
    paper.lines("支出决算表", UNIT).table(TABLES["expenditure"])
    assert_reads(paper, BOTH)


@pytest.mark.parametrize(
    "again", ["", "收入决算表", "收入决算表（续表）", "续表", "收入决算表（续）"]
)
@pytest.mark.parametrize("header", [True, False])
def test_a_continuation_may_repeat_title_or_header(again: str, header: bool) -> None:
    head, body = TABLES["income"][:2], TABLES["income"][2:]
    paper = Paper().lines("收入决算表", UNIT).table([*head, *body[:4]]).page()
    if again:
        paper.lines(again, UNIT)
    assert_reads(paper.table([*(head if header else []), *body[4:]]), INCOME)


@pytest.mark.parametrize("form", ["income", "income_expenditure_summary"])
def test_a_total_below_a_repeated_title_is_no_other_cut(form: str) -> None:
    rows = TABLES[form]
    if form == "income":  # whose total stands first, as printed here
        rows = [*rows[:2], *rows[3:], rows[2]]
    whole = Paper().lines(TITLES[form], UNIT).table(rows)
    parted = Paper().lines(TITLES[form], UNIT).table(rows[:-1]).page()
    parted.lines(TITLES[form], UNIT).table([*rows[:2], rows[-1]])
    assert_reads(parted, figures(whole.pdf()))


def test_running_heads_and_page_numbers_do_not_part_the_halves_of_a_table() -> None:
    head, body = TABLES["income"][:2], TABLES["income"][2:]
    paper = Paper()
    for at, rows in enumerate((None, [*head, *body[:2]], body[2:5], body[5:]), 1):
        paper.line("云岭县水务局2023年度部门决算", down=0)
        if at == 2:
            paper.lines("收入决算表", UNIT)
        if rows:
            paper.table(rows)
        paper.line(f"第 {at} 页 共 4 页").page()
    assert_reads(paper, INCOME)


def test_a_blank_page_does_not_part_the_halves_of_a_table() -> None:
    head, body = TABLES["income"][:2], TABLES["income"][2:]
    paper = Paper().lines("收入决算表", UNIT).table([*head, *body[:4]]).page().page()
    assert_reads(paper.table(body[4:]), INCOME)


@drawn_and_typed
def test_a_table_of_contents_is_no_form(way: str) -> None:
    paper = Paper().line("目录")
    for at, title in enumerate(TITLES.values(), 1):
        paper.line(f"{at}、{title}{'.' * 30}{at + 4}", x=60)
    assert_reads(paper.page().lines("收入决算表", UNIT).table(TABLES["income"]), INCOME, way)


@drawn_and_typed
def test_a_ruled_table_of_contents_is_no_form(way: str) -> None:
    rows = [["序号", "表名", "页码"]]
    rows += [[str(at), title, str(at + 4)] for at, title in enumerate(TITLES.values(), 1)]
    paper = Paper().lines("2023年度部门决算表", "收入支出决算总表").table(rows)
    assert_reads(paper.page().lines("收入决算表", UNIT).table(TABLES["income"]), INCOME, way)


@drawn_and_typed
def test_a_performance_annex_is_no_form(way: str) -> None:
    annex = [
        ["项目名称", "某项目", "<", "<"],
        ["资金（万元）", "年初预算数", "全年预算数", "决算数"],
        ["年度资金总额", "100.00", "100.00", "98.00"],
        ["其中：财政拨款", "100.00", "100.00", "98.00"],
        ["合计", "100.00", "100.00", "98.00"],
    ]
    paper = Paper().lines("收入决算表", UNIT).table(TABLES["income"]).page()
    paper.lines("附件：项目支出绩效自评表", "（2023年度）", UNIT).table(annex)
    assert_reads(paper, INCOME, way)


@pytest.mark.parametrize("first", [True, False])
@drawn_and_typed
def test_a_budget_in_the_same_file_is_no_form(first: bool, way: str) -> None:
    def planned(rows):
        return [[text.replace("决算", "预算") for text in row] for row in rows]

    def budget(paper: Paper) -> Paper:
        paper.lines("收支预算总表", UNIT).table(planned(SUMMARY)).page()
        paper.lines("收入预算总表", UNIT).table(planned(TABLES["income"])).page()
        return paper.lines("支出预算总表", UNIT).table(planned(TABLES["expenditure"])).page()

    paper = Paper()
    if first:
        budget(paper)
    paper.lines("收入决算表", UNIT).table(TABLES["income"]).page()
    if not first:
        budget(paper)
    assert_reads(paper, INCOME, way)


@pytest.mark.parametrize(
    "title",
    [
        "项目支出决算表",
        "政府性基金预算财政拨款基本支出决算表",
        "收入决算表(分单位)",
        "国有资产收入决算明细表",
    ],
)
@drawn_and_typed
def test_a_form_of_another_name_is_not_mistaken(title: str, way: str) -> None:
    paper = Paper().lines(title, UNIT).table(TABLES["expenditure"])
    assert_reads(paper, {}, way)


@drawn_and_typed
def test_a_form_printed_twice_counts_once(way: str) -> None:
    paper = Paper().lines("收入决算表", UNIT).table(TABLES["income"]).line("注：本表完。").page()
    paper.lines("收入决算表（分单位）", UNIT)
    units = [[f"某单位{at}", "<", *row[2:]] for at, row in enumerate(INCOME_BODY)]
    assert_reads(paper.table([*INCOME_HEAD, *units]), INCOME, way)


# Headings --------------------------------------------------------------------------------


def with_heads(form_head, changes):
    return [[changes.get(text, text) for text in row] for row in form_head]


@pytest.mark.parametrize(
    "changes",
    [
        {"本年收入合计": "本年收入\n合计"},
        {"本年收入合计": "本年收入合计（元）", "其他收入": "其他收入（元）"},
        {"本年收入合计": "本年收入合计*", "其他收入": "其他收入①"},
        {"本年收入合计": "合计"},
        {"本年收入合计": "合 计", "财政拨款收入": "财政拨款"},
        {"本年收入合计": "1.本年收入合计"},
        {"功能分类科目编码": "科目编码", "科目名称": "科目 名称"},
        {"功能分类科目编码": "支出功能分类科目代码", "科目名称": "功能分类科目名称"},
        {"功能分类科目编码": "功能分\n类科目\n编码"},
        {"项目": "项 目"},
        {"财政拨款收入": "财政拨\n款收入", "附属单位上缴收入": "附属单\n位上缴\n收入"},
        {"经营收入": "事业单位经营收入"},
    ],
    ids=str,
)
@drawn_and_typed
def test_headings_may_be_dressed(changes: dict, way: str) -> None:
    if way == "typed":
        changes = {k: v.replace("\n", " ") for k, v in changes.items()}
    if way == "markdown":
        changes = {k: v.replace("\n", "<br>") for k, v in changes.items()}
    rows = [*with_heads(INCOME_HEAD, changes), *INCOME_BODY]
    assert_reads(Paper().lines("收入决算表", UNIT).table(rows), INCOME, way)


@pytest.mark.parametrize(
    "numbers",
    [
        ["栏次", "<", "1", "2", "3", "4", "5", "6", "7"],
        ["栏次", "<", "1=2+3+4+5+6+7", "2", "3", "4", "5", "6", "7"],
        ["栏次", "<", "1=2+…+7", "2", "3", "4", "5", "6", "7"],
        ["栏 次", "<", "1", "2", "3", "4", "5", "6", "7"],
        ["行次", "<", "1", "2", "3", "4", "5", "6", "7"],
        ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        ["**", "**", "1", "2", "3", "4", "5", "6", "7"],
        ["栏次", "<", "（1）", "（2）", "（3）", "（4）", "（5）", "（6）", "（7）"],
        ["栏次", "<", "1栏", "2栏", "3栏", "4栏", "5栏", "6栏", "7栏"],
        ["栏次", "<", "①", "②", "③", "④", "⑤", "⑥", "⑦"],
        ["栏次", "<", "A", "B", "C", "D", "E", "F", "G"],
    ],
    ids=lambda row: "|".join(row),
)
@drawn_and_typed
def test_a_row_of_column_numbers_is_never_figures(numbers: list, way: str) -> None:
    rows = [*INCOME_HEAD, numbers, *INCOME_BODY]
    assert_reads(Paper().lines("收入决算表", UNIT).table(rows), INCOME, way)


@pytest.mark.parametrize(
    "head",
    [
        [["功能分类科目编码", "科目名称", "合计", "基本支出", "项目支出"]],
        [
            ["项目", "<", "本年支出", "<", "<"],
            ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ],
        [
            ["项目", "<", "一般公共预算财政拨款支出决算数", "<", "<"],
            ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ],
        [
            ["项目", "<", "决算数", "<", "<"],
            ["科目编码", "科目名称", "小计", "基本支出", "项目支出"],
        ],
        [
            ["支出功能分类", "<", "本年支出合计", "基本支出", "项目支出"],
            ["科目编码", "科目名称", "^", "^", "^"],
        ],
        [
            ["项目", "<", "合计", "基本支出", "项目支出"],
            ["科目编码", "科目名称", "决算数", "决算数", "决算数"],
        ],
    ],
    ids=str,
)
@drawn_and_typed
def test_headings_of_general_budget_expenditure_vary(head: list, way: str) -> None:
    assert_reads(Paper().lines(LONG, UNIT).table([*head, *GENERAL_BODY]), GENERAL, way)


# Damaged headings -------------------------------------------------------------------------


def damaged(rows, lost):
    """Headings that OCR lost."""
    return [["" if text in lost else text for text in row] for row in rows]


@pytest.mark.parametrize(
    ("form", "lost"),
    [
        ("income", {"财政拨款收入"}),
        ("income", {"本年收入合计", "其他收入"}),
        ("income", {"科目名称"}),
        ("income", {"功能分类科目编码"}),
        ("income", {"项目", "功能分类科目编码", "科目名称"}),
        ("expenditure", {"基本支出"}),
        ("expenditure", {"本年支出合计", "基本支出", "项目支出"}),
        ("general_budget_expenditure", {"小计", "项目支出"}),
        ("general_budget_basic_expenditure", {"决算数"}),
        ("general_budget_basic_expenditure", {"科目名称", "决算数"}),
        ("three_public", {"预算数", "决算数"}),
        ("three_public", {"合计", "小计"}),
        ("three_public", {"公务接待费"}),
    ],
)
def test_lost_headings_leave_the_figures_and_a_finding(form: str, lost: set) -> None:
    paper = Paper().lines(TITLES[form], UNIT).table(damaged(TABLES[form], lost))
    made = made_of(paper, "typed")
    read = {k: str(v) for k, v in amounts(made).items() if v is not None}
    assert read == figures(plain(form).typed())
    assert {category for category, _ in loud(made)} <= {"header_lost"}


@every_form
def test_a_lost_header_leaves_the_figures_and_a_finding(form: str) -> None:
    heads = {"income_expenditure_summary": 2, "three_public": 3}.get(form, 2)
    paper = Paper().lines(TITLES[form], UNIT).table(TABLES[form][heads:])
    made = made_of(paper, "typed")
    read = {k: str(v) for k, v in amounts(made).items() if v is not None}
    assert read == figures(plain(form).typed())
    assert [category for category, _ in loud(made)] == ["header_lost"]


def test_a_single_table_without_title_is_no_form() -> None:
    """Alone it is kept as another table: nothing says that it is of a 决算."""
    made = made_of(Paper().line(UNIT).table(TABLES["income"]), "typed")
    assert amounts(made) == {}


@drawn_and_typed
def test_a_form_among_others_whose_title_is_gone_is_told_by_its_headings(way: str) -> None:
    paper = Paper()
    for title in (TITLES["income_expenditure_summary"], None, LONG):
        name = {title: form for form, title in TITLES.items()}.get(title, "income")
        paper = paper.lines(*([title] if title else []), UNIT).table(TABLES[name])
    made = made_of(paper, way)
    assert {**INCOME}.items() <= {p: str(a) for p, a in amounts(made).items()}.items()
    assert [f.severity for f in made.findings if f.rule == "normalize.lost_title"] == ["info"]


@drawn_and_typed
def test_a_table_of_another_title_among_the_forms_stays_what_it_is(way: str) -> None:
    paper = Paper().lines(TITLES["income_expenditure_summary"], UNIT)
    paper = paper.table(TABLES["income_expenditure_summary"]).lines("某某情况统计表", UNIT)
    paper = paper.table(TABLES["income"]).lines(LONG, UNIT)
    made = made_of(paper.table(TABLES["general_budget_expenditure"]), way)
    assert "income" not in {sheet.form for sheet in made.sheets}
    assert len(made.others) == 1


@pytest.mark.parametrize("heading", ["财攻拨款收入", "财政拨歉收入"])
def test_a_heading_with_one_letter_misread_is_known(heading: str) -> None:
    head = with_heads(INCOME_HEAD, {"财政拨款收入": heading})
    made = made_of(Paper().lines("收入决算表", UNIT).table([*head, *INCOME_BODY]), "typed")
    assert {k: str(v) for k, v in amounts(made).items()} == INCOME


# 三公 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quotes", ["“三公”", '"三公"', "‘三公’", "三公", "'三公'", "「三公」", "”三公“", "＂三公＂"]
)
@drawn_and_typed
def test_quotes_around_three_public_come_in_all_kinds(quotes: str, way: str) -> None:
    paper = Paper().lines(f"财政拨款{quotes}经费支出决算表", UNIT).table(THREE_PUBLIC)
    assert_reads(paper, PUBLIC, way)


def interleaved(items, pairs):
    top = ["财政拨款“三公”经费", *"<" * 11]
    rows = [top, [], [], []]
    for text, below in items:
        rows[1] += [text, "<"] if not below else [text, *"<" * 5]
        rows[2] += ["^", "<"] if not below else [x for part in below for x in (part, "<")]
        rows[3] += ["预算数", "决算数"] * (3 if below else 1)
    return [*rows, pairs]


CARS = ("小计", "公务用车购置费", "公务用车运行维护费")


@pytest.mark.parametrize("reception_first", [True, False])
@pytest.mark.parametrize("numbered", [True, False])
@drawn_and_typed
def test_three_public_may_be_interleaved(reception_first: bool, numbered: bool, way: str) -> None:
    items = [
        ("合计", ()),
        ("因公出国（境）费", ()),
        ("公务用车购置及运行维护费", CARS),
        ("公务接待费", ()),
    ]
    row = [
        "7.00",
        "6.00",
        "1.00",
        "1.00",
        "4.00",
        "3.00",
        "1.00",
        "0.00",
        "3.00",
        "3.00",
        "2.00",
        "2.00",
    ]
    if reception_first:
        items = [*items[:2], items[3], items[2]]
        row = [*row[:4], *row[10:], *row[4:10]]
    rows = interleaved(items, row)
    if numbered:
        rows.insert(4, [str(n) for n in range(1, 13)])
    assert_reads(Paper().lines(TITLES["three_public"], UNIT).table(rows), PUBLIC, way)


DOWN = [
    ["项目", "预算数", "决算数"],
    ["合计", "7.00", "6.00"],
    ["1.因公出国（境）费", "1.00", "1.00"],
    ["2.公务接待费", "2.00", "2.00"],
    ["3.公务用车购置及运行维护费", "4.00", "3.00"],
    ["其中：公务用车运行维护费", "3.00", "3.00"],
    ["公务用车购置费", "1.00", "0.00"],
]


@drawn_and_typed
def test_three_public_may_be_printed_down_the_page(way: str) -> None:
    assert_reads(Paper().lines(TITLES["three_public"], UNIT).table(DOWN), PUBLIC, way)


@drawn_and_typed
def test_three_public_down_the_page_may_print_actuals_only(way: str) -> None:
    rows = [[row[0], row[2]] for row in DOWN]
    expected = {place: v for place, v in PUBLIC.items() if place[1] == "actual"}
    assert_reads(Paper().lines(TITLES["three_public"], UNIT).table(rows), expected, way)


@drawn_and_typed
def test_an_empty_three_public_is_a_form_of_blanks(way: str) -> None:
    for body in ([""] * 12, ["-"] * 12, ["0.00"] * 12):
        rows = [*THREE_PUBLIC[:3], body]
        made = made_of(Paper().lines(TITLES["three_public"], UNIT).table(rows), way)
        assert [sheet.form for sheet in made.sheets] == ["three_public"]
        read = amounts(made)
        assert len(read) == 12
        assert set(read.values()) == ({Decimal("0.00")} if body[0] == "0.00" else {None})
        assert loud(made) == []


# Columns some publishers add ------------------------------------------------------------------


@drawn_and_typed
def test_general_budget_expenditure_may_also_print_income_and_balances(way: str) -> None:
    """Yunnan: what was there before, came in and is left stands around 本年支出; its parts are passed over."""
    head = [
        ["项目", "<", "年初结转和结余", "<", "本年收入", "<", "<", "本年支出", "<", "<", "年末结转和结余", "<"],
        ["科目编码", "科目名称", "合计", "基本支出结转", *["合计", "基本支出", "项目支出"] * 2, "合计", "基本支出结转"],
    ]  # fmt: skip
    body = [
        [*row[:2], "1.00", "1.00", "9.00", "9.00", "9.00", *row[2:], "2.00", "2.00"]
        if row[1] != "<"
        else ["合计", "<", "1.00", "1.00", "9.00", "9.00", "9.00", *row[2:], "2.00", "2.00"]
        for row in GENERAL_BODY
    ]
    paper = Paper().lines("一般公共预算财政拨款收入支出决算表", UNIT).table([*head, *body])
    around = {"opening_balance": "1.00", "income": "9.00", "closing_balance": "2.00"}
    rows = {key for _, key, _ in GENERAL}
    form = "general_budget_expenditure"
    more = {(form, key, name): text for key in rows for name, text in around.items()}
    assert_reads(paper, GENERAL | more, way)


@drawn_and_typed
def test_income_may_print_a_column_for_each_fund(way: str) -> None:
    """Sichuan 2017: no column holds all appropriations; each fund has its own."""
    funds = [
        f"{name}财政拨款收入" for name in ("一般公共预算", "政府性基金预算", "国有资本经营预算")
    ]
    head = [
        [*row[:3], *(funds if at == 0 else "^^^"), *row[4:]] for at, row in enumerate(INCOME_HEAD)
    ]
    body = [[*row[:3], row[3], "0.00", "0.00", *row[4:]] for row in INCOME_BODY]
    one, funds_ = "fiscal_appropriation", ("government_fund", "state_capital")
    expected = {
        (form, key, "general_public_budget" if name == one else name): text
        for (form, key, name), text in INCOME.items()
    }
    expected |= {("income", key, fund): "0.00" for _, key, _ in INCOME for fund in funds_}
    assert_reads(Paper().lines("收入决算表", UNIT).table([*head, *body]), expected, way)


@drawn_and_typed
def test_a_third_side_of_the_summary_is_passed_over(way: str) -> None:
    """财决01: expenditure once more, by economic nature."""
    rows = [
        [*row, text, "5.00"]
        for row, text in zip(SUMMARY[2:], "甲乙丙丁戊己庚辛壬癸子丑", strict=True)
    ]
    rows = [["收入", "<", "支出", "<", "支出", "<"], [*SUMMARY[1], "项目", "决算数"], *rows]
    expected = figures(plain("income_expenditure_summary").pdf())
    assert_reads(Paper().lines("收入支出决算总表", UNIT).table(rows), expected, way)


@drawn_and_typed
def test_a_column_of_remarks_is_no_matter(way: str) -> None:
    rows = [[*INCOME_HEAD[0], "备注"], [*INCOME_HEAD[1], "^"]]
    rows += [[*row, "见说明" if at == 2 else ""] for at, row in enumerate(INCOME_BODY)]
    assert_reads(Paper().lines("收入决算表", UNIT).table(rows), INCOME, way)


@drawn_and_typed
def test_three_public_may_print_meetings_and_training_too(way: str) -> None:
    rows = [
        ["预算数", *"<" * 7, "决算数", *"<" * 7],
        [*THREE_PUBLIC[1][:6], "会议费", "培训费"] * 2,
        [*THREE_PUBLIC[2][:6], "^", "^"] * 2,
        [*THREE_PUBLIC[3][:6], "5.00", "4.00", *THREE_PUBLIC[3][6:], "3.00", "2.00"],
    ]
    more = {
        ("three_public", "budget", "meetings"): "5.00",
        ("three_public", "budget", "training"): "4.00",
        ("three_public", "actual", "meetings"): "3.00",
        ("three_public", "actual", "training"): "2.00",
    }
    title = "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表"
    assert_reads(Paper().lines(title, UNIT).table(rows), {**PUBLIC, **more}, way)
