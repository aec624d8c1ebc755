"""款 that the text lists as paid, against cells that say nothing was; and those paid it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
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
_GROUP = 5  # digits of the code of a 款
_MOST = 0.75  # of the 款 paid: a list of so many means to name them all
_ALIKE = 0.7  # share of letters in common from which two names are one
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


def unnamed(said: Said, tables: Tables) -> Iterator[Told]:
    """款 that were paid and stand in no list which otherwise names them all.

    “主要包括” promises no more than most: it is told as information, and not at all of a list
    that is cut short on purpose.
    """
    if not tables.lives(_FORM):
        return
    for one in said.all:
        codes = _CLASSES.get(one.fact.metric, ())
        names = set(_listed(one.fact)) if codes else set()
        paid = [
            cell
            for cell, item in tables.items.items()
            if cell.form == _FORM
            and cell.key.startswith(codes)
            and len(cell.key) == _GROUP
            and item.amount
        ]
        # 奖金 names 奖金, and not 奖励金 too: what is named to the letter names nothing else.
        exact = {_core(item.name) for cell, item in tables.items.items() if cell.form == _FORM}
        left = [
            cell
            for cell in paid
            if (its := _core(tables.items[cell].name)) not in names
            and not _names(names - exact, its)
        ]
        if names and left and len(paid) - len(left) >= _MOST * len(paid):
            yield _left_out(one.fact, left, tables)


def _names(listed: set[str], its: str) -> bool:
    """Whether a list names a 款 in words a little different."""
    return any(
        (min(len(its), len(said)) > 1 and (its in said or said in its))
        or SequenceMatcher(None, its, said, autojunk=False).ratio() >= _ALIKE
        for said in listed
    )


def _left_out(fact: Fact, left: Sequence[Cell], tables: Tables) -> Told:
    items = [tables.items[cell] for cell in left]
    zh, en = where(fact.page)
    form, form_en = form_said(_FORM, items[0].page)
    printed = "、".join(
        f"{i.name}（{i.code}）{money(i.amount or Decimal(0), i.unit)}" for i in items
    )
    codes = ", ".join(item.code or "" for item in items)
    return Told(
        rule=f"facts.{fact.metric}",
        category="narrative_mismatch",
        severity="info",
        zh=f"{zh}“{quoted(fact.text, fact.raw)}”：文中未列{form}所列的{printed}",
        en=f"{en}the text does not list {codes}, which {form_en} says were paid",
        at=Cell(fact.section, fact.metric, "unnamed"),
        page=fact.page,
    )


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
