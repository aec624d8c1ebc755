"""Which of all that is stated are the document's facts, and where do its sentences disagree?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.amounts import UNITS
from extract.forms.narrative import narrative
from extract.model import Fact, Finding, Item
from extract.stages.narrate.codes import Codes
from extract.stages.narrate.findings import finding, quoted, where
from extract.stages.narrate.stated import About, Compared, Stated

_STATEMENT = 0
_SENSES = {"more": 1, "equal": 0, "less": -1}
_SAID = {"more": "大于", "equal": "等于", "less": "小于"}

Key = tuple[str, str, str | None, str, str]
"""Section, metric, code, subject and period: what is stated once."""


@dataclass(frozen=True, slots=True)
class Told:
    """The facts in the order of the text, and what is doubtful about their sentences."""

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]


def facts_of(
    doc_id: str, sections: Iterable[tuple[str, Sequence[Stated | Compared]]], items: Sequence[Item]
) -> Told:
    """Every figure once; what is stated again in another way is a finding."""
    codes = Codes(items)
    first: dict[Key, tuple[Stated, str | None]] = {}
    findings: list[Finding] = []
    for slug, said in sections:
        resolved = _codes(said, codes)
        findings += _names(doc_id, slug, said, codes, resolved)
        for one in said:
            code = one.about.code or resolved.get(one.about.name)
            if isinstance(one, Compared):
                findings += _compared(doc_id, slug, one, code, first)
                continue
            key = (slug, one.metric, code, one.about.name, _period(one))
            before = first.setdefault(key, (one, code))[0]
            if before is not one:
                findings += _again(doc_id, key, before, one)
            findings += _left_in(doc_id, key, one)
    facts = tuple(_fact(doc_id, key, one, code) for key, (one, code) in first.items())
    return Told(facts, tuple(findings))


def _codes(said: Sequence[Stated | Compared], codes: Codes) -> dict[str, str | None]:
    """The code of each 科目 a section speaks of."""
    spent: dict[str, Decimal] = {}
    abouts: dict[str, About] = {}
    for one in said:
        if one.about.item is not None:
            abouts[one.about.name] = one.about
            if isinstance(one, Stated) and one.aspect in ("actual", "level"):
                spent.setdefault(one.about.name, one.value)
    return {
        name: codes.resolve(about.item, spent.get(name))
        for name, about in abouts.items()
        if about.item
    }


def _names(
    doc_id: str,
    slug: str,
    said: Sequence[Stated | Compared],
    codes: Codes,
    resolved: dict[str, str | None],
) -> Iterator[Finding]:
    """Names that the text prints otherwise than the form, once a name and 科目."""
    for one in said:
        code, item = resolved.get(one.about.name), one.about.item
        for told, its, name in codes.otherwise(item, code) if item and code else ():
            zh, en = where(one.page)
            yield finding(
                doc_id,
                "subject_name",
                "narrative_mismatch",
                "info",
                (
                    f"{zh}“{quoted(one.sentence, told)}”：文中称{told}，表中 {its} 为{name}",
                    f"{en}the text calls {its} {told}, the form {name}",
                ),
                place=(slug, its, told),
                page=one.page,
            )


def _period(one: Stated) -> str:
    return "prior" if one.aspect == "prior" else narrative().metrics[one.metric].period


def _fact(doc_id: str, key: Key, one: Stated, code: str | None) -> Fact:
    return Fact(
        doc_id=doc_id,
        statement=_STATEMENT,
        section=key[0],
        metric=one.metric,
        code=code,
        name=one.about.printed,
        period=key[4],
        value=one.value,
        value_unit=one.unit,
        raw=one.raw,
        text=one.sentence,
        page=one.page,
    )


# What sentences say of each other -----------------------------------------------------


def _again(doc_id: str, key: Key, before: Stated, one: Stated) -> Iterator[Finding]:
    if abs(before.value - one.value) <= max(before.step, one.step) / 2:
        return
    (zh, en) = where(one.page)
    yield finding(
        doc_id,
        "restated",
        "narrative_mismatch",
        "error",
        (
            f"{zh}“{quoted(one.sentence, one.raw)}”：{one.about.printed}前后不一，前文为 {before.raw}，此处为 {one.raw}",
            f"{en}{one.metric} is {before.raw} in one sentence and {one.raw} in another",
        ),
        place=(*key,),
        page=one.page,
        expected=before.value,
        actual=one.value,
    )


def _compared(
    doc_id: str,
    slug: str,
    one: Compared,
    code: str | None,
    first: dict[Key, tuple[Stated, str | None]],
) -> Iterator[Finding]:
    """“决算数小于预算数” against the two figures stated before it."""
    figures = {
        stated.aspect: stated
        for (section, *_), (stated, its) in first.items()
        if section == slug and stated.about.name == one.about.name and its == code
    }
    budget = figures.get("annual_budget") or figures.get("budget")
    actual = figures.get("actual") or figures.get("level")
    zh, en = where(one.page)
    if budget is None or actual is None:
        return
    if one.alternative:
        yield _residue(doc_id, (slug, one.about.name, "compared"), one.sentence, one.page)
    sign = (actual.value > budget.value) - (actual.value < budget.value)
    if sign == _SENSES[one.sense] or (_SENSES[one.sense] == 0 and _nearly(actual, budget)):
        return
    yield finding(
        doc_id,
        "compared",
        "narrative_mismatch",
        "error",
        (
            f"{zh}“{quoted(one.sentence)}”：{one.about.printed}决算 {actual.raw}、预算 {budget.raw}，文中却称决算数{_SAID[one.sense]}预算数",
            f"{en}spent {actual.raw} of {budget.raw}, yet the text says it is {one.sense}",
        ),
        place=(slug, one.about.name, code),
        page=one.page,
        expected=budget.value,
        actual=actual.value,
    )


def _nearly(actual: Stated, budget: Stated) -> bool:
    """“基本持平” is said of what differs by little."""
    return abs(actual.value - budget.value) * 100 <= max(abs(budget.value), UNITS["万元"])


# What a template left in --------------------------------------------------------------


def _left_in(doc_id: str, key: Key, one: Stated) -> Iterator[Finding]:
    if one.alternative:
        yield _residue(doc_id, key, one.sentence, one.page, one.raw, loud=bool(one.value))
    if one.unitless:
        zh, en = where(one.page)
        yield finding(
            doc_id,
            "percent_sign",
            "narrative_mismatch",
            "info",
            (
                f"{zh}“{quoted(one.sentence, one.raw)}”：{one.raw} 后缺百分号",
                f"{en}{one.raw} lacks its percent sign",
            ),
            place=key,
            page=one.page,
        )


def _residue(
    doc_id: str,
    place: Sequence[object],
    sentence: str,
    page: int | None,
    raw: str = "",
    *,
    loud: bool = True,
) -> Finding:
    zh, en = where(page)
    return finding(
        doc_id,
        "alternative",
        "template_residue",
        "warning" if loud else "info",
        (
            f"{zh}“{quoted(sentence, raw)}”：模板中的备选词未删",
            f"{en}both words of the template were left in",
        ),
        place=tuple(place),
        page=page,
    )
