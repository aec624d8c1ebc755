"""Small sound documents of every kind that is read: what is spoilt to see what a reader makes of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache

from PIL import Image, ImageDraw

from fixtures.render import Wishes, invent, sheets
from fixtures.render.formats import FORMATS
from fixtures.render.layout import Layout
from fixtures.render.pdf import pdf
from fixtures.render.prose import narrative
from tests.papers import plain

PICTURES = ("png", "jpg", "tif")
"""Read by OCR: a hundred times as slow as the others."""
TOLD = ("txt", "docx")
"""Those with a narrative behind the form, as the PDF has."""


@cache
def seeds() -> Mapping[str, bytes]:
    """Suffix → a document of that kind; a form, and some text in some of them."""
    statement, layout = invent(5, Wishes()), Layout()
    form = list(sheets.forms(statement, layout))[:1]
    whole = [*form, narrative(statement, layout)]
    made = {
        suffix: draw(whole if suffix in TOLD else form, statement, layout)
        for suffix, draw in FORMATS.items()
    }
    made["pdf"] = pdf(whole, layout, "决算").content
    made["tiny.pdf"] = plain("income").pdf()
    made["mht"] = archived(made["html"])
    made["zip"] = zipped({"a/决算表.csv": made["csv"], "b.zip": zipped({"c.md": made["md"]})})
    return made | dict(zip(PICTURES, pictures(), strict=True))


def archived(page: bytes) -> bytes:
    """A page as a browser saves it with what it shows."""
    head = (
        b"From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="--cut"\r\n\r\n----cut\r\n'
        b"Content-Type: text/html\r\nContent-Location: http://portal.example/a.html\r\n\r\n"
    )
    return head + page + b"\r\n----cut--\r\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return held.getvalue()


def pictures() -> list[bytes]:
    """A stamp of a page: a box with a figure in it."""
    sheet = Image.new("RGB", (64, 48), "white")
    ImageDraw.Draw(sheet).rectangle((4, 4, 60, 44), outline="black")
    ImageDraw.Draw(sheet).text((10, 14), "12.50", fill="black")
    made = []
    for kind in ("PNG", "JPEG", "TIFF"):
        held = io.BytesIO()
        sheet.save(held, kind)
        made.append(held.getvalue())
    return made
