"""Where does one line of print hold the texts of two cells?

Where no ruling parts them, a figure at the right of its column and a name at the left of the
next are found as one line, and so are headings of narrow columns. White in the ink tells
where one ends and the next begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from extract.ocr.contract import Area, Picture, Print
from extract.ocr.paper import ink

_GAP = 0.3  # of the height of a line: white between a figure and a name beside it
_WIDE = 0.8  # of it: white between two headings
_TALL = 2.0  # steps from letter to letter: a line found with part of another is no higher
_STEP = 0.7  # of the usual step from letter to letter: white that ends a text
_APART = 1.2  # of it: white between a 0 or a dash that stands alone and a figure
_ONE = 0.2  # of it: how much more white there is beside a 1
_LOW = 0.4  # of it: print that tells nothing of where its line is
_OFF = 0.6  # of it: as far as the engine errs in where a letter begins
_AMOUNT = re.compile(r"\d\.\d\d$")
_OF_FIGURES = frozenset("0123456789.,-—△")
_LEVELS = frozenset({"类款项", "款项", "类款"})
_OPEN = frozenset("、，（(“《")  # 一、 is followed by white of its own
_LINE = 1.8  # heights: 一 and 二 alone are no longer
_RULED = 0.5  # of a row
_THIN = 0.25  # of the height of a line: more rows full of ink are print
_ALONE = frozenset("0-—")
_SHORT = 2  # letters; those of a label spread over its cell stand alone, and 1 is thin


def parted(page: Picture, area: Area, line: Print) -> Iterator[tuple[Area, Print]]:
    """The texts of a line, each with the area of its ink."""
    x0, y0, x1, y1 = area
    inside = _unruled(ink(page[y0:y1, x0:x1]))
    inked = np.flatnonzero(inside.any(axis=0))
    if not line.text or len(line.lefts) != len(line.text) or not len(inked):
        yield area, line
        return
    step = float(np.median(np.diff(line.lefts))) * (x1 - x0) if len(line.text) > 1 else 0.0
    height = min(y1 - y0, _TALL * step) if step else y1 - y0
    starts, edges = [0], [x0 + int(inked[0])]
    for white, black in _gaps(inked, height):
        at = _letter_at(line, area, x0 + black, _OFF * height)
        if at == 0 and black - white > _WIDE * height:
            edges = [x0 + black]  # what stands before the first letter is of another line
        if at is None or at <= starts[-1]:
            continue
        pair = line.text[at - 1 : at + 1]
        thin = (_STEP + _ONE * pair.count("1")) * step
        wide = thin if pair.isdigit() else max(thin, _WIDE * height)
        alone = _ALONE & {line.text[starts[-1] : at], line.text[at:]}
        if (alone and black - white > _APART * step) or _parts(
            line.text, starts[-1], at, wide=black - white > wide
        ):
            starts.append(at)
            edges += [x0 + white, x0 + black]
    edges.append(x0 + int(inked[-1]) + 1)
    ends = [*starts[1:], len(line.text)]
    for start, end, left, right in zip(starts, ends, edges[::2], edges[1::2], strict=True):
        top, bottom = _level(inside[:, left - x0 : right - x0])
        yield _part(line, start, end, area, (left, y0 + top, right, y0 + bottom))


def _unruled(inside: Picture) -> Picture:
    """Without what is left of a rule above or below the line: no print inks so much of a row."""
    height, width = inside.shape
    ruled = inside.mean(axis=1) > _RULED
    if width > _LINE * height and ruled.sum() < _THIN * height:
        inside[ruled] = 0
    return inside


def _gaps(inked: NDArray[np.intp], height: float) -> Iterator[tuple[int, int]]:
    """Where white begins and where it ends, left to right."""
    for at in np.flatnonzero(np.diff(inked) > _GAP * height):
        yield int(inked[at]) + 1, int(inked[at + 1])


def _level(inside: Picture) -> tuple[int, int]:
    """From where to where ink stands; all of the height for a dash or 一."""
    inked = np.flatnonzero(inside.any(axis=1))
    low = len(inked) == 0 or inked[-1] - inked[0] < _LOW * len(inside)
    return (0, len(inside)) if low else (int(inked[0]), int(inked[-1]) + 1)


def _letter_at(line: Print, area: Area, x: int, most: float) -> int | None:
    """Which letter begins at ``x``, or at ``most`` that far off; rather one where a figure ends."""
    offs = [abs(area[0] + share * (area[2] - area[0]) - x) for share in line.lefts]
    near = [at for at, off in enumerate(offs) if off <= most]
    turns = [at for at in near if at and _is_turn(line.text, at)]
    ends = [at for at in near if _AMOUNT.search(line.text[:at]) and line.text[at].isdigit()]
    return min(turns or ends or near, key=offs.__getitem__, default=None)


def _is_turn(text: str, at: int) -> bool:
    """Whether a figure ends or begins before a letter."""
    return _is_figure(text, at - 1) != _is_figure(text, at)


def _is_figure(text: str, at: int) -> bool:
    """Whether a letter is of a figure: a bracket is, around digits."""
    if text[at] == "(":
        return text[at + 1 : at + 2].isdigit()
    return text[at] in _OF_FIGURES or (text[at] == ")" and text[:at][-1:].isdigit())


def _parts(text: str, start: int, at: int, *, wide: bool) -> bool:
    """Whether a text may end before a letter: a figure ends or begins there, or the white is wide.

    类 款 项 stand alone, each above a column of its own.
    """
    if text[at - 1] in _OPEN:
        return False
    if _is_turn(text, at) or text in _LEVELS:
        return True
    return wide and min(at - start, len(text) - at) >= _SHORT


def _part(line: Print, start: int, end: int, area: Area, own: Area) -> tuple[Area, Print]:
    width = area[2] - area[0]
    lefts = tuple(
        max(area[0] + share * width - own[0], 0.0) / max(own[2] - own[0], 1)
        for share in line.lefts[start:end]
    )
    return own, Print(line.text[start:end], line.confidence, lefts)
