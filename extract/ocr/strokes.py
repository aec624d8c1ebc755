"""Which straight lines are drawn on a grey page, and what is the page without them?"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extract.ocr.contract import Area, Picture

_THICK = 3.0  # points; as in PDFs, a line is no thicker
_LONG = 24.0  # points; no stroke of a letter is so long
_GAP = 2.0  # points; a bad print interrupts a line by less
_FAINT = 40  # of 255 darker than the paper beside it


@dataclass(frozen=True, slots=True)
class Strokes:
    """Lines that run across and lines that run down, each as the area of its ink."""

    across: list[Area]
    down: list[Area]


def strokes(page: Picture, per_point: float) -> Strokes:
    """The straight lines of an upright page."""
    return Strokes(
        _lines(page, per_point),
        [(y0, x0, y1, x1) for x0, y0, x1, y1 in _lines(page.T, per_point)],
    )


def _lines(page: Picture, per_point: float) -> list[Area]:
    """Those that run across."""
    thick, long, gap = (max(round(size * per_point), 1) for size in (_THICK, _LONG, _GAP))
    dark = cv2.morphologyEx(page, cv2.MORPH_BLACKHAT, np.ones((thick | 1, 1), np.uint8))
    ink = (dark > _FAINT).astype(np.uint8)
    ink = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap | 1), np.uint8))
    ink = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return [
        (int(x), int(y), int(x + width), int(y + height))
        for x, y, width, height, _ in boxes[1:count]
        if height <= 2 * thick
    ]


def erased(page: Picture, lines: Strokes) -> Picture:
    """The page with paper where the lines are."""
    plain = page.copy()
    for x0, y0, x1, y1 in (*lines.across, *lines.down):
        plain[max(y0 - 1, 0) : y1 + 1, max(x0 - 1, 0) : x1 + 1] = 255
    return plain
