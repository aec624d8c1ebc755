"""What words and rulings are on a picture of a page?

The picture is made grey, straight and upright. Inside tables every line of print is found
from its ink, between the rulings, and outside by the engine; then each is read alone. That
spares the engine the search where most of the print is, and no word ever spans two cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from extract.geometry import connected, union
from extract.model import Ruling, Turn, Word
from extract.ocr import blocks, paper
from extract.ocr.contract import Area, Picture, Print, Recogniser
from extract.ocr.gaps import parted
from extract.ocr.strokes import Strokes, erased, strokes

_SURE = 0.93  # pages that stand on their head are read with less
_LETTERS = 3  # a line; on a page that lies on its side each letter is a line, and some are read
_SAMPLE = 12  # lines of print that tell which way is up
_LETTERS_APART = 0.35  # of the height of a line, the white between two letters of a text
_LOW, _SHORT = 0.4, 4.0  # of it, what is as high as a figure and as short as a code
_ROOM = 0.18  # of the height of a line, left white around it
_STRAIGHT = 0.02  # degrees
_PALE = np.uint8(200)  # of 255; lighter is a watermark
_AROUND = 12.0  # points of white above and below what is searched


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as read, in points of the page when turned upright."""

    width: float
    height: float
    words: tuple[Word, ...]
    rulings: tuple[Ruling, ...]
    turn: Turn


@dataclass(frozen=True, slots=True)
class _Laid:
    """A page one way up, turned by so many ``quarters``, and where print stands on it."""

    quarters: int
    page: Picture
    lines: Strokes
    print: list[Area]
    ruled: int
    """How many of them stand in tables with rulings, the first ones."""


def read_sheet(picture: Picture, per_point: float, engine: Recogniser) -> Sheet:
    """All that is printed on ``picture``, which has ``per_point`` pixels a point."""
    page = paper.grey(picture, per_point)
    angle = paper.lean(page, per_point)
    if abs(angle) > _STRAIGHT:
        page = paper.turned(page, -angle)
    else:
        angle = 0.0
    laid = _upright(page, per_point, engine)
    read = engine.read(list(_cuts(laid.page, laid.print)))
    height, width = page.shape
    turn = Turn(width / per_point, height / per_point, angle, laid.quarters)
    return _sheet(laid, read, per_point, turn)


def _upright(page: Picture, per_point: float, engine: Recogniser) -> _Laid:
    """The page turned by as many quarters as the engine reads most of it."""
    best, most = None, -1.0
    for quarters in (0, 1, 3, 2):
        laid = _laid(page, quarters, per_point, engine)
        longest = sorted(laid.print, key=lambda area: area[0] - area[2])[:_SAMPLE]
        read = engine.read(list(_cuts(laid.page, longest)))
        letters = sum(len(one.text) * one.confidence for one in read)
        if best is None or letters > most:
            best, most = laid, letters
        if not read or _is_upright(read):
            break
    assert best is not None
    return best


def _is_upright(read: Sequence[Print]) -> bool:
    """Whether lines are lines, most of them read surely; one hard letter makes a long line unsure."""
    letters = sum(len(one.text) for one in read)
    return median(one.confidence for one in read) > _SURE and letters >= _LETTERS * len(read)


def _laid(level: Picture, quarters: int, per_point: float, engine: Recogniser) -> _Laid:
    page = np.ascontiguousarray(np.rot90(level, quarters))
    lines = strokes(page, per_point)
    plain = erased(page, lines, per_point)
    tables = _tables(lines, per_point)
    found = [area for table in tables for area in blocks.prints(plain, lines, table, per_point)]
    ruled = len(found)
    for strip in _strips(paper.ink(plain), tables, per_point):
        found += _found(plain, strip, engine)
    return _Laid(quarters, plain, lines, found, ruled)


def _tables(lines: Strokes, per_point: float) -> list[Area]:
    """Areas that rulings enclose, top to bottom."""
    groups = connected(_rulings(lines, per_point))
    boxes = [
        union((r.x0, r.y0, r.x1, r.y1) for r in group)
        for group in groups
        if sum(r.y0 == r.y1 for r in group) >= 2 and sum(r.x0 == r.x1 for r in group) >= 2
    ]
    areas = [tuple(round(side * per_point) for side in box) for box in boxes]
    return sorted(((a[0], a[1], a[2], a[3]) for a in areas), key=lambda a: (a[1], a[0]))


def _strips(ink: Picture, tables: Sequence[Area], per_point: float) -> Iterator[Area]:
    """What is above, between and below the tables, over the whole width of the page, if inked."""
    height, width = ink.shape
    tops = [0, *(table[3] for table in tables)]
    bottoms = [*(table[1] for table in tables), height]
    room = round(_AROUND * per_point)
    for top, bottom in zip(tops, bottoms, strict=True):
        rows = np.flatnonzero(ink[top:bottom].any(axis=1))
        if len(rows) >= 2 * per_point:
            first, last = top + int(rows[0]), top + int(rows[-1]) + 1
            yield 0, max(first - room, top), width, min(last + room, bottom)


def _found(plain: Picture, strip: Area, engine: Recogniser) -> Iterator[Area]:
    x0, y0, x1, y1 = strip
    cut = plain[y0:y1, x0:x1]
    inked = paper.ink(cut)
    found = engine.find(np.where(cut > _PALE, np.uint8(255), cut))
    for at in range(len(found)):
        found[at] = _grown(found[at], found, inked)
    for left, top, right, bottom in (*found, *_passed_over(cut, inked, found)):
        yield left + x0, top + y0, right + x0, bottom + y0


def _passed_over(cut: Picture, inked: Picture, found: Sequence[Area]) -> Iterator[Area]:
    """Print as high as that found, which the engine does not see: a code of two figures that stands alone."""
    if not found:
        return
    height = median(y1 - y0 for _, y0, _, y1 in found)
    rest = inked.copy()
    for x0, y0, x1, y1 in found:
        rest[y0:y1, x0:x1] = 0
    reach = max(round(_LETTERS_APART * height), 1)
    joined = cv2.dilate(rest, np.ones((1, reach | 1), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for x0, y0, width, tall, _ in boxes[1:count]:
        is_line = _LOW * height < tall < height and tall < width < _SHORT * height
        if is_line and (cut[y0 : y0 + tall, x0 : x0 + width] < paper.DARK).any():
            room = max(round((height - tall) / 2), 1)
            yield (
                max(int(x0) - room, 0),
                max(int(y0) - room, 0),
                int(x0 + width) + room,
                int(y0 + tall) + room,
            )


def _grown(area: Area, found: Sequence[Area], inked: Picture) -> Area:
    """An area with the rest of a letter, or of a text, at whose side the engine ended it too soon."""
    x0, y0, x1, y1 = area
    gap = max(round(_LETTERS_APART * (y1 - y0)), 1)
    rest = [o for o in found if o != area and min(o[3], y1) - max(o[1], y0) > (y1 - y0) / 2]
    low = max((o[2] for o in rest if o[0] < x0), default=0)
    high = min((o[0] for o in rest if o[0] > x0), default=inked.shape[1])
    core = (y1 - y0) // 4
    columns: Picture = inked[y0 + core : y1 - core].max(axis=0)
    own = np.flatnonzero(columns[x0:x1])
    if not own.size:
        return area
    # From its ink on: the engine's own margin may reach half way to the next text.
    first, last = x0 + int(own[0]), x0 + int(own[-1])
    while (more := np.flatnonzero(columns[last + 1 : min(last + 1 + gap, high)])).size:
        last += int(more[-1]) + 1
    while (more := np.flatnonzero(columns[max(first - gap, low, 0) : first])).size:
        first = max(first - gap, low, 0) + int(more[0])
    x0, x1 = min(x0, first), max(x1, last + 1)
    return x0, y0, x1, y1


def _cuts(page: Picture, areas: Sequence[Area]) -> Iterator[Picture]:
    """Each area with a little room around it, white where the print of another stands."""
    for area in areas:
        x0, y0, x1, y1 = area
        room = max(round(_ROOM * (y1 - y0)), 2)
        top, left = max(y0 - room, 0), max(x0 - 2 * room, 0)
        cut = page[top : y1 + room, left : x1 + 2 * room].copy()
        for a0, b0, a1, b1 in areas:
            if b0 < y1 and y0 < b1:
                if a0 < left < a1 < (x0 + x1) / 2:
                    cut[:, : min(a1, x0) - left] = 255
                if (x0 + x1) / 2 < a0 < x1 + 2 * room < a1:
                    cut[:, max(a0, x1) - left :] = 255
        yield cut


def _sheet(laid: _Laid, read: Sequence[Print], per_point: float, turn: Turn) -> Sheet:
    height, width = laid.page.shape
    words = (
        _word(part, text, per_point)
        for at, (area, one) in enumerate(zip(laid.print, read, strict=True))
        for part, text in (parted(laid.page, area, one) if at >= laid.ruled else [(area, one)])
        if text.text
    )
    return Sheet(
        width / per_point,
        height / per_point,
        tuple(words),
        tuple(_rulings(laid.lines, per_point)),
        turn,
    )


def _word(area: Area, one: Print, per_point: float) -> Word:
    x0, y0, x1, y1 = (side / per_point for side in area)
    lefts = tuple(x0 + share * (x1 - x0) for share in one.lefts)
    return Word(one.text, (x0, y0, x1, y1), lefts, round(one.confidence, 3))


def _rulings(lines: Strokes, per_point: float) -> list[Ruling]:
    across = [
        Ruling(x0 / per_point, y, x1 / per_point, y)
        for x0, y0, x1, y1 in lines.across
        for y in ((y0 + y1) / 2 / per_point,)
    ]
    down = [
        Ruling(x, y0 / per_point, x, y1 / per_point)
        for x0, y0, x1, y1 in lines.down
        for x in ((x0 + x1) / 2 / per_point,)
    ]
    return across + down
