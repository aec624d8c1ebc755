"""Where is an agency? As far as its name says so for certain.

The table is GB/T 2260 (中华人民共和国行政区划代码): six digits, two each for province,
prefecture and county. A name that two regions share tells only what they have in common.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from extract.hanzi import fold
from extract.locations import schemas

# 中共 … 委员会 is an agency of the place named behind it.
_PARTY = re.compile(r"^(?:中共|中国共产党|政协|中国人民政治协商会议)")
_SUFFIX = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")
_LONGEST = 15  # letters of the longest name of a division


@dataclass(frozen=True, slots=True)
class Place:
    """A region and what it lies in."""

    code: str
    province: str
    city: str | None = None
    county: str | None = None


def place_of(agency: str) -> Place | None:
    """The region in front of an agency's name; None where it says none or several.

    >>> place_of("湖南省株洲市社会保险服务中心")
    Place(code='430200', province='湖南省', city='株洲市', county=None)
    >>> place_of("内蒙古乌拉特前旗人民法院").county, place_of("普陀区财政局")
    ('乌拉特前旗', None)
    """
    text = _PARTY.sub("", fold(agency))
    chains = list(_chains(text, ""))
    longest = max((length for length, _ in chains), default=0)
    codes = {code for length, code in chains if length == longest and length}
    return _place(_common(codes)) if codes else None


def _chains(text: str, within: str) -> Iterator[tuple[int, str]]:
    """Divisions named one after the other, as (letters, code of the last); each lies in the one before."""
    yield 0, within
    for size in range(2, min(len(text), _LONGEST) + 1):
        for code in _by_name().get(text[:size], ()):
            if code.startswith(_stem(within)) and code != within:
                yield from ((size + more, last) for more, last in _chains(text[size:], code))
        for code in _by_short_name().get(text[:size], ()) if not within else ():
            inner = (found for found in _chains(text[size:], code) if found[1] != code)
            yield from ((size + more, last) for more, last in inner)


def _common(codes: set[str]) -> str:
    """What several regions lie in."""
    shared = "".join(
        one for one, *_ in takewhile(lambda d: len(set(d)) == 1, zip(*codes, strict=True))
    )
    return shared[: len(shared) // 2 * 2].ljust(6, "0")


def _place(code: str) -> Place | None:
    names = _names()
    province, city = names.get(f"{code[:2]}0000"), names.get(f"{code[:4]}00")
    if province is None:
        return None
    county = names[code] if not code.endswith("00") else None
    return Place(code, province, city if code[2:4] != "00" else None, county)


def _stem(code: str) -> str:
    return code[:4].removesuffix("00") if code.endswith("00") else code


@cache
def _names() -> Mapping[str, str]:
    path = schemas() / "regions" / "divisions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for code, name in _names().items():
        named[name] = (*named.get(name, ()), code)
    return named


@cache
def _by_short_name() -> Mapping[str, tuple[str, ...]]:
    """Provinces without 省 and the like: sure only in front of a place in them."""
    provinces = ((code, name) for code, name in _names().items() if code.endswith("0000"))
    return {_SUFFIX.sub("", name): (code,) for code, name in provinces}


def provinces() -> frozenset[str]:
    """The names of all provinces."""
    return frozenset(name for code, name in _names().items() if code.endswith("0000"))
