"""Which numbers does Word set before its paragraphs, and which of its styles hide text?

A heading “一、收入情况” is often stored as “收入情况” in a numbered style: Word counts, and the
number stands nowhere in the text. It is counted here the same way (ECMA-376, 17.9): a number
per list and level, deeper levels beginning anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from extract.readers.package import Package

_NUMBERS, _STYLES = "word/numbering.xml", "word/styles.xml"
_LEVELS = 9
_DEEP = 32  # styles based on one another
_PLACE = re.compile(r"%([1-9])")
_HAN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)

Node = Any
"""An element of lxml's tree."""


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    spaced: bool = False
    legal: bool = False  # all numbers of the label in Arabic digits
    restart: int | None = None


@dataclass(slots=True)
class Lists:
    """The numbering of one file, and where its counting stands."""

    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # of an abstract list
    _lists: dict[str, str] = field(default_factory=dict)  # list → abstract list
    _begun: dict[str, dict[int, int]] = field(default_factory=dict)  # a list's own first numbers
    _styles: dict[str, Node] = field(default_factory=dict)
    _usual: str = ""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, package: Package) -> Lists:
        """As the parts of the file say; of a file without them, none."""
        made = cls()
        if _STYLES in package:
            for style in package.xml(_STYLES).findall("{*}style"):
                name = value(style, "styleId")
                made._styles[name] = style
                paragraphs = value(style, "type") == "paragraph"
                if paragraphs and value(style, "default") in ("1", "true"):
                    made._usual = name
        if _NUMBERS in package:
            made._read(package.xml(_NUMBERS))
        return made

    def label(self, paragraph: Node) -> str:
        """What Word sets before a paragraph, which counts from now on; empty before most."""
        told = self._numbered(paragraph)
        if told is None:
            return ""
        name, at = told
        abstract = self._lists.get(name)
        levels = self._levels.get(abstract or "", {})
        if abstract is None or at not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if name not in self._met:
            self._met.add(name)
            for level in self._begun.get(name, {}):
                counts.pop(level, None)
        counts[at] = counts[at] + 1 if at in counts else self._first(name, levels, at)
        for deeper in [level for level in counts if level > at]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and at < restart):
                del counts[deeper]
        return self._written(name, levels, counts, at)

    def hides(self, style: str) -> bool:
        """Whether text in a style is hidden."""
        for one in self._chain(style):
            vanish = one.find("{*}rPr/{*}vanish")
            if vanish is not None:
                return value(vanish) not in ("0", "false")
        return False

    # Reading ------------------------------------------------------------------------------

    def _read(self, root: Node) -> None:
        links: dict[str, str] = {}
        for one in root.findall("{*}abstractNum"):
            name = value(one, "abstractNumId")
            self._levels[name] = {
                number(level, "ilvl"): _level(level) for level in one.findall("{*}lvl")
            }
            link = one.find("{*}numStyleLink")
            if link is not None:
                links[name] = value(link)
        for one in root.findall("{*}num"):
            name, told = value(one, "numId"), one.find("{*}abstractNumId")
            self._lists[name] = value(told) if told is not None else ""
            for other in one.findall("{*}lvlOverride"):
                self._override(name, number(other, "ilvl"), other)
        for abstract, style in links.items():
            self._link(abstract, style)

    def _override(self, name: str, at: int, other: Node) -> None:
        first, level = other.find("{*}startOverride"), other.find("{*}lvl")
        if first is not None:
            self._begun.setdefault(name, {})[at] = number(first)
        if level is not None:  # the list counts on its own from here
            own = f"{self._lists[name]}/{name}"
            self._levels[own] = {**self._levels.get(self._lists[name], {}), at: _level(level)}
            self._lists[name] = own

    def _link(self, abstract: str, style: str) -> None:
        """A list that is defined where a style says."""
        for one in self._chain(style):
            told = one.find("{*}pPr/{*}numPr/{*}numId")
            if told is not None:
                target = self._lists.get(value(told), "")
                self._levels[abstract] = self._levels.get(target, {})
                return

    # Paragraphs ---------------------------------------------------------------------------

    def _numbered(self, paragraph: Node) -> tuple[str, int] | None:
        """The list and the level of a paragraph, as itself or its style says."""
        properties = paragraph.find("{*}pPr")
        own = properties.find("{*}numPr") if properties is not None else None
        named = properties.find("{*}pStyle") if properties is not None else None
        style = value(named) if named is not None else self._usual
        given = [own] if own is not None else []
        given += [n for s in self._chain(style) if (n := s.find("{*}pPr/{*}numPr")) is not None]
        name = next((value(n) for g in given if (n := g.find("{*}numId")) is not None), "")
        depth = next((n for g in given if (n := g.find("{*}ilvl")) is not None), None)
        if not name or name == "0":
            return None
        return name, min(number(depth), _LEVELS - 1) if depth is not None else 0

    def _chain(self, style: str) -> Iterator[Node]:
        """A style and those it is based on."""
        for _ in range(_DEEP):
            one = self._styles.get(style)
            if one is None:
                return
            yield one
            based = one.find("{*}basedOn")
            style = value(based) if based is not None else ""

    def _first(self, name: str, levels: Mapping[int, _Level], at: int) -> int:
        return self._begun.get(name, {}).get(at, levels[at].start)

    def _written(
        self, name: str, levels: Mapping[int, _Level], counts: Mapping[int, int], at: int
    ) -> str:
        level = levels[at]
        if level.format == "bullet":
            return ""

        def told(place: re.Match[str]) -> str:
            asked = int(place[1]) - 1
            if asked not in levels:
                return ""
            count = counts.get(asked, self._first(name, levels, asked))
            return written(count, "decimal" if level.legal else levels[asked].format)

        label = _PLACE.sub(told, level.text)
        return f"{label} " if label and level.spaced and label[-1].isascii() else label


def _level(node: Node) -> _Level:
    parts = {
        name: node.find(f"{{*}}{name}") for name in ("start", "numFmt", "lvlText", "lvlRestart")
    }
    form, suffix = parts["numFmt"], node.find("{*}suff")
    return _Level(
        number(parts["start"]) if parts["start"] is not None else 0,
        value(form) if form is not None else "decimal",
        value(parts["lvlText"])[:64] if parts["lvlText"] is not None else "",
        suffix is None or value(suffix) != "nothing",
        node.find("{*}isLgl") is not None,
        number(parts["lvlRestart"]) if parts["lvlRestart"] is not None else None,
    )


def written(count: int, form: str) -> str:
    """A number in one of Word's formats; in one that is not known, as digits.

    >>> [written(n, "chineseCounting") for n in (1, 10, 12, 20, 21, 105)]
    ['一', '十', '十二', '二十', '二十一', '一百零五']
    >>> written(3, "decimalEnclosedCircle"), written(4, "upperRoman"), written(28, "lowerLetter")
    ('③', 'IV', 'bb')
    """
    return _FORMATS.get(form, str)(count)


def _counted(count: int, digits: str = _HAN, tens: str = "十百千") -> str:
    if not 0 < count < 10_000:
        return str(count)
    text, gap = "", False
    for place, digit in reversed(list(enumerate(map(int, reversed(str(count)))))):
        gap = gap or (not digit and bool(text))
        if digit:
            text += (digits[0] if gap else "") + digits[digit] + (tens[place - 1] if place else "")
            gap = False
    return text.removeprefix("一") if text.startswith("一十") else text


def _enclosed(first: int, most: int) -> Callable[[int], str]:
    return lambda count: chr(first + count - 1) if 0 < count <= most else str(count)


def _letters(first: str) -> Callable[[int], str]:
    def of(count: int) -> str:
        return chr(ord(first) + (count - 1) % 26) * min((count - 1) // 26 + 1, 30)

    return lambda count: of(count) if count > 0 else str(count)


def _roman(count: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        text += letters * min(count // worth, 30)
        count %= worth
    return text


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[(count - 1) % len(signs)] if count > 0 else str(count)


def _by_digit(count: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count))


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": "{:02}".format,
    "decimalFullWidth": lambda count: "".join(chr(ord(d) + 0xFEE0) for d in str(count)),
    "decimalEnclosedCircle": _enclosed(0x2460, 20),
    "decimalEnclosedCircleChinese": _enclosed(0x2460, 20),
    "decimalEnclosedParen": _enclosed(0x2474, 20),
    "decimalEnclosedFullstop": _enclosed(0x2488, 20),
    "ideographEnclosedCircle": _enclosed(0x3220, 10),
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
         "taiwaneseCountingThousand", "koreanCounting"),
        _counted,
    ),
    "chineseLegalSimplified": lambda count: _counted(count, _LEGAL, "拾佰仟"),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"), _by_digit),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "upperLetter": _letters("A"),
    "lowerLetter": _letters("a"),
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
}  # fmt: skip


# Attributes -------------------------------------------------------------------------------


def value(node: Node, name: str = "val") -> str:
    """An attribute of WordprocessingML, in whichever namespace."""
    return next((str(v) for k, v in node.attrib.items() if str(k).endswith(f"}}{name}")), "")


def number(node: Node, name: str = "val") -> int:
    """An attribute that counts."""
    text = value(node, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
