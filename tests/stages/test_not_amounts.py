"""Numbers that add up and are no amounts: column numbers, item numbers, years, percentages.

Identities are scale-free: 7 = 1 + 3 + 3 under 栏次, and shares add up to their 100 on every
row. What such cells are is told by structure. Each specimen stands between two real forms,
which are read exactly; what it prints is ignored with a reason, found, or kept as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extract.document import Made, stages
from extract.stages.reconcile import reconcile
from tests.papers import (
    BASIC,
    EXPENDITURE_BODY,
    GENERAL_BODY,
    INCOME_BODY,
    INCOME_HEAD,
    SUMMARY,
    TABLES,
    THREE_PUBLIC,
    TITLES,
    Paper,
    Rows,
    amounts,
    figures,
    loud,
    plain,
    unaccounted,
)

UNIT = "金额单位：元"
READ = {form: figures(plain(form).typed()) for form in TITLES}
GENERAL = "general_budget_expenditure"
COUNT = ["", "1", "2", "3", "4", "5", "6"]
SHARES = ["100.00", "55.56", "55.56", "55.56", "44.44", "44.44", "44.44"]
SHARE_ROW = ["100.00", "83.33", "0.00", "5.56", "0.00", "0.00", "11.11"]
DOWN = [
    ["项目", "预算数", "决算数"],
    ["合计", "7.00", "6.00"],
    ["因公出国（境）费", "1.00", "1.00"],
    ["公务用车购置及运行维护费", "4.00", "3.00"],
    ["公务用车购置费", "1.00", "0.00"],
    ["公务用车运行维护费", "3.00", "3.00"],
    ["公务接待费", "2.00", "2.00"],
]

drawn_and_typed = pytest.mark.parametrize("way", ["pdf", "typed", "markdown"])
signed = pytest.mark.parametrize("sign", ["", "%", "％"])


def around(form: str) -> tuple[str, str]:
    return (
        "income" if form == "expenditure" else "expenditure",
        "general_budget_basic_expenditure",
    )


def between_forms(title: str, unit: str, rows: Rows, form: str, way: str) -> Made:
    before, after = around(form)
    paper = Paper().lines(TITLES[before], UNIT).table(TABLES[before])
    paper = paper.page().lines(*filter(None, (title, unit))).table(rows)
    paper = paper.page().lines(TITLES[after], UNIT).table(TABLES[after])
    return stages(getattr(paper, way)())


def assert_states_only(made: Made, *forms: str) -> None:
    """Every figure of these forms, no other, and nothing printed is lost."""
    read = {place: str(amount) for place, amount in amounts(made).items() if amount is not None}
    assert read == {place: amount for form in forms for place, amount in READ[form].items()}
    assert not unaccounted(made)


def assert_reads_past(rows: Rows, form: str, way: str, reason: str | None = None) -> None:
    """The form is read exactly and without complaint, whatever else the table prints."""
    made = between_forms(TITLES[form], UNIT, rows, form, way)
    assert_states_only(made, form, *around(form))
    assert loud(made) == []
    assert reason is None or reason in {one.reason for one in made.ignored}


def assert_kept(title: str, unit: str, rows: Rows, form: str, way: str) -> None:
    """The table is no form; it is kept as it stands."""
    made = between_forms(title, unit, rows, form, way)
    assert_states_only(made, *around(form))
    [other] = made.others
    printed = {text for row in rows for text in row if text not in ("", "<", "^")}
    assert printed == {cell.text for cell in other.grid.cells if cell.text}


def widened(rows: Rows, heads: int, at: int, heading: str, cells: Sequence[str]) -> Rows:
    """The table with one column more."""
    column = [heading, *"^" * (heads - 1), *cells]
    return [[*row[:at], cell, *row[at:]] for row, cell in zip(rows, column, strict=True)]


# Item numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["序号", "编号", "行号", "行次", ""])
@pytest.mark.parametrize("cells", [COUNT, ["1", "2", "3", "4", "5", "6", "7"]], ids=len)
@drawn_and_typed
def test_a_column_of_item_numbers_before_the_codes_is_no_figure(
    heading: str, cells: list, way: str
) -> None:
    rows = widened(TABLES["income"], 2, 0, heading, cells)
    assert_reads_past(rows, "income", way)


@pytest.mark.parametrize("heading", ["序号", "编号", "行次", ""])
@pytest.mark.parametrize("first", [True, False])
@drawn_and_typed
def test_item_numbers_beside_the_lines_of_a_summary_are_no_figures(
    heading: str, first: bool, way: str
) -> None:
    def numbered(label: str, amount: str, number: str) -> list[str]:
        return [number, label, amount] if first else [label, number, amount]

    rows = [["收入", "<", "<", "支出", "<", "<"]]
    rows += [numbered("项目", "决算数", heading) * 2]
    rows += [
        [*numbered(left, got, str(n)), *numbered(right, spent, str(n + 12))]
        for n, (left, got, right, spent) in enumerate(SUMMARY[2:], 1)
    ]
    assert_reads_past(rows, "income_expenditure_summary", way)


@pytest.mark.parametrize("heading", ["序号", "行次", ""])
@drawn_and_typed
def test_item_numbers_of_three_public_down_the_page_are_no_figures(heading: str, way: str) -> None:
    numbers = [heading, "1", "2", "3", "4", "5", "6"]
    rows = [[number, *row] for number, row in zip(numbers, DOWN, strict=True)]
    assert_reads_past(rows, "three_public", way)


@pytest.mark.parametrize(
    "labels",
    [["序号", "<"], ["编号", "<"], ["列次", "<"], ["栏目", "<"], ["项目", "<"], ["甲", "乙"],
     ["A", "B"], ["功能分类", "名称"], ["", ""]],
    ids="".join,
)  # fmt: skip
@pytest.mark.parametrize("first", [1, 3])
@drawn_and_typed
def test_a_row_that_counts_the_columns_is_no_figures_whatever_it_is_called(
    labels: list, first: int, way: str
) -> None:
    numbers = [*labels, *(str(n) for n in range(first, first + 7))]
    assert_reads_past([*INCOME_HEAD, numbers, *INCOME_BODY], "income", way)


@pytest.mark.parametrize(
    "numbers",
    [
        ["7", "1", "3", "1", "2", "3"] * 2,  # 7 = 1 + 3 + 3, with its label below
        [str(n) for n in range(1, 13)],
        [str(n) for n in (1, 2, 3, 4, 5, 6)] * 2,
    ],
    ids=lambda row: " ".join(row[:3]),
)
@drawn_and_typed
def test_column_numbers_of_three_public_are_no_figures(numbers: list, way: str) -> None:
    label = [] if numbers[0] == "1" else ["栏次"]
    heads = [[*([""] if label else []), *row] for row in THREE_PUBLIC[:3]]
    rows = [*heads, [*label, *numbers], [*([""] if label else []), *THREE_PUBLIC[3]]]
    assert_reads_past(rows, "three_public", way)


# Years ----------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["年度", "年份", "预算年度"])
@pytest.mark.parametrize("year", ["2023", "2023年", "２０２３"])
@pytest.mark.parametrize("at", [0, 9], ids=["first", "last"])
@drawn_and_typed
def test_a_column_of_years_is_no_figure(heading: str, year: str, at: int, way: str) -> None:
    rows = widened(TABLES["income"], 2, at, heading, [year] * 7)
    assert_reads_past(rows, "income", way, "percentages or years")


@pytest.mark.parametrize("label", ["年度", "年份", "会计年度"])
@pytest.mark.parametrize("below", ["head", "total", "body"])
@drawn_and_typed
def test_a_row_of_years_is_no_figures(label: str, below: str, way: str) -> None:
    at = {"head": 2, "total": 3, "body": 9}[below]
    rows = [*TABLES["income"]]
    rows.insert(at, [label, "<", *["2023"] * 7])
    assert_reads_past(rows, "income", way, None if below == "head" else "years")


@pytest.mark.parametrize("dress", ["{}", "{}年", "{}年度", "{}年决算数"])
@pytest.mark.parametrize(
    ("form", "body"), [(GENERAL, GENERAL_BODY), ("expenditure", EXPENDITURE_BODY)]
)
@drawn_and_typed
def test_a_table_whose_columns_are_years_is_kept_as_it_stands(
    form: str, body: list, dress: str, way: str
) -> None:
    """It has the title, the codes, and just as many columns of figures as the form."""
    count = len(body[0]) - 2
    years = [dress.format(2024 - count + n) for n in range(count)]
    rows = [["科目编码", "科目名称", *years], *body]
    assert_kept(TITLES[form], UNIT, rows, form, way)


@pytest.mark.parametrize("dress", ["{}", "{}年", "{}年度", "{}年决算数"])
@drawn_and_typed
def test_two_years_are_no_budget_and_actual(dress: str, way: str) -> None:
    heads = [dress.format(2022), *"<" * 5, dress.format(2023), *"<" * 5]
    rows = [heads, *THREE_PUBLIC[1:]]
    assert_kept(TITLES["three_public"], UNIT, rows, "three_public", way)


@drawn_and_typed
def test_three_public_of_several_years_down_the_page_is_kept_as_it_stands(way: str) -> None:
    heads = [["年度", *THREE_PUBLIC[1][:6]], ["^", *THREE_PUBLIC[2][:6]]]
    rows = [*heads, *([str(year), *THREE_PUBLIC[3][:6]] for year in (2021, 2022, 2023))]
    title = "近三年财政拨款“三公”经费支出决算表"
    assert_kept(title, UNIT, rows, "three_public", way)


@drawn_and_typed
def test_of_two_years_side_by_side_the_later_is_read(way: str) -> None:
    rows = [["收入", "<", "<", "支出", "<", "<"]]
    rows += [["项目", "2022年决算数", "2023年决算数"] * 2]
    rows += [[left, "8.88", got, right, "9.99", spent] for left, got, right, spent in SUMMARY[2:]]
    assert_reads_past(rows, "income_expenditure_summary", way, "percentages or years")


@drawn_and_typed
def test_of_an_account_and_a_later_budget_neither_is_taken_for_the_form(way: str) -> None:
    rows = [["收入", "<", "<", "支出", "<", "<"]]
    rows += [["项目", "2023年决算数", "2024年预算数"] * 2]
    rows += [[left, got, "8.88", right, spent, "9.99"] for left, got, right, spent in SUMMARY[2:]]
    form = "income_expenditure_summary"
    assert_kept(TITLES[form], UNIT, rows, form, way)


@drawn_and_typed
def test_periods_may_be_headed_with_their_year(way: str) -> None:
    heads = ["2023年度预算数", *"<" * 5, "2023年度决算数", *"<" * 5]
    assert_reads_past([heads, *THREE_PUBLIC[1:]], "three_public", way)


def test_years_over_the_next_table_do_not_make_it_a_page_of_the_form_before() -> None:
    """Without title or caption, cut as the form before it."""
    rows = [["科目编码", "科目名称", *(f"{y}年" for y in range(2017, 2024))], *INCOME_BODY]
    paper = Paper().lines("收入决算表", UNIT).table(TABLES["income"])
    paper = paper.page().table(rows).page().lines(TITLES["expenditure"], UNIT)
    made = stages(paper.table(TABLES["expenditure"]).pdf())
    assert_states_only(made, "income", "expenditure")
    assert len(made.others) == 1


# Percentages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading", ["占比", "占比（%）", "占总收入比重", "比上年增长%", "完成预算的百分比"]
)
@pytest.mark.parametrize("at", [3, 9], ids=["among", "behind"])
@signed
@drawn_and_typed
def test_a_column_of_percentages_is_passed_over(heading: str, at: int, sign: str, way: str) -> None:
    rows = widened(TABLES["income"], 2, at, heading, [share + sign for share in SHARES])
    assert_reads_past(rows, "income", way, "percentages or years")


@drawn_and_typed
def test_a_column_of_percentages_is_known_without_its_heading(way: str) -> None:
    rows = widened(TABLES["income"], 2, 9, "", [share + "%" for share in SHARES])
    assert_reads_past(rows, "income", way, "percentages or years")


@signed
@drawn_and_typed
def test_percentages_may_stand_under_the_heading_of_a_measure(sign: str, way: str) -> None:
    rows = [
        ["项目", "<", "本年支出合计", "基本支出", "<", "项目支出", "<"],
        ["科目编码", "科目名称", "^", "金额", "占比", "金额", "占比"],
    ]
    rows += [
        [code, name, total, basic, "100.00" + sign, project, "0.00" + sign]
        for code, name, total, basic, project in GENERAL_BODY
    ]
    assert_reads_past(rows, GENERAL, way, "percentages or years")


@signed
@drawn_and_typed
def test_percentages_may_stand_beside_each_line_of_a_summary(sign: str, way: str) -> None:
    share = "12.50" + sign
    rows = [["收入", "<", "<", "支出", "<", "<"], ["项目", "决算数", "占比%"] * 2]
    rows += [[left, got, share, right, spent, share] for left, got, right, spent in SUMMARY[2:]]
    assert_reads_past(rows, "income_expenditure_summary", way, "percentages or years")


@pytest.mark.parametrize(
    "label",
    [["占比", "<"], ["占比（%）", "<"], ["", "占总收入的比例"], ["占本年收入%", "<"]],
    ids="".join,
)
@pytest.mark.parametrize("at", [3, 9], ids=["below the total", "at the end"])
@signed
@drawn_and_typed
def test_a_row_of_percentages_is_no_row_of_the_form(
    label: list, at: int, sign: str, way: str
) -> None:
    rows = [*TABLES["income"]]
    rows.insert(at, [*label, *(share + sign for share in SHARE_ROW)])
    assert_reads_past(rows, "income", way, "percentages")


@signed
@drawn_and_typed
def test_rates_may_stand_beside_three_public(sign: str, way: str) -> None:
    rates = [r + sign for r in ("85.71", "100.00", "75.00", "0.00", "100.00", "100.00")]
    short = {
        "公务用车购置费": "购置费",
        "公务用车运行费": "运行费",
        "公务用车购置及运行费": "公务用车费",
    }
    items = [[short.get(text, text) for text in row[:6]] for row in THREE_PUBLIC[1:3]]
    across = [
        [*THREE_PUBLIC[0], "完成率（%）", *"<" * 5],
        *(row * 3 for row in items),
        [*THREE_PUBLIC[3], *rates],
    ]
    assert_reads_past(across, "three_public", way, "percentages or years")
    down = [[*DOWN[0], "完成率"]]
    down += [[*row, rate] for row, rate in zip(DOWN[1:], rates, strict=True)]
    assert_reads_past(down, "three_public", way, "percentages or years")


@signed
@drawn_and_typed
def test_percentages_may_stand_in_each_block_of_the_basic_form(sign: str, way: str) -> None:
    rows = [
        ["人员经费", *"<" * 3, "公用经费", *"<" * 3],
        ["经济分类科目编码", "科目名称", "决算数", "占比"] * 2,
    ]
    rows += [[*row[:3], "10.00" + sign, *row[3:], "20.00" + sign] for row in BASIC[2:]]
    form = "general_budget_basic_expenditure"
    made = stages(getattr(Paper().lines(TITLES[form], UNIT).table(rows), way)())
    assert_states_only(made, form)
    assert loud(made) == []


@pytest.mark.parametrize("text", ["12.5%", "12.5 %", "１２．５％", "3‰", "-0.4%"])
@drawn_and_typed
def test_a_percentage_among_amounts_is_a_finding_and_no_amount(text: str, way: str) -> None:
    rows = [[*row] for row in TABLES["income"]]
    rows[4][3] = text
    made = between_forms(TITLES["income"], UNIT, rows, "income", way)
    place = ("income", rows[4][0], "fiscal_appropriation")
    read = {p: str(amount) for p, amount in amounts(made, "income").items() if amount is not None}
    assert read == {p: amount for p, amount in READ["income"].items() if p != place}
    assert loud(made) == [("unreadable", "income")]
    assert not unaccounted(made)


SHARE_BODY = [[*row[:2], *SHARE_ROW] for row in INCOME_BODY[:1]]
SHARE_BODY += [
    [*row[:2], *shares]
    for row, shares in zip(
        INCOME_BODY[1:],
        [["55.56", "38.89", "0.00", "5.56", "0.00", "0.00", "11.11"]] * 3
        + [["44.44", "44.44", *["0.00"] * 5]] * 3,
        strict=True,
    )
]


@pytest.mark.parametrize(
    "unit", ["单位：%", "单位：％", "计量单位：%", "（单位：百分比）", "单位：人", "单位：辆"]
)
@drawn_and_typed
def test_a_form_of_another_unit_than_money_is_kept_as_it_stands(unit: str, way: str) -> None:
    """Under 元 the same table is read, and adds up."""
    rows = [*INCOME_HEAD, *SHARE_BODY]
    assert_kept(TITLES["income"], unit, rows, "income", way)
    money = between_forms(TITLES["income"], UNIT, rows, "income", way)
    items = [item for item in money.items if item.form == "income"]
    assert len(items) == 49
    verdicts = {check.verdict for check in reconcile(items)[0]}
    assert verdicts == {"holds"}


@pytest.mark.parametrize("form", ["income", "three_public"])
@drawn_and_typed
def test_a_form_all_of_whose_figures_are_percentages_is_kept_as_it_stands(
    form: str, way: str
) -> None:
    rows = [[text + "%" if text.endswith(".00") else text for text in row] for row in TABLES[form]]
    assert_kept(TITLES[form], UNIT, rows, form, way)


@drawn_and_typed
def test_percentages_do_not_take_the_place_of_the_form_behind_them(way: str) -> None:
    paper = Paper().lines("收入决算表", "单位：%").table([*INCOME_HEAD, *SHARE_BODY]).page()
    paper = paper.lines("收入决算表", UNIT).table(TABLES["income"])
    made = stages(getattr(paper, way)())
    assert_states_only(made, "income")
    assert loud(made) == []
    assert len(made.others) == 1
