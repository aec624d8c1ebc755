"""Where on a page does a text stand? For findings about a sentence, which name no cell.

Letters are compared folded and without spaces, so that a sentence goes on over the end of a
line. Only a text layer can be searched; what OCR read of a picture has no place here.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extract.geometry import joined
from extract.hanzi import fold
from extract.model import Box, Finding
from extract.readers.pdf import placing

_MOST = 20_000  # letters of a page
_FEW = 6  # letters that name a place
_CUT = "…"
_KERN = 3.0  # points that letters of a line may overlap


def quoted(finding: Finding) -> str | None:
    """What its sentence quotes of the document: between the first marks, those inside included.

    Nothing where it names a cell, whose place is known.
    """
    said = finding.message
    if finding.page is None or finding.x0 is not None or "“" not in said:
        return None
    depth = 0
    start = said.index("“")
    for at in range(start, len(said)):
        depth += (said[at] == "“") - (said[at] == "”")
        if depth == 0:
            return said[start + 1 : at].strip(_CUT) or None
    return None


def found(page: pdfium.PdfPage, said: str) -> list[Box]:
    """Where ``said`` stands on the page as displayed, a box a line; nothing where it does not.

    Of what begins on the page before, or ends on the next, the half that stands here.
    """
    wanted = "".join(fold(said).split())
    letters = list(_letters(page))
    text = "".join(letter for letter, _ in letters)
    half = len(wanted) // 2
    for part in (wanted, wanted[half:], wanted[:half]):
        at = text.find(part)
        if len(part) >= _FEW and at >= 0:
            return _lines([box for _, box in letters[at : at + len(part)]])
    return []


def _letters(page: pdfium.PdfPage) -> Iterator[tuple[str, Box]]:
    """Every letter that is none of the spaces, folded, and where it stands."""
    place = placing(page.raw, page.get_rotation() // 90)
    text = c.FPDFText_LoadPage(page.raw)
    sides = [ctypes.c_double() for _ in range(4)]
    try:
        for at in range(min(c.FPDFText_CountChars(text), _MOST)):
            code = c.FPDFText_GetUnicode(text, at)
            for letter in "".join(fold(chr(code)).split()):
                c.FPDFText_GetCharBox(text, at, *map(ctypes.byref, sides))
                left, right, bottom, top = (side.value for side in sides)
                x0, y0 = place(left, top)
                x1, y1 = place(right, bottom)
                yield letter, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    finally:
        c.FPDFText_ClosePage(text)


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """One box for each line the letters stand on: a line ends where the next letter stands left."""
    lines: list[Box] = []
    for box in boxes:
        if lines and box[0] >= lines[-1][2] - _KERN:
            lines[-1] = joined(lines[-1], box)
        else:
            lines.append(box)
    return lines
