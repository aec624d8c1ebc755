"""From the characters of a page to its words.

Words are built from the boxes of characters, because pdfium hands browser-printed pages over
as single characters. Text set at a slant is a watermark and is left out.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pypdfium2.raw as c

from extract.model import Box, Word
from extract.readers import quick

Place = Callable[[Any, Any], tuple[Any, Any]]
"""From the page's own space to the page as displayed; of points, or of arrays of them."""

Seen = dict[str, dict[tuple[int, int], list[Box]]]
"""Text → field of the page → where the text stands in it: a page may say 0.00 ten thousand times."""

_INK = 0.01  # of the height of the line; a font neither embedded nor installed draws none: its glyphs have no height
_INVISIBLE = frozenset({0xA0, 0xAD, 0x3000, 0x200B, 0x200C, 0x200D, 0xFEFF, 0xFFFE, 0xFFFF, 0x2028})
_REACH = 16.0  # points; no table is set in letters three times as high
_UNKNOWN = "\ufffd"  # a broken font maps its letters to halves of characters, and to none at all
_LINE = re.compile(r"[^\s\0](?:[^\r\n\0]*[^\s\0])?")
_QUARTER = 1.5707963


def words(text: c.FPDF_TEXTPAGE, place: Place, *, slanted: bool) -> Iterator[Word]:
    """Characters that touch on one line make a word; the same print twice counts once."""
    seen: Seen = {}
    letters: list[str] = []
    lefts: list[float] = []
    x0 = y0 = x1 = y1 = top = bottom = 0.0
    for letter, left, upper, right, lower, ink_top, ink_bottom in _letters(text, place, slanted):
        if letters:
            # Comparisons, not min and max: a page has thousands of letters.
            height = y1 - y0 if y1 - y0 < lower - upper else lower - upper
            on_line = y0 <= (upper + lower) / 2 <= y1
            if on_line and -0.5 * height <= left - x1 <= 0.25 * height:
                letters.append(letter)
                lefts.append(left)
                x0, y0 = left if left < x0 else x0, upper if upper < y0 else y0
                x1, y1 = right if right > x1 else x1, lower if lower > y1 else y1
                top = ink_top if ink_top < top else top
                bottom = ink_bottom if ink_bottom > bottom else bottom
                continue
            yield from _once(_word(letters, lefts, x0, top, x1, bottom), seen)
        letters, lefts = [letter], [left]
        x0, y0, x1, y1, top, bottom = left, upper, right, lower, ink_top, ink_bottom
    if letters:
        yield from _once(_word(letters, lefts, x0, top, x1, bottom), seen)


def whole(text: c.FPDF_TEXTPAGE) -> str:
    """All text of the page, line by line."""
    count = c.FPDFText_CountChars(text)
    buffer = (ctypes.c_ushort * (count + 1))()
    c.FPDFText_GetText(text, 0, count, buffer)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


def pieces(text: c.FPDF_TEXTPAGE, said: str, place: Place) -> Iterator[Word]:
    """The print line by line, as ``whole`` has it, with a look at the ends of each line only."""
    page = quick.address(text)
    ends = (ctypes.c_float * 8)()
    first, last = ctypes.addressof(ends), ctypes.addressof(ends) + 16
    for line in _LINE.finditer(said):
        quick.loose_box(page, line.start(), first)
        quick.loose_box(page, line.end() - 1, last)
        left, top, _, bottom, _, top_, right, bottom_ = ends
        lows, highs = min(bottom, bottom_), max(top, top_)
        (xa, ya), (xb, yb) = place(left, lows), place(right, highs)
        x0, y0, x1, y1 = min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)
        step = (x1 - x0) / len(line[0])
        yield Word(line[0], (x0, y0, x1, y1), tuple(x0 + n * step for n in range(len(line[0]))))


def _word(
    letters: list[str], lefts: list[float], x0: float, top: float, x1: float, bottom: float
) -> Word:
    """Advance widths tell which digits touch; ink tells the line: a font's box may hang rows away."""
    return Word("".join(letters), (x0, top, x1, bottom), tuple(lefts))


def _once(word: Word, seen: Seen) -> Iterator[Word]:
    """Bold print made of two strokes, and a header drawn over itself, are one word."""
    before = seen.setdefault(word.text, {})
    x0, y0, _, y1 = word.box
    reach = min(0.3 * (y1 - y0), _REACH)
    column, row = round(x0 / _REACH), round(y0 / _REACH)
    near = (
        box
        for x in (column - 1, column, column + 1)
        for y in (row - 1, row, row + 1)
        for box in before.get((x, y), ())
    )
    if not before or not any(_close(word.box, other, reach) for other in near):
        before.setdefault((column, row), []).append(word.box)
        yield word


def _close(one: Box, other: Box, reach: float) -> bool:
    return all(abs(a - b) <= reach for a, b in zip(one, other, strict=True))


def _letters(
    text: c.FPDF_TEXTPAGE, place: Place, slanted: bool
) -> Iterator[tuple[str, float, float, float, float, float, float]]:
    """Each visible letter with the box of its advance, and top and bottom of its ink."""
    count = c.FPDFText_CountChars(text)
    if count <= 0:
        return iter(())
    page = quick.address(text)
    loose, tight = (ctypes.c_float * (4 * count))(), (ctypes.c_double * (4 * count))()
    advance, ink = ctypes.addressof(loose), ctypes.addressof(tight)
    letters: list[str] = []
    for index in range(count):
        code = quick.unicode_of(page, index)
        if code <= 32 or code in _INVISIBLE or not quick.loose_box(page, index, advance):
            continue
        if slanted and _is_slanted(quick.angle_of(page, index)):
            continue
        quick.tight_box(page, index, ink, ink + 8, ink + 16, ink + 24)
        letters.append(chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else _UNKNOWN)
        advance, ink = advance + 16, ink + 32
    seen = len(letters)
    left, top, right, bottom = (
        np.frombuffer(loose, np.float32)[: 4 * seen].reshape(-1, 4).T.astype(float)
    )
    x0, y0, x1, y1 = _boxes(place(left, bottom), place(right, top))
    left, right, bottom, top = np.frombuffer(tight)[: 4 * seen].reshape(-1, 4).T
    _, ink0, _, ink1 = _boxes(place(left, bottom), place(right, top))
    none = ink1 - ink0 <= _INK * (y1 - y0)
    ink0, ink1 = np.where(none, y0, ink0), np.where(none, y1, ink1)
    return zip(letters, *(edge.tolist() for edge in (x0, y0, x1, y1, ink0, ink1)), strict=True)


def _boxes(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any, Any, Any]:
    (xa, ya), (xb, yb) = one, other
    return np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)


def _is_slanted(angle: float) -> bool:
    off = angle % _QUARTER
    return min(off, _QUARTER - off) > 0.05
