"""款 that the text lists as paid, against cells that say nothing was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extract.forms.narrative import narrative
from extract.hanzi import fold
from extract.model import Fact
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell
from extract.stages.reconcile.witness.figures import Tables
from extract.stages.reconcile.witness.said import Said
from extract.stages.reconcile.witness.words import quoted, where
from extract.stages.reconcile.wording import money
from extract.stages.reconcile.wording import place as form_said

_FORM = "general_budget_basic_expenditure"
_CLASSES = {"personnel_expenses": ("301", "303"), "public_expenses": ("302", "307", "310", "399")}
_END = re.compile(r"[;。]")
_BETWEEN = re.compile(r"[、,]")


def paid_nothing(said: Said, tables: Tables) -> Iterator[Told]:
    """Every 款 named among those of which an amount consists, whose cell is zero or blank."""
    if not tables.lives(_FORM):
        return
    for one in said.all:
        for code in _CLASSES.get(one.fact.metric, ()):
            names = set(_listed(one.fact))
            for cell, item in tables.items.items():
                in_class = cell.form == _FORM and cell.key.startswith(code) and len(cell.key) == 5
                if (
                    in_class
                    and not item.amount
                    and _core(item.name) in names
                    and not tables.doubts(cell)
                ):
                    yield _told(one.fact, cell, tables)


def _listed(fact: Fact) -> list[str]:
    """The names listed behind a fact's figure."""
    text, raw = fold(fact.text), fold(fact.raw)
    at = text.find(raw)
    tail = text[at + len(raw) :] if at >= 0 else ""
    clause = _END.split(tail, maxsplit=1)[0]
    word = _words().search(clause)
    return [_core(name) for name in _BETWEEN.split(clause[word.end() :])] if word else []


@cache
def _words() -> re.Pattern[str]:
    return re.compile(narrative().any_of(narrative().grammar.listed) + ":?")


def _core(name: str) -> str:
    return fold(name).removesuffix("等").removesuffix("支出").removesuffix("费用")


def _told(fact: Fact, cell: Cell, tables: Tables) -> Told:
    item = tables.items[cell]
    form, form_en = form_said(_FORM, item.page)
    printed = "空白" if item.amount is None else money(item.amount, item.unit)
    zh, en = where(fact.page)
    return Told(
        rule=f"facts.{fact.metric}",
        category="narrative_mismatch",
        severity="warning",
        zh=f"{zh}“{quoted(fact.text, item.name)}”：文中列有{item.name}，{form}{item.name}（{cell.key}）为 {printed}",
        en=f"{en}the text lists {item.name} ({cell.key}) as paid, {form_en} says {printed if item.amount is not None else 'nothing'}",
        at=cell,
        page=fact.page,
        expected=item.amount,
    )
