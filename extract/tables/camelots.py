"""camelot as engines: its lattice for rulings, network and stream for words alone, hybrid for both.

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

LATTICE, COMBINED = "camelot-lattice", "camelot-combined"
NETWORK, STREAM, HYBRID = "camelot-network", "camelot-stream", "camelot-hybrid"

_AROUND = (
    1.0  # point: camelot adds the edges of the area to the table, where they are one with its own
)
_FRAME = 18.0  # points: a region without rulings ends with its words, a frame in a picture beyond

_WAYS: dict[str, dict[str, str | int]] = {
    # Without the picture of the page: what is drawn is in the file.
    LATTICE: {"flavor": "lattice", "engine": "vector"},
    # With it: rulings may be part of a picture behind the words. Ten times as slow. Lines are as
    # long as a 40th of the page: a row is no lower.
    COMBINED: {"flavor": "lattice", "engine": "combined", "line_scale": 40},
    NETWORK: {"flavor": "network"},
    STREAM: {"flavor": "stream"},
    HYBRID: {"flavor": "hybrid", "engine": "vector"},
}
_BY_RULINGS = frozenset({LATTICE, COMBINED})

_LOGGERS = ("camelot", "playa")
"""What has a line to say of each operator of a broken page: camelot, and what parses it for camelot."""


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
combined = partial(cut, COMBINED)
network = partial(cut, NETWORK)
stream = partial(cut, STREAM)
hybrid = partial(cut, HYBRID)


def _tables(name: str, region: Region, source: bytes) -> Any:
    import camelot

    assert region.box is not None
    x0, y0, x1, y1 = region.box
    height = region.page.height
    loose = name == COMBINED and not region.ruled
    around = _FRAME if loose else _AROUND
    area = f"{x0 - around},{height - y0 + around},{x1 + around},{height - y1 - around}"
    for told in _LOGGERS:
        logging.getLogger(told).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return camelot.read_pdf(
            source,
            pages=str(region.page.number),
            **{"table_regions" if loose else "table_areas": [area]},
            **_WAYS[name],
        )


def _boxes(name: str, tables: Any, height: float) -> Iterator[Box]:
    """The cells of the first table, on the page as displayed; those with no line between them as one."""
    for table in tables[:1]:
        rows = table.cells
        groups = Groups(len(rows), len(rows[0]))
        for r, row in enumerate(rows if name in _BY_RULINGS else ()):
            for c, cell in enumerate(row):
                if c + 1 < len(row) and not (cell.right or row[c + 1].left):
                    groups.join((r, c), (r, c + 1))
                if r + 1 < len(rows) and not (cell.bottom or rows[r + 1][c].top):
                    groups.join((r, c), (r + 1, c))
        for top, left, bottom, right in groups.rectangles():
            first, last = rows[top][left], rows[bottom - 1][right - 1]
            yield first.x1, height - first.y2, last.x2, height - last.y1
