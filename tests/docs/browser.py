"""Pictures of pages as a browser shows them: ``python -m tests.docs.browser`` takes them anew.

They are not compared: a browser's letters are its own.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from extract import api
from tests.browser import ARGUMENTS, chromium
from tests.docs import FOLDER

SHOWN = Path("fixtures") / "cases" / "fengqiao-2021-slip" / "fengqiao-2021.pdf"
WIDTH, HEIGHT = 1100, 1260


def report(page: Page, folder: Path) -> bytes:
    """The upper part of a report, down to its first finding."""
    target = folder / "report.html"
    target.write_text(api.report_page(SHOWN), encoding="utf-8")
    page.goto(target.as_uri())
    page.evaluate("document.querySelector('details').open = false")
    box = page.locator("article").first.bounding_box()
    deep = int(box["y"] + box["height"] + 20) if box else HEIGHT
    page.set_viewport_size({"width": WIDTH, "height": deep})
    return page.screenshot()


def small(data: bytes) -> bytes:
    """The same in few colours."""
    sink = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").quantize(48).save(sink, "PNG", optimize=True)
    return sink.getvalue()


def main() -> None:
    """Take all pictures."""
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        (FOLDER / "report.png").write_bytes(small(report(page, Path(folder))))
        browser.close()


if __name__ == "__main__":
    main()
