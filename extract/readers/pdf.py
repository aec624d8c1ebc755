"""What words and rulings does a PDF draw, and where?

pdfium parses each page once. Only a page whose text is of no use is rendered, for OCR.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extract.bounds import LETTERS, PAGES, PIXELS, RULINGS
from extract.errors import DamagedFile, EncryptedFile, TooLarge
from extract.geometry import centre, covers
from extract.model import Box, Document, Ocr, Page, Ruling, Word
from extract.readers.drawn import Drawn, draws_letters
from extract.readers.faint import Faint
from extract.readers.layer import believable
from extract.readers.letters import Place, pieces, whole, words
from extract.readers.scan import DPI, layer_of, scanned

MEDIA_TYPE = "application/pdf"

_FULL = 0.5  # of the page; a picture that takes up more is the page
_FOLIO = 40  # letters; what a scanner or a stamp adds to the picture of a page is shorter
_FINE = 200.0  # dpi
_TITLE = re.compile(r"表\s*(?:[(（][^()（）]{0,12}[)）])?\s*$", re.MULTILINE)
_ALONE = re.compile(r"(?<!\S)-?\d[\d,]*(?:\.\d+)?(?!\S)")
_COVER = 200  # letters
_FIGURES = 3  # a page number, a year over a date, a figure at the end of a line


def sniff(data: bytes) -> bool:
    """Whether the bytes are a PDF; the mark may stand within the first kilobyte."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, ocr: Ocr = "auto", *, prose: bool = True) -> Document:
    """All pages; without ``prose``, those of running text less closely.

    Raises ``DamagedFile``, ``EncryptedFile``, ``NoTextLayer`` or ``TooLarge``.
    """
    with _opened(data) as pdf:
        pages, left, second = [], 0, Faint(data)
        for number in range(1, len(pdf) + 1):
            page, fineness = _page(pdf, number, second, prose=prose)
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
        if len(pdf) > PAGES:
            raise TooLarge(
                f"the PDF has more than {PAGES:,} pages; no disclosure has: cut it into its parts"
            )
        yield pdf
    finally:
        pdf.close()


def _page(
    pdf: pdfium.PdfDocument, number: int, second: Faint, *, prose: bool
) -> tuple[Page, float]:
    """A page as its text layer tells it; how fine to render it, in dpi, if that is of no use."""
    raw = c.FPDF_LoadPage(pdf.raw, number - 1)
    if not raw:
        raise DamagedFile(f"page {number} of the PDF is damaged; download the file again")
    text = c.FPDFText_LoadPage(raw)
    try:
        if c.FPDFText_CountChars(text) > LETTERS:
            raise TooLarge(
                f"page {number} of the PDF has more than {LETTERS:,} characters, which no sheet holds; "
                "print it to another PDF and try again"
            )
        width, height = c.FPDF_GetPageWidthF(raw), c.FPDF_GetPageHeightF(raw)
        place = placing(raw, c.FPDFPage_GetRotation(raw))
        drawn = Drawn(place)
        drawn.walk(raw)
        plain = not (prose or drawn.strokes or drawn.pieces or drawn.shades or drawn.pictures)
        if plain and _runs(said := whole(text)):
            return Page(number, width, height, tuple(pieces(text, said, place)), ()), 0.0
        printed = tuple(words(text, place, slanted=drawn.slanted))
        if drawn.faint:
            printed += tuple(second.missing(number, printed))
        rulings = tuple(r for r in drawn.rulings() if _on_page(r, width, height))
        rulings = rulings if len(rulings) <= RULINGS else ()
        page = Page(number, width, height, printed, rulings)
        return page, _fineness(drawn) if _is_picture(page, drawn, raw) else 0.0
    finally:
        c.FPDFText_ClosePage(text)
        c.FPDF_ClosePage(raw)


def _runs(text: str) -> bool:
    """Whether a page of that text is prose: no title of a table, no figures that stand alone, no cover."""
    return (
        len(text) > _COVER and _TITLE.search(text) is None and len(_ALONE.findall(text)) <= _FIGURES
    )


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
    page = pdf[number - 1]
    width, height = page.get_size()
    scale = min(dpi / 72, (PIXELS / max(width * height, 1.0)) ** 0.5)
    picture = page.render(scale=scale).to_numpy()
    return scanned(number, picture[:, :, :3] if picture.ndim == 3 else picture, scale)


def _on_page(ruling: Ruling, width: float, height: float) -> bool:
    return ruling.x1 >= 0 and ruling.x0 <= width and ruling.y1 >= 0 and ruling.y0 <= height


def placing(raw: c.FPDF_PAGE, rotation: int) -> Place:
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
