"""Which 科目 does a code name? schemas/codes, as seen in published documents and older lists.

The book is never complete: absence of a code proves nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from extract.hanzi import fold
from extract.locations import schemas
from extract.model import CodeSystem

_LENGTHS: Mapping[CodeSystem, tuple[int, ...]] = {"functional": (3, 5, 7), "economic": (3, 5)}
# Old lists write 行政运行（人大）: the bracket tells two lines of one name apart, forms print none.
_BRACKET = re.compile(r"[(][^()]*[)]$")


@dataclass(frozen=True)
class CodeBook:
    """Names by code, newest first."""

    system: CodeSystem
    names: Mapping[str, tuple[str, ...]]

    def knows(self, code: str) -> bool:
        """Whether the code was ever seen."""
        return code in self.names

    def fits(self, code: str, name: str) -> bool:
        """Whether ``name`` is one of the code's names, as far as the book can tell.

        A name cut short or carrying 支出 where the list does not is the same name.
        """
        told = _core(name)
        return any(
            told == (known := _core(n)) or told in known or known in told for n in self.names[code]
        )


def _core(name: str) -> str:
    return _BRACKET.sub("", fold(name)).removesuffix("支出")


# Letters in which OCR sees the digits of a code; a code has no letters.
_LOOKALIKE = str.maketrans("OoQDlI|iZzSsB", "0000111122558")
_SEPARATED = re.compile(r"(?<=\d)[-·](?=\d)")


def digits(text: str) -> str:
    """A folded code without separators and with digits for look-alike letters; other texts as they are.

    >>> digits("2O8-05-05"), digits("合计")
    ('2080505', '合计')
    """
    if not any(letter.isdigit() for letter in text):
        return text
    return _SEPARATED.sub("", text.translate(_LOOKALIKE))


def is_code(text: str, system: CodeSystem) -> bool:
    """Whether ``text`` has the length and digits of a 科目编码 of ``system``."""
    return text.isascii() and text.isdigit() and len(text) in _LENGTHS[system]


def level(code: str) -> int:
    """1 类, 2 款, 3 项.

    >>> level("208"), level("20805"), level("2080505")
    (1, 2, 3)
    """
    return (len(code) - 1) // 2


def parent(code: str) -> str | None:
    """The code one level up; None for a 类."""
    return code[:-2] if len(code) > 3 else None


@cache
def code_book(system: CodeSystem) -> CodeBook:
    """The book of one code system; of several names of a code, the one most documents print first."""
    names: dict[str, list[str]] = {}
    path = schemas() / "codes" / f"{system}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: -int(row["documents"] or 0)):
            names.setdefault(row["code"], []).append(row["name"])
    return CodeBook(system, {code: tuple(known) for code, known in names.items()})


@cache
def class_labels() -> Mapping[str, str]:
    """Folded names of the functional 类 → code; by year a name bears 支出, 事务, both or neither."""
    labels: dict[str, str] = {}
    known = [
        (code, name)
        for code, names in code_book("functional").names.items()
        if level(code) == 1
        for name in names
    ]
    for code, name in known:
        labels[fold(name)] = code
        labels.setdefault(_core(name), code)
    for code, name in known:
        bare = _core(name).removesuffix("事务")
        for ending in ("", "支出", "事务", "事务支出"):
            labels.setdefault(bare + ending, code)
    return labels
