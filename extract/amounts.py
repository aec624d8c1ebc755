"""What amount does a printed text state?

The only road from print to number. It reads separators, full-width digits,
bracketed, dashed and triangled negatives, and keeps apart what is printed as zero,
what is blank, and what is no amount at all. It never guesses: a text it does not
know raises ``NotAnAmount``.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

UNITS = {
    "": Decimal(1),
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
"""Unit as printed → yuan; the empty one is that of plain numbers."""

WHOLE, BROKEN = 18, 20
"""Digits before and behind the point that a number may have: those of the columns, and those in which
programs print binary fractions. What is longer is no number anybody meant."""
MOST = Decimal(10) ** 14
"""Yuan that no amount reaches: the whole country spends a third of it in a year. The columns hold ten
thousand times as much, so that sums fit too."""

_LONGEST = 200  # characters; a number broken over lines and grouped by spaces has fifty

CENT = Decimal("0.01")
MILLIONTH = Decimal("0.000001")

_UNIT = re.compile(
    r"(?:金额)?单位(?:名称)?[::]?[((]?(?:人民币)?(百万|万|千|百|亿)?(元)|[((](?:人民币)?(百万|万|千|百|亿)?(元)[))]$"
)
_OFFERED = re.compile(r"单位[(][^()]*元[)]:(?=.*元)")
_NUMBER = re.compile(
    r"(?P<sign>[-+△▲]?)(?:¥)?(?P<digits>\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?P<point>\.\d+)?"
)
# Of several points only the last parts the decimals; OCR takes a faint comma for a point.
_POINTED_GROUPS = re.compile(r"(?<!\d)\d{1,3}(?:[.,]\d{3})*\.\d{3}(?:[.,]\d{3})*\.\d\d?(?!\d)")
_USUAL = re.compile(r"(?:-?\d{1,3}(?:,\d{3})*(?:\.\d+)?)?", re.ASCII)
# OCR loses the point among wide digits; no group has five of them.
_POINTLESS = re.compile(r"(?<!\d)(\d{1,3}(?:,\d{3})*,\d{3})(\d\d)(?!\d)")
_SPACED_GROUPS = re.compile(r"(?<=\d)[ \xa0](?=\d{3}(?!\d))")
# OCR takes a nothing for a letter; alone, or beside digits or a point, it can be no other.
_LETTERED = re.compile(r"[Oo]|(?=.*[\d.])[-(\[]?[\dOo][\dOo.,]*[)\]]?")
_ZEROS = str.maketrans("Oo", "00")
# OCR takes a dash for 一.
_BLANKS = frozenset({"", "-", "--", "---", "/", "\\", "*", ".", "无", "一"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－─", "-"))
_BRACKETED = re.compile(r"[(\[](?P<inside>[^()\[\]]*)[)\]]")


class NotAnAmount(ValueError):
    """The text states no amount."""


def parse(raw: str) -> Decimal | None:
    """The number a cell prints, in the cell's own unit; ``None`` for a blank cell.

    Raises ``NotAnAmount`` for any other text.

    >>> parse("1,484.80"), parse("０.00"), parse("—"), parse("（3.20）")
    (Decimal('1484.80'), Decimal('0.00'), None, Decimal('-3.20'))
    """
    text = plain(raw)
    if text in _BLANKS:
        return None
    bracketed = _BRACKETED.fullmatch(text)
    number = _NUMBER.fullmatch(bracketed["inside"] if bracketed else text)
    if number is None or (bracketed and number["sign"]):
        raise NotAnAmount(f"“{raw}” is not an amount")
    value = Decimal(number["digits"].replace(",", "") + (number["point"] or ""))
    if value.adjusted() >= WHOLE or len(number["point"] or "") > BROKEN + 1:
        raise NotAnAmount(f"a number of {len(text)} digits is no amount")
    return -value if bracketed or number["sign"] in {"-", "△", "▲"} else value


def is_amount(raw: str) -> bool:
    """Whether ``raw`` states a number (a blank does not)."""
    try:
        return parse(raw) is not None
    except NotAnAmount:
        return False


def is_figure(raw: str) -> bool:
    """Whether ``raw`` may stand in a column of figures: a number, or what is printed for none."""
    try:
        parse(raw)
    except NotAnAmount:
        return False
    return True


def yuan(raw: str, unit: str) -> Decimal | None:
    """The amount in yuan, to the cent; ``None`` for a blank cell. Raises ``NotAnAmount``."""
    value = parse(raw)
    return None if value is None else (value * UNITS[unit]).quantize(CENT)


def decimals(raw: str) -> int:
    """How many decimals are printed.

    >>> decimals("1,484.80"), decimals("25"), decimals("")
    (2, 0, 0)
    """
    _, point, tail = plain(raw).rstrip(")]").partition(".")
    return len(tail) if point else 0


def unit_in(text: str) -> str | None:
    """The unit a caption declares; 单位 also names agencies, so a unit must follow.

    >>> unit_in("金额单位：万元"), unit_in("单位：元"), unit_in("单位：株洲市财政局")
    ('万元', '元', None)
    >>> unit_in("单位（元/万元）：万元")
    '万元'
    """
    told = "".join(unicodedata.normalize("NFKC", text).split())
    # “单位（元/万元）：万元” offers two units and takes one.
    found = _UNIT.search(_OFFERED.sub("单位:", told))
    if found is None:
        return None
    return (found[1] or found[3] or "") + "元"


@lru_cache(maxsize=1 << 14)
def plain(raw: str) -> str:
    """A printed number in ASCII, without padding and line breaks."""
    if _USUAL.fullmatch(raw):
        return raw
    if len(raw) > _LONGEST and len(raw.strip()) > _LONGEST:
        return raw
    # A number may be broken over two lines or grouped by spaces; two numbers in one cell are none.
    text = unicodedata.normalize("NFKC", raw).translate(_DASHES).strip()
    text = _SPACED_GROUPS.sub("", text.replace("\n", "").replace("\r", ""))
    if re.search(r"\d +[\d.]", text):
        return text
    text = "".join(text.split())
    text = text.translate(_ZEROS) if _LETTERED.fullmatch(text) else text
    text = _POINTED_GROUPS.sub(lambda found: _comma_grouped(found[0]), text)
    return _POINTLESS.sub(r"\1.\2", text) if "." not in text else text


def _comma_grouped(number: str) -> str:
    whole, _, cents = number.rpartition(".")
    return whole.replace(".", ",") + "." + cents
