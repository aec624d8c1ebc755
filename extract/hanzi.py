"""When do two printed wordings say the same thing?

Folding brings full-width forms, Kangxi and supplement radicals, spaces inside titles
and the many brackets and quotes to one spelling. It is for comparing; what is
published keeps the print (``tidy`` takes out only padding and line breaks).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache

from extract.locations import schemas

_ALIKE = 0.6  # of the letters of the shorter wording
_LEAST = 2  # letters

_SPACES = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]+")
# Quotes come and go inside one document (“三公”, "三公", 三公); 、 and · pad titles.
_DROPPED = re.compile("[“”‘’\"'`「」『』《》〈〉【】〖〗]")
_DASHES = re.compile("[‐‑‒–—―−－─]")
_LOOSE = re.compile(r"[\s\u200b\u3000]+")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.,:]|[(][一二三四五六七八九十\d]+[)]|\d+(?:、|\.(?!\d)))"
)


@lru_cache(maxsize=1 << 16)  # the same few thousand wordings come again and again
def fold(text: str) -> str:
    """The one spelling that stands for all variants of a wording.

    >>> fold("收 入 支 出\\n决算总表")
    '收入支出决算总表'
    >>> fold("因公出国（境）费") == fold("因公出国(境)费")
    True
    >>> fold("⻓期 ⾦额：２０２０")
    '长期金额:2020'
    """
    plain = unicodedata.normalize("NFKC", text.translate(_radicals()))
    return _DASHES.sub("-", _DROPPED.sub("", _SPACES.sub("", plain)))


def tidy(text: str) -> str:
    """A name as printed, without line breaks and padding.

    A space stays only between two Latin words.

    >>> tidy("机关事业单位基本养老保险缴\\n 费支出")
    '机关事业单位基本养老保险缴费支出'
    """
    plain = unicodedata.normalize("NFC", text.translate(_radicals()))
    plain = "".join(
        unicodedata.normalize("NFKC", c) if "\u2f00" <= c <= "\u2fdf" else c for c in plain
    )
    return _LOOSE.sub(lambda gap: _kept(plain, gap), plain).strip()


def _kept(text: str, gap: re.Match[str]) -> str:
    before, after = text[: gap.start()][-1:], text[gap.end() :][:1]
    return " " if before.isascii() and after.isascii() and before and after else ""


@cache
def _radicals() -> dict[int, str]:
    # NFKC maps the Kangxi radicals but leaves almost the whole supplement block alone:
    # Equivalent_Unified_Ideograph of the Unicode Character Database fills the gap.
    with (schemas() / "hanzi" / "radicals.csv").open(encoding="utf-8", newline="") as rows:
        return {ord(row["radical"]): row["ideograph"] for row in csv.DictReader(rows)}


def near(one: str, other: str) -> bool:
    """Whether two wordings differ by at most one letter replaced, lost or added.

    >>> near("住房保障支出", "住房保障文出"), near("外交支出", "国防支出")
    (True, False)
    """
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def shared(one: str, other: str) -> int:
    """How many letters two wordings have in common, in the same turn.

    >>> shared("年末滚存结余", "年末结转和结余"), shared("接待费", "公务接待费")
    (4, 3)
    """
    row = [0] * (len(other) + 1)
    for a in one:
        before = 0
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], before + 1 if a == b else max(row[j], row[j - 1])
    return row[-1]


def alike(one: str, other: str) -> bool:
    """Whether most letters of the shorter wording stand in the other in the same turn.

    It takes more, such as their place, to say that they mean the same.

    >>> alike("年末滚存结余", "年末结转和结余"), alike("其他收入", "经营收入")
    (True, False)
    """
    common = shared(one, other)
    return common >= _LEAST and common >= _ALIKE * min(len(one), len(other))


def apart(one: str, other: str) -> int:
    """By how many letters replaced, lost or added two wordings differ.

    >>> apart("一一股公共预算财政拨款", "一般公共预算财政拨款")
    2
    """
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def unnumbered(text: str) -> str:
    """A folded label without the ordinal in front: lists of one year count differently.

    >>> unnumbered("二十四、债务还本支出"), unnumbered("(三)公务接待费"), unnumbered("总计")
    ('债务还本支出', '公务接待费', '总计')
    """
    return _ORDINAL.sub("", text)
