"""What people do with the review, in a real browser: look, decide, take back, find; by keys alone too."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from extract.model import Item
from extract.review.server import serving
from extract.stages.publish import readings
from tests.browser import violations
from tests.review.looking import LOST, MISREAD, SLIP, Asker, published

SPORTS = ("income", "", "2070308", "total")


@pytest.fixture
def out(tmp_path) -> Path:
    shutil.copytree(published(), tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def asker(out) -> Iterator[Asker]:
    with serving(out, by="王") as at:
        yield Asker(at)


@pytest.fixture
def page(asker, browser_page):
    """The queue, as it opens; nothing may be said on the console, and no error happen."""
    said: list[str] = []
    browser_page.on("console", lambda one: said.append(one.text))
    browser_page.on("pageerror", lambda one: said.append(str(one)))
    browser_page.goto(asker.at.url)
    yield browser_page
    # A browser says of every answer that is no 200 that it is none.
    assert [one for one in said if not one.startswith("Failed to load resource: ")] == []


def cell(out: Path, place: tuple[str, str, str, str]) -> Item:
    [found] = [i for one, _ in readings(out) for i in one.items if i.place == place]
    return found


def rows(page) -> Locator:
    return page.locator("[data-row]")


def test_open_look_accept_undo(out, page):
    assert "token" not in page.url
    expect(rows(page)).to_have_count(5)
    page.get_by_role("link", name="ocr_digit").click()
    expect(page.get_by_text("“群众体育（2070308）本年收入合计”不是 272.69 万元")).to_be_visible()
    expect(page.locator("td.doubt")).to_have_text("272.69 ?")
    page.get_by_label("why").first.fill("看了原件")
    page.get_by_role("button", name="Accept the proposal").click()
    expect(page.get_by_text("Decided: proposal accepted")).to_be_visible()
    assert cell(out, SPORTS).amount == Decimal("2126900.00")
    expect(page.get_by_role("cell", name="看了原件")).to_be_visible()
    page.get_by_role("link", name="Queue").click()
    expect(rows(page)).not_to_have_count(5)
    page.go_back()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Decided:")).not_to_be_visible()
    assert cell(out, SPORTS).amount == Decimal("2726900.00")
    page.get_by_role("link", name="Queue").click()
    expect(rows(page)).to_have_count(5)


def test_correct_by_hand_and_be_told_that_it_does_not_agree(out, page, asker):
    page.goto(f"{asker.origin}/finding/{MISREAD}")
    page.get_by_label("amount").fill("222.69")
    page.get_by_role("button", name="Correct by hand").click()
    expect(page.get_by_text("with this amount the figures do not agree either")).to_be_visible()
    assert cell(out, SPORTS).amount == Decimal("2226900.00")
    page.get_by_label("amount").fill("二百")
    page.get_by_role("button", name="Correct by hand").click()
    assert "is no amount" in page.get_by_role("alert").inner_text()
    page.get_by_label("amount").fill("212.69")
    page.get_by_role("button", name="Correct by hand").click()
    expect(page.locator("td.doubt")).to_have_text("272.69 → 212.69 万元 ?")
    assert cell(out, SPORTS).status == "repaired"


def test_the_picture_stands_beside_the_form_with_the_cells_boxed(page, asker):
    page.goto(f"{asker.origin}/finding/{SLIP}")
    picture = page.locator(".pages svg image")
    assert (
        picture.evaluate(
            "one => new Promise(done => { const image = new Image(); image.onload = () => done(image.naturalWidth);"
            " image.onerror = () => done(0); image.src = one.href.baseVal; })"
        )
        > 800
    )
    red = page.locator('.pages rect[stroke="#b3261e"]').bounding_box()
    frame = page.locator(".pages .frame").bounding_box()
    assert frame["x"] < red["x"] < frame["x"] + frame["width"]
    assert frame["y"] < red["y"] < frame["y"] + frame["height"], "scrolled to the cell"
    form = page.locator(".near-form").bounding_box()
    assert form["x"] > frame["x"] + frame["width"] / 2


def test_by_keys_alone(out, page):
    def press(key: str) -> None:
        """A key that leads on: the next is for the page that comes."""
        with page.expect_navigation():
            page.keyboard.press(key)

    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator("tr.here")).to_have_count(1)
    press("Enter")
    expect(page).to_have_url(re.compile(MISREAD))
    page.keyboard.press("c")
    page.keyboard.type("212.69")
    press("Enter")
    expect(page.get_by_text("Decided: corrected by hand")).to_be_visible()
    assert cell(out, SPORTS).amount == Decimal("2126900.00")
    press("u")
    expect(page.get_by_text("Decided:")).not_to_be_visible()
    press("a")
    expect(page.get_by_text("Decided: proposal accepted")).to_be_visible()
    press("j")
    expect(page).to_have_url(re.compile(SLIP))
    press("p")
    expect(page.get_by_text("Decided: the publisher's error")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator(".pages.near")).to_have_count(1)
    press("q")
    page.keyboard.press("/")
    page.keyboard.type("aju 株洲")
    page.keyboard.press("Escape")
    expect(page.get_by_label("agency")).to_have_value("aju 株洲")  # letters, in a field


def test_enter_beside_a_reason_decides_nothing(out, page, asker):
    page.goto(f"{asker.origin}/finding/{MISREAD}")
    page.get_by_label("why").first.fill("因为")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert not (out / "decisions").exists()


def test_filter_and_leaf_and_come_back(page):
    page.get_by_label("kind").select_option("missing_total")
    page.get_by_role("button", name="Filter").click()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("link", name="missing_total").click()
    page.get_by_text("1 / 1").wait_for()
    page.get_by_role("link", name="back to the list").click()
    expect(page.get_by_label("kind")).to_have_value("missing_total")
    page.get_by_role("link", name="all open findings").click()
    page.get_by_label("year").select_option("2020")
    page.get_by_role("button", name="Filter").click()
    expect(rows(page)).to_have_count(2)


def test_browse_to_a_document_and_from_a_cell_to_its_finding(page):
    page.get_by_role("link", name="Documents").click()
    page.get_by_role("link", name="枫桥湾区城市管理局").click()
    expect(page.locator("svg.proof")).to_be_visible()
    page.locator("td.doubt a").first.click()
    page.locator(":target a").click()
    page.wait_for_url(re.compile(SLIP))


def test_search_leads_to_the_page(page):
    page.get_by_role("link", name="Search").click()
    page.get_by_label("words").fill("三公")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Search the narratives")).to_be_visible()
    assert page.locator("mark").count() + page.get_by_text("No section").count() > 0


def test_a_deep_link_holds_in_the_same_browser_and_nowhere_else(page, asker, browser):
    page.goto(f"{asker.origin}/finding/{LOST}")
    expect(page.get_by_text("人员经费合计未能读出").first).to_be_visible()
    other = browser.new_context()
    stranger = other.new_page()
    stranger.goto(f"{asker.origin}/finding/{LOST}")
    assert "人员经费" not in stranger.content()
    expect(stranger.get_by_text("Refused")).to_be_visible()
    other.close()


@pytest.mark.slow
def test_without_the_script_every_button_works(out, asker, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(asker.at.url)
    page.get_by_role("link", name="ocr_digit").click()
    page.get_by_role("button", name="Accept the proposal").click()
    expect(page.get_by_text("Decided: proposal accepted")).to_be_visible()
    context.close()
    assert cell(out, SPORTS).status == "repaired"


@pytest.mark.slow
def test_axe_finds_nothing_serious_at_any_width(page, asker):
    paths = ("/", f"/finding/{SLIP}", "/documents", "/search?q=a")
    paths += ("/document/736184addccdba5f", "/document/736184addccdba5f/page/10")
    for path in paths:
        page.goto(f"{asker.origin}{path}")
        assert violations(page) == [], path
    page.set_viewport_size({"width": 375, "height": 700})
    for path in paths[:2]:
        page.goto(f"{asker.origin}{path}")
        assert violations(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 375, f"{path}: tables scroll by themselves, the page does not"
