"""Into which cells does a region fall?

Tables that the format itself delimits are taken as they are; regions of a page are cut by
one of the engines in ``tables``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.model import Cell, Cells, Grid, Region
from extract.tables import ENGINES, OWN, RULED, UNRULED

# The space before a figure with its two decimals: “住房改革支出 87.26”.
_FIGURE = re.compile(r"(?<=\S)[ ](?=-?[\d,]*\d\.\d\d(?:$|[ ]))")


AUTO = "auto"
"""Not an engine: the first of those that suit the region."""


def tabulate(region: Region, source: bytes, engine: str = AUTO) -> Grid:
    """Cut ``region`` into cells; ``source`` is the file, ``engine`` a name in ``ENGINES``, or ``AUTO``."""
    if region.rows is None:
        return ENGINES[suited(region)[0] if engine == AUTO else engine](region, source)
    if isinstance(region.rows, Cells):
        told = region.rows
        return Grid(region, told.reader, told.height, told.width, told.cells, told.edges)
    rows = _trimmed(region.rows.rows)
    cells = tuple(
        Cell(row, column, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    return Grid(region, "plaintext", len(rows), max(map(len, rows)), cells)


def suited(region: Region) -> Sequence[str]:
    """The engines that suit a region, in the order in which they are asked."""
    names = RULED if region.ruled else UNRULED
    scanned = any(word.confidence is not None for word in region.page.words)
    return tuple(name for name in names if name in OWN) if scanned else names


def _trimmed(rows: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """Rows without the columns that stand empty behind all others: a tab or a pipe too many."""
    width = max(
        (column for row in rows for column, text in enumerate(row, 1) if text.strip()), default=1
    )
    return [_parted(row[:width], width) for row in rows]


def _parted(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    """A row that lost just the tabs before some figures, which a space now stands for."""
    parts = [part for text in row for part in _FIGURE.split(text)]
    return tuple(parts) if len(row) < len(parts) == width else row
