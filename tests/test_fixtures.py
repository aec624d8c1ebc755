"""The fixtures obey their own laws, and what is committed is what their script draws."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fixtures.render import Style, Wishes, beyond_rounding, invent, laws, misses
from fixtures.render.case import Case, cases, scans
from fixtures.render.ledger import README, ledger
from fixtures.render.older import before_2019
from fixtures.render.statement import STEP, Cell, Statement, rounded

CASES = cases()
CLEAN = [case for case in CASES if not case.settings.get("damage")]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
every_clean_case = pytest.mark.parametrize("case", CLEAN, ids=lambda case: case.slug)
every_pdf = pytest.mark.parametrize(
    "case", [case for case in CASES if case.input.suffix == ".pdf"], ids=lambda case: case.slug
)

seeds = st.integers(min_value=0, max_value=2**32)
wishes = st.builds(
    Wishes,
    unit=st.sampled_from(["万元", "元"]),
    honest_rounding=st.booleans(),
    government_fund=st.booleans(),
    state_capital=st.booleans(),
    balances=st.booleans(),
    own_income=st.booleans(),
    negative=st.booleans(),
    zero_rows=st.booleans(),
    empty=st.sampled_from(["blank", "zero"]),
    classes=st.sampled_from([24, 26]),
    capital_balances=st.booleans(),
    full_economic_list=st.booleans(),
    basic_total_line=st.booleans(),
)


@given(seeds, wishes)
def test_invented_accounts_agree_to_the_fen(seed: int, wished: Wishes) -> None:
    statement = invent(seed, wished)
    assert misses(statement) == {}
    assert len(laws(statement)) > 200


@given(seeds, wishes)
def test_rounding_each_figure_by_itself_stays_within_the_slack(seed: int, wished: Wishes) -> None:
    assert beyond_rounding(invent(seed, wished), Style(unit=wished.unit)) == []


@given(seeds)
def test_accounts_before_2019_agree_too(seed: int) -> None:
    older = before_2019(invent(seed, Wishes(government_fund=True, balances=True)))
    assert misses(older) == {}
    assert "state_capital" not in older.forms


@given(seeds, wishes)
def test_without_honest_rounding_nothing_is_rounded(seed: int, wished: Wishes) -> None:
    if wished.unit == "万元" and wished.honest_rounding:
        return
    for fen in invent(seed, wished).fen().values():
        assert fen == rounded(fen, wished.unit) * STEP[wished.unit]


def test_honest_rounding_does_leave_sums_that_are_off() -> None:
    [case] = [case for case in CASES if case.settings.get("rounding")]
    assert any(_printed_misses(case.statement(), case.layout.style))


@given(seeds, wishes)
def test_the_same_seed_invents_the_same_accounts(seed: int, wished: Wishes) -> None:
    assert invent(seed, wished) == invent(seed, wished)


@given(seeds, wishes)
def test_income_and_expenditure_list_the_same_codes(seed: int, wished: Wishes) -> None:
    forms = invent(seed, wished).forms
    codes = [[line.key for line in forms[form]] for form in ("income", "expenditure")]
    assert codes[0] == codes[1]


@given(seeds, wishes)
def test_basic_expenditure_never_shows_more_than_three_public(seed: int, wished: Wishes) -> None:
    figures = invent(seed, wished).fen()
    basic, paid = "general_budget_basic_expenditure", "three_public"
    pairs = {"30212": "overseas", "30217": "reception", "30231": "vehicle_operation"}
    for code, measure in pairs.items():
        assert figures.get((basic, code, "amount"), 0) <= figures[paid, "actual", measure]


@every_case
def test_the_committed_files_are_those_the_script_draws(case: Case) -> None:
    for path, content in case.files().items():
        assert path.read_bytes() == content, f"{path.name}: run python -m fixtures.render"


@pytest.mark.parametrize("scan", scans(), ids=lambda case: case.slug)
def test_what_stands_beside_a_scan_is_what_the_script_draws(scan: Case) -> None:
    for path, content in scan.files().items():
        assert path == scan.input or path.read_bytes() == content, path.name


def test_the_ledger_lists_every_case() -> None:
    assert README.read_bytes() == ledger()


@every_clean_case
def test_items_are_the_printed_cells_of_the_statement(case: Case) -> None:
    printed = {} if case.slug == "songtao-2025-budget" else _printed(case.statement(), case)
    items = _items(case.folder / "items.csv")
    assert items == {
        place: (cell.amount_yuan, cell.raw, cell.unit) for place, cell in printed.items()
    }


@every_case
def test_only_the_slips_written_down_break_a_law(case: Case) -> None:
    broken = {law.total[0] for law in misses(case.statement())}
    slips = {slip["finding"]["form"] for slip in case.settings.get("slips", [])}
    if case.settings.get("rounding"):
        return
    assert slips <= broken
    assert bool(broken) == bool(slips)


@every_case
def test_what_is_suggested_is_not_what_is_printed(case: Case) -> None:
    expected = yaml.safe_load((case.folder / "expected.yaml").read_text(encoding="utf-8"))
    items = _items(case.folder / "items.csv")
    for finding in expected["findings"]:
        place = (finding["form"], finding["key"], finding["measure"])
        if finding["suggested"] is not None and place in items:
            assert Decimal(finding["suggested"]) != items[place][0]


@every_pdf
def test_every_amount_can_be_read_on_its_page(case: Case) -> None:
    with (case.folder / "items.csv").open(encoding="utf-8", newline="") as lines:
        wanted = [(int(row["page"]), row["raw"]) for row in csv.DictReader(lines)]
    texts = _page_texts(case.input)
    for page, raw in wanted:
        assert raw in texts[page - 1]


@every_pdf
def test_no_page_of_a_case_is_turned_unless_it_says_so(case: Case) -> None:
    document = pypdfium2.PdfDocument(case.input)
    turned = [page.get_rotation() for page in document if page.get_rotation()]
    document.close()
    assert bool(turned) == bool(case.layout.rotated)
    assert set(turned) <= {90}


def test_all_fixtures_together_stay_small() -> None:
    sizes = [path.stat().st_size for case in CASES for path in case.folder.iterdir()]
    assert sum(sizes) < 2_000_000


def _printed(statement: Statement, case: Case) -> dict[tuple[str, str, str], Cell]:
    return {cell.place: cell for cell in statement.cells(case.layout.style) if cell.raw}


def _items(path: Path) -> dict[tuple[str, str, str], tuple[Decimal, str, str]]:
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return {
        (row["form"], row["key"], row["measure"]): (
            Decimal(row["amount_yuan"]),
            row["raw"],
            row["unit"],
        )
        for row in rows
    }


def _printed_misses(statement: Statement, style: Style) -> list[Decimal]:
    shown = {cell.place: cell.amount_yuan or Decimal(0) for cell in statement.cells(style)}
    return [
        miss
        for law in laws(statement)
        if (miss := shown[law.total] - sum(sign * shown[key] for sign, key in law.parts))
    ]


def _page_texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = []
    for page in document:
        textpage = page.get_textpage()
        texts.append(textpage.get_text_bounded())
        textpage.close()
        page.close()
    document.close()
    return texts
