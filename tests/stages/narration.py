"""Invented narratives read back: what is stated, what is read, what is thought of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from extract.model import Document, Fact, Finding, Identity, Item, Line, Page
from extract.stages.narrate import Narrated, narrate
from extract.stages.reconcile import reconcile
from fixtures.render import Statement, Wishes, invent
from fixtures.render.narration import Habits, Narration, Told, narration
from tests.stages.accounts import DOC, items_of

Key = tuple[str, str, str, str, str, Decimal]
SHA = DOC + "0" * 48


@dataclass(frozen=True)
class Tale:
    """An invented statement, its narrative, and who tells it."""

    statement: Statement
    told: Narration
    items: list[Item]

    @property
    def identity(self) -> Identity:
        agency = self.statement.agency
        return Identity(None, agency.name, agency.kind, agency.year)

    def read(self, instead: Mapping[int, str] | None = None) -> Narrated:
        """What is read of the narrative, some of its words replaced."""
        return narrated(
            [text for _, text in self.told.prose(instead).lines], self.identity, self.items
        )

    def doubts(self, instead: Mapping[int, str] | None = None) -> list[Finding]:
        """What the narrative's own figures and those of the tables make doubtful."""
        read = self.read(instead)
        _, findings = reconcile(self.items, facts=read.facts, by=())
        return [*read.findings, *findings]


def tale(seed: int, *, exact: bool = False) -> Tale:
    """A tale of any kind of accounts and habits; ``exact``: percentages of unrounded figures."""
    rng = Random(seed)
    wishes = Wishes(
        government_fund=rng.random() < 0.5,
        own_income=rng.random() < 0.5,
        balances=rng.random() < 0.5,
        zero_rows=rng.random() < 0.3,
        honest_rounding=exact,
    )
    habits = Habits(
        rng.choice(["万元", "万元", "元"]), rng.random() < 0.6, rng.choice([1, 2]), exact
    )
    statement = invent(seed, wishes)
    return Tale(statement, narration(statement, rng, habits), items_of(statement))


def narrated(lines: list[str], identity: Identity, items: list[Item] | None = None) -> Narrated:
    """What is read of lines of text."""
    page = Page(None, blocks=tuple(map(Line, lines)))
    return narrate(Document(SHA, "text/plain", "native", (page,)), (), identity, items or [])


def stated(facts: list[Told]) -> Counter[Key]:
    """Facts as the narrative states them."""
    return Counter(
        (f.section, f.metric, f.code or "", f.period, f.unit, _plain(f.value)) for f in facts
    )


def found(facts: tuple[Fact, ...]) -> Counter[Key]:
    """Facts as they were read."""
    return Counter(
        (f.section, f.metric, f.code or "", f.period, f.value_unit, _plain(f.value)) for f in facts
    )


def of(document: str, facts: tuple[Fact, ...]) -> list[Fact]:
    """The same facts of another document."""
    return [replace(fact, doc_id=document) for fact in facts]


def _plain(value: Decimal) -> Decimal:
    return value.normalize() if value else Decimal(0)
