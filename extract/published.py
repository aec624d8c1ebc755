"""On which day was a document published, as it says itself?

A page of a portal and a registry's table label the day (“发布时间：2022-08-25”); a cover
prints it alone. A month is no day, and a day before the year is over is no publication of
its accounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_DIGITS = "〇○零一二三四五六七八九"
_YEAR = rf"(?P<year>20\d\d|二[{_DIGITS}]{{3}})"
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DAY = rf"{_YEAR}[-./年](?P<month>{_NUMBER})[-./月](?P<day>{_NUMBER})日?"
_LABEL = r"(?:公开|发布|发文|公示|公布|成文|更新|生成)(?:时间|日期|日):?"
_LABELLED = re.compile(rf"{_LABEL}{_DAY}")
_ALONE = re.compile(_DAY)
_TENS = re.compile("([一二三四五六七八九])?十([一二三四五六七八九])?")


def published(lines: Iterable[str], fiscal_year: int) -> date | None:
    """The day that folded ``lines`` name, a labelled one before one that stands alone.

    >>> published(["某局2021年度部门决算", "二〇二二年八月二十六日"], 2021)
    datetime.date(2022, 8, 26)
    >>> published(["发布时间:2022-08-2510:30来源:某局"], 2021)
    datetime.date(2022, 8, 25)
    """
    said = list(lines)
    labelled = (found for text in said for found in _LABELLED.finditer(text))
    alone = (found for text in said if (found := _ALONE.fullmatch(text)))
    for found in (*labelled, *alone):
        day = _date(found)
        if day is not None and day.year > fiscal_year:
            return day
    return None


def _date(found: re.Match[str]) -> date | None:
    year = found["year"].translate({ord(d): str(max(at - 2, 0)) for at, d in enumerate(_DIGITS)})
    month, day = _count(found["month"]), _count(found["day"])
    try:
        return date(int(year), month, day)
    except ValueError:
        return None


def _count(text: str) -> int:
    """A number in digits or words.

    >>> _count("26"), _count("二十六"), _count("十"), _count("八")
    (26, 26, 10, 8)
    """
    if text.isdigit() and text.isascii():
        return int(text)
    tens = _TENS.fullmatch(text)
    if tens is None:
        return max(_DIGITS.find(text) - 2, 0)
    return 10 * (_count(tens[1]) if tens[1] else 1) + (_count(tens[2]) if tens[2] else 0)
