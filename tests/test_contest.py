"""Engines compete for what is in doubt only, and the accounts judge between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from extract import tables
from extract.document import stages
from extract.errors import DamagedFile
from extract.model import ENGINES, Grid, Region
from extract.stages import tabulate
from fixtures.render.case import Case, cases
from tests.papers import TABLES, TITLES, Paper, plain

Cut = Callable[[Region, bytes], Grid]


def without_figures(cut: Cut) -> Cut:
    """An engine that loses every figure of 10.00."""

    def lossy(region: Region, source: bytes) -> Grid:
        grid = cut(region, source)
        cells = (replace(c, text="" if c.text == "10.00" else c.text) for c in grid.cells)
        return replace(grid, cells=tuple(cells))

    return lossy


def without_headings(cut: Cut) -> Cut:
    """An engine that loses the upper rows."""

    def lossy(region: Region, source: bytes) -> Grid:
        grid = cut(region, source)
        return replace(grid, cells=tuple(c for c in grid.cells if c.row > 1))

    return lossy


def unable(region: Region, source: bytes) -> Grid:
    raise DamagedFile("cannot read the PDF")


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> dict[str, Cut]:
    known = dict(tables.ENGINES)
    monkeypatch.setattr(tabulate, "ENGINES", known)
    return known


def test_engines_that_may_be_asked_are_those_that_are_there() -> None:
    assert ("auto", *tables.ENGINES) == ENGINES


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.slug)
def test_a_publishers_own_errors_change_no_reading(case: Case) -> None:
    made = stages(case.input.read_bytes())
    for held in made.contests:
        (first, _), *_ = held.doubts
        assert held.winner == first


@pytest.mark.parametrize("harm", [without_figures, without_headings])
def test_what_the_first_engine_loses_the_next_one_finds(
    harm: Callable[[Cut], Cut], engines: dict[str, Cut]
) -> None:
    data = plain("income").pdf()
    sound = stages(data)
    engines["ruled"] = harm(engines["ruled"])
    made = stages(data)
    [held] = made.contests
    assert (held.form, held.winner) == ("income", "pdfplumber")
    assert {item.engine for item in made.items} == {"pdfplumber"}
    assert [i.amount for i in made.items] == [i.amount for i in sound.items]


def without_figures_on(number: int, cut: Cut) -> Cut:
    """An engine that loses figures on one page only."""
    lossy = without_figures(cut)
    return lambda region, source: (lossy if region.page.number == number else cut)(region, source)


def test_each_region_is_read_by_whom_it_suits(engines: dict[str, Cut]) -> None:
    rows = TABLES["income"]
    paper = Paper().lines(TITLES["income"], "金额单位：元").table(rows[:4]).page().table(rows[4:])
    sound = stages(paper.pdf())
    for number, name in ((1, "ruled"), (2, "pdfplumber")):
        engines[name] = without_figures_on(number, engines[name])
    engines |= dict.fromkeys(("camelot-lattice", "aligned"), unable)
    made = stages(paper.pdf())
    [held] = made.contests
    assert held.winners == ("pdfplumber", "ruled")
    assert [i.amount for i in made.items] == [i.amount for i in sound.items]


def test_an_engine_that_cannot_read_the_file_is_passed_over(engines: dict[str, Cut]) -> None:
    engines["ruled"] = without_figures(engines["ruled"])
    engines["pdfplumber"] = unable
    [held] = stages(plain("income").pdf()).contests
    assert held.winner == "camelot-lattice"


def test_the_first_reading_stays_where_no_other_is_better(engines: dict[str, Cut]) -> None:
    lossy = without_figures(engines["ruled"])
    engines |= dict.fromkeys(engines, lossy)
    [held] = stages(plain("income").pdf()).contests
    assert held.winner == "ruled"
    assert len(held.doubts) == 2  # two that read alike end it


def test_a_forced_engine_has_no_rival(engines: dict[str, Cut]) -> None:
    engines["ruled"] = without_figures(engines["ruled"])
    assert stages(plain("income").pdf(), "ruled").contests == ()
