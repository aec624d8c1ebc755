"""Each fixture and each document of the corpus is read exactly: no figure lost, none invented."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from extract.document import Made, read, stages
from extract.model import Reading
from extract.stages.identify import unit_of
from fixtures.render.case import Case, cases

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
CORPUS = Path(os.environ.get("JUESUAN_CORPUS") or "/nowhere")
with_corpus = pytest.mark.skipif(
    not (CORPUS / "truth" / "truth.csv").is_file(), reason="JUESUAN_CORPUS names no corpus"
)
Place = tuple[str, str, str]
ENGINES = {".pdf": "ruled", ".xlsx": "sheet", ".docx": "word", ".html": "web"}


@cache
def made(path: Path) -> Made:
    return stages(path.read_bytes())


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def printed(case: Case) -> dict[Place, tuple[Decimal, str, str, int | None]]:
    """What items.csv says is printed: amount, raw, unit and page of each cell."""
    return {
        (row["form"], row["key"], row["measure"]): (
            Decimal(row["amount_yuan"]),
            row["raw"],
            row["unit"],
            int(row["page"]) if row["page"] else None,
        )
        for row in rows(case.folder / "items.csv")
    }


def expected(case: Case) -> dict:
    return yaml.safe_load((case.folder / "expected.yaml").read_text(encoding="utf-8"))


@every_case
def test_every_printed_figure_is_read_and_none_invented(case: Case) -> None:
    items = [item for item in made(case.input).items if item.amount is not None]
    places = [(item.form, item.key, item.measure) for item in items]
    assert len(set(places)) == len(places)
    assert {
        place: (item.amount, item.raw, item.unit, item.page)
        for place, item in zip(places, items, strict=True)
    } == printed(case)


@pytest.mark.parametrize("case", [c for c in CASES if "told" in c.parts], ids=lambda c: c.slug)
def test_every_fact_of_the_narrative_is_read_and_none_invented(case: Case) -> None:
    names = ("section", "metric", "code", "period", "value_unit")
    told = sorted(
        (*(row[name] for name in names), Decimal(row["value"]))
        for row in rows(case.folder / "facts.csv")
    )
    facts = read(case.input.read_bytes(), case.slug).facts
    assert told == sorted((*(getattr(f, name) or "" for name in names), f.value) for f in facts)


@every_case
def test_blanks_are_kept_apart_from_zeros(case: Case) -> None:
    drawn = {cell.place: cell for cell in case.statement().cells(case.layout.style)}
    blank = {place for place, cell in drawn.items() if not cell.raw}
    read_ = {(i.form, i.key, i.measure): i for i in made(case.input).items if i.amount is None}
    if case.settings.get("damage") or "forms" not in case.parts:
        return
    assert blank <= read_.keys()
    assert all(item.raw in ("", "-", "—") for item in read_.values())


@every_case
def test_items_know_their_ink(case: Case) -> None:
    drawn = case.input.suffix == ".pdf"
    engine = ENGINES.get(case.input.suffix, "plaintext")
    for item in made(case.input).items:
        assert (item.page is not None) == (engine in ("ruled", "sheet"))
        assert (item.x0 is not None) == drawn or not item.raw
        assert item.engine == engine


@every_case
def test_the_document_says_whose_it_is(case: Case) -> None:
    told, said = expected(case), made(case.input)
    assert said.identity.agency == told["agency"]
    assert said.identity.kind == told["kind"]
    assert said.identity.fiscal_year == told["fiscal_year"]
    assert said.document.text_layer == told["text_layer"]
    assert sorted(sheet.form for sheet in said.sheets) == told["forms"]
    if told["forms"]:
        assert unit_of(said.regions) == told["unit"]


@every_case
def test_reading_finds_only_the_damage_that_is_there(case: Case) -> None:
    told = {(f["category"], f["form"]) for f in expected(case)["findings"]}
    loud = {(f.category, f.form) for f in made(case.input).findings if f.severity != "info"}
    assert loud == {found for found in told if found[0] == "header_lost"}


@every_case
def test_pdfplumber_reads_the_same_items(case: Case) -> None:
    if case.input.suffix != ".pdf":
        return
    other = stages(case.input.read_bytes(), "pdfplumber")
    assert {item.engine for item in other.items} <= {"pdfplumber"}
    assert [(i.form, i.key, i.measure, i.amount, i.raw) for i in other.items] == [
        (i.form, i.key, i.measure, i.amount, i.raw) for i in made(case.input).items
    ]


# The corpus ---------------------------------------------------------------------------------


def documents() -> list[str]:
    listed = CORPUS / "truth" / "documents.csv"
    return [row["doc"] for row in rows(listed)] if listed.is_file() else []


@cache
def reading(name: str) -> Reading:
    return read((CORPUS / "documents" / name).read_bytes(), name)


@with_corpus
@pytest.mark.parametrize("name", documents())
def test_the_corpus_is_read_exactly(name: str) -> None:
    truth = {
        (row["form"], row["key"], row["measure"]): Decimal(row["amount_yuan"])
        for row in rows(CORPUS / "truth" / "truth.csv")
        if row["doc"] == name
    }
    items = [item for item in reading(name).items if item.amount is not None]
    assert len({item.place for item in items}) == len(items)
    assert {(i.form, i.key, i.measure): i.amount for i in items} == truth


@with_corpus
@pytest.mark.parametrize("name", documents())
def test_the_corpus_says_whose_it_is(name: str) -> None:
    [row] = [row for row in rows(CORPUS / "truth" / "documents.csv") if row["doc"] == name]
    said = reading(name)
    assert (said.identity.agency or "") == row["agency"]
    assert (said.identity.kind, said.identity.fiscal_year) == (row["kind"], int(row["fiscal_year"]))
    assert sorted(said.forms_found) == sorted(row["forms"].split())
    if row["forms"]:
        assert said.unit == row["unit"]


@with_corpus
@pytest.mark.parametrize("name", documents())
def test_reading_the_corpus_finds_only_the_lost_header(name: str) -> None:
    loud = [
        (f.category, f.form)
        for f in reading(name).findings
        if f.stage == "read" and f.severity != "info"
    ]
    lost = [("header_lost", "general_budget_expenditure")]
    assert loud == (lost if name == "zhuzhou-2020.txt" else [])
