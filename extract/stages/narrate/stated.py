"""What the sentences of a section state, and what is kept in mind while they are read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from extract.forms.narrative import Aspect, Count, Level


class Item(NamedTuple):
    """A 科目 by the names of its levels, as folded; None where the text does not say."""

    level: Level
    group: str | None
    above: str | None
    name: str


@dataclass(frozen=True)
class About:
    """What a figure is said of."""

    name: str
    printed: str
    metrics: dict[Aspect, str]
    counts: tuple[Count, ...] = ()
    code: str | None = None
    item: Item | None = None


@dataclass(frozen=True)
class Stated:
    """One figure with its place; ``value`` in the metric's unit, signed, exact as printed.

    ``step`` is the unit of its last digit; ``alternative`` says that a template's other word
    was left in, ``unitless`` that its % is missing.
    """

    metric: str
    aspect: Aspect | None
    about: About
    value: Decimal
    unit: str
    raw: str
    sentence: str
    page: int | None
    step: Decimal
    alternative: bool = False
    unitless: bool = False


@dataclass(frozen=True)
class Compared:
    """That the figure spent is said to be more or less than the budget, or as much."""

    about: About
    sense: str
    sentence: str
    page: int | None
    alternative: bool = False


@dataclass
class State:
    """What has been read of a sentence so far: what a figure may belong to, and in which sense."""

    year: int = 0
    about: About | None = None
    named: bool = False  # whether in this sentence
    head: str | None = None
    aspect: Aspect | None = None
    last: str | None = None  # what a figure may belong to: the kind of the last word
    end: int = -1
    base: str = "prior"
    sign: int | None = None
    alternative: bool = False
    reason: str = ""
    reason_about: About | None = None
    reason_base: bool = False
    outside: About | None = None  # what the sentence was of before a bracket
    whence: int = -1  # where “其中” ended
    changed: tuple[Aspect, int] | None = None  # the change that a percentage may go with
