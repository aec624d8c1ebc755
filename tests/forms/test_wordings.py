"""A wording no schema knows is told with the entry to add, and the entry is all that is needed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract import wordings
from extract.cli import command
from extract.document import Made, read, stages
from extract.forms import catalogue
from extract.locations import schemas
from fixtures.render.variants import cards
from tests.papers import SUMMARY, TABLES, Paper, loud

UNHEARD = {"normalize.unknown_heading", "normalize.unknown_line"}
UNIT = "金额单位：元"
OTHER = [["项目", "说明", "金额"], ["大坝", "修缮", "1.00"], ["水闸", "更换", "2.00"]]


def said(rows, old, new):
    return [[new if text == old else text for text in row] for row in rows]


@pytest.fixture
def unheard_of() -> Paper:
    summary = said(SUMMARY, "使用非财政拨款结余", "动用历年结余")
    income = said(TABLES["income"], "经营收入", "经营活动收入")
    paper = Paper().lines("2024年度某县水利局部门决算", "收入支出决算总表", UNIT).table(summary)
    paper.page().lines("收入决算表", UNIT).table(income)
    paper.page().lines("各项支出决算统计表", UNIT).table(TABLES["expenditure"])
    return paper.page().lines("宁夏特色项目情况表", UNIT).table(OTHER)


def test_the_worked_example_is_what_the_command_says(unheard_of: Paper, tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_bytes(unheard_of.typed())
    result = CliRunner().invoke(command, ["forms", "check", str(path)], standalone_mode=False)
    example = (schemas() / "README.md").read_text(encoding="utf-8").split("```yaml\n")[1]
    assert result.output == example.split("```")[0]


@pytest.fixture
def amend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str, str], None]]:
    """Put an entry into a copy of the schemas, which all read from then on."""
    folder = tmp_path / "schemas"
    shutil.copytree(schemas(), folder)
    monkeypatch.setattr(sys.modules["extract.forms.catalogue"], "schemas", lambda: folder)

    def put(file: str, old: str, new: str) -> None:
        path = folder / "forms" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        catalogue.cache_clear()

    yield put
    catalogue.cache_clear()


def told(made: Made) -> set[str]:
    return {finding.rule for finding in made.findings} & UNHEARD


def test_the_entries_are_all_that_is_needed(unheard_of: Paper, amend) -> None:
    assert told(stages(unheard_of.pdf())) == UNHEARD
    amend("expenditure.yaml", "titles:\n", "titles:\n  - 各项支出决算统计表\n")
    amend("income.yaml", "[[经营收入], ", "[[经营收入], [经营活动收入], ")
    amend(
        "income_expenditure_summary.yaml",
        "[使用非财政拨款结余, ",
        "[使用非财政拨款结余, 动用历年结余, ",
    )
    made = stages(unheard_of.pdf())
    forms = [sheet.form for sheet in made.sheets]
    assert forms == ["income_expenditure_summary", "income", "expenditure"]
    assert loud(made) == []
    assert told(made) == set()
    assert not [item.key for item in made.items if item.key.startswith("line.")]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("经营收入", "经营活动收入", "operating"),  # in its place, and like it
        ("经营收入", "捐赠", None),  # in its place, unlike it
    ],
)
def test_a_heading_nobody_reported_is_told_by_its_place_and_likeness(old, new, key) -> None:
    made = stages(Paper().lines("收入决算表", UNIT).table(said(TABLES["income"], old, new)).pdf())
    rules = {finding.rule for finding in made.findings}
    assert ("normalize.unknown_heading" in rules) == (key is not None)
    assert ("normalize.header_lost" in rules) == (key is None)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("年末结转和结余", "年末滚存结余", "expenditure.closing_balance"),
        ("年末结转和结余", "历年滚存", None),  # unlike it
        ("使用非财政拨款结余", "年末滚存结余", None),  # like it, elsewhere
    ],
)
def test_a_line_nobody_reported_is_told_by_its_place_and_likeness(old, new, key) -> None:
    rows = said(SUMMARY, old, new)
    made = stages(Paper().lines("收入支出决算总表", UNIT).table(rows).pdf())
    [named] = {item.key for item in made.items if new in item.name}
    assert named == key or (key is None and named.startswith("line."))


@pytest.mark.parametrize("card", cards()[:3], ids=lambda card: card.slug)
def test_a_document_whose_words_are_known_asks_for_nothing(card) -> None:
    data = card.document("txt")
    assert read(data, "known").forms_found
    assert wordings.told(wordings.unknown(data)) == "every title, heading and line is known"
