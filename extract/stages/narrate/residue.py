"""What in a text was left in by a template, or slipped in by hand?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extract.forms.narrative import Empty, narrative
from extract.model import Finding, Item, Severity
from extract.stages.narrate.findings import finding, quoted, where
from extract.stages.narrate.outline import Part
from extract.stages.narrate.prose import Paragraph
from extract.stages.narrate.spans import sentence

_WITHOUT_YUAN = re.compile(r"\d万(?=[,;。:()、])")


def left_in(doc_id: str, parts: Sequence[Part]) -> Iterator[Finding]:
    """Placeholders and instructions of a template: the first, and how many there are."""
    words = narrative().residue
    kinds = (("placeholder", words.placeholders), ("instruction", words.instructions))
    for rule, patterns in kinds:
        pattern = re.compile("|".join(patterns))
        found = [(p, match) for p in _all(parts) for match in pattern.finditer(p.folded)]
        if found:
            paragraph, match = found[0]
            more = f"，全文共 {len(found)} 处" if len(found) > 1 else ""
            said = (
                f"模板中的“{match[0]}”未改{more}",
                f"“{match[0]}” of a template was left in ({len(found)} places)",
            )
            yield _at(
                doc_id, rule, "template_residue", "warning", paragraph, match.start(), said, ()
            )


def slips(doc_id: str, parts: Sequence[Part]) -> Iterator[Finding]:
    """Wrong words, amounts without 元, brackets never closed: nothing that changes a figure."""
    for part in parts:
        if part.slug not in narrative().by_slug or part.silent:
            continue
        for paragraph in part.paragraphs:
            text = paragraph.folded
            for wrong, right in narrative().residue.slips.items():
                if (at := text.find(wrong)) >= 0:
                    said = (f"“{wrong}”应为“{right}”", f"{wrong} should read {right}")
                    yield _slip(doc_id, "misspelling", paragraph, at, said, (wrong,))
            for match in _WITHOUT_YUAN.finditer(text):
                said = (f"{match[0]} 后缺“元”字", f"{match[0]} lacks its 元")
                yield _slip(
                    doc_id, "yuan_lost", paragraph, match.start(), said, (part.slug, match[0])
                )
            if (bracket := _unclosed(text)) is not None:
                said = ("括号不成对", "a bracket has no counterpart")
                yield _slip(doc_id, "bracket", paragraph, bracket, said, (part.slug,))
        last = part.paragraphs[-1] if part.paragraphs else None
        if last is not None and last.folded.endswith(";"):
            said = ("段末为分号", "it ends in a semicolon")
            place = (part.slug, part.heading)
            yield _slip(doc_id, "semicolon", last, len(last.folded) - 1, said, place)


def said_empty(doc_id: str, parts: Sequence[Part], items: Sequence[Item]) -> Iterator[Finding]:
    """“无政府性基金支出”, of a form that shows some."""
    for part in parts:
        spec = narrative().by_slug.get(part.slug or "")
        if spec is None or spec.empty is None:
            continue
        spent = next((item for item in items if _shows(item, spec.empty)), None)
        for paragraph in part.paragraphs if spent else ():
            if spent and (match := _says(spec.section).search(paragraph.folded)):
                page = "" if spent.page is None else f"第{spent.page}页"
                said = (
                    f"文中称没有支出，{page}表中{spent.name}为 {spent.raw}",
                    f"the text says nothing was spent, its form says {spent.raw}",
                )
                place = (spec.section,)
                yield _at(
                    doc_id,
                    "said_empty",
                    "narrative_mismatch",
                    "error",
                    paragraph,
                    match.start(),
                    said,
                    place,
                )


def _shows(item: Item, empty: Empty) -> bool:
    return (
        item.form == empty.form
        and not item.variant
        and item.measure in empty.measures
        and empty.key in (None, item.key)
        and bool(item.amount)
    )


@cache
def _says(section: str) -> re.Pattern[str]:
    empty = narrative().by_slug[section].empty
    return re.compile(narrative().any_of(empty.says if empty else ()))


def _unclosed(text: str) -> int | None:
    """Where a bracket opens that never closes; one that only closes numbers a list: 1)."""
    opened = [at for at, letter in enumerate(text) if letter == "("]
    return opened[-1] if text.count("(") > text.count(")") else None


def _all(parts: Sequence[Part]) -> Iterator[Paragraph]:
    for part in parts:
        yield part.opened
        yield from part.paragraphs


def _slip(
    doc_id: str,
    rule: str,
    paragraph: Paragraph,
    at: int,
    said: tuple[str, str],
    place: tuple[object, ...],
) -> Finding:
    return _at(doc_id, rule, "narrative_mismatch", "info", paragraph, at, said, place)


def _at(
    doc_id: str,
    rule: str,
    category: str,
    severity: Severity,
    paragraph: Paragraph,
    at: int,
    said: tuple[str, str],
    place: tuple[object, ...],
) -> Finding:
    """A finding that cites the sentence around a place."""
    page = paragraph.page(at)
    (zh, en), cited = where(page), paragraph.printed(*sentence(paragraph.folded, at))
    around = paragraph.printed(at, at + 1)
    return finding(
        doc_id,
        rule,
        category,
        severity,
        (f"{zh}“{quoted(cited, around)}”：{said[0]}", f"{en}{said[1]}"),
        place=place,
        page=page,
    )
