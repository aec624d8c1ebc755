"""Shares, completions, changes and lists against the figures they are made of.

Which figures those are follows from what schemas/facts says of the subjects. Where a fact
and its cell disagree, that is told by itself: a relation that either of them bears out is no
further news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import product
from typing import NamedTuple

from extract.forms.narrative import Aspect, narrative
from extract.hanzi import fold
from extract.model import Severity
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell
from extract.stages.reconcile.witness.figures import Figure, Tables, place
from extract.stages.reconcile.witness.said import CODED, Said, Saying, Topic
from extract.stages.reconcile.witness.ties import counterparts
from extract.stages.reconcile.witness.words import percent, quoted, where

_HUNDRED = Decimal(100)
_SEVERAL = 2
_DIGITS = re.compile(r"[\d,.]+")
_LEVEL: tuple[Aspect, ...] = ("actual", "level")
_BUDGET: tuple[Aspect, ...] = ("budget", "annual_budget")


class Asked(NamedTuple):
    """A percentage and what it may be made of, in words."""

    numerators: Sequence[Figure]
    denominators: Sequence[Figure]
    zh: str
    en: str


class Verdict(NamedTuple):
    """What a miss comes to."""

    category: str
    severity: Severity
    zh: str
    en: str


_MISMATCH = Verdict("narrative_mismatch", "warning", "与文中不符", "a mismatch")
_CUT_OFF = Verdict("narrative_mismatch", "info", "系截尾而非四舍五入", "cut off, not rounded")
_ROUNDING = Verdict(
    "rounding", "info", "在各数四舍五入的误差之内", "within the rounding of its parts"
)


def relations(said: Said, tables: Tables) -> Iterator[Told]:
    """Every percentage and every list that its own figures do not bear out."""
    for one in said.all:
        match one.aspect:
            case "share":
                yield from _percentage(one, _share(one, said, tables))
            case "completion":
                yield from _percentage(one, _completion(one, said, tables))
            case "change_percent" | "budget_change_percent":
                yield from _percentage(one, _change(one, said, tables))
            case "change" | "budget_change":
                yield from _difference(one, said, tables)
            case _:
                pass
    yield from _lists(said, tables)


# Percentages --------------------------------------------------------------------------


def _share(one: Saying, said: Said, tables: Tables) -> Asked | None:
    whole = ["general_budget_expenditure"]
    if one.topic.subject != CODED:
        subjects = narrative().by_slug[one.topic.section].subjects
        whole = next(s.share_of for s in subjects if s.name == one.topic.subject)
    part = said.of(one.topic, *_LEVEL)
    wholes = [figure for name in whole[:1] for figure in _either(said, tables, name, one)]
    if not wholes:
        wholes = [figure for name in whole[1:] for figure in _either(said, tables, name, one)]
    if part is None or not wholes:
        return None
    named = part.fact.name or ""
    return Asked(
        _both(part, tables), wholes, f"{named} {part.fact.raw} 占总额的比重", "its share is"
    )


def _completion(one: Saying, said: Said, tables: Tables) -> Asked | None:
    actual, budget = said.of(one.topic, *_LEVEL), said.of(one.topic, *_BUDGET)
    if actual is None or budget is None:
        return None
    zh = f"决算 {actual.fact.raw} ÷ 预算 {budget.fact.raw}"
    return Asked(
        _both(actual, tables),
        _both(budget, tables),
        zh,
        f"{actual.fact.raw} of {budget.fact.raw} is",
    )


def _change(one: Saying, said: Said, tables: Tables) -> Asked | None:
    """p = d ÷ (v - d): what was before is the level less the change."""
    aspect: Aspect = "change" if one.aspect == "change_percent" else "budget_change"
    change, level = said.of(one.topic, aspect), said.of(one.topic, *_LEVEL)
    if change is None or level is None:
        return None
    before = [
        Figure(now.value - change.figure.value, now.half + change.figure.half)
        for now in _both(level, tables)
    ]
    zh = f"现为 {level.fact.raw}、变动 {change.fact.raw}，变动幅度"
    return Asked(
        [change.figure], before, zh, f"a change of {change.fact.raw} to {level.fact.raw} is"
    )


def _percentage(one: Saying, asked: Asked | None) -> Iterator[Told]:
    if asked is None:
        return
    pairs = [
        (part, whole)
        for part, whole in product(asked.numerators, asked.denominators)
        if whole.low > 0
    ]
    exact = [part.value / whole.value * _HUNDRED for part, whole in pairs]
    if not pairs or any(_rounded(value, one.prints) == one.figure.value for value in exact):
        return
    verdict = _MISMATCH
    if any(_truncated(value, one.prints) == one.figure.value for value in exact):
        verdict = _CUT_OFF
    elif any(_meets(one.figure, *pair) for pair in pairs):
        verdict = _ROUNDING
    (zh, en), made = where(one.fact.page), percent(exact[0])
    yield Told(
        rule=f"facts.{one.fact.metric}",
        category=verdict.category,
        severity=verdict.severity,
        zh=f"{zh}“{quoted(one.fact.text, one.fact.raw)}”：文中为 {one.fact.raw}，{asked.zh}应为 {made}，{verdict.zh}",
        en=f"{en}the text says {one.fact.raw}, {asked.en} {made} ({verdict.en})",
        at=_at(one),
        page=one.fact.page,
        expected=exact[0].quantize(Decimal("0.000001")),
        actual=one.figure.value,
        difference=(one.figure.value - exact[0]).quantize(Decimal("0.000001")),
        tolerance=one.figure.half,
    )


def _meets(printed: Figure, part: Figure, whole: Figure) -> bool:
    """Whether a share's interval touches the quotient's."""
    bounds = [p / w * _HUNDRED for p in (part.low, part.high) for w in (whole.low, whole.high)]
    return min(bounds) <= printed.high and printed.low <= max(bounds)


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


def _truncated(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, ROUND_DOWN)


# Differences --------------------------------------------------------------------------


def _difference(one: Saying, said: Said, tables: Tables) -> Iterator[Told]:
    """A change against both its ends, where both are stated."""
    before = said.of(one.topic, *(("prior",) if one.aspect == "change" else _BUDGET))
    level = said.of(one.topic, *_LEVEL)
    if before is None or level is None:
        return
    slack = one.figure.half + before.figure.half + level.figure.half
    gaps = [
        one.figure.value - (now.value - was.value)
        for now, was in product(_both(level, tables), _both(before, tables))
    ]
    if any(abs(gap) <= slack for gap in gaps):
        return
    zh, en = where(one.fact.page)
    made = one.figure.value - gaps[0]
    yield Told(
        rule=f"facts.{one.fact.metric}",
        category="narrative_mismatch",
        severity="error",
        zh=f"{zh}“{quoted(one.fact.text, one.fact.raw)}”：文中变动为 {one.fact.raw}，而 {level.fact.raw} 与 {before.fact.raw} 之差为 {made / 10000:f} 万元",
        en=f"{en}the text says it changed by {one.fact.raw}; from {before.fact.raw} to {level.fact.raw}",
        at=_at(one),
        page=one.fact.page,
        expected=made,
        actual=one.figure.value,
        difference=gaps[0],
        tolerance=slack,
    )


# Lists --------------------------------------------------------------------------------


def _lists(said: Said, tables: Tables) -> Iterator[Told]:
    for spec in narrative().sections:
        wholes = dict.fromkeys(s.part_of for s in spec.subjects if s.part_of)
        for whole in wholes:
            parts = [s.name for s in spec.subjects if s.part_of == whole]
            topics = [Topic(spec.section, name, None) for name in parts]
            for aspects in (_LEVEL, _BUDGET):
                total = said.of(Topic(spec.section, whole or "", None), *aspects)
                found = [said.of(topic, *aspects) for topic in topics]
                stated = [one for one in found if one is not None]
                whole_list = len(stated) == len(parts) or _told_whole(total, stated)
                yield from _sum(total, stated, tables, whole=whole_list)
    yield from _budgets(said, tables)


def _told_whole(total: Saying | None, parts: Sequence[Saying]) -> bool:
    """Whether the sentence counts nothing but the whole and these parts: 共有车辆5辆，其中…."""
    if total is None or total.fact.value_unit != "count" or len(parts) < _SEVERAL:
        return False
    unit = _DIGITS.sub("", fold(total.fact.raw))
    listed = [one for one in parts if one.fact.text == total.fact.text]
    text = fold(total.fact.text)
    return bool(unit) and len(re.findall(rf"\d{re.escape(unit)}", text)) == len(listed) + 1


def _budgets(said: Said, tables: Tables) -> Iterator[Told]:
    """The 年初预算 of all 项 against the whole, if their 决算 make up the whole."""
    section = "general_budget_expenditure"
    total = said.of(Topic(section, "total", None), "budget")
    spent = said.of(Topic(section, "total", None), *_LEVEL)
    coded = [one for one in said.all if one.topic.section == section and one.topic.subject == CODED]
    budgets = [one for one in coded if one.aspect == "budget" and len(one.fact.code or "") == 7]
    finals = [said.of(one.topic, "actual") for one in budgets]
    if spent is None or not all(finals):
        return
    gap = spent.figure.value - sum(one.figure.value for one in finals if one)
    slack = spent.figure.half * (len(finals) + 1)
    yield from _sum(total, budgets, tables, whole=abs(gap) <= slack)


def _sum(
    total: Saying | None, parts: Sequence[Saying], tables: Tables, *, whole: bool
) -> Iterator[Told]:
    """Parts against their total; of a list that leaves something out, only that it is not more."""
    if total is None or not parts:
        return
    if all(counterparts(one, tables) for one in (total, *parts)):
        return  # tied to their cells one by one
    added = sum((one.figure.value for one in parts), Decimal(0))
    slack = total.figure.half + sum(one.figure.half for one in parts)
    miss = total.figure.value - added
    if miss == 0 or (miss > 0 and not whole):
        return
    rounds = abs(miss) <= slack
    zh, en = where(total.fact.page)
    count = total.fact.value_unit == "count"
    made = f"{added:f}" if count else f"{added / 10000:.2f} 万元"
    yield Told(
        rule=f"facts.{total.fact.metric}",
        category="rounding" if rounds else "narrative_mismatch",
        severity="info" if rounds else "error",
        zh=f"{zh}“{quoted(total.fact.text, total.fact.raw)}”：合计为 {total.fact.raw}，各项相加为 {made}",
        en=f"{en}the whole is said to be {total.fact.raw}, its {len(parts)} parts add to {made}",
        at=Cell(total.fact.section, total.fact.metric, "sum"),
        page=total.fact.page,
        expected=added,
        actual=total.figure.value,
        difference=miss,
        tolerance=slack,
    )


# Figures ------------------------------------------------------------------------------


def _both(one: Saying, tables: Tables) -> list[Figure]:
    """A fact's figure and its cells': where they differ, that is told already."""
    return [one.figure, *(figure for _, figure in counterparts(one, tables))]


def _either(said: Said, tables: Tables, metric: str, one: Saying) -> list[Figure]:
    """A metric as the text states it, else as the tables do."""
    stated = said.metric(metric, one.topic.section)
    if stated is not None:
        return _both(stated, tables)
    cells = (place(of, None) for of in narrative().metrics[metric].places)
    figures = (tables.figure(cell) for cell in cells if cell is not None)
    return [figure for figure in figures if figure is not None]


def _at(one: Saying) -> Cell:
    return Cell(one.fact.section, one.topic.code or one.topic.subject, one.aspect)
