"""Which lines of a page are its furniture: running heads and feet, page numbers?

They stand at the edge of page after page and belong to no table and no sentence; figures in
them count pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extract.forms.codes import digits
from extract.geometry import lines
from extract.hanzi import fold, near
from extract.model import Page

MARGIN = 0.12
"""Of the page height, in which running heads and feet stand."""

_REPEATED = 3  # pages on which a line must recur to be one
# OCR takes the dashes around a number for 一, and 页 for letters that look like it.
_PAGE_NUMBER = re.compile(
    r"[-–—·.第页共/ \d]+|[-–—一 ]*\d+[-–—一 ]*|第\d+[页顶贡负项](?:共\d+[页顶贡负项])?"
)
_SHORT = 5  # letters of a line of which none may be misread
_LETTER = re.compile(r"\w")
_DIGITS = re.compile(r"\d+")


def running(pages: Sequence[Page]) -> frozenset[str]:
    """Running heads and feet as ``bare`` has them; texts far apart on one line are two."""
    seen = Counter(text for page in pages for text in _at_edges(page))
    return frozenset(
        text for text, number in seen.items() if _LETTER.search(text) and number >= _REPEATED
    )


def misread(page: Page, furniture: frozenset[str]) -> frozenset[str]:
    """What on a scanned page would be a running head or foot if one letter of it were another."""
    long = [text for text in furniture if len(text) > _SHORT]
    if not long or all(word.confidence is None for word in page.words):
        return frozenset()
    return frozenset(text for text in _at_edges(page) if any(near(text, known) for known in long))


def _at_edges(page: Page) -> set[str]:
    """The texts at the head and foot of a page, as ``bare`` has them."""
    high, low = MARGIN * page.height, (1 - MARGIN) * page.height
    edge = [w for w in page.words if w.box[3] <= high or w.box[1] >= low]
    return {bare(text) for line in lines(edge) for text in line.text.split("\t")}


def runs(text: str, furniture: frozenset[str]) -> bool:
    """Whether all texts of a line are running heads or feet."""
    return bool(furniture) and all(bare(part) in furniture for part in text.split("\t"))


def bare(text: str) -> str:
    """A text without what counts pages.

    >>> bare("某局2023年度部门决算　第 4 页")
    '某局年度部门决算第页'
    """
    return _DIGITS.sub("", fold(text))


def numbers_page(text: str) -> bool:
    """Whether a line is a page number, perhaps with letters that OCR takes for digits.

    >>> numbers_page("— 12 —"), numbers_page("第3页/共9页"), numbers_page("第三部分")
    (True, True, False)
    """
    return _PAGE_NUMBER.fullmatch(digits(fold(text))) is not None
