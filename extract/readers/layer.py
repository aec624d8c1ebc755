"""Is what the text layer of a page says what a reader of the page would see?

Judged by content: a page with print but no words, words in letters no office prints, and
words nobody sees under a picture of the page are as good as no text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from extract.model import Word

_STRANGE = 0.1  # of the letters; a symbol here and there is a bullet or a logo
_FEW = 0.3  # of the letters are digits or Chinese on any page that states something
_ENOUGH = 20  # letters; fewer prove nothing


def believable(words: Iterable[Word]) -> bool:
    """Whether the words may be what is printed."""
    letters = "".join(word.text for word in words)
    strange = sum(map(_is_strange, letters))
    if strange > _STRANGE * len(letters):
        return False
    said = sum(letter.isdigit() or _is_chinese(letter) for letter in letters)
    return len(letters) < _ENOUGH or said > _FEW * len(letters)


@lru_cache(maxsize=1 << 14)
def _is_strange(letter: str) -> bool:
    """Of private use, a control, or a letter that neither GB 2312 nor ASCII knows."""
    plain = unicodedata.normalize("NFKC", letter)
    kind = unicodedata.category(letter)
    if kind in {"Co", "Cc", "Cn", "Cs"} or letter == "\ufffd":
        return True
    return kind.startswith("L") and not all(c.isascii() or _is_chinese(c) for c in plain)


@lru_cache(maxsize=1 << 14)
def _is_chinese(letter: str) -> bool:
    """A simplified ideograph in use, or a radical that stands for one."""
    if "\u2e80" <= letter <= "\u2fdf":
        return True
    try:
        row, _ = letter.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return False
    return 0xB0 <= row <= 0xF7
