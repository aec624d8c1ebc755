"""Words fall into the cells they stand in, whatever lines were lost between cells."""

from __future__ import annotations

from extract.model import Box, Page, Region, Word
from extract.tables.cells import assemble

# Two columns drawn through the first row only.
BOXES: list[Box] = [(0, 0, 50, 20), (50, 0, 100, 20), (0, 20, 100, 40)]


def row(*words: Word) -> list[tuple[str, int, int]]:
    """The cells of the second row: text, first column, columns."""
    region = Region(Page(1, 100.0, 40.0, words), (), box=(0, 0, 100, 40))
    grid = assemble(region, "ruled", BOXES, words)
    return [(cell.text, cell.column, cell.columns) for cell in grid.cells if cell.row == 1]


def test_figures_side_by_side_without_a_line_between_them_are_two_cells() -> None:
    found = row(Word("12.00", (20, 25, 48, 33)), Word("3.00", (70, 26, 98, 34)))
    assert found == [("12.00", 0, 1), ("3.00", 1, 1)]


def test_a_figure_broken_over_lines_stays_one() -> None:
    found = row(Word("1,234.5", (20, 21, 60, 29)), Word("6", (60, 30, 66, 38)))
    assert found == [("1,234.5\n6", 0, 2)]


def test_a_label_of_two_words_stays_one() -> None:
    found = row(Word("本年", (20, 25, 40, 33)), Word("支出", (60, 25, 80, 33)))
    assert [(columns) for _, _, columns in found] == [2]


def test_the_parts_of_a_code_stay_one() -> None:
    found = row(Word("208", (20, 25, 40, 33)), Word("05", (60, 25, 70, 33)))
    assert found == [("208 05", 0, 2)]
