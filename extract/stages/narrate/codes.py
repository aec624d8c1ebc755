"""Which 科目编码 does “某类（类）某款（款）某项（项）” name, in the form of the same document?

Names differ between text and table by a word (公益性岗位, 公益性岗位补贴), by an older list or
by a slip in one level; where no name fits, the amount stated for it may tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extract.forms import code_book
from extract.forms.narrative import Level
from extract.hanzi import fold
from extract.model import Item as FormItem
from extract.stages.narrate.stated import Item

_FORMS = ("general_budget_expenditure", "expenditure", "income")
_DEPTH: dict[Level, int] = {"class": 1, "group": 2, "item": 3}
_BRACKET = re.compile(r"[(][^()]*[)]$")


class Codes:
    """The 科目 of a document by their names."""

    def __init__(self, items: Sequence[FormItem]) -> None:
        self._names: dict[str, str] = {}
        self._printed: dict[str, str] = {}
        self._amounts: dict[str, Decimal] = {}
        for form in _FORMS:
            for item in items:
                if item.form == form and item.code and not item.variant and "#" not in item.key:
                    self._names.setdefault(item.code, _core(item.name))
                    self._printed.setdefault(item.code, fold(item.name))
                    if item.measure == "total" and item.amount is not None:
                        self._amounts.setdefault(item.code, item.amount)

    def resolve(self, item: Item, spent: Decimal | None) -> str | None:
        """The code, None where nothing or more than one fits; ``spent`` is the 支出决算 stated."""
        depth = _DEPTH[item.level]
        codes = [code for code in self._names if (len(code) - 1) // 2 == depth]
        named = [code for code in codes if self._fits(code, item.name)]
        if found := self._best(named, item, spent):
            return found
        near = [code for code in codes if self._within(code, item)] if depth > 1 else []
        by_amount = [c for c in near if spent and self._amounts.get(c) == spent]
        if len(by_amount) == 1:
            return by_amount[0]
        return self._listed(item) if not named else None

    def otherwise(self, item: Item, code: str) -> Iterator[tuple[str, str, str]]:
        """Names of the text that are not the form's: as told, their code, and as the form prints it."""
        depth = _DEPTH[item.level]
        levels = (item.name, item.group if depth == 3 else item.above, item.above)
        for name, its in zip(levels, (code, code[: 2 * depth - 1], code[:3]), strict=True):
            known = self._printed.get(its)
            if name and known and name not in (known, known.removesuffix("支出"), known + "支出"):
                yield name, its, known

    def _best(self, named: Sequence[str], item: Item, spent: Decimal | None) -> str | None:
        """Of codes with a fitting name the one whose levels above fit too, then whose amount does."""
        if not named:
            return None
        score = {
            code: (
                self._names[code] == _core(item.name),
                self._fits(code[:5], item.group) if item.group else True,
                self._fits(code[:3], item.above) if item.above else True,
                spent is not None and self._amounts.get(code) == spent,
            )
            for code in named
        }
        within = [c for c in named if score[c][1] or score[c][2]] or list(named)
        best = max(sum(score[code]) for code in within)
        chosen = [code for code in within if sum(score[code]) == best]
        return chosen[0] if len(chosen) == 1 else None

    def _within(self, code: str, item: Item) -> bool:
        above = item.group or item.above
        return above is not None and (
            self._fits(code[:5], above)
            or (item.above is not None and self._fits(code[:3], item.above))
        )

    def _fits(self, code: str, name: str | None) -> bool:
        known, told = self._names.get(code), _core(name or "")
        if known is None or not told:
            return False
        return known == told or (
            min(len(known), len(told)) > 3 and (known in told or told in known)
        )

    def _listed(self, item: Item) -> str | None:
        """The code of the national list, for a 科目 on which nothing was spent."""
        if item.level != "item" or not item.group or not item.above:
            return None
        book = code_book("functional").names
        found = [
            code
            for code, names in book.items()
            if len(code) == 7
            and _core(item.name) in map(_core, names)
            and _core(item.group) in map(_core, book.get(code[:5], ()))
        ]
        return found[0] if len(found) == 1 else None


def _core(name: str) -> str:
    return _BRACKET.sub("", fold(name)).removesuffix("支出")
