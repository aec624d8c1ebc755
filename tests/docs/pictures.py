"""Pictures for the pages: a form as a fixture prints it, and the report as a browser shows it.

Renderers differ from version to version by shades: a picture is as it would be made where it is
of the same size and nearly nothing of it is another colour.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

import extract
from extract.forms.catalogue import FORMS
from extract.geometry import union
from extract.model import Box, Reading
from extract.views.equations import box_of
from extract.views.pictures import opened

SHOWN = Path(__file__).parents[2] / "fixtures" / "cases" / "qinghe-2022-yuan" / "qinghe-2022.pdf"
"""A document in which every form has figures."""
BESIDE = ("report.png", "review.png")
"""Pictures of pages in a browser, which `python -m tests.docs.browser` takes."""
_ABOVE, _BELOW, _DEEP = 110.0, 12.0, 330.0  # points
_WIDE = 900  # pixels
_SHADE = 4.0  # of 255, the mean over all


@cache
def made() -> Mapping[str, bytes]:
    """The picture of each form, by its name in schemas/docs."""
    reading = extract.extract(SHOWN, narrative=False).reading
    found = {}
    with opened([SHOWN.read_bytes()]) as pages:
        for form in FORMS:
            if (at := _place(reading, form)) is not None:
                number, box = at
                picture = pages.draw(number, box, longest=_WIDE, kind="png")
                found[f"forms/{form}.png"] = _plain(picture.data)
    return found


def alike(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same."""
    a, b = (Image.open(io.BytesIO(data)).convert("L") for data in (one, other))
    if a.size != b.size:
        return False
    return max(ImageStat.Stat(ImageChops.difference(a, b)).mean) < _SHADE


def _place(reading: Reading, form: str) -> tuple[int, Box] | None:
    """The first page of a form, and the part of it that the form takes up; its upper rows if it is long."""
    cells = [item for item in reading.items if item.form == form and item.page is not None]
    if not cells:
        return None
    number = min(item.page or 0 for item in cells)
    boxes = [box for item in cells if item.page == number and (box := box_of(item))]
    _, y0, _, y1 = union(boxes)
    return number, (0.0, y0 - _ABOVE, 1e4, min(y1 + _BELOW, y0 + _DEEP))


def _plain(data: bytes) -> bytes:
    sink = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("L").quantize(8).save(sink, "PNG", optimize=True)
    return sink.getvalue()
