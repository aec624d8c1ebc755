"""Where does print stand between the rulings of a table?

Told from ink alone, without a model: within a table every line of print lies in a box of
rulings, so letters that stand close together make a line and no line runs over a ruling.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from extract.ocr.contract import Area, Picture
from extract.ocr.paper import DARK, ink
from extract.ocr.strokes import Strokes

_CLOSE = 1.1  # heights of a figure; letters nearer than this make one line
_LINE = 1.55  # heights of a figure from one line of Chinese to the next, at least
_TALL = 1.75  # heights of a figure; a line of print is no taller
_SPECK = 0.16  # of that height; smaller is dirt


def prints(plain: Picture, lines: Strokes, table: Area, per_point: float) -> list[Area]:
    """The lines of print in the area of a table; ``plain`` is the page without its rulings."""
    x0, y0, x1, y1 = table
    inside = plain[y0:y1, x0:x1]
    inked = ink(inside)
    height = _height(inked, per_point)
    fences = _fences(lines, table)
    joined = cv2.morphologyEx(
        inked, cv2.MORPH_CLOSE, np.ones((1, int(_CLOSE * height) | 1), np.uint8)
    )
    joined[fences] = 0
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = (_area(*box[:4]) for box in boxes[1:count])
    printed = [area for area in found if not _is_speck(inked, area, height)]
    parts = [part for area in printed for part in _parted(inked, area, height)]
    whole = [area for area in _merged(parts, fences, height) if _is_dark(inside, area)]
    return [
        (left + x0, top + y0, right + x0, bottom + y0)
        for left, top, right, bottom in (_tall(area, height) for area in whole)
    ]


def _area(x: int, y: int, width: int, height: int) -> Area:
    return int(x), int(y), int(x + width), int(y + height)


def _height(inked: Picture, per_point: float) -> float:
    """How high a figure is, in pixels: the middle one of all that may be letters."""
    count, _, boxes, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    heights = boxes[1:count, cv2.CC_STAT_HEIGHT]
    letters = heights[(heights >= 3.5 * per_point) & (heights <= 20 * per_point)]
    return float(np.median(letters)) if len(letters) else 6 * per_point


def _fences(lines: Strokes, table: Area) -> np.ndarray:
    """Where rulings are, drawn through the gaps of bad print."""
    x0, y0, x1, y1 = table
    fences = np.zeros((y1 - y0, x1 - x0), bool)
    for left, top, right, bottom in (*lines.across, *lines.down):
        fences[max(top - y0, 0) : max(bottom - y0, 0), max(left - x0, 0) : max(right - x0, 0)] = (
            True
        )
    return fences


def _is_dark(page: Picture, area: Area) -> bool:
    x0, y0, x1, y1 = area
    return bool((page[y0:y1, x0:x1] < DARK).any())


def _is_speck(inked: Picture, area: Area, height: float) -> bool:
    x0, y0, x1, y1 = area
    size = _SPECK * height
    if max(x1 - x0, y1 - y0) < 2 * size:
        return True
    return int(inked[y0:y1, x0:x1].sum()) < 2 * size * size


def _merged(areas: list[Area], fences: np.ndarray, height: float) -> list[Area]:
    """Letters that are made of strokes apart, 一 beside 、 and 二, put together again."""
    whole: list[Area] = []
    for area in sorted(areas, key=lambda a: (a[0], a[1])):
        rest = area
        while (at := _akin(whole, rest, fences, height)) is not None:
            rest = _joined(whole.pop(at), rest)
        whole.append(rest)
    return whole


def _akin(whole: list[Area], area: Area, fences: np.ndarray, height: float) -> int | None:
    return next((i for i, o in enumerate(whole) if _is_rest(o, area, fences, height)), None)


def _joined(one: Area, other: Area) -> Area:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _is_rest(one: Area, other: Area, fences: np.ndarray, height: float) -> bool:
    """Whether two areas are of one line of print."""
    x0, y0, x1, y1 = _joined(one, other)
    apart = max(one[0], other[0]) - min(one[2], other[2])
    taller = max(one[3] - one[1], other[3] - other[1])
    if y1 - y0 > max(_TALL * height, 1.2 * taller) or apart > _CLOSE * height:
        return False
    return not fences[y0:y1, x0:x1].any()


def _tall(area: Area, height: float) -> Area:
    """A dash is seen with as much white around it as a figure in its place would leave."""
    x0, y0, x1, y1 = area
    lack = max(round((height - (y1 - y0)) / 2), 0)
    return x0, y0 - lack, x1, y1 + lack


def _parted(inked: Picture, area: Area, height: float) -> Iterator[Area]:
    """An area of several lines that touch, cut where there is least ink between them."""
    x0, y0, x1, y1 = area
    count = round((y1 - y0) / (_LINE * height)) if y1 - y0 > 2.2 * height else 1
    rows = inked[y0:y1, x0:x1].sum(axis=1)
    tops = [0]
    for line in range(1, count):
        middle, reach = round(line * (y1 - y0) / count), round(0.5 * height)
        low = max(middle - reach, tops[-1] + 1)
        tops.append(low + int(rows[low : middle + reach + 1].argmin()))
    for top, bottom in zip(tops, [*tops[1:], y1 - y0], strict=True):
        yield x0, y0 + top, x1, y0 + bottom
