"""What is drawn on a page of a PDF: the lines of its tables, and hints on how to read its text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pypdfium2.raw as c

from extract.geometry import chained, union
from extract.model import Box, Ruling
from extract.readers import quick
from extract.readers.letters import Place

_THIN = 3.0  # a filled box no thicker than this is a drawn line
_SHORT = 4.0  # shorter strokes are glyph parts and bullets, or pieces of a line
_TILES = 6  # shaded boxes on a page without rulings: fewer are decoration
_MANY = 400  # segments; with curves among them it is a drawing, without a whole table in one stroke
_PATH, _IMAGE, _FORM, _TEXT = 2, 3, 5, 1
_DEPTH = 4  # form XObjects inside form XObjects

Matrix = tuple[float, float, float, float, float, float]
_BOX = 5  # segments; a filled path of no more is the box it is drawn as
_INVISIBLE = int(c.FPDF_TEXTRENDERMODE_INVISIBLE)


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
        self._embedded: dict[int, bool] = {}
        # Where pdfium writes what it is asked for.
        self._numbers = (ctypes.c_float * 6)()
        self._at = ctypes.addressof(self._numbers)
        self._modes = (ctypes.c_int * 2).from_buffer(self._numbers)

    def rulings(self) -> Sequence[Ruling]:
        """The rulings; where a page has none, the edges of what may be shaded cells."""
        if self.pieces:
            pieced = chained([*self.strokes, *self.pieces])
            return [r for r in pieced if r.x1 - r.x0 + r.y1 - r.y0 >= _SHORT]
        if self.strokes or len(self.shades) < _TILES:
            return self.strokes
        return [edge for box in self.shades for edge in _edges(box)]

    def walk(self, page: c.FPDF_PAGE) -> None:
        """All objects of the page."""
        handle = quick.address(page)
        count = c.FPDFPage_CountObjects(page)
        self._objects((quick.object_of_page(handle, i) for i in range(count)), None, 0)

    def _objects(self, items: Iterable[int], outer: Matrix | None, depth: int) -> None:
        # Text is looked at here and not in a method of its own: a page has hundreds of pieces.
        at, numbers, embedded, seen, unseen = self._at, self._numbers, self._embedded, 0, 0
        for item in items:
            kind = quick.type_of(item)
            if kind == _TEXT:
                quick.matrix_of(item, at)
                if outer is not None or (numbers[0] and numbers[1]):
                    self.slanted = self.slanted or self._is_slanted(item, outer)
                font = quick.font_of(item)
                if not (self.faint or embedded.get(font)):
                    self.faint = self._is_faint(item, font)
                if quick.render_mode(item) == _INVISIBLE:
                    unseen += 1
                else:
                    seen += 1
            elif kind == _PATH:
                self._path(item, outer)
            elif kind == _IMAGE:
                self._picture(item, outer)
            elif kind == _FORM and depth < _DEPTH:
                inner = self._matrix(item, outer)
                count = c.FPDFFormObj_CountObjects(_handle(item))
                held = (quick.object_of_form(item, i) for i in range(count))
                self._objects(held, inner, depth + 1)
        self.seen, self.unseen = self.seen + seen, self.unseen + unseen

    def _is_slanted(self, item: int, outer: Matrix | None) -> bool:
        a, b, *_ = self._matrix(item, outer)
        return min(abs(a), abs(b)) > 0.05 * max(abs(a), abs(b))

    def _is_faint(self, item: int, font: int) -> bool:
        if font not in self._embedded:
            self._embedded[font] = bool(quick.is_embedded(font))
        if self._embedded[font]:
            return False
        left, _, right, _ = self._bounds(item)
        return right - left < 0.01

    def _bounds(self, item: int) -> Sequence[float]:
        """Left, bottom, right and top of an object, in the space it stands in."""
        at = self._at
        quick.bounds_of(item, at, at + 4, at + 8, at + 12)
        return self._numbers[:4]

    def _matrix(self, item: int, outer: Matrix | None) -> Matrix:
        """From the space of an object to that of the page."""
        quick.matrix_of(item, self._at)
        a, b, c_, d, e, f = self._numbers
        return (a, b, c_, d, e, f) if outer is None else _times((a, b, c_, d, e, f), outer)

    def _picture(self, item: int, outer: Matrix | None) -> None:
        """A picture is the unit square of its own space."""
        matrix = self._matrix(item, outer)
        corners = (self.place(*_applied(matrix, x, y)) for x in (0, 1) for y in (0, 1))
        box = union((x, y, x, y) for x, y in corners)
        if _size(box) > max(map(_size, self.pictures), default=0.0):
            across, down = ctypes.c_uint(), ctypes.c_uint()
            c.FPDFImageObj_GetImagePixelSize(
                _handle(item), ctypes.byref(across), ctypes.byref(down)
            )
            self.fineness = (across.value * down.value / _size(box)) ** 0.5
        self.pictures.append(box)

    def _path(self, item: int, outer: Matrix | None) -> None:
        quick.draw_mode(item, self._at, self._at + 4)
        fill, stroke = self._modes
        count = quick.count_segments(item)
        if not (fill or stroke) or (count > _MANY and _curved(item, count)):
            return
        if not stroke and count <= _BOX:
            self._filled(self._box(item, outer))
            return
        matrix = self._matrix(item, outer)
        for corners in self._subpaths(item, count):
            points = [self.place(*_applied(matrix, x, y)) for x, y in corners]
            if stroke:
                for line in _stroked(points):
                    is_short = line.x1 - line.x0 + line.y1 - line.y0 < _SHORT
                    (self.pieces if is_short else self.strokes).append(line)
            else:
                self._filled(union((x, y, x, y) for x, y in points))

    def _box(self, item: int, outer: Matrix | None) -> Box:
        """The box around an object as displayed."""
        left, bottom, right, top = self._bounds(item)
        corners = [(x, y) for x in (left, right) for y in (bottom, top)]
        inner = corners if outer is None else [_applied(outer, x, y) for x, y in corners]
        return union((x, y, x, y) for x, y in (self.place(x, y) for x, y in inner))

    def _subpaths(self, item: int, count: int) -> Iterator[list[tuple[float, float]]]:
        at, numbers = self._at, self._numbers
        points: list[tuple[float, float]] = []
        for i in range(count):
            segment = quick.segment_of(item, i)
            if points and quick.segment_type(segment) == c.FPDF_SEGMENT_MOVETO:
                yield points
                points = []
            quick.segment_point(segment, at, at + 4)
            points.append((numbers[0], numbers[1]))
            if quick.segment_closes(segment):
                points.append(points[0])
        if points:
            yield points

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
    paths = (quick.object_of_page(quick.address(page), i) for i in range(count))
    return any(
        _curved(path, quick.count_segments(path)) for path in paths if quick.type_of(path) == _PATH
    )


def _size(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _handle(item: int) -> c.FPDF_PAGEOBJECT:
    return ctypes.cast(item, c.FPDF_PAGEOBJECT)


def _curved(item: int, count: int) -> bool:
    return any(
        quick.segment_type(quick.segment_of(item, i)) == c.FPDF_SEGMENT_BEZIERTO
        for i in range(count)
    )


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
