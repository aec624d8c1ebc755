"""How does a page, or the part of it around some cells, look?

A page of a PDF is drawn by pdfium as it is displayed, a page of a picture file is what the
file shows; boxes are in the same points as those of ``items``. A picture is bounded in pixels
and bytes, and drawing it in time, whatever the document holds; where there is nothing to
be shown, ``NoPicture`` says why.
"""

from __future__ import annotations

import base64
import ctypes
import io
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Literal

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extract.errors import InputError, OutOfTime
from extract.geometry import union
from extract.model import Box
from extract.readers import pdf, picture
from extract.views.quotes import found

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 2000
"""Pixels of the longer side of a picture, at most."""
HEAVIEST = 1 << 20
"""Bytes of a picture, at most."""
SECONDS = 20.0
"""How long drawing one page may take."""
_FINEST = 200 / 72  # pixels a point; finer shows nothing more of print
_MARGIN = (36.0, 24.0)  # points left and right, above and below
_SMALLER = 0.7
_SMALLEST = 64  # points

# pdfium is not made for threads.
_ONE_AT_A_TIME = Lock()

Kind = Literal["webp", "png"]


class NoPicture(InputError):
    """There is nothing to be shown of the page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page or a part of it: ``clip`` is that part in points, ``page`` the size of all of it."""

    data: bytes
    kind: Kind
    width: int
    height: int
    clip: Box
    page: tuple[float, float]

    @property
    def media_type(self) -> str:
        """As a server names it."""
        return f"image/{self.kind}"

    @property
    def data_uri(self) -> str:
        """The picture inside a page of HTML."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"


def clip_around(boxes: Iterable[Box], page: tuple[float, float], *, wide: bool = False) -> Box:
    """The part of a page around ``boxes``, with a margin; ``wide``: as broad as the page.

    >>> clip_around([(100, 100, 150, 110)], (595, 842))
    (64.0, 76.0, 186.0, 134.0)
    """
    x0, y0, x1, y1 = union(boxes)
    aside, above = _MARGIN
    around = (0.0, y0 - above, page[0], y1 + above) if wide else None
    return _within(around or (x0 - aside, y0 - above, x1 + aside, y1 + above), page)


def draw(
    files: Sequence[bytes],
    number: int,
    clip: Box | None = None,
    *,
    longest: int = LONGEST,
    kind: Kind = "webp",
) -> Picture:
    """Page ``number`` (from 1) of the document in ``files``, or the part ``clip`` of it.

    ``longest`` bounds the pixels of the longer side. Raises ``NoPicture``, or what else kept the
    page from being drawn: a subclass of ``InputError``.
    """
    with opened(files) as pages:
        return pages.draw(number, clip, longest=longest, kind=kind)


class Pages:
    """The pages of a document that is open."""

    def size(self, number: int) -> tuple[float, float]:
        """Width and height in points as displayed. Raises ``NoPicture``."""
        raise NotImplementedError

    def find(self, number: int, said: str) -> list[Box]:
        """Where a text stands on the page, a box a line; nothing where that cannot be told."""
        raise NotImplementedError

    def _drawn(self, number: int, clip: Box, scale: float) -> Image:
        raise NotImplementedError

    def draw(
        self, number: int, clip: Box | None = None, *, longest: int = LONGEST, kind: Kind = "webp"
    ) -> Picture:
        """As ``draw``."""
        page = self.size(number)
        part = _within(clip or (0.0, 0.0, *page), page)
        sides = (part[2] - part[0], part[3] - part[1])
        scale = min(min(longest, LONGEST) / max(sides), _FINEST)
        while True:
            image = self._drawn(number, part, scale)
            data = _encoded(image, kind)
            if len(data) <= HEAVIEST or max(image.size) <= _SMALLEST:
                return Picture(data, kind, image.width, image.height, part, page)
            scale *= _SMALLER


@contextmanager
def opened(files: Sequence[bytes]) -> Iterator[Pages]:
    """The pages of the document in ``files``: those of its PDF, or else of its picture."""
    drawn = next(filter(pdf.sniff, files), None)
    if drawn is not None:
        with _ONE_AT_A_TIME, _opened(drawn) as held:
            yield _OfPdf(held)
        return
    shown = next(filter(picture.sniff, files), None)
    if shown is None:
        raise NoPicture("the document has no pages to look at: it is neither a PDF nor a picture")
    yield _OfPicture(shown)


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        held = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as wrong:
        raise NoPicture(f"the PDF cannot be opened ({wrong})") from wrong
    try:
        yield held
    finally:
        held.close()


class _OfPdf(Pages):
    def __init__(self, held: pdfium.PdfDocument) -> None:
        self._held = held

    def size(self, number: int) -> tuple[float, float]:
        try:
            with _closing(self._held[number - 1]) as page:
                width, height = page.get_size()
        except (pdfium.PdfiumError, IndexError) as wrong:
            raise NoPicture(f"page {number} of the PDF is not to be had") from wrong
        return _true_size(width, height)

    def find(self, number: int, said: str) -> list[Box]:
        self.size(number)
        with _closing(self._held[number - 1]) as page:
            return found(page, said)

    def _drawn(self, number: int, clip: Box, scale: float) -> Image:
        width, height = self.size(number)
        size = _pixels(clip, scale)
        with _closing(self._held[number - 1]) as page:
            bitmap = pdfium.PdfBitmap.new_native(*size, c.FPDFBitmap_BGR)
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
            whole = (round(width * scale), round(height * scale))
            _render(bitmap, page, (-round(clip[0] * scale), -round(clip[1] * scale)), whole)
            image: Image = bitmap.to_pil().copy()
            bitmap.close()
        return image


def _render(
    bitmap: pdfium.PdfBitmap, page: pdfium.PdfPage, start: tuple[int, int], size: tuple[int, int]
) -> None:
    """Draw the page so that it is ``size`` pixels, its corner at ``start``. Raises ``OutOfTime``."""
    due = time.monotonic() + SECONDS
    pause = c.IFSDK_PAUSE(version=1)
    pause.NeedToPauseNow = type(pause.NeedToPauseNow)(lambda _: int(time.monotonic() > due))
    status = c.FPDF_RenderPageBitmap_Start(
        bitmap.raw, page.raw, *start, *size, 0, c.FPDF_ANNOT, ctypes.byref(pause)
    )
    c.FPDF_RenderPage_Close(page.raw)
    if status == c.FPDF_RENDER_TOBECONTINUED:
        raise OutOfTime(f"the page takes longer than {SECONDS:.0f} s to draw")
    if status != c.FPDF_RENDER_DONE:
        raise NoPicture("pdfium cannot draw the page")


class _OfPicture(Pages):
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._last: tuple[int, Image] | None = None

    def size(self, number: int) -> tuple[float, float]:
        image = self._frame(number)
        points = 72 / picture.dpi_of(image)
        return _true_size(image.width * points, image.height * points)

    def _drawn(self, number: int, clip: Box, scale: float) -> Image:
        image = self._frame(number)
        pixels = picture.dpi_of(image) / 72
        x0, y0, x1, y1 = (side * pixels for side in clip)
        part = (x0, y0, min(x1, image.width), min(y1, image.height))
        return picture.on_paper(image).resize(_pixels(clip, scale), box=part)

    def find(self, number: int, said: str) -> list[Box]:  # noqa: ARG002 — a picture has no text
        return []

    def _frame(self, number: int) -> Image:
        if self._last is not None and self._last[0] == number:
            return self._last[1]
        found = next(islice(picture.frames(self._data), number - 1, None), None)
        if found is None:
            raise NoPicture(f"the picture has no page {number}")
        self._last = (number, found)
        return found


@contextmanager
def _closing(page: pdfium.PdfPage) -> Iterator[pdfium.PdfPage]:
    try:
        yield page
    finally:
        page.close()


def _true_size(width: float, height: float) -> tuple[float, float]:
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise NoPicture("the page has no size")
    return width, height


def _within(box: Box, page: tuple[float, float]) -> Box:
    """The part of ``box`` that is on the page, and some of it in any case."""
    width, height = page
    x0 = min(max(box[0], 0.0), max(width - 1, 0.0))
    y0 = min(max(box[1], 0.0), max(height - 1, 0.0))
    x1, y1 = min(box[2], width), min(box[3], height)
    return (x0, y0, max(x1, min(x0 + 1, width)), max(y1, min(y0 + 1, height)))


def _pixels(clip: Box, scale: float) -> tuple[int, int]:
    return (
        max(1, round((clip[2] - clip[0]) * scale)),
        max(1, round((clip[3] - clip[1]) * scale)),
    )


def _encoded(image: Image, kind: Kind) -> bytes:
    sink = io.BytesIO()
    if kind == "png":
        image.convert("RGB").quantize(64).save(sink, "PNG", optimize=True)
    else:
        image.convert("RGB").save(sink, "WEBP", quality=72, method=4)
    return sink.getvalue()
