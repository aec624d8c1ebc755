"""Every printed cell of a form becomes an item, is left out with a reason, or is a finding."""

from __future__ import annotations

import re

import pytest

from extract.document import Made, stages
from tests.papers import (
    BASIC,
    GENERAL_BODY,
    GENERAL_HEAD,
    INCOME_BODY,
    INCOME_HEAD,
    SUMMARY,
    TABLES,
    TITLES,
    Paper,
    amounts,
    figures,
    loud,
    plain,
    unaccounted,
)

UNIT = "金额单位：元"
INCOME = figures(plain("income").pdf())
GENERAL = figures(plain("general_budget_expenditure").pdf())
SUMS = figures(plain("income_expenditure_summary").pdf())
ECONOMIC = figures(plain("general_budget_basic_expenditure").pdf())

drawn_and_typed = pytest.mark.parametrize("way", ["pdf", "typed", "markdown"])


def read(form: str, rows, way: str = "pdf", unit: str = UNIT) -> Made:
    paper = Paper().line(TITLES.get(form, form)).line(unit, x=700).table(rows)
    return stages(getattr(paper, way)())


def stated(made: Made) -> dict:
    return {place: str(amount) for place, amount in amounts(made).items() if amount is not None}


def assert_states(made: Made, expected: dict) -> None:
    assert stated(made) == expected
    assert loud(made) == []


# Codes ------------------------------------------------------------------------------------


def coded(shape, body=GENERAL_BODY, head=GENERAL_HEAD):
    """The general budget form with its code column reshaped: row → list of code cells."""
    width = len(shape("2080505"))
    levels = ["类", "款", "项"] if width == 3 else ["功能分类科目编码"]
    more = ["<"] * (width - 1)
    rows = [["项目", *more, "<", *head[0][2:]], [*levels, *head[1][1:]]]
    for row in body:
        first = ["合计", *more] if row[0] == "合计" else shape(row[0])
        rows.append([*first, *row[1:]])
    return rows


SHAPES = {
    "whole": lambda c: [c],
    "spaced": lambda c: [" ".join(filter(None, (c[:3], c[3:5], c[5:])))],
    "padded": lambda c: [f" {c} "],
    "full width": lambda c: [c.translate(str.maketrans("0123456789", "０１２３４５６７８９"))],
    "dashed": lambda c: ["-".join(filter(None, (c[:3], c[3:5], c[5:])))],
    "quoted": lambda c: [f"'{c}"],
    "in three": lambda c: [c[:3], c[3:5], c[5:]],
    "in three, parents blank": lambda c: ([""] * 3 + [c[-2:] if len(c) > 3 else c] + [""] * 3)[
        3 - (len(c) // 2 - 1) : 6 - (len(c) // 2 - 1)
    ],
    "in three, cumulative": lambda c: [c[:3], c[:5] if len(c) > 3 else "", c if len(c) > 5 else ""],
    "whole in the first of three": lambda c: [c, "", ""],
    "whole in the column of its level": lambda c: [
        c if len(c) == 3 else "",
        c if len(c) == 5 else "",
        c if len(c) == 7 else "",
    ],
    "ocr letters": lambda c: [c.replace("0", "O", 1).replace("1", "l", 1)],
}


@pytest.mark.parametrize("shape", SHAPES)
@drawn_and_typed
def test_codes_are_printed_in_many_shapes(shape: str, way: str) -> None:
    rows = coded(SHAPES[shape])
    assert_states(read("general_budget_expenditure", rows, way), GENERAL)


@drawn_and_typed
def test_three_code_columns_may_stand_under_one_heading(way: str) -> None:
    rows = coded(SHAPES["in three"])
    rows[1][:3] = ["功能分类科目编码", "<", "<"]
    assert_states(read("general_budget_expenditure", rows, way), GENERAL)


@drawn_and_typed
def test_code_and_name_may_share_a_cell(way: str) -> None:
    rows = [[row[0] + row[1].replace("<", ""), *row[2:]] for row in GENERAL_BODY]
    head = [["项目", "本年支出", "<", "<"], ["科目编码及名称", "小计", "基本支出", "项目支出"]]
    assert_states(read("general_budget_expenditure", [*head, *rows], way), GENERAL)


def test_a_code_with_a_letter_for_a_digit_is_read_as_the_digit() -> None:
    made = read("general_budget_expenditure", coded(SHAPES["ocr letters"]), "typed")
    assert {item.code for item in made.items if item.code} == {row[0] for row in GENERAL_BODY[1:]}


def test_codes_have_level_and_parent() -> None:
    items = {item.code: item for item in read("income", TABLES["income"]).items if item.code}
    assert [(items[c].level, items[c].parent) for c in ("208", "20805", "2080505")] == [
        (1, None),
        (2, "208"),
        (3, "20805"),
    ]


# Totals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label", ["合计", "合 计", "总计", "合　　计", "合计：", "小计", "本年合计"]
)
@drawn_and_typed
def test_a_total_may_be_labelled_in_many_ways(label: str, way: str) -> None:
    body = [[label, *GENERAL_BODY[0][1:]], *GENERAL_BODY[1:]]
    assert_states(read("general_budget_expenditure", [*GENERAL_HEAD, *body], way), GENERAL)


@drawn_and_typed
def test_the_total_may_stand_last(way: str) -> None:
    rows = [*GENERAL_HEAD, *GENERAL_BODY[1:], GENERAL_BODY[0]]
    assert_states(read("general_budget_expenditure", rows, way), GENERAL)


@drawn_and_typed
def test_the_label_of_the_total_may_stand_in_the_name_column(way: str) -> None:
    body = [["", "合计", *GENERAL_BODY[0][2:]], *GENERAL_BODY[1:]]
    assert_states(read("general_budget_expenditure", [*GENERAL_HEAD, *body], way), GENERAL)


@drawn_and_typed
def test_the_total_may_stand_on_the_row_of_the_code_levels(way: str) -> None:
    rows = coded(SHAPES["in three"])
    total = next(row for row in rows if row[0] == "合计")
    rows = [row for row in rows if row is not total]
    rows[0] = ["科目编码", "<", "<", "科目名称", "合计", "基本支出", "项目支出"]
    rows[1] = ["类", "款", "项", "合计", *total[4:]]
    assert_states(read("general_budget_expenditure", rows, way), GENERAL)


@drawn_and_typed
def test_a_total_of_dashes_is_a_total_of_blanks(way: str) -> None:
    rows = [*GENERAL_HEAD, ["合计", "<", "—", "-", "——"]]
    made = read("general_budget_expenditure", rows, way)
    assert amounts(made) == dict.fromkeys(
        [("general_budget_expenditure", "total", m) for m in ("total", "basic", "project")]
    )
    assert loud(made) == []


# Amounts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("1,484.80", "1484.80"),
        ("1，484.80", "1484.80"),
        ("１，４８４．８０", "1484.80"),
        (" 1,484.80 ", "1484.80"),
        ("1 484.80", "1484.80"),
        ("-1.5", "-1.50"),
        ("－1.5", "-1.50"),
        ("（1.50）", "-1.50"),
        ("△1.50", "-1.50"),
        ("1.484.80", "1484.80"),
        ("1,484.800.5", "1484800.50"),
        ("0", "0.00"),
        ("0.0", "0.00"),
        ("-0.00", "0.00"),
        (".5", "0.50"),
        ("￥25.00", "25.00"),
        ("", None),
        ("-", None),
        ("—", None),
        ("――", None),
        ("/", None),
        ("*", None),
        ("无", None),
    ],
)
@drawn_and_typed
def test_amounts_are_printed_in_many_ways(printed: str, amount: str | None, way: str) -> None:
    body = [list(row) for row in GENERAL_BODY]
    body[3][3] = printed
    made = read("general_budget_expenditure", [*GENERAL_HEAD, *body], way)
    value = amounts(made)["general_budget_expenditure", "2080505", "basic"]
    assert (value if value is None else str(value)) == amount
    assert loud(made) == []


@pytest.mark.parametrize(
    "printed", ["25.", "25.00元", "abc", "1.2.3", "1,48.0", "1 2", "12％", "见附表"]
)
def test_what_is_no_amount_is_a_finding_and_keeps_its_print(printed: str) -> None:
    body = [list(row) for row in GENERAL_BODY]
    body[3][3] = printed
    made = read("general_budget_expenditure", [*GENERAL_HEAD, *body], "typed")
    [item] = [i for i in made.items if (i.key, i.measure) == ("2080505", "basic")]
    assert (item.amount, item.raw) == (None, printed)
    assert loud(made) == [("unreadable", "general_budget_expenditure")]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("单位：万元", 10_000), ("单位：元", 1), ("（单位：千元）", 1000), ("单位：亿元", 10**8)],
)
def test_amounts_are_in_yuan(unit: str, factor: int) -> None:
    made = read("income", TABLES["income"], unit=unit)
    assert amounts(made)["income", "total", "total"] == 18 * factor
    assert loud(made) == []


def test_each_form_has_its_own_unit() -> None:
    paper = Paper().lines(TITLES["income"], "单位：万元").table(TABLES["income"])
    paper.lines(TITLES["expenditure"], "单位：元").table(TABLES["expenditure"])
    read_ = amounts(stages(paper.pdf()))
    assert read_["income", "total", "total"] == 180_000
    assert read_["expenditure", "total", "total"] == 18


# The summary forms ---------------------------------------------------------------------------


def numbered(rows):
    """With 行次 columns, running down the left and then the right."""
    count = len(rows) - 2
    shown = [[rows[0][0], "<", "<", rows[0][2], "<", "<"]]
    shown.append([rows[1][0], "行次", rows[1][1], rows[1][2], "行次", rows[1][3]])
    for at, row in enumerate(rows[2:], 1):
        shown.append([row[0], str(at), row[1], row[2], str(at + count), row[3]])
    return shown


@drawn_and_typed
def test_lines_may_be_numbered(way: str) -> None:
    made = read("income_expenditure_summary", numbered(SUMMARY), way)
    assert_states(made, SUMS)
    assert {item.line_no for item in made.items} == set(range(1, 25))


@drawn_and_typed
def test_only_the_expenditure_side_may_be_numbered(way: str) -> None:
    rows = [[*row[:1], *row[2:]] for row in numbered(SUMMARY)]
    assert_states(read("income_expenditure_summary", rows, way), SUMS)


def test_a_lost_heading_of_the_line_numbers_does_not_make_them_figures() -> None:
    rows = [["" if text == "行次" else text for text in row] for row in numbered(SUMMARY)]
    made = read("income_expenditure_summary", rows, "typed")
    assert stated(made) == SUMS


@pytest.mark.parametrize(
    "change",
    [
        {"一、一般公共预算财政拨款收入": "1.一般公共预算财政拨款收入"},
        {"一、一般公共预算财政拨款收入": "（一）一般公共预算财政拨款收入"},
        {"一、一般公共预算财政拨款收入": "一般公共预算财政拨款收入"},
        {"一、一般公共预算财政拨款收入": "一、 一般公共预算\n财政拨款收入"},
        {"年初结转和结余": "上年结转和结余", "年末结转和结余": "结转下年"},
        {"使用非财政拨款结余": "使用非财政拨款结余（含专用结余）"},
        {"总计": "合计"},
        {"总计": "总  计"},
        {"本年收入合计": "本 年 收 入 合 计"},
        {"六、社会保障和就业支出": "八、社会保障和就业支出"},
        {"六、社会保障和就业支出": "社会保障和就业支出"},
        {"六、社会保障和就业支出": "六、社会保障和就业"},
        {"六、社会保障和就业支出": "六、社会保障和就业文出"},
    ],
    ids=str,
)
@drawn_and_typed
def test_labels_of_lines_vary(change: dict, way: str) -> None:
    if way != "pdf":
        change = {k: v.replace("\n", "") for k, v in change.items()}
    rows = [[change.get(text, text) for text in row] for row in SUMMARY]
    assert_states(read("income_expenditure_summary", rows, way), SUMS)


@pytest.mark.parametrize(
    "worn", ["六 六杜会保障和就业支出", "六、杜会保障和就业文出", "六、社会保嶂和就业支出出"]
)
def test_labels_that_ocr_wore_down_are_known_by_what_is_left(worn: str) -> None:
    rows = [[worn if t == "六、社会保障和就业支出" else t for t in row] for row in SUMMARY]
    assert_states(read("income_expenditure_summary", rows, "typed"), SUMS)


@drawn_and_typed
def test_before_2019_one_line_holds_all_appropriations(way: str) -> None:
    rows = [list(row) for row in SUMMARY]
    rows[2][0], rows[3][0] = "一、财政拨款收入", "其中：政府性基金预算财政拨款"
    rows[4][:2] = ["", ""]
    made = read("income_expenditure_summary", rows, way)
    keys = {k for _, k, _ in amounts(made)}
    assert {"income.fiscal_appropriation", "income.government_fund"} <= keys
    assert loud(made) == []


FISCAL = [
    ["收入", "<", "支出", "<", "<", "<", "<"],
    [
        "项目",
        "决算数",
        "项目",
        "合计",
        "一般公共预算财政拨款",
        "政府性基金预算财政拨款",
        "国有资本经营预算财政拨款",
    ],
    ["一、一般公共预算财政拨款", "15.00", "一、一般公共服务支出", "6.00", "6.00", "0.00", "0.00"],
    [
        "二、政府性基金预算财政拨款",
        "3.00",
        "二、社会保障和就业支出",
        "9.00",
        "9.00",
        "0.00",
        "0.00",
    ],
    ["三、国有资本经营预算财政拨款", "2.00", "三、城乡社区支出", "5.00", "0.00", "3.00", "2.00"],
    ["本年收入合计", "20.00", "本年支出合计", "20.00", "15.00", "3.00", "2.00"],
    ["年初财政拨款结转和结余", "1.00", "年末财政拨款结转和结余", "1.00", "1.00", "0.00", "0.00"],
    ["一、一般公共预算财政拨款", "1.00", "", "", "", "", ""],
    ["二、政府性基金预算财政拨款", "0.00", "", "", "", "", ""],
    ["三、国有资本经营预算财政拨款", "0.00", "", "", "", "", ""],
    ["总计", "21.00", "总计", "21.00", "16.00", "3.00", "2.00"],
]


@pytest.mark.parametrize("ordinals", [True, False])
@drawn_and_typed
def test_the_funds_repeat_below_the_opening_balance(ordinals: bool, way: str) -> None:
    rows = FISCAL if ordinals else [[re.sub("^[一二三]、", "", t) for t in row] for row in FISCAL]
    made = read("财政拨款收入支出决算总表", rows, way)
    income = {k: str(v) for (_, k, m), v in amounts(made).items() if m == "amount"}
    assert income["income.general_public_budget"] == "15.00"
    assert income["income.opening_balance"] == "1.00"
    assert income["income.opening_balance.general_public_budget"] == "1.00"
    assert len(income) == 9
    assert loud(made) == []


@pytest.mark.parametrize(("way", "severity"), [("pdf", "info"), ("typed", "warning")])
def test_an_unknown_line_is_kept_and_told(way: str, severity: str) -> None:
    rows = [*SUMMARY[:9], ["九、捐赠收入", "0.00", "", ""], *SUMMARY[9:]]
    made = read("income_expenditure_summary", rows, way)
    told = [f.severity for f in made.findings if f.rule == "normalize.unknown_line"]
    assert told == [severity]
    assert {
        place: v for place, v in stated(made).items() if ".line" not in place[1]
    }.items() >= SUMS.items()


# 基本支出 -------------------------------------------------------------------------------------


THREE = [
    ["人员经费", "<", "<", "公用经费", "<", "<", "<", "<", "<"],
    ["科目编码", "科目名称", "决算数"] * 3,
    ["301", "工资福利支出", "9.00", "302", "商品和服务支出", "4.00", "310", "资本性支出", "1.00"],
    ["30101", "基本工资", "9.00", "30201", "办公费", "4.00", "31002", "办公设备购置", "1.00"],
    ["303", "对个人和家庭的补助", "1.00", "", "", "", "", "", ""],
    ["30302", "退休费", "1.00", "", "", "", "", "", ""],
    ["人员经费合计", "<", "10.00", "公用经费合计", "<", "<", "<", "<", "5.00"],
]


@drawn_and_typed
def test_basic_expenditure_may_stand_in_three_blocks(way: str) -> None:
    assert_states(read("general_budget_basic_expenditure", THREE, way), ECONOMIC)


@drawn_and_typed
def test_basic_expenditure_may_stand_in_one_list(way: str) -> None:
    rows = [["经济分类科目编码", "科目名称", "决算数"]]
    rows += [row[:3] for row in BASIC[2:]] + [row[3:] for row in BASIC[2:]]
    assert_states(read("general_budget_basic_expenditure", rows, way), ECONOMIC)


@pytest.mark.parametrize(
    "foot",
    [
        ["人员经费合计", "<", "10.00", "公用经费合计", "<", "<", "<", "<", "5.00"],
        ["人员经费合计", "<", "10.00", "公用经费合计", "<", "5.00", "", "", ""],
        ["", "人员经费合计", "10.00", "", "", "", "", "公用经费合计", "5.00"],
        ["人员经费合计", "<", "10.00", "", "", "", "公用经费合计", "<", "5.00"],
    ],
    ids=lambda row: "|".join(row),
)
@drawn_and_typed
def test_the_totals_of_blocks_may_be_merged_over_them(foot: list, way: str) -> None:
    assert_states(read("general_budget_basic_expenditure", [*THREE[:-1], foot], way), ECONOMIC)


@pytest.mark.parametrize(
    "foot",
    [
        ["合计", "<", "<", "<", "<", "15.00"],
        ["合计", "<", "15.00", "", "", ""],
        ["", "", "", "合计", "<", "15.00"],
    ],
    ids=lambda row: "|".join(row),
)
@drawn_and_typed
def test_a_grand_total_may_stand_below(foot: list, way: str) -> None:
    made = read("general_budget_basic_expenditure", [*BASIC, foot], way)
    total = {("general_budget_basic_expenditure", "total", "amount"): "15.00"}
    assert_states(made, {**ECONOMIC, **total})


@drawn_and_typed
def test_the_grand_total_may_be_headed_with_a_name_in_front(way: str) -> None:
    rows = [list(row) for row in BASIC]
    rows[1] = ["科目编码", "科目名称", "金额"] * 2
    assert_states(read("general_budget_basic_expenditure", rows[1:], way), ECONOMIC)


# What OCR leaves ---------------------------------------------------------------------------------


def test_rows_may_lack_their_last_empty_cells() -> None:
    rows = [*GENERAL_HEAD, *([*row[:-1], ""] for row in GENERAL_BODY)]
    text = Paper().lines(TITLES["general_budget_expenditure"], UNIT).table(rows).typed().decode()
    made = stages(re.sub(r"\t+$", "", text, flags=re.M).encode())
    assert stated(made) == {p: v for p, v in GENERAL.items() if p[2] != "project"}
    assert loud(made) == []


def test_an_empty_column_too_many_is_no_matter() -> None:
    text = Paper().lines(TITLES["income"], UNIT).table(TABLES["income"]).typed().decode()
    made = stages(
        "\n".join(f"{line}\t" if "\t" in line else line for line in text.split("\n")).encode()
    )
    assert_states(made, INCOME)


def test_page_text_between_the_rows_is_no_matter() -> None:
    rows = [*INCOME_HEAD, *INCOME_BODY]
    first = Paper().lines(TITLES["income"], UNIT).table(rows[:5])
    first.lines("— 7 —").table(rows[5:])
    assert_states(stages(first.typed()), INCOME)


def test_a_header_repeated_between_the_rows_is_no_matter() -> None:
    rows = [*INCOME_HEAD, *INCOME_BODY[:4], *INCOME_HEAD, *INCOME_BODY[4:]]
    for way in ("typed", "markdown"):
        assert_states(read("income", rows, way), INCOME)


def test_two_rows_run_into_one_are_a_finding_not_a_figure() -> None:
    body = [list(row) for row in GENERAL_BODY]
    merged = [f"{a} {b}" for a, b in zip(body[4], body[5], strict=True)]
    made = read(
        "general_budget_expenditure", [*GENERAL_HEAD, *body[:4], merged, *body[6:]], "typed"
    )
    assert "unreadable" in {category for category, _ in loud(made)}
    assert stated(made).items() <= GENERAL.items()


def test_a_row_printed_twice_keeps_a_key_of_its_own() -> None:
    rows = [*INCOME_HEAD, *INCOME_BODY, INCOME_BODY[-1]]
    made = read("income", rows, "typed")
    twice = {item.key for item in made.items if "#" in item.key}
    assert {key.removesuffix("#2") for key in twice} == {made.items[-1].key.removesuffix("#2")}


def test_a_form_without_a_unit_is_told() -> None:
    made = stages(Paper().line(TITLES["income"]).table(TABLES["income"]).pdf())
    assert loud(made) == [("unit_mismatch", "income")]


# The law --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", TITLES)
@drawn_and_typed
def test_every_printed_cell_is_accounted_for(form: str, way: str) -> None:
    rows = [*TABLES[form], ["散落的字", *[""] * (len(TABLES[form][0]) - 2), "99.99"]]
    made = read(form, rows, way)
    assert not unaccounted(made)


@pytest.mark.parametrize(
    "note",
    [
        "注：本表反映部门本年度取得的各项收入情况。",
        "说明：无。",
        "备注：1.本表无误差。",
        "制表人：张三",
        "单位负责人：李四",
    ],
)
@pytest.mark.parametrize(
    "form", ["income", "income_expenditure_summary", "general_budget_basic_expenditure"]
)
@drawn_and_typed
def test_a_note_may_stand_inside_the_frame(form: str, note: str, way: str) -> None:
    rows = [*TABLES[form], [note, *"<" * (len(TABLES[form][0]) - 1)]]
    made = read(form, rows, way)
    assert_states(made, figures(plain(form).pdf()))
    assert [one.reason for one in made.ignored if "：" in one.cell.text] == ["note"]


def test_figures_that_lost_the_tab_before_them_come_back() -> None:
    lines = Paper().lines(TITLES["income"], UNIT).table(TABLES["income"]).typed().decode()
    for lost, left in (
        ("卫生健康支出\t8.00", "卫生健康支出 8.00"),
        ("0.00\t1.00\t0.00", "0.00 1.00 0.00"),
    ):
        assert lost in lines
        assert_states(stages(lines.replace(lost, left, 1).encode()), INCOME)


def test_a_name_that_runs_into_a_figure_is_told_where_the_row_cannot_be_mended() -> None:
    lines = Paper().lines(TITLES["income"], UNIT).table(TABLES["income"]).typed().decode()
    hurt = lines.replace("卫生健康支出\t8.00\t8.00", "卫生健康支出8.00\t8.00", 1)
    assert ("unreadable", "income") in loud(stages(hurt.encode()))
