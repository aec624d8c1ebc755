"""The picture of the review page in the README, made from a fixture: ``python -m tests.review.picture``."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from extract.review.server import serving
from tests.browser import ARGUMENTS, chromium
from tests.review.looking import SLIP, published

PICTURE = Path(__file__).parents[2] / "schemas" / "docs" / "review.png"
SIZE = {"width": 1280, "height": 1040}


def main() -> None:
    """Write the picture."""
    with serving(published(), by="王") as at, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{at.url[: at.url.index('?')]}finding/{SLIP}?token={at.token}")
        page.locator(".pages svg").evaluate(
            "one => new Promise(done => { const i = new Image(); i.onload = done; i.src = one.querySelector('image').href.baseVal; })"
        )
        page.evaluate("document.querySelector('header code').textContent = 'out'")
        shot = Image.open(io.BytesIO(page.screenshot()))
        browser.close()

    shot.convert("RGB").quantize(128, method=Image.Quantize.MAXCOVERAGE).save(
        PICTURE, "PNG", optimize=True
    )


if __name__ == "__main__":
    main()
