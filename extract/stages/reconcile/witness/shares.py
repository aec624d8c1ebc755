"""Do the shares of a whole add up to more than all of it?

That holds whatever is left out of a list, and needs no amounts. Shares rounded one by one may
drift half a step each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal

from extract.forms.narrative import narrative
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell
from extract.stages.reconcile.witness.said import CODED, Said, Saying
from extract.stages.reconcile.witness.words import quoted, where

_ALL = Decimal(100)
_SEVERAL = 2
_CLASS = 3  # digits of the code of a 类


def too_much(said: Said, accused: Collection[Cell]) -> Iterator[Told]:
    """Every list of shares beyond 100 %; where one of them is ``accused`` already, for information."""
    lists: dict[tuple[str, str, str], dict[str, Saying]] = defaultdict(dict)
    for one in said.all:
        if one.aspect == "share" and (whole := _whole(one)):
            key = one.fact.section, whole, one.fact.text
            lists[key].setdefault(one.topic.code or one.topic.subject, one)
    for shares in lists.values():
        yield from _sum(list(shares.values()), accused)


def _whole(one: Saying) -> str | None:
    """What the part is one of several parts of; 类 alone are parts beside one another."""
    if one.topic.subject == CODED:
        return CODED if one.topic.code and len(one.topic.code) == _CLASS else None
    subjects = narrative().by_slug[one.topic.section].subjects
    return next((s.part_of for s in subjects if s.name == one.topic.subject), None)


def _sum(shares: list[Saying], accused: Collection[Cell]) -> Iterator[Told]:
    added = sum((one.figure.value for one in shares), Decimal(0))
    slack = sum((one.figure.half for one in shares), Decimal(0))
    if len(shares) < _SEVERAL or added - _ALL <= slack:
        return
    first = shares[0]
    told = any(
        Cell(s.fact.section, s.topic.code or s.topic.subject, s.aspect) in accused for s in shares
    )
    zh, en = where(first.fact.page)
    yield Told(
        rule="facts.share_percent",
        category="narrative_mismatch",
        severity="info" if told else "warning",
        zh=f"{zh}“{quoted(first.fact.text, first.fact.raw)}”：所列 {len(shares)} 项比重之和为 {added:f}%",
        en=f"{en}the {len(shares)} shares listed add to {added:f}%",
        at=Cell(first.fact.section, "shares", first.topic.code or first.topic.subject),
        page=first.fact.page,
        expected=_ALL,
        actual=added,
        difference=added - _ALL,
        tolerance=slack,
    )
