"""A page that is a picture: its words and rulings by OCR."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from extract.alarm import ALARM
from extract.bounds import THIN
from extract.errors import NoTextLayer
from extract.model import Ocr, Page, TextLayer

if TYPE_CHECKING:
    from extract.ocr import Picture

DPI = (150.0, 300.0)
"""Pictures are read as fine as they are, within these bounds."""


def scanned(number: int, picture: Picture, per_point: float) -> Page:
    """Page ``number`` as OCR reads it off ``picture``, which has ``per_point`` pixels a point.

    Boxes count on the page turned upright and straightened; its ``turn`` leads back.
    """
    from extract import ocr

    if min(picture.shape[:2]) < THIN:
        height, width = picture.shape[:2]
        return Page(number, width / per_point, height / per_point, (), ())
    ALARM.put_off()
    sheet = ocr.read_sheet(picture, per_point, ocr.recogniser())
    return Page(number, sheet.width, sheet.height, sheet.words, sheet.rulings, turn=sheet.turn)


def layer_of(pages: Iterable[Page], ocr: Ocr, *, pictured: bool) -> TextLayer:
    """Where the words of a document come from; ``pictured`` pages were left unread.

    Raises ``NoTextLayer`` where there is no word at all.
    """
    sure = {word.confidence is None for page in pages for word in page.words}
    if not sure:
        raise NoTextLayer(
            "no text layer: the pages are pictures; run again with --ocr auto"
            if ocr == "never"
            else "no text layer, and OCR finds no print on the pages; is the scan legible?"
        )
    if sure == {False}:
        return "ocr"
    return "mixed" if False in sure or pictured else "native"
