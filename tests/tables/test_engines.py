"""All engines keep one contract: the same cells, the same texts, on whatever is ruled."""

from __future__ import annotations

import pytest

from extract.document import stages
from extract.model import Grid
from extract.readers import read
from extract.stages.locate import locate
from extract.stages.tabulate import tabulate
from extract.tables import RULED, UNRULED
from fixtures.render.case import Case, cases
from tests.papers import TITLES, Paper, amounts, plain

DRAWN = [case for case in cases() if case.input.suffix == ".pdf"]
every_engine = pytest.mark.parametrize("engine", [e for e in RULED if e != "aligned"])


def printed(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.rows, c.columns) for c in grid.cells if c.text]


def grids(data: bytes, engine: str) -> list[Grid]:
    return [tabulate(region, data, engine) for region in locate(read(data))]


@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.slug)
def test_engines_cut_the_fixtures_into_the_same_cells(case: Case) -> None:
    data = case.input.read_bytes()
    ruled, other = grids(data, "ruled"), grids(data, "pdfplumber")
    assert len(ruled) == len(other)
    for one, two in zip(ruled, other, strict=True):
        assert printed(one) == printed(two)
        assert one.edges == pytest.approx(two.edges, abs=1)


@every_engine
@pytest.mark.parametrize("form", TITLES)
def test_cells_do_not_overlap_and_lie_in_the_region(engine: str, form: str) -> None:
    [grid] = grids(plain(form).pdf(), engine)
    slots = [
        (row, column)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]
    assert len(set(slots)) == len(slots) == grid.height * grid.width
    assert len(grid.edges) == grid.width + 1
    x0, y0, x1, y1 = grid.region.box or (0, 0, 0, 0)
    for cell in grid.cells:
        assert cell.box is not None
        assert x0 - 1 <= cell.box[0] < cell.box[2] <= x1 + 1
        assert y0 - 1 <= cell.box[1] < cell.box[3] <= y1 + 1


@every_engine
def test_an_engine_signs_its_items(engine: str) -> None:
    made = stages(plain("income").pdf(), engine)
    assert {item.engine for item in made.items} == {engine}


@every_engine
def test_merged_cells_span_what_they_cover(engine: str) -> None:
    rows = [["甲", "<", "乙"], ["丙", "丁", "^"], ["戊", "己", "庚"]]
    [grid] = grids(Paper().table(rows).pdf(), engine)
    spans = {c.text: (c.row, c.column, c.rows, c.columns) for c in grid.cells}
    assert spans["甲"] == (0, 0, 1, 2)
    assert spans["乙"] == (0, 2, 2, 1)
    assert spans["己"] == (2, 1, 1, 1)


@every_engine
def test_lines_in_a_cell_stay_lines(engine: str) -> None:
    [grid] = grids(Paper().table([["甲乙\n丙丁", "戊"], ["己", "庚"]]).pdf(), engine)
    assert grid.cells[0].text == "甲乙\n丙丁"


@pytest.mark.parametrize("form", TITLES)
@pytest.mark.parametrize("engine", ["auto", "camelot-combined"])
def test_rulings_may_be_part_of_a_picture(engine: str, form: str) -> None:
    paper = plain(form)
    made = stages(paper.pictured(), engine)
    assert amounts(made) == amounts(stages(paper.pdf()))


@pytest.mark.parametrize("engine", UNRULED)
def test_every_engine_for_words_alone_reads_a_plain_form(engine: str) -> None:
    paper = plain("expenditure")
    made = stages(paper.pictured(), engine)
    assert amounts(made) == amounts(stages(paper.pdf()))
    assert {item.engine for item in made.items} == {engine}
