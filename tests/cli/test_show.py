"""A finding in the terminal says all that one needs to act on it, in characters that survive a log."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from rich.console import Console, RenderableType

from extract import document
from extract.api import Disclosure
from extract.cli import views
from extract.cli.doubts import LOUD, NOTES, doubts
from extract.model import Reading, Suspect
from extract.repair import judged
from extract.views.around import around
from extract.views.dossiers import Dossier, dossiers

CASES = Path(__file__).parents[2] / "fixtures" / "cases"


@cache
def reading(case: str) -> Reading:
    [path] = (CASES / case).glob("*.txt")
    return document.read(path.read_bytes(), path.name)


def misread() -> Reading:
    return reading("shisun-2022-ocr")


def lost() -> Reading:
    return reading("zhuzhou-2020-ocr")


def of(told: Reading, category: str) -> Dossier:
    [found] = [one for one in dossiers(told) if one.finding.category == category]
    return found


def shown(parts: Iterable[RenderableType]) -> str:
    file = io.StringIO()
    console = Console(width=200, file=file)
    for part in parts:
        console.print(part)
    return file.getvalue()


def printed(told: Reading, *, everything: bool = False) -> str:
    return shown(doubts(told, everything=everything))


def test_the_place_is_a_whole_citation():
    text = printed(misread())
    assert f"石笋县图书馆 · 2022 · 收入决算表 · doc {misread().doc_id}" in text


def test_both_sentences_are_told_whole():
    flat = printed(misread()).replace("\n", "").replace(" ", "")
    for finding in misread().findings:
        assert finding.message.replace(" ", "") in flat
        assert finding.message_en.replace(" ", "") in flat


def test_what_is_printed_and_what_is_proposed_stand_side_by_side():
    text = printed(misread())
    assert "群众体育 2070308 · 本年收入合计 (income): “272.69” 万元" in text
    assert "212.69 万元 (未改 not applied)" in text
    assert "212.69 万元 (已改 applied)" in printed(judged(misread(), "apply"))


def test_an_equation_is_written_out_in_the_printed_unit():
    told = [relation.text for relation in of(misread(), "ocr_digit").relations]
    row = "收入决算表·群众体育(2070308)：本年收入合计 272.69 ≠ 财政拨款收入 212.69 + 0 × 5"
    assert f"{row} = 212.69 万元 (差 difference 60.00, 容差 tolerance 0.035)" in told


def test_what_was_not_read_is_no_zero_in_an_equation():
    told = " ".join(relation.text for relation in of(lost(), "missing_total").relations)
    assert "人员经费合计 ? =? 工资福利支出(301) 1,009.59 +" in told


def test_the_rows_around_have_the_cell_marked_in_characters():
    near = of(misread(), "ocr_digit").around
    assert near is not None
    assert [row.key for row in near.rows if row.marked] == ["2070308"]
    [marked] = [line for line in printed(misread()).splitlines() if "▶" in line and "群众" in line]
    assert "【272.69】" in marked
    assert marked.count("【") == 1


def test_a_row_that_is_not_there_is_shown_where_it_should_be():
    near = of(misread(), "missing_row").around
    assert near is not None
    keys = [row.key for row in near.rows]
    assert keys[keys.index("20799") + 1] == "2079999"
    assert not near.rows[keys.index("20799")].cells


def test_of_suspects_as_likely_as_each_other_each_is_marked():
    finding = of(misread(), "ocr_digit").finding
    tied = tuple(Suspect("income", key, "total", 0.5) for key in ("20703", "2070308"))
    undecided = replace(finding, key="20703", measure=None, suspects=tied, suggested=None)
    [one] = dossiers(replace(misread(), findings=(undecided,)))
    assert one.cell is None
    assert [(other.key, other.score) for other in one.others] == [("20703", 0.5), ("2070308", 0.5)]
    assert one.around is not None
    assert [row.key for row in one.around.rows if row.marked] == ["20703", "2070308"]
    assert "疑为 suspect" in printed(replace(misread(), findings=(undecided,)))


def test_what_names_no_row_has_no_rows_around():
    finding = of(misread(), "ocr_digit").finding
    assert around(replace(finding, key=None, measure=None, suspects=()), []) is None
    whole = replace(finding, key=None, measure=None, suspects=(Suspect("income", "", "", 1.0),))
    [one] = dossiers(replace(misread(), findings=(whole,)))
    assert one.around is None


def test_a_long_list_ends_with_how_many_more_there_are():
    loud = of(misread(), "ocr_digit").finding
    note = replace(loud, severity="info", category="rounding")
    many = replace(misread(), findings=(loud,) * (LOUD + 3) + (note,) * (NOTES + 2))
    short, whole = printed(many), printed(many, everything=True)
    assert "… and 3 more errors and warnings (--all)" in short
    assert "… and 2 more notes (--all)" in short
    assert short.count("ocr_digit") == LOUD
    assert "--all" not in whole
    assert whole.count("ocr_digit") == LOUD + 3


def test_coverage_has_a_line_for_the_document_and_one_for_each_form():
    first, *rest = shown(views.coverage(lost())).splitlines()
    assert first.startswith("proven  ")
    assert len(rest) == len({item.form for item in lost().items if item.amount is not None})


def test_mended_amounts_are_marked_in_the_forms_and_explained():
    text = shown(views.forms(judged(lost(), "apply")))
    assert "11,441,900.00 +" in text
    assert "+ inferred" in text


def test_as_data_a_finding_has_all_of_this_beside_its_columns():
    told = json.loads(views.as_json([Disclosure(misread())]))
    [found] = [row for row in told["findings"] if row["category"] == "ocr_digit"]
    assert found["place"]["agency"] == "石笋县图书馆"
    assert found["cell"]["raw"] == "272.69"
    assert found["proposal"] == "212.69 万元"
    assert Decimal(found["suggested"]) == Decimal("2126900")
    assert [r["check_id"] for r in found["relations"]] == found["evidence"]
    assert any(row["marked"] == ["total"] for row in found["around"]["rows"])
