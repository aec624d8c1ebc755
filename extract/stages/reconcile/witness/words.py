"""How is a sentence cited to a reader?"""

from __future__ import annotations

from decimal import Decimal


def quoted(sentence: str, around: str = "", most: int = 60) -> str:
    """As much of a sentence as a message can hold, ``around`` in the middle.

    >>> quoted("一二三四五六七八九十", "五", most=4)
    '…三四五六…'
    """
    if len(sentence) <= most:
        return sentence
    at = max(sentence.find(around), 0)
    start = max(0, min(at - most // 2, len(sentence) - most))
    end = start + most
    return ("…" if start else "") + sentence[start:end] + ("…" if end < len(sentence) else "")


def where(page: int | None) -> tuple[str, str]:
    """The page, in front of a sentence."""
    return ("", "Text: ") if page is None else (f"第{page}页", f"Page {page}: ")


def percent(value: Decimal) -> str:
    """A recomputed percentage, fine enough to compare.

    >>> percent(Decimal("99.8679"))
    '99.868%'
    """
    return f"{value:.3f}%"
