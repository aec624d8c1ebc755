"""A region falls into its cells: what stands between the lines, no more and no less."""

from __future__ import annotations

from extract.model import Grid, Page, Region, Rows, Ruling, Word
from extract.readers import read
from extract.stages.locate import locate
from extract.stages.tabulate import suited, tabulate
from tests.papers import TABLES, TITLES, Paper


def grid_of(paper: Paper, way: str = "pdf") -> Grid:
    data = getattr(paper, way)()
    [region] = locate(read(data))
    return tabulate(region, data)


def ruled(words: list[Word], *, off: float = 0.0) -> Grid:
    """Two by two cells of 50 by 20 points, each line drawn twice if ``off``."""
    lines = [Ruling(0, y, 100, y) for y in (0.0, 20.0, 40.0)]
    lines += [Ruling(x, 0, x, 40) for x in (0.0, 50.0, 100.0)]
    twice = [Ruling(r.x0 + off, r.y0 + off, r.x1 + off, r.y1 + off) for r in lines if off]
    page = Page(1, 200, 100, tuple(words), (*lines, *twice))
    return tabulate(Region(page, (), box=(0.0, 0.0, 100.0, 40.0)), b"")


def word(text: str, x: float, y: float, width: float = 5.0) -> Word:
    lefts = tuple(x + at * width for at in range(len(text)))
    return Word(text, (x, y - 4, x + width * len(text), y + 4), lefts)


def texts(grid: Grid) -> list[str]:
    return [cell.text for cell in grid.cells]


def test_what_is_printed_comes_back_cell_by_cell() -> None:
    for form in TITLES:
        rows = TABLES[form]
        wanted = [text for row in rows for text in row if text not in ("<", "^", "")]
        assert [c.text for c in grid_of(Paper().table(rows)).cells if c.text] == wanted


def test_lines_drawn_twice_make_no_columns() -> None:
    grid = ruled([word("甲", 10, 10), word("乙", 60, 10)], off=1.5)
    assert (grid.height, grid.width) == (2, 2)
    assert texts(grid) == ["甲", "乙", "", ""]


def test_figures_that_touch_over_a_line_are_parted() -> None:
    assert texts(ruled([word("12.3445.67", 25, 10)]))[:2] == ["12.34", "45.67"]


def test_a_name_that_overflows_its_cell_stays_whole() -> None:
    assert texts(ruled([word("甲乙丙丁戊己庚辛壬", 20, 10)]))[:2] == ["甲乙丙丁戊己庚辛壬", ""]


def test_rows_of_a_text_need_not_be_of_one_length() -> None:
    page = Page(None, blocks=())
    grid = tabulate(Region(page, (), rows=Rows((("甲",), ("乙", "丙", ""), ("丁", "")))), b"")
    assert (grid.height, grid.width) == (3, 2)
    assert texts(grid) == ["甲", "乙", "丙", "丁", ""]


def test_a_text_of_empty_rows_is_an_empty_grid() -> None:
    grid = tabulate(Region(Page(None), (), rows=Rows((("", ""), ("",)))), b"")
    assert grid.width == 1
    assert texts(grid) == ["", ""]


def test_engines_that_read_the_file_are_not_asked_about_a_scan() -> None:
    sure, guessed = (Word("1.00", (0, 0, 9, 9), confidence=share) for share in (None, 0.98))
    names = {
        word.confidence: suited(Region(Page(1, 99, 99, (word,)), (), box=(0, 0, 99, 99)))
        for word in (sure, guessed)
    }
    assert "pdfplumber" in names[None] or "camelot-stream" in names[None]
    assert set(names[0.98]) <= {"ruled", "aligned"}
    assert names[0.98]
