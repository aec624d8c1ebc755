"""A real browser for tests of pages: Debian's chromium, or another, through Playwright.

``browser_page`` is an empty page of a browser without a profile; ``violations`` what axe holds
against what is on it. Where no chromium is installed such tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where the browser is: $JUESUAN_CHROMIUM, or on the PATH."""
    named = os.environ.get("JUESUAN_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


# Playwright keeps an event loop going in its thread: for a module, so that others may have theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, for the tests of a module."""
    program = chromium()
    if program is None:
        pytest.skip("no chromium on this machine: apt-get install chromium, or JUESUAN_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A page 1280 × 900 in a context of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()


def violations(page: Page, *, impacts: tuple[str, ...] = ("serious", "critical")) -> list[str]:
    """What axe holds against the page, of these impacts: rule, help, and where it is first."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:200]})"
        for one in found
        if one["impact"] in impacts
    ]
