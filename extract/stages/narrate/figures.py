"""Which aspect of its subject does a figure state, by the words in front of it?

A figure that stands beside no known subject states nothing here, and what is said as a reason
is not the year's account. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extract import amounts
from extract.forms.narrative import Aspect, narrative
from extract.stages.narrate.prose import Paragraph
from extract.stages.narrate.spans import sentence
from extract.stages.narrate.stated import About, Compared, State, Stated
from extract.stages.narrate.tokens import Token, after_direction, between

_UNITS = {**amounts.UNITS, "万": amounts.UNITS["万元"], "亿": amounts.UNITS["亿元"]}
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
_HAN = re.compile("[\u4e00-\u9fff]")
_ANY = ("个", "次", "项")  # counters of anything
_BESIDE = ("", "(", "、", ",", "或")
_DECIMALS = 8  # a share printed with more was copied from a calculator


def figure(token: Token, text: str, paragraph: Paragraph, state: State) -> Iterator[Stated]:
    """What a figure states, if the words in front of it say what it is of which subject."""
    number, unit = token.match["number"], token.match["unit"]
    if not _is_stated(number, unit):
        state.changed = None
        return
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
    else:
        state.changed = None
    if metric is None and unit in _UNITS and state.last in ("share", "completion"):
        state.end = token.end  # “占本年支出合计100万元的95%”
    elif unit is not None or metric is not None:
        kind = _KINDS.get(aspect) if aspect else None
        state.last, state.end, state.aspect, state.sign = kind, token.end, None, None
        state.alternative = False


def _is_stated(number: str, unit: str | None) -> bool:
    """Whether a number can be meant: not that of an account, nor one finer than any print."""
    try:
        value = (amounts.parse(number) or Decimal(0)) * _UNITS.get(unit or "", Decimal(1))
    except amounts.NotAnAmount:
        return False
    return abs(value) < amounts.MOST and amounts.decimals(number) <= _DECIMALS


def _aspect(token: Token, text: str, unit: str | None, state: State) -> Aspect | None:
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


def _level(state: State) -> Aspect | None:
    metrics = state.about.metrics if state.about else {}
    if state.aspect is not None:
        return state.aspect if state.aspect in metrics else _only_level(state.aspect, state)
    return next((one for one in _LEVELS if one in metrics), None)


_LEVELS: tuple[Aspect, ...] = ("level", "actual", "budget")


def _only_level(aspect: Aspect, state: State) -> Aspect | None:
    """“支出决算” of a subject that has but one figure."""
    metrics = state.about.metrics if state.about else {}
    return "level" if aspect == "actual" and "level" in metrics else None


def _percentage(gap: str, state: State) -> Aspect | None:
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


def _of_reason(aspect: Aspect | None, state: State) -> tuple[About | None, Aspect | None]:
    """A reason counts where it says by how much a listed subject changed on the prior year."""
    if aspect != "change" or not state.reason_base:
        return None, None
    state.reason_base = False
    return state.reason_about, aspect


def _count(text: str, token: Token, unit: str, about: About, state: State) -> str | None:
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
    state: State,
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


def compare(token: Token, text: str, paragraph: Paragraph, state: State) -> Iterator[Compared]:
    """That more, less or as much was spent as the budget had."""
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
