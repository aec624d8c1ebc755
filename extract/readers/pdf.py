"""What words and rulings does a PDF draw, and where?

pdfium parses each page once. Words are built from the boxes of characters, because
pdfium hands browser-printed pages over as single characters. Text set at a slant is a
watermark and is left out. Only a page whose text is of no use is rendered, for OCR.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extract.errors import DamagedFile, EncryptedFile
from extract.geometry import centre, covers, joined
from extract.model import Box, Document, Ocr, Page, Ruling, Word
from extract.readers.drawn import Drawn, Place, draws_letters
from extract.readers.faint import Faint
from extract.readers.layer import believable
from extract.readers.scan import DPI, layer_of, scanned

MEDIA_TYPE = "application/pdf"

_INK = 0.01  # of the height of the line; a font neither embedded nor installed draws none: its glyphs have no height
_FULL = 0.5  # of the page; a picture that takes up more is the page
_FOLIO = 40  # letters; what a scanner or a stamp adds to the picture of a page is shorter
_FINE = 200.0  # dpi


def sniff(data: bytes) -> bool:
    """Whether the bytes are a PDF; the mark may stand within the first kilobyte."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, ocr: Ocr = "auto") -> Document:
    """All pages. Raises ``DamagedFile``, ``EncryptedFile`` or ``NoTextLayer``."""
    with _opened(data) as pdf:
        pages, left, second = [], 0, Faint(data)
        for number in range(1, len(pdf) + 1):
            page, fineness = _page(pdf, number, second)
            if ocr == "always" or (fineness and ocr == "auto"):
                page = _scanned(pdf, number, fineness or _FINE)
            elif fineness:
                left += 1
            pages.append(page)
    layer = layer_of(pages, ocr, pictured=left > 0)
    return Document(hashlib.sha256(data).hexdigest(), MEDIA_TYPE, layer, tuple(pages))


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as wrong:
        if (
            pdfium.raw.FPDF_GetLastError() == c.FPDF_ERR_PASSWORD
            or "password" in str(wrong).lower()
        ):
            raise EncryptedFile(
                "the PDF wants a password; save a copy without one and try again"
            ) from wrong
        raise DamagedFile(f"the PDF is damaged ({wrong}); download it again") from wrong
    try:
        if len(pdf) == 0:
            raise DamagedFile("the PDF has no pages; download it again")
        yield pdf
    finally:
        pdf.close()


def _page(pdf: pdfium.PdfDocument, number: int, second: Faint) -> tuple[Page, float]:
    """A page as its text layer tells it; how fine to render it, in dpi, if that is of no use."""
    raw = c.FPDF_LoadPage(pdf.raw, number - 1)
    if not raw:
        raise DamagedFile(f"page {number} of the PDF is damaged; download the file again")
    text = c.FPDFText_LoadPage(raw)
    try:
        width, height = c.FPDF_GetPageWidthF(raw), c.FPDF_GetPageHeightF(raw)
        place = _placing(raw, c.FPDFPage_GetRotation(raw))
        drawn = Drawn(place)
        drawn.walk(raw)
        words = tuple(_words(text, place, slanted=drawn.slanted))
        if drawn.faint:
            words += tuple(second.missing(number, words))
        rulings = tuple(r for r in drawn.rulings() if _on_page(r, width, height))
        page = Page(number, width, height, words, rulings)
        return page, _fineness(drawn) if _is_picture(page, drawn, raw) else 0.0
    finally:
        c.FPDFText_ClosePage(text)
        c.FPDF_ClosePage(raw)


def _is_picture(page: Page, drawn: Drawn, raw: c.FPDF_PAGE) -> bool:
    """Whether the page is to be seen rather than read."""
    if not page.words:
        return bool(drawn.pictures) or draws_letters(raw)
    shown = sum(_within(box, page) for box in drawn.pictures)
    if shown > _FULL * page.width * page.height and (
        drawn.unseen > drawn.seen or _letters_on(drawn.pictures, page.words) < _FOLIO
    ):
        return True
    return not believable(page.words)


def _letters_on(pictures: Sequence[Box], words: Sequence[Word]) -> int:
    """How much text is set over pictures: much over a background, little over a scan."""
    return sum(
        len(word.text) for word in words if any(covers(box, *centre(word.box)) for box in pictures)
    )


def _within(box: Box, page: Page) -> float:
    """How much of the page a box takes up, in square points."""
    width = min(box[2], page.width) - max(box[0], 0.0)
    height = min(box[3], page.height) - max(box[1], 0.0)
    return max(width, 0.0) * max(height, 0.0)


def _fineness(drawn: Drawn) -> float:
    """As fine as the picture is; letters that are drawn or garbled are as fine as one likes."""
    return min(max(72 * drawn.fineness, DPI[0]), DPI[1]) if drawn.pictures else _FINE


def _scanned(pdf: pdfium.PdfDocument, number: int, dpi: float) -> Page:
    picture = pdf[number - 1].render(scale=dpi / 72).to_numpy()
    return scanned(number, picture[:, :, :3] if picture.ndim == 3 else picture, dpi / 72)


def _on_page(ruling: Ruling, width: float, height: float) -> bool:
    return ruling.x1 >= 0 and ruling.x0 <= width and ruling.y1 >= 0 and ruling.y0 <= height


def _placing(raw: c.FPDF_PAGE, rotation: int) -> Place:
    """From the page's own space to the page as displayed."""
    box = c.FS_RECTF()
    c.FPDF_GetPageBoundingBox(raw, ctypes.byref(box))
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    turns: tuple[Place, ...] = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    return turns[rotation % 4]


# Words ------------------------------------------------------------------------------


def _words(text: c.FPDF_TEXTPAGE, place: Place, *, slanted: bool) -> Iterator[Word]:
    """Characters that touch on one line make a word; the same print twice counts once."""
    seen: dict[str, list[Box]] = {}
    letters: list[str] = []
    lefts: list[float] = []
    line: Box = (0, 0, 0, 0)
    ink: Box = (0, 0, 0, 0)
    for letter, advance, glyph in _characters(text, place, slanted=slanted):
        if letters and not _follows(line, advance):
            yield from _once(_word(letters, lefts, line, ink), seen)
            letters, lefts = [], []
        line = joined(line, advance) if letters else advance
        ink = joined(ink, glyph) if letters else glyph
        letters.append(letter)
        lefts.append(advance[0])
    if letters:
        yield from _once(_word(letters, lefts, line, ink), seen)


def _word(letters: list[str], lefts: list[float], line: Box, ink: Box) -> Word:
    """Advance widths tell which digits touch; ink tells the line: a font's box may hang rows away."""
    return Word("".join(letters), (line[0], ink[1], line[2], ink[3]), tuple(lefts))


def _follows(line: Box, letter: Box) -> bool:
    height = min(line[3] - line[1], letter[3] - letter[1])
    middle = (letter[1] + letter[3]) / 2
    return line[1] <= middle <= line[3] and -0.5 * height <= letter[0] - line[2] <= 0.25 * height


def _once(word: Word, seen: dict[str, list[Box]]) -> Iterator[Word]:
    """Bold print made of two strokes, and a header drawn over itself, are one word."""
    before = seen.setdefault(word.text, [])
    reach = 0.3 * (word.box[3] - word.box[1])
    if not any(_close(word.box, other, reach) for other in before):
        before.append(word.box)
        yield word


def _close(one: Box, other: Box, reach: float) -> bool:
    return all(abs(a - b) <= reach for a, b in zip(one, other, strict=True))


def _characters(
    text: c.FPDF_TEXTPAGE, place: Place, *, slanted: bool
) -> Iterator[tuple[str, Box, Box]]:
    """Each visible letter with the box of its advance and the box of its ink."""
    rect = c.FS_RECTF()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = ctypes.byref(rect)
    tight = tuple(ctypes.byref(edge) for edge in (left, right, bottom, top))
    for index in range(c.FPDFText_CountChars(text)):
        code = c.FPDFText_GetUnicode(text, index)
        if code <= 32 or code in _INVISIBLE or not c.FPDFText_GetLooseCharBox(text, index, loose):
            continue
        if slanted and _is_slanted(c.FPDFText_GetCharAngle(text, index)):
            continue
        c.FPDFText_GetCharBox(text, index, *tight)
        advance = _box(place(rect.left, rect.bottom), place(rect.right, rect.top))
        glyph = _box(place(left.value, bottom.value), place(right.value, top.value))
        yield (
            chr(code),
            advance,
            glyph if glyph[3] - glyph[1] > _INK * (advance[3] - advance[1]) else advance,
        )


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (xa, ya), (xb, yb) = one, other
    if xa > xb:
        xa, xb = xb, xa
    return (xa, ya, xb, yb) if ya < yb else (xa, yb, xb, ya)


_INVISIBLE = frozenset({0xA0, 0xAD, 0x3000, 0x200B, 0x200C, 0x200D, 0xFEFF, 0xFFFE, 0xFFFF, 0x2028})
_QUARTER = 1.5707963


def _is_slanted(angle: float) -> bool:
    off = angle % _QUARTER
    return min(off, _QUARTER - off) > 0.05
