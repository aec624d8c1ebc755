"""Which lines of a page are its furniture: running heads and feet, page numbers?

They stand at the edge of page after page and belong to no table and no sentence; figures in
them count pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

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
_APART = 3  # pages from one to the next: a heading recurs too, in the contents and a part away
_LETTER = re.compile(r"\w")
_DIGITS = re.compile(r"\d+")


def running(pages: Sequence[Page]) -> frozenset[str]:
    """Running heads and feet as ``bare`` has them; texts far apart on one line are two."""
    seen: defaultdict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        for text in _at_edges(page):
            seen[text].append(number)
    return frozenset(text for text, at in seen.items() if _LETTER.search(text) and _goes_on(at))


def _goes_on(at: Sequence[int]) -> bool:
    """Whether pages follow one another closely.

    >>> _goes_on([4, 6, 8]), _goes_on([1, 2, 30, 31])
    (True, False)
    """
    run = 1
    for one, other in pairwise(at):
        run = run + 1 if other - one <= _APART else 1
        if run == _REPEATED:
            return True
    return False


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
