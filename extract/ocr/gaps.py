"""Where does one line of print hold the texts of two cells?

Where no ruling parts them, a figure at the right of its column and a name at the left of the
next are found as one line. White in the ink tells where one ends; letters of a title may be
set as far apart, so that a line is parted beside figures only.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from extract.ocr.contract import Area, Picture, Print
from extract.ocr.paper import ink

_GAP = 0.3  # of the height of a line: white between a figure and a name beside it
_BETWEEN = 0.9  # of it: white between two figures
_OFF = 0.6  # of it: as far as the engine errs in where a letter begins
_OF_FIGURES = frozenset("0123456789.,-—()△")


def parted(page: Picture, area: Area, line: Print) -> Iterator[tuple[Area, Print]]:
    """The texts of a line with the area of each."""
    x0, y0, x1, y1 = area
    if len(line.lefts) != len(line.text) or _OF_FIGURES.isdisjoint(line.text):
        yield area, line
        return
    start, left = 0, x0
    for white, black in _gaps(page, area):
        at = _letter_at(line, area, black)
        wide = black - white > _BETWEEN * (y1 - y0)
        if at is None or at <= start or not _parts(line.text, at, wide=wide):
            continue
        yield _part(line, start, at, area, (left, y0, white, y1))
        start, left = at, black
    yield _part(line, start, len(line.text), area, (left, y0, x1, y1))


def _gaps(page: Picture, area: Area) -> Iterator[tuple[int, int]]:
    """Where white begins and where it ends, left to right, the margins left out."""
    x0, y0, x1, y1 = area
    inked = np.flatnonzero(ink(page[y0:y1, x0:x1]).any(axis=0))
    steps = np.diff(inked)
    for at in np.flatnonzero(steps > _GAP * (y1 - y0)):
        yield x0 + int(inked[at]) + 1, x0 + int(inked[at + 1])


def _letter_at(line: Print, area: Area, x: int) -> int | None:
    """Which letter begins at ``x``."""
    width, height = area[2] - area[0], area[3] - area[1]
    offs = [abs(area[0] + share * width - x) for share in line.lefts]
    at = int(np.argmin(offs))
    return at if offs[at] <= _OFF * height else None


def _parts(text: str, at: int, *, wide: bool) -> bool:
    """Whether a text may end before a letter: a figure ends or begins there, or there are two far apart."""
    before, after = text[at - 1] in _OF_FIGURES, text[at] in _OF_FIGURES
    return wide if before and after else before or after


def _part(line: Print, start: int, end: int, area: Area, own: Area) -> tuple[Area, Print]:
    width = area[2] - area[0]
    lefts = tuple(
        (area[0] + share * width - own[0]) / max(own[2] - own[0], 1)
        for share in line.lefts[start:end]
    )
    return own, Print(line.text[start:end], line.confidence, lefts)
