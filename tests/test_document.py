"""One document, from bytes to what it states, and what each stage made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from extract.document import TRACED, read, trace
from extract.model import Way
from extract.stages.recognise import recognise
from fixtures.render.case import Case, cases
from tests.papers import Paper, plain


@pytest.mark.parametrize("stage", TRACED)
@pytest.mark.parametrize("way", ["pdf", "typed", "markdown"])
def test_every_stage_can_be_looked_at(stage: str, way: str) -> None:
    shown = trace(getattr(plain("income"), way)(), "income", stage)
    wanted = {
        "read": "收入决算表",
        "locate": "above: 收入决算表",
        "tabulate": "| 2080505 | 机关事业单位基本养老保险缴费支出 | 10.00 |",
        "normalize": "income: “收入决算表”, 元",
        "narrate": "facts",
        "reconcile": "holds",
    }
    assert wanted[stage] in shown


def test_no_other_stage_can_be_looked_at() -> None:
    with pytest.raises(ValueError, match="there are read, locate"):
        trace(plain("income").pdf(), "income", "guess")


def test_a_trace_of_a_document_without_tables_says_so() -> None:
    assert trace("没有表格".encode(), "x", "locate") == "0 tables"


def test_the_same_bytes_read_the_same() -> None:
    data = plain("income").pdf()
    assert read(data, "a") == read(data, "a")


def test_engines_agree_on_the_items() -> None:
    for form in ("income", "three_public", "general_budget_basic_expenditure"):
        data = plain(form).pdf()
        one, other = read(data, form), read(data, form, Way("pdfplumber"))
        assert [(i.place, i.amount) for i in one.items] == [
            (i.place, i.amount) for i in other.items
        ]


def test_a_reading_knows_its_source_and_extent() -> None:
    data = Paper().line("封面").page().page().pdf()
    reading = read(data, "cover.pdf")
    assert (reading.source, reading.pages, reading.bytes) == ("cover.pdf", 3, len(data))
    assert (reading.items, reading.forms_found, reading.error) == ((), (), None)


def test_a_form_that_is_there_twice_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(*given: Any) -> Any:
        sheets, others = recognise(*given)
        return [*sheets, *(replace(sheet, variant="prior") for sheet in sheets)], others

    monkeypatch.setattr("extract.understanding.recognise", twice)
    made = read(plain("income").pdf(), "income")
    assert {item.variant for item in made.items} == {"", "prior"}
    assert made.forms_found == ("income",)


@pytest.mark.parametrize(
    "case", [c for c in cases() if c.input.suffix == ".pdf"], ids=lambda c: c.slug
)
def test_without_the_narrative_the_tables_are_the_same(case: Case) -> None:
    data = case.input.read_bytes()
    whole, tables = (read(data, case.slug, Way(narrative=told)) for told in (True, False))
    assert tables.items == whole.items
    assert tables.other_tables == whole.other_tables
    assert tables.identity == whole.identity
    assert tables.way.narrative is False
    assert (tables.facts, tables.sections) == ((), ())
