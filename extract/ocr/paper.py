"""From what a scanner saw to a sheet of grey: upright, evenly white, without stamps."""

from __future__ import annotations

import cv2
import numpy as np

from extract.ocr.contract import Picture

_LEAN = 3.0  # degrees; sheets lie more crooked than this only on purpose
_SEAL = 60.0  # points; red print is smaller, a seal is not
DARK = 150  # of 255; every line of print has ink as dark, a watermark has none
_PALE = 205  # of 255; the thin strokes of print that was blurred are darker
_GROUND = 30.0  # points; the shade of a cell or of a page is even over this length


def grey(picture: Picture, per_point: float) -> Picture:
    """The picture without colour, seals and shades: paper is 255."""
    if picture.ndim == 2:
        plain = picture
    else:
        plain = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        _unseal(plain, picture, per_point)
    return _evened(plain, per_point)


def _unseal(plain: Picture, picture: Picture, per_point: float) -> None:
    """Take seals off ``plain``: much red ink that spreads wide and high."""
    blue, green, red = (picture[:, :, i].astype(np.int16) for i in range(3))
    ink = (red - np.maximum(blue, green) > 40).astype(np.uint8)
    if not ink.any():
        return
    joined = _spread(ink, 3 * per_point)
    # Compression takes the red off the rim of each stroke.
    tinged = _spread(ink, 1.5 * per_point)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    for x, y, width, height, _ in boxes[1:count]:
        if min(width, height) > _SEAL * per_point:
            at = slice(y, y + height), slice(x, x + width)
            # Seen through glass as red as its ink, a seal is gone and black print under it stays.
            level = np.percentile(red[at][ink[at] > 0], 25)
            seen = np.minimum(red[at] * (255 / max(level, 1)), 255)
            plain[at] = np.where(tinged[at] > 0, seen, plain[at])


def _spread(ink: Picture, reach: float) -> Picture:
    wide: Picture = cv2.dilate(ink, np.ones((max(int(reach), 1),) * 2, np.uint8))
    return wide


def _evened(plain: Picture, per_point: float) -> Picture:
    """Divided by the shade of the ground around each pixel."""
    step = 4  # the ground varies slowly: a quarter of the pixels tells it
    small = cv2.resize(plain, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    size = max(int(_GROUND * per_point / step), 3) | 1
    ground = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), min(size, 255))
    ground = cv2.resize(ground, plain.shape[::-1], interpolation=cv2.INTER_LINEAR)
    even: Picture = cv2.divide(plain, np.maximum(ground, 1), scale=255)
    return even


def ink(page: Picture) -> Picture:
    """1 where the page is darker than its paper and the grain of the paper, else 0."""
    paper = page[::4, ::4]
    grain = (255 - float(np.percentile(paper[paper > 180], 10))) / 1.28 if paper.any() else 0.0
    return (page < min(max(255 - 5 * grain, DARK), _PALE)).astype(np.uint8)


def lean(page: Picture, per_point: float) -> float:
    """By how many degrees, counter-clockwise, the lines of the page rise to the right."""
    scale = min(1.0, 1.0 / per_point)
    ink = cv2.resize(255 - page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    coarse = _sharpest(ink, np.arange(-_LEAN, _LEAN + 0.01, 0.2))
    fine = _sharpest(ink, np.arange(coarse - 0.2, coarse + 0.21, 0.04))
    scale = min(1.0, 2.0 / per_point)
    ink = cv2.resize(255 - page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _sharpest(ink, np.arange(fine - 0.04, fine + 0.041, 0.01))


def _sharpest(ink: Picture, angles: np.ndarray) -> float:
    """The turn after which rows differ most from their neighbours."""

    def sharpness(angle: float) -> float:
        rows = turned(ink, -angle, ground=0).sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(rows)).sum())

    return float(max(angles, key=sharpness))


def turned(page: Picture, degrees: float, ground: int = 255) -> Picture:
    """The page turned about its middle, counter-clockwise; what comes in from outside is ``ground``."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    level: Picture = cv2.warpAffine(
        page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(ground,) * 3
    )
    return level
