"""Is what the text layer of a page says what a reader of the page would see?

Judged by content: a page with print but no words, words in letters no office prints, and
words nobody sees under a picture of the page are as good as no text.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from extract.model import Word

_STRANGE = 0.1  # of the letters; a symbol here and there is a bullet or a logo
_FEW = 0.3  # of the letters are digits or Chinese on any page that states something
_ENOUGH = 20  # letters; fewer prove nothing


def believable(words: Iterable[Word]) -> bool:
    """Whether the words may be what is printed."""
    letters = Counter("".join(word.text for word in words))
    count = letters.total()
    if _number(letters, _is_void) > _STRANGE * count:
        return False
    if count < _ENOUGH:
        return True
    said = _number(letters, lambda letter: letter.isdigit() or _is_chinese(letter))
    return _number(letters, _is_strange) <= _STRANGE * count and said > _FEW * count


def _number(letters: Counter[str], are: Callable[[str], bool]) -> int:
    """How many of the letters are such."""
    return sum(count for letter, count in letters.items() if are(letter))


def _is_void(letter: str) -> bool:
    """Of private use, a control, or the sign for a letter that is not known."""
    return unicodedata.category(letter) in {"Co", "Cc", "Cn", "Cs"} or letter == "\ufffd"


@lru_cache(maxsize=1 << 14)
def _is_strange(letter: str) -> bool:
    """A letter that neither GB 2312 nor ASCII knows."""
    plain = unicodedata.normalize("NFKC", letter)
    return unicodedata.category(letter).startswith("L") and not all(
        c.isascii() or _is_chinese(c) for c in plain
    )


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
