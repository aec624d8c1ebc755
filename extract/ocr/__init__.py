"""Reading print off pictures.

An engine finds and reads lines of print; everything else (which way is up, rulings, seals,
lines of print inside tables) is told from the pixels here. Nothing in this package is
imported before a page needs it.
"""

from __future__ import annotations

import os
from functools import cache

from extract.ocr.contract import Picture, Print, Recogniser
from extract.ocr.sheet import Sheet, read_sheet

__all__ = ["Picture", "Print", "Recogniser", "Sheet", "read_sheet", "recogniser"]


@cache
def recogniser() -> Recogniser:
    """The engine of this process, its models loaded once.

    ``JUESUAN_OCR=tesseract`` asks for Tesseract instead, where it is installed.
    """
    if os.environ.get("JUESUAN_OCR") == "tesseract":
        from extract.ocr.tesseract import Tesseract, is_installed

        if is_installed():
            return Tesseract()
    from extract.ocr.rapid import Rapid

    return Rapid()
