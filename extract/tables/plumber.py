"""pdfplumber's own reader as an engine: another parser of the PDF, for a second opinion."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import pdfplumber

from extract.errors import DamagedFile
from extract.geometry import SNAP, cut_off
from extract.model import Box, Grid, Region
from extract.tables.cells import assemble

NAME = "pdfplumber"


def cut(region: Region, source: bytes) -> Grid:
    """Cut a region with a box into the cells pdfplumber finds there; no cells where it finds no table."""
    assert region.box is not None
    assert region.page.number is not None
    try:
        boxes = _boxes(_opened(source).pages[region.page.number - 1], region.box)
    except Exception as wrong:  # pdfminer raises anything on files that pdfium mends
        raise DamagedFile(
            f"pdfplumber cannot read the PDF ({wrong}); use the engine ruled"
        ) from wrong
    return assemble(region, NAME, boxes, region.page.words)


def _boxes(page: Any, box: Box) -> list[Box]:
    dx, dy = _origin(page)
    x0, y0, x1, y1 = box
    around = (x0 + dx - SNAP, y0 + dy - SNAP, x1 + dx + SNAP, y1 + dy + SNAP)
    return [
        (left - dx, top - dy, right - dx, bottom - dy)
        for table in page.crop(around, strict=False).find_tables()
        for left, top, right, bottom in table.cells
    ]


def _origin(page: Any) -> tuple[float, float]:
    """Where what is shown of a page begins, as pdfplumber counts."""
    dx, dy = cut_off(page.page_obj.mediabox, page.page_obj.cropbox, page.rotation)
    return page.bbox[0] + dx, page.bbox[1] + dy


@lru_cache(maxsize=1)
def _opened(source: bytes) -> Any:
    return pdfplumber.open(io.BytesIO(source))
