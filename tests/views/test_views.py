"""What views tell of a document: its forms cell by cell, its citations, and drawings that say so too."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import extract
from extract import document
from extract.coverage import Coverage
from extract.model import Finding, Reading
from extract.views import svg
from extract.views.citations import citation_en, citation_zh, place, place_of
from extract.views.dossiers import dossiers
from extract.views.html import environment, policy, stylesheet
from extract.views.pictures import Picture
from extract.views.sheets import sheets
from extract.views.shelf import Fresh, Published

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
SVG = "{http://www.w3.org/2000/svg}"


@cache
def slip() -> Reading:
    path = CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf"
    return document.read(path.read_bytes(), "https://a.example/fengqiao-2021.pdf")


def test_every_item_is_a_cell_of_one_sheet():
    cells = [
        (sheet.statement, sheet.form, sheet.variant, cell.key, cell.measure, cell.raw)
        for sheet in sheets(slip())
        for row in sheet.rows
        for cell in row.cells.values()
    ]
    items = [(i.statement, i.form, i.variant, i.key, i.measure, i.raw) for i in slip().items]
    assert sorted(cells) == sorted(items)
    assert len({sheet.anchor for sheet in sheets(slip())}) == len(sheets(slip()))


def test_a_finding_marks_the_cell_it_doubts_and_no_other():
    [finding] = [f for f in slip().findings if f.category == "source_error"]
    marked = [
        (sheet.form, cell.key, cell.measure)
        for sheet in sheets(slip())
        for row in sheet.rows
        for cell in row.cells.values()
        if finding.finding_id in cell.findings
    ]
    assert marked == [(finding.form, finding.key, finding.measure)]


def test_a_note_does_not_make_a_cell_doubtful():
    [finding] = [f for f in slip().findings if f.category == "source_error"]
    items = tuple(replace(item, status="ok") for item in slip().items)
    noted = replace(slip(), items=items, findings=(replace(finding, severity="info"),))
    cells = [c for s in sheets(noted) for r in s.rows for c in r.cells.values() if c.findings]
    assert [(cell.raw, cell.doubtful) for cell in cells] == [("839.83", False)]
    both = replace(noted, findings=(*noted.findings, replace(finding, finding_id="0" * 16)))
    [cell] = [c for s in sheets(both) for r in s.rows for c in r.cells.values() if c.findings]
    assert cell.doubtful
    assert cell.findings == ("0" * 16, finding.finding_id)


def test_the_places_of_all_figures_of_an_equation_are_told():
    [one] = [d for d in dossiers(slip()) if d.finding.category == "source_error"]
    figures = [figure for r in one.relations for figure in (r.total, *r.parts)]
    assert figures
    assert all(figure.page and figure.box for figure in figures if figure.raw)


def test_statements_of_one_document_are_kept_apart():
    [finding] = [f for f in slip().findings if f.category == "source_error"]
    second = tuple(replace(item, statement=1, raw="9.99") for item in slip().items)
    both = replace(
        slip(),
        items=(*slip().items, *second),
        findings=(finding, replace(finding, statement=1)),
    )
    first, other = dossiers(both)
    assert first.cell is not None
    assert other.cell is not None
    assert (first.cell.raw, other.cell.raw) == ("839.83", "9.99")
    assert len(sheets(both)) == 2 * len(sheets(slip()))


def test_a_citation_names_who_when_where_and_the_address():
    cell = next(i for i in slip().items if i.form == "income" and i.amount)
    told = citation_zh(place_of(slip(), cell))
    for part in (
        slip().identity.agency,
        "2021年度",
        "收入决算表",
        f"第{cell.page}页",
        slip().doc_id,
    ):
        assert str(part) in told
    assert "https://a.example/fengqiao-2021.pdf" in told
    assert f"p. {cell.page}" in citation_en(place_of(slip(), cell))
    assert place(slip()).url == "https://a.example/fengqiao-2021.pdf"
    assert place(replace(slip(), source="javascript:alert(1)")).url is None


def test_the_drawing_of_the_proof_says_its_figures_in_words_too():
    drawn = svg.proof(
        [("收入<决算>表", Coverage(8, 6, 4))], "已证", ["twice", "once", "not proven"]
    )
    root = ET.fromstring(drawn)
    assert root.find(f"{SVG}title").text == "已证"
    assert "收入<决算>表: 75.0% / 8" in root.find(f"{SVG}desc").text
    widths = [float(r.get("width")) for r in root.iter(f"{SVG}rect")][3:]
    assert widths == [150, 75, 75]
    assert set(root.get("aria-labelledby").split()) == {
        e.get("id") for e in root.iter() if e.get("id")
    }


def test_bars_below_zero_stand_left_of_it():
    rows = [svg.Bar("a", (Decimal(3), Decimal(-1)), ("3", "-1"))]
    root = ET.fromstring(svg.bars(rows, "t", ["x", "y"]))
    plus, minus = (r for r in root.iter(f"{SVG}rect") if r.get("width") != "12")
    zero = float(root.find(f"{SVG}line").get("x1"))
    assert float(plus.get("x")) == pytest.approx(zero)
    assert float(minus.get("x")) + float(minus.get("width")) == pytest.approx(zero)


def test_boxes_outside_of_the_clip_are_not_drawn_over_it():
    picture = Picture(b"", "webp", 100, 50, (100, 100, 200, 150), (595, 842))
    marks = [
        svg.Mark((110, 110, 120, 120), "doubt", "in <b>"),
        svg.Mark((10, 10, 20, 20), "part", "out"),
    ]
    drawn = svg.over(picture, "data:,", marks, "t")
    assert [r.find(f"{SVG}title").text for r in ET.fromstring(drawn).iter(f"{SVG}rect")] == [
        "in <b>"
    ]
    assert "<b>" not in drawn


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_of_text_stand_out_from_what_they_stand_on():
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", stylesheet()))
    pairs = [("ink", "paper"), ("ink", "pale"), ("muted", "paper"), ("muted", "pale")]
    pairs += [(c, f"{c}-pale") for c in ("red", "amber", "blue", "teal")]
    assert all(contrast(named[a], named[b]) >= 4.5 for a, b in pairs)
    assert all(contrast(c, "#ffffff") >= 4.5 for c in (svg.RED, svg.AMBER, svg.BLUE, svg.TEAL))


def test_templates_escape_and_show_what_hides():
    page = environment("en").from_string("{{ said }}")
    assert page.render(said="<script>\u202e&\x00") == "&lt;script&gt;�&amp;�"
    assert "script" not in policy()
    assert "'unsafe-inline'" not in policy()


def test_a_shelf_is_the_same_of_what_is_published_and_of_what_was_read(tmp_path):
    folder = CASES / "fengqiao-2021-slip"
    extract.run(folder, tmp_path / "out", executor="serial")
    one = extract.extract(folder / "fengqiao-2021.pdf").reading
    published, fresh = Published(tmp_path / "out"), Fresh([one])
    assert published.listed == fresh.listed
    [listed] = fresh.listed
    assert listed.errors == sum(f.severity == "error" for f in one.findings)
    back = published.reading(one.doc_id)
    assert sorted(map(by_id, back.findings)) == sorted(map(by_id, one.findings))
    assert len(back.items) == len(one.items)
    with pytest.raises(KeyError):
        published.reading("0" * 16)


def by_id(finding: Finding) -> str:
    return finding.finding_id
