"""Columns and rows are told by how words stand, whatever is drawn between them."""

from __future__ import annotations

from extract.model import Box, Grid, Page, Region, Ruling, Word
from extract.tables import aligned

Placed = list[tuple[str, float, float]]
"""Texts with their left edge and the middle of their line; letters are 8 points wide, digits 4."""


def cut(placed: Placed, rules: tuple[float, ...] = ()) -> Grid:
    words = tuple(Word(text, box(text, x, y)) for text, x, y in placed)
    reach: Box = (40.0, 0.0, 400.0, max(y for _, _, y in placed) + 10)
    drawn = tuple(Ruling(40.0, y, 400.0, y) for y in rules)
    return aligned.cut(Region(Page(1, 440.0, 300.0, words, drawn), (), box=reach, ruled=False))


def box(text: str, x: float, y: float) -> Box:
    return (x, y - 4, x + sum(4.0 if c.isascii() else 8.0 for c in text), y + 4)


def rows(grid: Grid) -> list[list[str]]:
    covering = grid.covering()
    return [
        [
            cell.text
            if (cell := covering.get((r, c))) and (cell.row, cell.column) == (r, c)
            else ""
            for c in range(grid.width)
        ]
        for r in range(grid.height)
    ]


HEAD: Placed = [("编码", 50, 10), ("名称", 140, 10), ("合计", 260, 10), ("基本", 340, 10)]


def test_a_gutter_is_what_all_lines_leave_free() -> None:
    grid = cut(
        [*HEAD, ("201", 50, 25), ("公共服务", 110, 25), ("12.00", 264, 25), ("3.00", 348, 25)]
    )
    assert rows(grid)[1] == ["201", "公共服务", "12.00", "3.00"]


def test_a_column_that_prints_nothing_is_kept() -> None:
    grid = cut([*HEAD, ("201", 50, 25), ("公共服务", 110, 25), ("3.00", 348, 25)])
    assert rows(grid)[1] == ["201", "公共服务", "", "3.00"]


def test_a_heading_clear_of_its_figures_heads_them() -> None:
    grid = cut(
        [
            ("项目", 60, 10),
            ("决算数", 200, 10),
            ("收入", 50, 25),
            ("12.00", 260, 25),
            ("支出", 50, 40),
            ("2.00", 264, 40),
        ]
    )
    assert rows(grid) == [["项目", "决算数"], ["收入", "12.00"], ["支出", "2.00"]]


def test_a_name_wrapped_around_its_figure_is_one_row() -> None:
    body: Placed = [
        ("公共服务公共", 100, 25),
        ("201", 50, 36),
        ("服务公共服务", 100, 36),
        ("12.00", 264, 36),
        ("支出", 100, 47),
    ]
    grid = cut([*HEAD, *body, ("202", 50, 62), ("外交", 100, 62), ("2.00", 268, 62)])
    assert [row[1].replace("\n", "") for row in rows(grid)[1:]] == [
        "公共服务公共服务公共服务支出",
        "外交",
    ]


def test_a_figure_broken_over_two_lines_is_one_cell() -> None:
    body: Placed = [
        ("1,234,56", 248, 25),
        ("201", 50, 30.5),
        ("外交", 100, 30.5),
        ("7.00", 264, 36),
    ]
    grid = cut([*HEAD, *body, ("202", 50, 52), ("国防", 100, 52), ("2.00", 264, 52)])
    assert rows(grid)[1][2] == "1,234,56\n7.00"


def test_rules_part_rows_where_they_are_drawn() -> None:
    body: Placed = [
        ("201", 50, 25),
        ("外交", 100, 25),
        ("12.00", 264, 25),
        ("202", 50, 50),
        ("国防", 100, 50),
    ]
    grid = cut([*HEAD, *body], rules=(2.0, 17.0, 37.0, 60.0))
    assert [row[1] for row in rows(grid)] == ["名称", "外交", "国防"]


def test_a_region_without_words_has_no_cells() -> None:
    region = Region(Page(1, 440.0, 300.0), (), box=(40.0, 0.0, 400.0, 50.0), ruled=False)
    assert aligned.cut(region).cells == ()


def test_a_heading_over_two_columns_is_none_of_its_own_though_figures_reach_under_it() -> None:
    heads: Placed = [("公务用车费", 193, 16), ("小计", 81, 31), ("购置费", 201, 31)]
    heads += [("维护费", 326, 31)]
    leaves = [("预算数", x, 46) for x in (46, 170, 294)]
    leaves += [("决算数", x, 46) for x in (108, 232, 357)]
    numbers = [(str(n + 1), 56 + 62.0 * n, 61) for n in range(6)]
    figures = [(f"{n}.34", 71 + 62.0 * n, 76) for n in range(6)]
    grid = cut([*heads, *leaves, *numbers, *figures])
    assert grid.width == 6


def test_a_header_whose_body_is_on_the_next_page_keeps_the_total_among_its_headings() -> None:
    heads: Placed = [
        ("名称", 60, 18),
        ("公务用车费", 210, 10),
        ("小计", 200, 25),
        ("购置费", 250, 25),
    ]
    body: Placed = [("决算数", 56, 10), ("5.00", 200, 10), ("3.00", 258, 10)]
    parts = [
        (Page(n, 440.0, 300.0, tuple(Word(t, box(t, x, y)) for t, x, y in placed)), reach)
        for n, placed, reach in (
            (1, heads, (40.0, 0.0, 400.0, 35.0)),
            (2, body, (40.0, 0.0, 400.0, 20.0)),
        )
    ]
    page, reach = parts[0]
    grid = aligned.cut(Region(page, (), box=reach, ruled=False, whole=tuple(parts)))
    assert rows(grid) == [["名称", "公务用车费", ""], ["", "小计", "购置费"]]


def test_a_heading_beside_the_total_leaves_the_others_their_columns() -> None:
    grid = cut(
        [
            *(("项目", 90, 10), ("年初结转", 190, 18), ("本年支出", 310, 10)),
            *(("编码", 50, 34), ("名称", 125, 25), ("合计", 285, 25), ("基本", 355, 25)),
            *(("合计", 125, 41), ("0.00", 230, 41), ("0.00", 300, 41), ("0.00", 370, 41)),
        ]
    )
    assert rows(grid)[-1] == ["", "合计", "0.00", "0.00", "0.00"]
