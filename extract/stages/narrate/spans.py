"""Where in a folded text does a sentence begin and end?"""

from __future__ import annotations


def sentence(text: str, at: int) -> tuple[int, int]:
    """The sentence around a place.

    >>> sentence("甲。乙丙。丁", 3)
    (2, 5)
    """
    start = text.rfind("。", 0, at) + 1
    end = text.find("。", at)
    return start, end + 1 if end >= 0 else len(text)
