"""The pages show what OUT holds, whatever it holds, and say so where they cannot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from extract import document
from extract.model import Section
from extract.review.desk import Desk, Filter
from extract.review.server import serving
from tests import making
from tests.report.hostile import hostile
from tests.review.looking import CASES, LOST, MISREAD, SLIP, Asker, published, put

DOCUMENT = "736184addccdba5f"


class Tags(HTMLParser):
    """The elements of a page, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    with serving(published(), by="王") as at:
        yield Asker(at)


def test_a_finding_comes_with_its_ink_its_equations_and_its_citation(asker):
    text = asker.ask(f"/finding/{SLIP}").text
    assert f"/document/{DOCUMENT}/page/10.webp" in text
    assert text.count('stroke="#b3261e"') == 1
    assert text.count('stroke="#1f5fa8"') == 4
    assert "1,435.95 ≠ 基本支出 542.12 + 项目支出 839.83 = 1,381.95 万元" in text
    assert '<td class="n doubt">839.83 ?</td>' in text
    assert text.count('<td class="n part">') == 4
    assert "893.83 万元" in text
    assert (
        f"枫桥湾区城市管理局：2021年度部门决算，一般公共预算财政拨款支出决算表，第10页，doc_id {DOCUMENT}"
        in text
    )


def test_a_page_is_a_picture_of_the_source(asker):
    answer = asker.ask(f"/document/{DOCUMENT}/page/10.webp")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
    assert answer.body[8:12] == b"WEBP"


def test_a_document_without_pages_shows_its_form_alone(asker):
    for finding in (MISREAD, LOST):
        text = asker.ask(f"/finding/{finding}").text
        assert "no pages to look at" in text
        assert 'class="n doubt"' in text


def test_a_file_that_is_gone_or_another_is_said(tmp_path):
    source = tmp_path / "a.pdf"
    shutil.copy(CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf", source)
    put(tmp_path / "out", document.read(source.read_bytes(), str(source)))
    with serving(tmp_path / "out", by="王") as at:
        asker = Asker(at)
        assert "page/10.webp" in asker.ask(f"/finding/{SLIP}").text
        source.write_bytes(source.read_bytes() + b"\n% other\n")
        text = asker.ask(f"/finding/{SLIP}").text
        assert "no longer what was read" in text
        assert "page/10.webp" not in text
        assert asker.ask(f"/document/{DOCUMENT}/page/10.webp").status == 404
        source.unlink()
        assert "is not there any more" in asker.ask(f"/finding/{SLIP}").text
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf", elsewhere / "a.pdf")
    with serving(tmp_path / "out", by="王", files=[elsewhere]) as at:
        assert "page/10.webp" in Asker(at).ask(f"/finding/{SLIP}").text


def test_the_queue_is_filtered_and_leafed_through():
    desk = Desk(published())
    rows = desk.queue(Filter(), 1).rows
    assert [row["severity"] for row in rows] == ["error", "error", "warning", "warning", "warning"]
    [one] = desk.queue(Filter(category="ocr_digit"), 1).rows
    assert one["finding_id"] == MISREAD
    assert {row["fiscal_year"] for row in desk.queue(Filter(year="2020"), 1).rows} == {2020}
    assert desk.queue(Filter(year="x" * 9, agency="枫桥"), 1).total == 0
    assert desk.queue(Filter(agency="枫桥"), 1).total == 1
    assert desk.queue(Filter(severity="warning"), 9).categories["header_lost"] == 1
    assert desk.around(MISREAD, Filter()) == (None, SLIP, 0, 5)
    assert desk.around(SLIP, Filter(severity="warning"))[2:] == (0, 3)
    assert Filter.of({"state": "nonsense", "year": " 2020 "}) == Filter(year="2020")


def test_words_are_searched_in_the_narratives(tmp_path):
    one = making.read(making.text("甲局", 2021, **{"c201": "5"}), "a.txt")
    said = Section(
        one.doc_id, 0, 0, None, "income", "一、收入", "本年<b>收入</b>共计 50% 增加", 3, 3
    )
    put(tmp_path / "out", replace(one, sections=(said,)))
    with serving(tmp_path / "out", by="王") as at:
        asker = Asker(at)
        found = asker.ask("/search?q=%E5%85%B1%E8%AE%A1%2050%25").text  # 共计 50%
        assert "&lt;b&gt;收入&lt;/b&gt;<mark>共计</mark> 50% 增加" in found
        assert f"/document/{one.doc_id}/page/3" in found
        assert "No section" in asker.ask("/search?q=%E5%85%B1%E8%AE%A1%20x").text
        assert asker.ask("/search?q=%20").status == asker.ask("/search").status == 200


def test_documents_are_found_by_agency_year_and_form(asker):
    assert asker.ask("/documents").text.count("data-row") == 3
    assert asker.ask("/documents?year=2021&form=income").text.count("data-row") == 1
    assert asker.ask("/documents?agency=%E6%9E%AB%E6%A1%A5").text.count("data-row") == 1
    text = asker.ask(f"/document/{DOCUMENT}").text
    assert 'class="proof"' in text
    assert text.count('<h3 id="form-') == 9


def test_what_a_run_publishes_meanwhile_is_shown(tmp_path):
    put(tmp_path / "out", making.read(making.text("甲局", 2021, c201="-5"), "a.txt"))
    with serving(tmp_path / "out", by="王") as at:
        asker = Asker(at)
        assert "乙局" not in asker.ask("/").text
        put(tmp_path / "out", making.read(making.text("乙局", 2021, c201="-5"), "b.txt"))
        assert "乙局" in asker.ask("/").text


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> Iterator[tuple[Asker, Path, str]]:
    """What a hostile document makes of the pages."""
    out, one = tmp_path_factory.mktemp("hostile") / "out", hostile(rows=400)
    put(out, one)
    with serving(out, by="王") as at:
        yield Asker(at), out, one.doc_id


def pages_of(doc_id: str) -> tuple[str, ...]:
    return (
        *("/?page=3&state=all", "/documents", "/search?q=script"),
        *(f"/document/{doc_id}", f"/document/{doc_id}/page/1", f"/finding/{9:016x}"),
    )


def test_a_hostile_document_breaks_no_page(broken):
    asker, _, doc_id = broken
    for path in pages_of(doc_id):
        answer = asker.ask(path)
        assert answer.status == 200, path
        assert len(answer.body) < 8_000_000
        tags = Tags(answer.text).found
        assert [a.get("src") for tag, a in tags if tag == "script"] == ["/static/review.js"]
        assert not {"img", "iframe", "style", "object"} & {tag for tag, _ in tags}
        assert not any(name.startswith("on") for _, a in tags for name in a)
        links = [a.get("href") or "" for tag, a in tags if tag == "a"]
        assert all(href.startswith(("/", "#", "?")) for href in links)
    assert "10,000" in asker.ask("/").text


@pytest.mark.slow
def test_a_hostile_document_runs_nothing_in_a_browser(broken, browser_page):
    asker, _, doc_id = broken
    browser_page.goto(asker.at.url)
    for path in ("/", f"/finding/{9:016x}", f"/document/{doc_id}"):
        browser_page.goto(f"{asker.origin}{path}")
        assert browser_page.title() != "owned"
