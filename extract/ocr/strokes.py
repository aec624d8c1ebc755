"""Which straight lines are drawn on a grey page, and what is the page without them?"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extract.ocr.contract import Area, Picture

_THICK = 3.0  # points; as in PDFs, a line is no thicker
_LONG = 9.0  # points; no row is so low
_SURE = 72.0  # points; no print looks like a line over this length
_GAP = 2.0  # points; a bad print interrupts a line by less
_INKED = 0.8  # of its length
_TOUCH = 3.0  # points; as near as rulings of one table come to each other
_FAINT = 40  # of 255 darker than the paper beside it


@dataclass(frozen=True, slots=True)
class Strokes:
    """Lines that run across and lines that run down, each as the area of its ink."""

    across: list[Area]
    down: list[Area]


def strokes(page: Picture, per_point: float) -> Strokes:
    """The straight lines of an upright page."""
    across = _lines(page, per_point)
    down = [_swapped(line) for line in _lines(np.ascontiguousarray(page.T), per_point)]
    sure, reach = _SURE * per_point, _TOUCH * per_point
    posts = [d for d in down if d[3] - d[1] > sure]
    beams = [a for a in across if a[2] - a[0] > sure or _is_held(a, posts, reach)]
    props = [_swapped(d) for d in down if d not in posts]
    posts += [
        _swapped(prop) for prop in props if _is_held(prop, [_swapped(b) for b in beams], reach)
    ]
    beams += [a for a in across if a not in beams and _is_held(a, posts, reach)]
    return Strokes(beams, posts)


def _swapped(area: Area) -> Area:
    x0, y0, x1, y1 = area
    return y0, x0, y1, x1


def _is_held(line: Area, posts: list[Area], reach: float) -> bool:
    """Whether a line that runs across ends at lines that run down, as rulings do and print does not."""
    x0, y0, x1, y1 = line
    crossing = [p for p in posts if p[1] - reach <= y1 and y0 <= p[3] + reach]
    return all(
        any(p[0] - reach <= end <= p[2] + reach for p in crossing) for end in (x0, x1)
    )


def _lines(page: Picture, per_point: float) -> list[Area]:
    """Those that run across."""
    thick, long, gap = (max(round(size * per_point), 1) for size in (_THICK, _LONG, _GAP))
    dark = cv2.morphologyEx(page, cv2.MORPH_BLACKHAT, np.ones((thick | 1, 1), np.uint8))
    ink = (dark > _FAINT).astype(np.uint8)
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap | 1), np.uint8))
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    areas = (
        (int(x), int(y), int(x + width), int(y + height))
        for x, y, width, height, _ in boxes[1:count]
        if height <= 2 * thick
    )
    return [area for area in areas if _is_drawn(ink, area)]


def _is_drawn(ink: Picture, area: Area) -> bool:
    """Whether it is inked throughout: the feet of figures in a row are not."""
    x0, y0, x1, y1 = area
    return float(ink[y0:y1, x0:x1].any(axis=0).mean()) > _INKED


def erased(page: Picture, lines: Strokes) -> Picture:
    """The page with paper where the lines are."""
    plain = page.copy()
    for x0, y0, x1, y1 in (*lines.across, *lines.down):
        plain[max(y0 - 1, 0) : y1 + 1, max(x0 - 1, 0) : x1 + 1] = 255
    return plain
