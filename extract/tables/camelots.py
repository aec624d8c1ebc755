"""camelot as engines: its vector lattice for rulings, network and stream for words alone.

It parses the file by other means than pdfium and costs a hundred times as much, so it is
imported when a region first needs it.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from functools import partial
from typing import Any

from extract.errors import DamagedFile
from extract.model import Box, Grid, Region
from extract.tables.cells import assemble
from extract.tables.ruled import Groups
from extract.tables.runs import on

LATTICE, NETWORK, STREAM = "camelot-lattice", "camelot-network", "camelot-stream"

_AROUND = (
    1.0  # point: camelot adds the edges of the area to the table, where they are one with its own
)

_WAYS: dict[str, dict[str, str]] = {
    # Without the picture of the page: what is drawn is in the file.
    LATTICE: {"flavor": "lattice", "engine": "vector"},
    NETWORK: {"flavor": "network"},
    STREAM: {"flavor": "stream"},
}


def cut(name: str, region: Region, source: bytes) -> Grid:
    """Cut a region with a box as camelot's way ``name`` does; no cells where it finds no table.

    Raises ``DamagedFile`` where camelot cannot read the file.
    """
    assert region.box is not None
    try:
        boxes = list(_boxes(name, _tables(name, region, source), region.page.height))
    except Exception as wrong:  # camelot raises anything on files that pdfium mends
        raise DamagedFile(f"camelot cannot read the PDF ({wrong}); use the engine auto") from wrong
    return assemble(region, name, boxes, on(region.page, region.box) if boxes else ())


lattice = partial(cut, LATTICE)
network = partial(cut, NETWORK)
stream = partial(cut, STREAM)


def _tables(name: str, region: Region, source: bytes) -> Any:
    import camelot

    assert region.box is not None
    x0, y0, x1, y1 = region.box
    height = region.page.height
    area = f"{x0 - _AROUND},{height - y0 + _AROUND},{x1 + _AROUND},{height - y1 - _AROUND}"
    for name in (
        "camelot",
        "playa",
    ):  # which parses the file for camelot, and tells of each operator
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return camelot.read_pdf(
            source, pages=str(region.page.number), table_areas=[area], **_WAYS[name]
        )


def _boxes(name: str, tables: Any, height: float) -> Iterator[Box]:
    """The cells of the first table, on the page as displayed; those with no line between them as one."""
    for table in tables[:1]:
        rows = table.cells
        groups = Groups(len(rows), len(rows[0]))
        for r, row in enumerate(rows if name == LATTICE else ()):
            for c, cell in enumerate(row):
                if c + 1 < len(row) and not (cell.right or row[c + 1].left):
                    groups.join((r, c), (r, c + 1))
                if r + 1 < len(rows) and not (cell.bottom or rows[r + 1][c].top):
                    groups.join((r, c), (r + 1, c))
        for top, left, bottom, right in groups.rectangles():
            first, last = rows[top][left], rows[bottom - 1][right - 1]
            yield first.x1, height - first.y2, last.x2, height - last.y1
