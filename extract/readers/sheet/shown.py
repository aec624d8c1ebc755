"""How does a spreadsheet show a number? By the format of its cell.

What is shown is what is published: 1234.567 under ``#,##0.00`` is “1,234.57”, and under
``0!.0,`` it is “1.2”. Of the language of formats this reads what stands in accounts:
digits, separators, per cent, scaling, literals, sections for negatives, zeros and texts.
Dates and fractions are shown as nobody prints them, but never lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

GENERAL = "General"

_DIGITS = 15  # a spreadsheet keeps no more of a number, and shows none of the rest
_WIDTH = 11  # characters that General takes at most
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>General)|(?P<exponent>[Ee][+-])"
    r"|(?P<digits>[0#?](?:[0#?,]*[0#?])?)|(?P<comma>,)|(?P<point>\.)|(?P<percent>%)|(?P<text>@)"
    r"|(?P<date>[yYmMdDhHsSeE]+|上午/下午|AM/PM|A/P)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_WIDE = Context(prec=400)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")

BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 14: "yyyy/m/d", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    49: "@",
    **dict.fromkeys((15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 57, 58), "yyyy/m/d"),
}  # fmt: skip
"""Formats that files name by number alone, as a Chinese Office shows them."""


def exact(text: str | float) -> Decimal | None:
    """The number that a cell stores, without what binary fractions add to it; None if it is none.

    >>> exact("0.30000000000000004"), exact(1234.5), exact("#N/A")
    (Decimal('0.3'), Decimal('1234.5'), None)
    """
    try:
        value = Decimal(text if isinstance(text, str) else repr(text))
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return None
    plain = Context(prec=_DIGITS, rounding=ROUND_HALF_UP).plus(value).normalize()
    return (
        plain.quantize(Decimal(1))
        if plain == plain.to_integral_value() and plain.adjusted() < 28
        else plain
    )


def shown(value: Decimal, code: str) -> str:
    """``value`` as a cell of format ``code`` shows it, without padding.

    >>> shown(Decimal("1234567.895"), "#,##0.00"), shown(Decimal("-3.2"), "0.00_);(0.00)")
    ('1,234,567.90', '(3.20)')
    >>> shown(Decimal("12345"), '0!.0,"万元"'), shown(Decimal(0), '#,##0.00;-#,##0.00;"-"')
    ('1.2万元', '-')
    >>> shown(Decimal("33.3333333333333"), "General"), shown(Decimal("0.125"), "0.0%")
    ('33.33333333', '12.5%')
    """
    section, signed = _chosen(value, _sections(code or GENERAL))
    kinds = {token.kind for token in section}
    if "date" in kinds:
        return _date(value)
    if kinds & {"general", "text"}:
        before, after = _around(section, "general" if "general" in kinds else "text")
        return before + _general(value if signed else abs(value)) + after
    if "exponent" in kinds:
        return f"{value:.2E}"
    text = _number(abs(value), section)
    return f"-{text}" if signed and value < 0 and re.search(r"[1-9]", text) else text


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or "other"
        if kind == "other" and found[0] == ";":
            sections.append([])
        elif kind == "bracket" and (
            found["bracket"].startswith("$") or not _CONDITION.match(found["bracket"])
        ):
            # [$¥-804] prints its sign; colours and calendars print nothing.
            sign = found["bracket"][1:].split("-")[0] if found["bracket"].startswith("$") else ""
            sections[-1] += [_Token("literal", sign)] if sign else []
        elif kind in ("quoted", "escaped", "other"):
            sections[-1].append(_Token("literal", found[found.lastgroup or 0]))
        elif kind == "space":
            sections[-1].append(_Token("literal", " "))
        elif kind != "fill":
            sections[-1].append(_Token(kind, found[found.lastgroup or 0]))
    return tuple(map(tuple, sections))


def _chosen(
    value: Decimal, sections: tuple[tuple[_Token, ...], ...]
) -> tuple[tuple[_Token, ...], bool]:
    """The section for a value, and whether its sign is still to be set."""
    for section in sections:
        told = next((t.text for t in section if t.kind == "bracket"), None)
        if told and (condition := _CONDITION.match(told)):
            if _holds(value, condition[1], Decimal(condition[2])):
                return _bare(section), True
            continue
        if told is None and any(t.kind == "bracket" for s in sections for t in s):
            return section, True
    numbers = sections[:3]
    if value < 0 and len(numbers) > 1:
        return numbers[1], False
    if value == 0 and len(numbers) > 2:
        return numbers[2], False
    return _bare(sections[0]), True


def _bare(section: tuple[_Token, ...]) -> tuple[_Token, ...]:
    return tuple(token for token in section if token.kind != "bracket")


def _holds(value: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": value < bound, ">": value > bound, "=": value == bound,
        "<=": value <= bound, ">=": value >= bound, "<>": value != bound,
    }[sign]  # fmt: skip


def _around(section: tuple[_Token, ...], kind: str) -> tuple[str, str]:
    at = next((i for i, token in enumerate(section) if token.kind == kind), len(section))
    before, after = (
        "".join(t.text for t in part if t.kind == "literal")
        for part in (section[:at], section[at:])
    )
    return before.lstrip(), after.rstrip()


def _number(value: Decimal, section: tuple[_Token, ...]) -> str:
    """Digits set into their places; literals stay where they stand among them."""
    point = next((i for i, t in enumerate(section) if t.kind == "point"), len(section))
    whole, parts = (
        "".join(t.text for t in side if t.kind == "digits").replace(",", "")
        for side in (section[:point], section[point:])
    )
    step = Decimal(1).scaleb(-len(parts))
    rounded = value.scaleb(-_scale(section), _WIDE).quantize(step, ROUND_HALF_UP, _WIDE)
    left, _, right = f"{rounded:f}".partition(".")
    needed = max((i for i, place in enumerate(parts, 1) if place == "0"), default=0)
    kept = right[:needed] + right[needed:].rstrip("0")
    before = _before(section[:point], left.lstrip("0").rjust(whole.count("0"), "0"))
    return (before + _behind(section[point:], kept)).strip()


def _scale(section: tuple[_Token, ...]) -> int:
    """By how many powers of ten less is shown: a comma behind the digits means thousands."""
    last = max((i for i, t in enumerate(section) if t.kind == "digits"), default=-1)
    thousands = sum(token.kind == "comma" for token in section[last + 1 :])
    return 3 * thousands - 2 * sum(token.kind == "percent" for token in section)


def _before(section: tuple[_Token, ...], digits: str) -> str:
    """What stands before the point; the first place takes all digits that the others leave."""
    places = [len(t.text.replace(",", "")) if t.kind == "digits" else 0 for t in section]
    out: list[str] = []
    for at, token in enumerate(section):
        if token.kind == "digits":
            cut = max(len(digits) - sum(places[at + 1 :]), 0)
            out.append(_grouped(digits[:cut]) if "," in token.text else digits[:cut])
            digits = digits[cut:]
        elif token.kind in ("literal", "percent"):
            out.append(token.text)
    return "".join(out)


def _behind(section: tuple[_Token, ...], digits: str) -> str:
    """The point and what stands behind it; 0.## shows 5 as “5.”, but nobody means the point."""
    out: list[str] = []
    for token in section:
        if token.kind == "point":
            out.append("." if digits else "")
        elif token.kind == "digits":
            out.append(digits[: len(token.text)])
            digits = digits[len(token.text) :]
        elif token.kind in ("literal", "percent"):
            out.append(token.text)
    return "".join(out)


def _grouped(digits: str) -> str:
    return f"{int(digits):,}" if digits and digits[0] != "0" else digits


def _general(value: Decimal) -> str:
    """As many decimals as fit the usual width; a whole number in full."""
    text = f"{value:f}"
    if "." not in text:
        return text
    whole = len(text.split(".", maxsplit=1)[0].lstrip("-"))
    step = Decimal(1).scaleb(-max(_WIDTH - 1 - whole, 0))
    fitted = f"{value.quantize(step, ROUND_HALF_UP, _WIDE):f}"
    return fitted.rstrip("0").rstrip(".") if "." in fitted else fitted


def _date(value: Decimal) -> str:
    """The day, counted from the last of 1899."""
    if not 0 <= value < 2_958_466:
        return _general(value)
    day = datetime(1899, 12, 30) + timedelta(days=int(value))
    return f"{day.year}年{day.month}月{day.day}日"
