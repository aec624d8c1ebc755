"""What is each fact said of, and which figure of it is it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from extract import amounts
from extract.forms.narrative import Aspect, narrative
from extract.hanzi import fold
from extract.model import Fact
from extract.stages.reconcile.ledger import Cell
from extract.stages.reconcile.witness.figures import Figure, place

CODED = "coded"
_COUNT: Aspect = "level"
_NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


class Topic(NamedTuple):
    """What a figure is said of: a subject of schemas/facts, or a 科目 by its code or its name."""

    section: str
    subject: str
    code: str | None


@dataclass(frozen=True)
class Saying:
    """A fact with what it is said of."""

    fact: Fact
    topic: Topic
    aspect: Aspect
    figure: Figure

    @property
    def prints(self) -> Decimal:
        """The step of its last printed digit, in the unit of its value."""
        return _step(self.fact)

    @property
    def cells(self) -> list[Cell]:
        """The cells that print what it states, there or not."""
        if self.aspect == "prior":
            return []
        metric = narrative().metrics[self.fact.metric]
        code = self.fact.code or ("total" if self.topic.subject == "total" else None)
        return [cell for of in metric.places if (cell := place(of, code)) is not None]


class Said:
    """All facts of a statement, by topic and by metric."""

    def __init__(self, sayings: Sequence[Saying]) -> None:
        self.all = sayings
        self._by_topic = {(one.topic, one.aspect): one for one in reversed(sayings)}

    def of(self, topic: Topic, *aspects: Aspect) -> Saying | None:
        """The first of ``aspects`` that is stated of a topic."""
        found = (self._by_topic.get((topic, aspect)) for aspect in aspects)
        return next((one for one in found if one is not None), None)

    def metric(self, name: str, section: str) -> Saying | None:
        """A metric's figure, of the section itself before others."""
        found = [one for one in self.all if one.fact.metric == name and one.fact.period != "prior"]
        return next((one for one in found if one.fact.section == section), next(iter(found), None))


def said(facts: Sequence[Fact]) -> Said:
    """The facts whose section and metric schemas/facts knows."""
    finest = _finest(facts)
    return Said([one for fact in facts for one in _saying(fact, finest)])


def _saying(fact: Fact, finest: Decimal) -> Iterator[Saying]:
    topic, aspect = _topic(fact)
    if topic is None or aspect is None:
        return
    if fact.period == "prior":
        aspect = "prior"
    step = _step(fact)
    if fact.value_unit == "yuan":
        step = min(step, finest)
    half = Decimal(0) if fact.value_unit == "count" else step / 2
    # Published values carry six decimals: a message must not tell where a fact comes from.
    yield Saying(fact, topic, aspect, Figure(fact.value.normalize(), half))


def _topic(fact: Fact) -> tuple[Topic | None, Aspect | None]:
    spec = narrative().by_slug.get(fact.section)
    if spec is None:
        return None, None
    uses = _uses(fact.section).get(fact.metric, ())
    name = fold(fact.name or "")
    coded = next(
        (a for level in spec.coded.values() for a, m in level.items() if m == fact.metric), None
    )
    plain = [(s, a) for s, a, says in uses if not name or says.fullmatch(name)]
    if coded and (fact.code or (name and not plain)):
        return Topic(fact.section, CODED, fact.code or name), _of_code(fact, coded)
    chosen = plain or ([(s, a) for s, a, _ in uses] if len(uses) == 1 else [])
    if not chosen:
        return None, None
    return Topic(fact.section, chosen[0][0], fact.code), chosen[0][1]


def _of_code(fact: Fact, aspect: Aspect) -> Aspect:
    return "actual" if fact.metric in ("final_amount", "class_expenditure") else aspect


@cache
def _uses(section: str) -> dict[str, list[tuple[str, Aspect, re.Pattern[str]]]]:
    """The subjects of a section that state a metric."""
    words = narrative()
    uses: dict[str, list[tuple[str, Aspect, re.Pattern[str]]]] = {}
    for subject in words.by_slug[section].subjects:
        says = re.compile(words.any_of(subject.says))
        stated = [*((m, a) for a, m in subject.metrics.items())]
        stated += [(count.metric, _COUNT) for count in subject.counts]
        for metric, aspect in stated:
            if all(name != subject.name for name, _, _ in uses.get(metric, ())):
                uses.setdefault(metric, []).append((subject.name, aspect, says))
    return uses


def _finest(facts: Sequence[Fact]) -> Decimal:
    """The finest step money is printed in: trailing zeros may be dropped from single figures."""
    steps = [_step(fact) for fact in facts if fact.value_unit == "yuan" and fact.value]
    common = [step for step in steps if steps.count(step) * 5 >= len(steps)]
    return min(common or steps or [Decimal(1)])


def _step(fact: Fact) -> Decimal:
    found = _NUMBER.search(fold(fact.raw))
    if found is None:  # no print at hand: as exact as its value
        exponent = fact.value.normalize().as_tuple().exponent
        return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    unit = Decimal(1)
    if fact.value_unit == "yuan":
        printed = fold(fact.raw)[found.end() :]
        unit = amounts.UNITS.get(printed) or amounts.UNITS.get(printed + "元") or Decimal(1)
    return unit.scaleb(-amounts.decimals(found[0]))
