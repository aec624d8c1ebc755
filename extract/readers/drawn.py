"""What is drawn on a page of a PDF: the lines of its tables, and hints on how to read its text."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import pypdfium2.raw as c

from extract.geometry import chained, union
from extract.model import Box, Ruling

_THIN = 3.0  # a filled box no thicker than this is a drawn line
_SHORT = 4.0  # shorter strokes are glyph parts and bullets, or pieces of a line
_TILES = 6  # shaded boxes on a page without rulings: fewer are decoration
_MANY = 400  # segments; with curves among them it is a drawing, without a whole table in one stroke
_PATH, _IMAGE, _FORM, _TEXT = 2, 3, 5, 1
_DEPTH = 4  # form XObjects inside form XObjects

Place = Callable[[float, float], tuple[float, float]]
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawn:
    """Walks a page's objects once.

    Gathers rulings and pictures, and notes whether text is set at a slant or has no ink.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.strokes: list[Ruling] = []
        self.pieces: list[Ruling] = []  # too short to be lines by themselves
        self.shades: list[Box] = []
        self.pictures: list[Box] = []
        self.fineness = 0.0  # pixels a point, of the largest picture
        self.seen = self.unseen = 0  # runs of text
        self.slanted = False
        self.faint = False

    def rulings(self) -> Sequence[Ruling]:
        """The rulings; where a page has none, the edges of what may be shaded cells."""
        if self.pieces:
            pieced = chained([*self.strokes, *self.pieces])
            return [r for r in pieced if r.x1 - r.x0 + r.y1 - r.y0 >= _SHORT]
        if self.strokes or len(self.shades) < _TILES:
            return self.strokes
        return [edge for box in self.shades for edge in _edges(box)]

    def walk(self, page: c.FPDF_PAGE) -> None:
        for i in range(c.FPDFPage_CountObjects(page)):
            self._object(c.FPDFPage_GetObject(page, i), _IDENTITY, 0)

    def _object(self, item: c.FPDF_PAGEOBJECT, outer: Matrix, depth: int) -> None:
        kind = c.FPDFPageObj_GetType(item)
        if kind == _PATH:
            self._path(item, outer)
        elif kind == _TEXT:
            a, b, *_ = _times(_matrix(item), outer)
            self.slanted = self.slanted or min(abs(a), abs(b)) > 0.05 * max(abs(a), abs(b))
            self.faint = self.faint or _is_faint(item)
            if c.FPDFTextObj_GetTextRenderMode(item) == c.FPDF_TEXTRENDERMODE_INVISIBLE:
                self.unseen += 1
            else:
                self.seen += 1
        elif kind == _IMAGE:
            self._picture(item, outer)
        elif kind == _FORM and depth < _DEPTH:
            inner = _times(_matrix(item), outer)
            for i in range(c.FPDFFormObj_CountObjects(item)):
                self._object(c.FPDFFormObj_GetObject(item, i), inner, depth + 1)

    def _picture(self, item: c.FPDF_PAGEOBJECT, outer: Matrix) -> None:
        """A picture is the unit square of its own space."""
        matrix = _times(_matrix(item), outer)
        corners = (self.place(*_applied(matrix, x, y)) for x in (0, 1) for y in (0, 1))
        box = union((x, y, x, y) for x, y in corners)
        if _size(box) > max(map(_size, self.pictures), default=0.0):
            across, down = ctypes.c_uint(), ctypes.c_uint()
            c.FPDFImageObj_GetImagePixelSize(item, ctypes.byref(across), ctypes.byref(down))
            self.fineness = (across.value * down.value / _size(box)) ** 0.5
        self.pictures.append(box)

    def _path(self, item: c.FPDF_PAGEOBJECT, outer: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        c.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
        count = c.FPDFPath_CountSegments(item)
        if not (fill.value or stroke.value) or (count > _MANY and _curved(item, count)):
            return
        matrix = _times(_matrix(item), outer)
        for corners in _subpaths(item, count):
            points = [self.place(*_applied(matrix, x, y)) for x, y in corners]
            if stroke.value:
                for line in _stroked(points):
                    is_short = line.x1 - line.x0 + line.y1 - line.y0 < _SHORT
                    (self.pieces if is_short else self.strokes).append(line)
            else:
                self._filled(union((x, y, x, y) for x, y in points))

    def _filled(self, box: Box) -> None:
        """A thin filled box is a line; a thick one is shading and no ruling."""
        x0, y0, x1, y1 = box
        if y1 - y0 <= _THIN and x1 - x0 >= _SHORT:
            self.strokes.append(Ruling(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
        elif x1 - x0 <= _THIN and y1 - y0 >= _SHORT:
            self.strokes.append(Ruling((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
        elif min(x1 - x0, y1 - y0) >= _SHORT:
            self.shades.append(box)


def draws_letters(page: c.FPDF_PAGE) -> bool:
    """Whether curves are drawn on a page: letters may be, where there is no text."""
    count = c.FPDFPage_CountObjects(page)
    paths = (c.FPDFPage_GetObject(page, i) for i in range(count))
    return any(
        _curved(path, c.FPDFPath_CountSegments(path))
        for path in paths
        if c.FPDFPageObj_GetType(path) == _PATH
    )


def _size(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _curved(item: c.FPDF_PAGEOBJECT, count: int) -> bool:
    return any(
        c.FPDFPathSegment_GetType(c.FPDFPath_GetPathSegment(item, i)) == c.FPDF_SEGMENT_BEZIERTO
        for i in range(count)
    )


def _is_faint(item: c.FPDF_PAGEOBJECT) -> bool:
    if c.FPDFFont_GetIsEmbedded(c.FPDFTextObj_GetFont(item)):
        return False
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    c.FPDFPageObj_GetBounds(item, *map(ctypes.byref, (left, bottom, right, top)))
    return right.value - left.value < 0.01


def _stroked(points: list[tuple[float, float]]) -> Iterator[Ruling]:
    for (xa, ya), (xb, yb) in pairwise(points):
        if abs(ya - yb) <= 0.5 < abs(xa - xb):
            y = (ya + yb) / 2
            yield Ruling(min(xa, xb), y, max(xa, xb), y)
        elif abs(xa - xb) <= 0.5 < abs(ya - yb):
            x = (xa + xb) / 2
            yield Ruling(x, min(ya, yb), x, max(ya, yb))


def _edges(box: Box) -> Iterator[Ruling]:
    x0, y0, x1, y1 = box
    yield from (Ruling(x0, y, x1, y) for y in (y0, y1))
    yield from (Ruling(x, y0, x, y1) for x in (x0, x1))


def _subpaths(item: c.FPDF_PAGEOBJECT, count: int) -> Iterator[list[tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    px, py = ctypes.byref(x), ctypes.byref(y)
    points: list[tuple[float, float]] = []
    for i in range(count):
        segment = c.FPDFPath_GetPathSegment(item, i)
        if c.FPDFPathSegment_GetType(segment) == c.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        c.FPDFPathSegment_GetPoint(segment, px, py)
        points.append((x.value, y.value))
        if c.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _matrix(item: c.FPDF_PAGEOBJECT) -> Matrix:
    m = c.FS_MATRIX()
    c.FPDFPageObj_GetMatrix(item, ctypes.byref(m))
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c_, d, e, f = first
    A, B, C, D, E, F = then  # noqa: N806
    return (
        a * A + b * C,
        a * B + b * D,
        c_ * A + d * C,
        c_ * B + d * D,
        e * A + f * C + E,
        e * B + f * D + F,
    )


def _applied(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
