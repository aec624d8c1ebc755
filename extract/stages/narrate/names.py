"""Do headings and sentences name the agency and the year whose accounts they are?

Texts are written over last year's, or over a neighbour's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extract.forms.narrative import narrative
from extract.hanzi import fold
from extract.model import Finding, Identity
from extract.stages.narrate.findings import finding, quoted, where
from extract.stages.narrate.outline import Part

_PART = re.compile(r"^第[一二三四五六七八九十\d]+(?:部分|章)[:、]?")
_YEAR = re.compile(r"(20\d\d)年度?")
_WHOSE = re.compile(r"(?:部门|单位|基本|本级|[(][^()]*[)])+$")
_LEAST = 4  # letters: 本单位, 本部门 are nobody's names
_TRADE = 3  # letters at the end: 财政局 and 民政局 are two agencies
_HAN = "[\u4e00-\u9fff]"


def headings(doc_id: str, parts: Sequence[Part], identity: Identity) -> Iterator[Finding]:
    """Headings of parts that name another agency or another year."""
    agency = _plain(identity.agency or "")
    for number, part in enumerate(parts):
        text = _PART.sub("", fold(part.heading))
        titled = _titled().search(text)
        if part.depth != 0 or titled is None:
            continue
        page = part.pages[0]
        (zh, en), place = where(page), (number,)
        found = _YEAR.search(text)
        if found and identity.fiscal_year and int(found[1]) != identity.fiscal_year:
            yield finding(
                doc_id,
                "heading_year",
                "narrative_mismatch",
                "warning",
                (
                    f"{zh}标题“{part.heading}”为 {found[1]} 年，全文为 {identity.fiscal_year} 年",
                    f"{en}a heading is of {found[1]}, the document of {identity.fiscal_year}",
                ),
                place=place,
                page=page,
            )
        name = _plain(_YEAR.sub("", text[: titled.start()]))
        if agency and len(name) >= _LEAST and name != agency:
            yield finding(
                doc_id,
                "heading_agency",
                "narrative_mismatch",
                "warning",
                (
                    f"{zh}标题“{part.heading}”写作{name}，全文为{identity.agency}",
                    f"{en}a heading names {name}, the document {identity.agency}",
                ),
                place=place,
                page=page,
            )


def misnamed(doc_id: str, parts: Sequence[Part], identity: Identity) -> Iterator[Finding]:
    """The agency's name with one letter replaced, once a spelling."""
    agency = fold(identity.agency or "")
    if len(agency) <= _LEAST + _TRADE:
        return
    spellings = (
        re.escape(agency[:at]) + _HAN + re.escape(agency[at + 1 :])
        for at in range(2, len(agency) - _TRADE)
    )
    pattern = re.compile("|".join(spellings))
    for part in parts:
        for paragraph in part.paragraphs:
            for match in pattern.finditer(paragraph.folded):
                if match[0] != agency:
                    page = paragraph.page(match.start())
                    zh, en = where(page)
                    yield finding(
                        doc_id,
                        "agency_misspelt",
                        "narrative_mismatch",
                        "info",
                        (
                            f"{zh}“{quoted(paragraph.text, match[0])}”：{match[0]}应为{identity.agency}",
                            f"{en}{match[0]} should read {identity.agency}",
                        ),
                        place=(match[0],),
                        page=page,
                    )


@cache
def _titled() -> re.Pattern[str]:
    return re.compile("(?:部门|单位)?(?:" + "|".join(narrative().residue.titles) + ")$")


def _plain(name: str) -> str:
    return _WHOSE.sub("", fold(name))
