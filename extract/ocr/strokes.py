"""Which straight lines are drawn on a grey page, and what is the page without them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import or_

import cv2
import numpy as np

from extract.ocr.contract import Area, Picture
from extract.ocr.paper import DARK

_THICK = 3.0  # points; as in PDFs, a line is no thicker
_LONG = 9.0  # points; no row is so low
_SURE = 72.0  # points; no print looks like a line over this length
_GAP = 2.0  # points; a bad print interrupts a line by less
_INKED = 0.9  # of its length
_TALL = 24.0  # points; no letter of a table is as high
_TOUCH = 1.0  # points; as near as lines come that meet
_SIDE = 3.0  # points; as far as the ends of lines stray where no line closes a side
_BESIDE = (
    0.7,
    1.7,
    2.0,
)  # points off a line, from and to, and off its ends, where white is looked for
_FRINGE = 0.7  # points beside a line that a blurred scan darkens
_BARE = 0.1  # of these are inked at most
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
    sure, reach, stray = (size * per_point for size in (_SURE, _TOUCH, _SIDE))
    beams = [a for a in across if a[2] - a[0] > sure]
    posts = [d for d in down if d[3] - d[1] > sure]
    known = 0
    while known < len(beams) + len(posts):  # short lines may be held by lines that are short too
        known = len(beams) + len(posts)
        sides = [side for beam in beams for side in (beam[0], beam[2])]
        beams += [
            a
            for a in across
            if a not in beams
            and (_is_held(a, posts, sides, reach, stray) or _juts(a, sides, stray, per_point))
        ]
        held_by = [_swapped(beam) for beam in beams]
        posts += [
            d
            for d in down
            if d not in posts
            and _is_held(_swapped(d), held_by, (), reach, stray)
            and _stands_free(page, d, per_point)
        ]
    return Strokes(beams, posts)


def _swapped(area: Area) -> Area:
    x0, y0, x1, y1 = area
    return y0, x0, y1, x1


def _is_held(
    line: Area, posts: list[Area], sides: Sequence[int], reach: float, stray: float
) -> bool:
    """Whether a line that runs across ends at lines that run down, as rulings do and print does not.

    One end may lie where others end: at a side of the table that no line closes.
    """
    x0, y0, x1, y1 = line
    crossing = [p for p in posts if p[1] - reach <= y1 and y0 <= p[3] + reach]
    at_posts = [any(p[0] - reach <= end <= p[2] + reach for p in crossing) for end in (x0, x1)]
    at_sides = [any(abs(side - end) <= stray for side in sides) for end in (x0, x1)]
    return any(at_posts) and all(map(or_, at_posts, at_sides))


def _juts(line: Area, sides: Sequence[int], stray: float, per_point: float) -> bool:
    """Whether a line longer than letters runs into the table from a side of it: a rule under a heading."""
    x0, _, x1, _ = line
    at_side = any(abs(side - end) <= stray for side in sides for end in (x0, x1))
    return at_side and x1 - x0 > _TALL * per_point


def _stands_free(page: Picture, post: Area, per_point: float) -> bool:
    """Whether there is white beside a short line that runs down: beside a stroke of a letter there are
    others. Print may stand close to a line on one side, if no letter is as high as the line."""
    x0, y0, x1, y1 = post
    off, reach, end = (round(size * per_point) for size in _BESIDE)
    sides = (
        page[y0 + end : y1 - end, max(x0 - reach, 0) : max(x0 - off, 0)],
        page[y0 + end : y1 - end, x1 + off : x1 + reach],
    )
    bare = [side.size == 0 or float((side < DARK).mean()) < _BARE for side in sides]
    return any(bare) if y1 - y0 > _TALL * per_point else all(bare)


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
    return [area for area in areas if _is_drawn(ink, area, 2 * long)]


def _is_drawn(ink: Picture, area: Area, piece: int) -> bool:
    """Whether each piece of it is inked throughout at one height: heads of letters in a row are not."""
    x0, y0, x1, y1 = area
    band = ink[y0:y1, x0:x1]
    if len(band) > 1:
        band = band[1:] | band[:-1]  # a line that leans is a step lower in the middle of a piece
    pieces = np.array_split(band, max((x1 - x0) // piece, 1), axis=1)
    return float(np.mean([part.mean(axis=1).max() for part in pieces])) > _INKED


def erased(page: Picture, lines: Strokes, per_point: float) -> Picture:
    """The page with paper where the lines are."""
    fringe = max(round(_FRINGE * per_point), 1)
    plain = page.copy()
    for x0, y0, x1, y1 in (*lines.across, *lines.down):
        plain[max(y0 - fringe, 0) : y1 + fringe, max(x0 - fringe, 0) : x1 + fringe] = 255
    return plain
