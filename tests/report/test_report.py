"""Pages of a run: whole, escaped, bounded, and written again only where something changed."""

from __future__ import annotations

import re
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import extract
from extract import api
from extract.cli import exit_code
from extract.model import Further, Reading
from extract.report import folder, page
from extract.report.index import AGENCIES, index
from extract.report.page import LOUD, NOTES, ROWS
from extract.stages.publish import Output, pack
from extract.views.shelf import Fresh
from tests import making
from tests.browser import violations
from tests.report.hostile import FINDINGS, FORMULA, hostile

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
SLIP = CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf"
TOLD = CASES / "xikou-2023-told" / "xikou-2023.pdf"


def publish(out: Path, *found: Reading) -> None:
    with Output.open(out) as output:
        for reading in found:
            output.name(reading.source, reading.doc_id, reading.bytes)
            output.keep(pack(reading))
        output.publish()


class Seen(HTMLParser):
    """What a browser would make of a page: elements, their attributes, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.said += data

    @property
    def links(self) -> list[str]:
        return [value for name, value in self.attributes if name in ("href", "src")]


@cache
def read(path: Path) -> Reading:
    return extract.extract(path).reading


@cache
def seen(path: Path) -> Seen:
    return Seen(page(read(path), [path.read_bytes()], "en"))


def test_the_page_shows_every_form_and_every_amount_as_printed():
    found = seen(SLIP)
    for item in read(SLIP).items:
        assert item.raw in found.said
    assert found.tags.count("table") >= 9


def test_a_finding_comes_with_its_sentence_its_equation_and_the_place_on_the_page():
    [finding] = [f for f in read(SLIP).findings if f.severity == "error"]
    said = seen(SLIP).said
    assert finding.message in said
    assert finding.message_en in said
    assert "≠" in said
    clippings = [link for link in seen(SLIP).links if link.startswith("data:image/webp")]
    assert len(clippings) == 1
    assert f"#f-{finding.finding_id}" in seen(SLIP).links
    assert ("id", f"f-{finding.finding_id}") in seen(SLIP).attributes


def test_where_there_is_no_page_the_rows_around_a_finding_are_shown():
    path = CASES / "shisun-2022-ocr" / "shisun-2022.txt"
    found = Seen(page(read(path), [path.read_bytes()], "en"))
    said = " ".join(found.said.split())
    assert "neither a PDF nor a picture" in said
    assert said.count("Rows around it") == sum(f.severity != "info" for f in read(path).findings)
    assert "272.69 ?" in said


def test_each_chart_has_its_table():
    said = " ".join(seen(TOLD).said.split())
    for title in ("Expenditure by 类", "“三公” expenditure", "Budget against outturn"):
        assert said.count(title) >= 3  # heading, title of the drawing, caption of the table


def test_a_page_says_so_where_it_has_no_clippings():
    told = page(read(SLIP), (), "en", unseen="a.pdf is not there any more")
    assert "a.pdf is not there any more" in told
    assert "data:image" not in told


def test_nothing_on_a_page_can_act_or_call_home():
    for found in (seen(SLIP), seen(TOLD)):
        assert not {"script", "iframe", "object", "link", "form", "img"} & set(found.tags)
        assert not [n for n, _ in found.attributes if n.startswith("on") or n == "style"]
        assert all(link.startswith(("#", "data:image/")) for link in found.links)
        [csp] = [v for n, v in found.attributes if n == "content" and "default-src" in v]
        assert csp.startswith("default-src 'none'; img-src data:; style-src 'sha256-")


@pytest.fixture(scope="module")
def text() -> str:
    return page(hostile(), (), "zh")


class TestHostile:
    def test_its_markup_is_text(self, text):
        found = Seen(text)
        assert not {"script", "img"} & set(found.tags)
        assert not [n for n, _ in found.attributes if n.startswith("on")]
        assert "<script>document.title='owned'</script>" in found.said
        assert FORMULA in found.said
        assert all(link.startswith(("#", "data:image/")) for link in found.links)

    def test_what_hides_is_shown(self, text):
        assert not re.search("[\x00\u202e]", text)

    def test_the_page_is_bounded_and_says_what_it_leaves_out(self, text):
        assert text.count("<article") == LOUD
        assert len(text) < 2_000_000
        assert str(FINDINGS - LOUD) in text
        assert f"… {10_000 - ROWS} " in text
        assert "1 × 300" in text

    @pytest.mark.slow
    def test_the_browser_shows_it_and_runs_nothing(self, text, tmp_path, browser_page):
        path = tmp_path / "hostile.html"
        path.write_text(text, encoding="utf-8", errors="replace")
        asked: list[str] = []
        browser_page.on("request", lambda request: asked.append(request.url))
        browser_page.goto(path.as_uri())
        assert "owned" not in browser_page.evaluate("document.title.slice(0, 6)")
        assert browser_page.locator("article").count() == LOUD
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []

    def test_a_run_with_it_is_reported(self, tmp_path):
        reading = hostile(findings=300, rows=50)
        publish(tmp_path, reading)
        done = api.report(tmp_path)
        assert done.written == 1
        assert not {"script", "img"} & set(Seen(Path(done.index).read_text()).tags)


def test_many_clippings_stay_within_their_bounds(monkeypatch):
    from extract.report import clippings

    [error] = [f for f in read(SLIP).findings if f.severity == "error"]
    many = replace(
        read(SLIP),
        findings=tuple(replace(error, finding_id=f"{n:016x}") for n in range(9)),
    )
    monkeypatch.setattr(clippings, "MOST", 4)
    told = page(many, [SLIP.read_bytes()], "en")
    assert told.count("data:image/webp") == 4
    assert "no room for more clippings" in told
    monkeypatch.setattr(clippings, "MOST_SECONDS", -1.0)
    assert "would take too long" in page(many, [SLIP.read_bytes()], "en")


@pytest.mark.slow
@pytest.mark.parametrize("path", [SLIP, TOLD], ids=lambda path: path.stem)
def test_axe_finds_nothing_serious_and_the_policy_stops_nothing_of_ours(
    path, tmp_path, browser_page
):
    target = tmp_path / "page.html"
    target.write_text(page(read(path), [path.read_bytes()], "zh", home="index.html"))
    complaints: list[str] = []
    browser_page.on("console", lambda said: complaints.append(said.text))
    browser_page.goto(target.as_uri())
    assert complaints == []
    assert violations(browser_page) == []
    browser_page.set_viewport_size({"width": 375, "height": 700})
    wide = browser_page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 375, "tables scroll by themselves, the page does not"


@pytest.mark.slow
def test_a_page_prints_on_paper(tmp_path, browser_page):
    target = tmp_path / "page.html"
    target.write_text(page(read(SLIP), [SLIP.read_bytes()], "zh"))
    browser_page.goto(target.as_uri())
    (tmp_path / "page.pdf").write_bytes(browser_page.pdf(prefer_css_page_size=True))
    import pypdfium2

    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as printed:
        width, height = printed[0].get_size()
        text = "".join(one.get_textpage().get_text_range() for one in printed)
    assert (round(width), round(height)) == (595, 842)
    assert "839.83" in text
    assert "893.83" in text


class TestFolder:
    @pytest.fixture
    def out(self, tmp_path) -> Path:
        for number, name in enumerate("甲乙丙"):
            (tmp_path / f"{number}.txt").write_bytes(making.text(f"{name}局", 2019 + number))
        readings = [
            making.read(path.read_bytes(), str(path)) for path in sorted(tmp_path.glob("*.txt"))
        ]
        publish(tmp_path / "out", *readings)
        return tmp_path / "out"

    def test_only_what_changed_is_written_again(self, out):
        first = api.report(out)
        assert (first.written, first.unchanged) == (3, 0)
        times = {p: p.stat().st_mtime_ns for p in (out / "report" / "documents").iterdir()}
        again = api.report(out)
        assert (again.written, again.unchanged) == (0, 3)
        assert {p: p.stat().st_mtime_ns for p in times} == times
        one = making.read(making.text("丁局", 2019), "new.txt")
        publish(out, one)
        more = api.report(out)
        assert (more.written, more.unchanged, more.removed) == (1, 3, 0)

    def test_a_page_that_is_gone_or_whose_file_came_back_is_written_again(self, out):
        api.report(out)
        next((out / "report" / "documents").iterdir()).unlink()
        assert api.report(out).written == 1
        source = out.parent / "0.txt"
        source.write_bytes(source.read_bytes() + b" ")
        assert api.report(out).written == 1
        assert api.report(out, pictures=False).written == 3
        assert api.report(out, pictures=False, lang="zh").written == 3

    def test_pages_of_documents_that_are_gone_are_taken_away_and_nothing_else(self, out):
        api.report(out)
        keep = out / "report" / "documents" / "mine.html"
        keep.write_text("mine")
        changed = making.read(making.text("甲局", 2019, c201="5"), str(out.parent / "0.txt"))
        publish(out, changed)
        done = api.report(out)
        assert (done.written, done.removed) == (1, 1)
        assert keep.exists()
        names = {path.stem for path in keep.parent.iterdir()} - {"mine"}
        assert changed.doc_id in names
        assert len(names) == 3

    def test_a_manifest_that_is_damaged_costs_only_time(self, out):
        api.report(out)
        (out / "report" / folder.MANIFEST).write_text('{"look": 3, "documents": [1]}')
        assert api.report(out).written == 3

    def test_a_page_that_costs_its_process_comes_without_clippings(self, out, monkeypatch):
        lost: list[str] = []

        class Fragile:
            def submit(self, made, reading, files, lang, why):
                future: Future[str] = Future()
                if reading.identity.agency == "乙局":
                    lost.append(reading.doc_id)
                    future.set_exception(BrokenProcessPool("lost"))
                else:
                    future.set_result(made(reading, files, lang, why))
                return future

            def shutdown(self):
                pass

            def __enter__(self):
                return self

            def __exit__(self, *_):
                pass

        monkeypatch.setattr(folder, "_pool", lambda _: Fragile())
        assert api.report(out, jobs=2).written == 3
        assert len(set(lost)) == 1
        texts = [p.read_text() for p in (out / "report" / "documents").iterdir()]
        assert sum("甲局" in text or "丙局" in text for text in texts) == 2
        assert len(texts) == 3

    def test_processes_write_what_this_one_would(self, out, tmp_path):
        api.report(out, tmp_path / "one")
        api.report(out, tmp_path / "two", jobs=1)
        one, two = (
            {p.name: p.read_bytes() for p in (tmp_path / name).rglob("*.html")}
            for name in ("one", "two")
        )
        assert one == two

    def test_the_index_leads_to_every_page(self, out):
        done = api.report(out)
        found = Seen(Path(done.index).read_text())
        for link in found.links:
            if not link.startswith("#"):
                assert (out / "report" / link).is_file()
        assert {f"documents/{p.name}" for p in (out / "report" / "documents").iterdir()} <= set(
            found.links
        )
        assert "2021" in found.said

    @pytest.mark.slow
    def test_axe_finds_nothing_serious_in_the_index(self, out, browser_page):
        browser_page.goto(Path(api.report(out, lang="zh").index).resolve().as_uri())
        assert violations(browser_page) == []


def test_the_index_of_a_thousand_documents_is_paged_and_quick(tmp_path):
    [line] = Fresh([making.read(making.text("某局", 2020), "a.txt")]).listed
    lines = [
        replace(line, doc_id=f"{n:016x}", agency=f"第{n // 5:04}局", fiscal_year=2019 + n % 5)
        for n in range(2_500)
    ]
    start = time.process_time()
    names = index(lines, tmp_path, "en")
    assert time.process_time() - start < 5
    assert len(names) == 500 / AGENCIES
    for name in names:
        text = (tmp_path / name).read_text()
        assert len(text) < 300_000
        assert text.count('href="documents/') == 5 * AGENCIES
    assert f'href="{names[1]}"' in (tmp_path / names[0]).read_text()


class TestCommand:
    def test_of_one_file_a_page_is_written_and_no_datasets(self, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert exit_code(["report", str(SLIP)]) == 0
        assert [path.name for path in tmp_path.iterdir()] == ["fengqiao-2021.html"]
        assert "fengqiao-2021.html" in capsys.readouterr().out
        assert exit_code(["report", str(SLIP), "--output", "deep/there.html", "--no-pictures"]) == 0
        assert "data:image" not in (tmp_path / "deep" / "there.html").read_text()

    def test_what_cannot_be_read_is_said_and_nothing_is_written(self, tmp_path, capsys):
        bad = tmp_path / "bad.pdf"
        bad.write_bytes(b"%PDF-1.4 broken")
        assert exit_code(["report", str(bad), "--output", str(tmp_path / "x.html")]) == 4
        assert "damaged" in capsys.readouterr().err
        assert not (tmp_path / "x.html").exists()

    def test_a_folder_that_holds_no_datasets_is_refused(self, tmp_path, capsys):
        assert exit_code(["report", str(tmp_path)]) == 6
        assert "juesuan run" in capsys.readouterr().err


def test_what_could_not_be_read_has_a_page_that_says_why(tmp_path):
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "good.txt").write_bytes(
        (CASES / "shisun-2022-ocr" / "shisun-2022.txt").read_bytes()
    )
    extract.run(tmp_path, tmp_path / "out", executor="serial")
    done = api.report(tmp_path / "out")
    assert done.written == 2
    texts = [path.read_text() for path in (tmp_path / "out" / "report" / "documents").iterdir()]
    [failed] = [text for text in texts if "Nothing could be read" in text]
    assert "damaged" in failed
    front = Path(done.index).read_text()
    assert "damaged" in front
    assert "石笋县图书馆" in front


def test_every_statement_of_a_document_has_its_forms_under_its_own_name():
    second = tuple(replace(item, statement=1) for item in read(SLIP).items)
    unit = Further("某县第二中学", "万元", read(SLIP).forms_found, ())
    both = replace(read(SLIP), items=(*read(SLIP).items, *second), further=(unit,))
    found = Seen(page(both, (), "en"))
    assert "某县第二中学 · 万元" in found.said
    anchors = [v for n, v in found.attributes if n == "id" and v.startswith("form-")]
    assert len(anchors) == len(set(anchors)) == 18
    assert {f"#{anchor}" for anchor in anchors} <= set(found.links)


def test_notes_are_bounded_too():
    notes = tuple(
        replace(one, severity="info") for one in hostile(findings=NOTES + 7, rows=9).findings
    )
    told = page(replace(hostile(findings=0, rows=9), findings=notes), (), "en")
    assert told.count("<article") == NOTES
    assert "… 7 more" in " ".join(told.split())
