"""pdfplumber's own reader as an engine: another parser of the PDF, for a second opinion."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import pdfplumber

from extract.geometry import SNAP
from extract.model import Grid, Region
from extract.tables.cells import assemble

NAME = "pdfplumber"


def cut(region: Region, source: bytes) -> Grid:
    """Cut a region with a box into the cells pdfplumber finds there; no cells where it finds no table."""
    assert region.box is not None
    assert region.page.number is not None
    x0, y0, x1, y1 = region.box
    page = _opened(source).pages[region.page.number - 1]
    window = page.crop((x0 - SNAP, y0 - SNAP, x1 + SNAP, y1 + SNAP), strict=False)
    boxes = [tuple(cell) for table in window.find_tables() for cell in table.cells]
    return assemble(region, NAME, boxes, region.page.words)


@lru_cache(maxsize=1)
def _opened(source: bytes) -> Any:
    return pdfplumber.open(io.BytesIO(source))
