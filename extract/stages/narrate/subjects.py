"""What is a figure said of: a subject of schemas/facts, or a 科目 by the names of its levels?"""

from __future__ import annotations

import re

from extract.forms.narrative import Aspect, Level, SectionSpec
from extract.stages.narrate.prose import Paragraph
from extract.stages.narrate.stated import About, Item, State
from extract.stages.narrate.tokens import Token, lexer

_YEAR_BEFORE = re.compile(r"(20\d\d)年度?$")


def subject(token: Token, paragraph: Paragraph, spec: SectionSpec, state: State) -> None:
    """Keep in mind what the figures behind a word are said of."""
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


def _when(token: Token, state: State) -> Aspect | None:
    """“2022年收入总计” of accounts of 2023 is what was before."""
    said = _YEAR_BEFORE.search(token.match.string, max(0, token.start - 7), token.start)
    return "prior" if said and state.year and int(said[1]) == state.year - 1 else None


def _plain(token: Token, paragraph: Paragraph, slug: str, state: State) -> About:
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
