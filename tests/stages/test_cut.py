"""A page break may go through a header or a row; the figures are read all the same."""

from __future__ import annotations

from extract.forms import catalogue
from extract.model import Cell, Grid, Page, Region
from extract.stages.recognise import recognise
from extract.stages.recognise.cut import joined, mended

X = (0.0, 40.0, 120.0, 160.0, 200.0)


def grid(page: int, rows: list[list[str]], captions: tuple[str, ...] = ()) -> Grid:
    cells = tuple(
        Cell(r, c, text, box=(X[c], 20.0 * r, X[c + 1], 20.0 * r + 20))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Grid(Region(Page(page), captions, box=(0, 0, 200, 100)), "test", len(rows), 4, cells, X)


HEAD = [["功能分类科目编码", "科目名称", "合计", "基本"]]
BODY = [["合计", "", "3.00", "3.00"], ["201", "一般公共服务支出", "3.00", "3.00"]]


def test_a_header_cut_off_by_a_page_break_joins_its_body() -> None:
    whole = joined(grid(1, HEAD), grid(2, BODY))
    assert whole is not None
    assert (whole.height, whole.width, whole.region.page.number) == (3, 4, 2)
    assert [c.text for c in whole.cells if c.row == 2][:1] == ["201"]


def test_tables_of_other_sides_are_not_joined() -> None:
    wide = grid(2, BODY)
    narrow = Grid(wide.region, "test", 2, 4, wide.cells, (0.0, 40.0, 120.0, 160.0, 260.0))
    assert joined(grid(1, HEAD), narrow) is None


def test_lines_of_a_name_that_fell_on_the_next_page_come_back() -> None:
    before = grid(1, [*BODY, ["208", "社会保障和就", "1.00", "1.00"]])
    halves = mended(
        before, grid(2, [["", "业支出", "", ""], ["210", "卫生健康支出", "1.00", "1.00"]])
    )
    assert halves is not None
    assert [c.text for c in halves[0].cells if c.row == 2][1].split() == ["社会保障和就", "业支出"]
    assert halves[1].height == 1


def test_figures_that_begin_a_page_are_a_row_of_their_own() -> None:
    before = grid(1, [*BODY, ["208", "社会保障支出", "1.00", "1.00"]])
    assert mended(before, grid(2, [["", "", "2.00", ""]])) is None
    assert mended(before, grid(2, [["210", "卫生健康支出", "1.00", "1.00"]])) is None


def test_a_form_whose_header_ends_its_page_is_read_from_the_next() -> None:
    captions = ("一般公共预算财政拨款支出决算表", "单位：万元")
    first = grid(1, [["功能分类科目编码", "科目名称", "合计", "基本支出"]], captions)
    [sheet], _ = recognise(
        [first, grid(2, [["201", "一般公共服务支出", "3.00", "3.00"]])], catalogue()
    )
    assert [t.grid.region.page.number for t in sheet.tables] == [2]
    assert sheet.unit == "万元"
