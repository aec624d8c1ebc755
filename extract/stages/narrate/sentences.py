"""Which facts do the sentences of a section state?

A sentence is read from left to right: subjects, then figures, each taken for what the words
between them make it. A figure that stands beside no known subject states nothing here, and
what is said as a reason is not the year's account. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from extract import amounts
from extract.forms.narrative import Aspect, Count, Level, SectionSpec, narrative
from extract.stages.narrate.prose import Paragraph
from extract.stages.narrate.spans import sentence
from extract.stages.narrate.tokens import Token, after_direction, between, lexer

_UNITS = {**amounts.UNITS, "万": amounts.UNITS["万元"], "亿": amounts.UNITS["亿元"]}
_SIGNS = {"up": 1, "down": -1, "same": 0}
_CHANGES: dict[Aspect, Aspect] = {
    "change": "change_percent",
    "budget_change": "budget_change_percent",
}
_KINDS: dict[Aspect, str] = {
    "level": "level",
    "actual": "level",
    "budget": "budget",
    "annual_budget": "budget",
}
_BASES: dict[str, Aspect] = {"prior": "prior", "budget": "budget"}
_YEAR_BEFORE = re.compile(r"(20\d\d)年度?$")
_HAN = re.compile("[\u4e00-\u9fff]")
_ANY = ("个", "次", "项")  # counters of anything
_BESIDE = ("", "(", "、", ",", "或")


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
class _State:
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
    words: list[str] = field(default_factory=list)


def read(slug: str, paragraphs: Sequence[Paragraph], year: int = 0) -> list[Stated | Compared]:
    """All that the paragraphs of one section state, in order; ``year`` 0: unknown."""
    state = _State(year=year)
    spec = narrative().by_slug[slug]
    found: list[Stated | Compared] = []
    for paragraph in paragraphs:
        text = paragraph.folded
        _anew(state)
        tokens = list(lexer(slug).tokens(text))
        for token in tokens:
            found += _read(token, text, paragraph, spec, state)
    return found


def _anew(state: _State) -> None:
    """A sentence begins: what was said of stays, all else is forgotten."""
    state.aspect = state.last = state.sign = state.changed = None
    state.base, state.reason, state.reason_about, state.reason_base = "prior", "", None, False
    state.alternative, state.end, state.whence, state.outside = False, -1, -1, None
    state.named = False


def _read(
    token: Token, text: str, paragraph: Paragraph, spec: SectionSpec, state: _State
) -> Iterator[Stated | Compared]:
    match token.kind:
        case "end":
            _anew(state)
        case "stop":
            state.reason, state.reason_base = "", False
            state.aspect = state.last = state.sign = state.changed = None
        case "reason":
            state.reason, state.reason_about, state.reason_base = token.what, None, False
        case "opens":
            state.outside = state.about
        case "closes" if state.outside is not None:
            state.about, state.outside = state.outside, None
        case "of_which":
            state.whence = token.end
        case "figure":
            yield from _figure(token, text, paragraph, state)
        case "compare" if not state.reason:
            yield from _compare(token, text, paragraph, state)
        case "subject" | "item":
            _subject(token, paragraph, spec, state)
        case "base":
            state.base, state.reason_base = token.what, bool(state.reason) and token.what == "prior"
            state.last, state.end = "base" if state.named else None, token.end
        case "direction":
            state.sign = _SIGNS[token.what]
            state.alternative = token.match[f"O_{token.what}"] is not None
            state.last, state.end, state.aspect = "direction", token.end, None
        case "aspect":
            state.aspect = token.what  # type: ignore[assignment]
            state.last, state.end, state.sign = "aspect", token.end, None
        case "share" | "completion":
            state.last, state.end = token.kind, token.end
        case _:
            pass


# Subjects -----------------------------------------------------------------------------


def _subject(token: Token, paragraph: Paragraph, spec: SectionSpec, state: _State) -> None:
    about = (
        _coded(token, paragraph, spec)
        if token.kind == "item"
        else _plain(token, paragraph, spec.section, state)
    )
    if state.reason:
        if state.whence != token.start:
            listed = about.name in spec.in_reasons or state.reason == "purpose"
            state.reason_about = about if listed else None
            if state.reason == "purpose":
                state.last, state.end = "subject", token.end
            return
        state.reason = ""
    state.about, state.last, state.end, state.named = about, "subject", token.end, True
    state.aspect, state.sign = _when(token, state), None


def _when(token: Token, state: _State) -> Aspect | None:
    """“2022年收入总计” of accounts of 2023 is what was before."""
    said = _YEAR_BEFORE.search(token.match.string, max(0, token.start - 7), token.start)
    return "prior" if said and state.year and int(said[1]) == state.year - 1 else None


def _plain(token: Token, paragraph: Paragraph, slug: str, state: _State) -> About:
    candidates = lexer(slug).subjects[token.what]
    fitting = [one for one in candidates if one.under == state.head]
    subject = (fitting or [one for one in candidates if one.under is None] or candidates)[0]
    if subject.under is None:
        state.head = subject.name
    printed = paragraph.printed(token.start, token.end)
    return About(subject.name, printed, subject.metrics, tuple(subject.counts), subject.code)


def _coded(token: Token, paragraph: Paragraph, spec: SectionSpec) -> About:
    names = token.match.groupdict()
    if names["coded"]:
        return _by_code(names["coded"], names["code"], spec)
    above = names["class"] or names["class2"] or names["class3"]
    group = names["group"] or names["group2"]
    if names["item"]:
        item, printed = Item("item", group, above, names["item"]), "item"
    elif group:
        item, printed = Item("group", None, above, group), "group2"
    else:
        item, printed = Item("class", None, None, above), "class2" if names["class2"] else "class3"
    at = token.match.span(printed)
    return About(
        f"{item.level}:{above}:{group}:{item.name}",
        paragraph.printed(*at),
        spec.coded.get(item.level, {}),
        item=item,
    )


def _by_code(name: str, code: str, spec: SectionSpec) -> About:
    levels: tuple[Level, ...] = ("class", "group", "item")
    metrics = spec.coded.get(levels[len(code) // 2 - 1], {})
    return About(f"{code}:{name}", name, metrics, code=code)


# Figures ------------------------------------------------------------------------------


def _figure(
    token: Token, text: str, paragraph: Paragraph, state: _State
) -> Iterator[Stated | Compared]:
    number, unit = token.match["number"], token.match["unit"]
    about, aspect = state.about, _aspect(token, text, unit, state)
    if state.reason == "purpose":
        about, aspect = state.reason_about or about, None
    elif state.reason:
        about, aspect = _of_reason(aspect, state)
    metric = None
    if about is not None and aspect is not None:
        metric = about.metrics.get(aspect)
    elif about is not None and state.reason != "reason" and unit and state.sign is None:
        metric = _count(text, token, unit, about, state)
    if about is not None and metric is not None:
        yield _stated(token, text, paragraph, state, about, metric, aspect, number, unit)
        state.changed = (aspect, state.sign or 0) if aspect in _CHANGES else None
        state.words = [*state.words[-8:], metric]
    else:
        state.changed = None
    if metric is None and unit in _UNITS and state.last in ("share", "completion"):
        state.end = token.end  # “占本年支出合计100万元的95%”
    elif unit is not None or metric is not None:
        kind = _KINDS.get(aspect) if aspect else None
        state.last, state.end, state.aspect, state.sign = kind, token.end, None, None
        state.alternative = False


def _aspect(token: Token, text: str, unit: str | None, state: _State) -> Aspect | None:
    """What of its subject the figure states, as the words in front of it tell."""
    gap = text[state.end : token.start] if state.end >= 0 else None
    if gap is None:
        return None
    if unit in _UNITS:
        if (
            state.last == "direction"
            and after_direction().fullmatch(gap)
            and state.sign is not None
        ):
            return "change" if state.base == "prior" else "budget_change"
        if state.last == "base" and gap in ("", "的"):
            return _BASES[state.base]  # “比上年的100万元增加”
        if state.last in ("subject", "aspect") and between().fullmatch(gap):
            return _level(state)
        return None
    if unit == "%":
        return _percentage(gap, state)
    if unit is None and state.changed and state.last == "direction" and not gap:
        return _CHANGES[state.changed[0]]  # “增长13.95。”
    return None


def _level(state: _State) -> Aspect | None:
    metrics = state.about.metrics if state.about else {}
    if state.aspect is not None:
        return state.aspect if state.aspect in metrics else _only_level(state.aspect, state)
    return next((one for one in _LEVELS if one in metrics), None)


_LEVELS: tuple[Aspect, ...] = ("level", "actual", "budget")


def _only_level(aspect: Aspect, state: _State) -> Aspect | None:
    """“支出决算” of a subject that has but one figure."""
    metrics = state.about.metrics if state.about else {}
    return "level" if aspect == "actual" and "level" in metrics else None


def _percentage(gap: str, state: _State) -> Aspect | None:
    if state.last == "share":
        return "share"
    if state.last == "completion":
        return "completion"
    if state.last == "direction" and state.sign is not None and after_direction().fullmatch(gap):
        return "change_percent" if state.base == "prior" else "budget_change_percent"
    if state.changed and gap in _BESIDE:
        state.sign = state.changed[1]
        return _CHANGES[state.changed[0]]
    if state.last == "budget" and gap == "的":
        return "completion"  # “完成年初预算100万元的95%”
    return "share" if state.last == "level" and gap == "(" else None


def _of_reason(aspect: Aspect | None, state: _State) -> tuple[About | None, Aspect | None]:
    """A reason counts where it says by how much a listed subject changed on the prior year."""
    if aspect != "change" or not state.reason_base:
        return None, None
    state.reason_base = False
    return state.reason_about, aspect


def _count(text: str, token: Token, unit: str, about: About, state: _State) -> str | None:
    clause = max(text.rfind(mark, 0, token.start) for mark in ",;。:")
    before = text[max(clause + 1, state.end) : token.start]
    after = text[token.end : token.end + 2]
    fits = [one for one in about.counts if unit in one.units]
    worded = [one for one in fits if any(w in before or after.startswith(w) for w in one.words)]
    if worded:
        return worded[0].metric
    if not between().fullmatch(before) or (unit in _ANY and _HAN.match(after)):
        return None
    exact = [one for one in fits if one.units[0] == unit]
    chosen = next(iter(exact), fits[0] if len(fits) == 1 else None)
    return chosen.metric if chosen else None


def _stated(
    token: Token,
    text: str,
    paragraph: Paragraph,
    state: _State,
    about: About,
    metric: str,
    aspect: Aspect | None,
    number: str,
    unit: str | None,
) -> Stated:
    spec = narrative().metrics[metric]
    factor = _UNITS[unit] if spec.unit == "yuan" and unit else Decimal(1)
    value = (amounts.parse(number) or Decimal(0)) * factor
    if aspect is not None and "change" in aspect and state.sign is not None and state.sign < 0:
        value = -value
    return Stated(
        metric,
        aspect,
        about,
        value if value else abs(value),
        spec.unit,
        paragraph.printed(token.start, token.end),
        paragraph.printed(*sentence(text, token.start)),
        paragraph.page(token.start),
        factor.scaleb(-amounts.decimals(number)),
        state.alternative,
        unitless=unit is None,
    )


def _compare(token: Token, text: str, paragraph: Paragraph, state: _State) -> Iterator[Compared]:
    if state.about is not None and "budget" in state.about.metrics:
        yield Compared(
            state.about,
            token.what,
            paragraph.printed(*sentence(text, token.start)),
            paragraph.page(token.start),
            alternative=any(
                value for name, value in token.match.groupdict().items() if name.startswith("L_")
            ),
        )
