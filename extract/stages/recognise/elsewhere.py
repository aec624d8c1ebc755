"""Does a 决算 say that its forms are in another file?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.forms import Vocabulary
from extract.geometry import lines
from extract.hanzi import fold, tidy
from extract.identifiers import fingerprint
from extract.model import Document, Finding, Line

_FORMS = re.compile(r"决算.{0,6}表|报表")
_OTHERS = re.compile(
    r"绩效|自评|预算[^决]{0,4}表|采购"
)  # tables that are often in an annex of their own
_LONG = 60  # letters; a paragraph that mentions an annex says something else


def elsewhere(document: Document, words: Vocabulary) -> Finding | None:
    """The first line that says so, as a finding of severity info."""
    for page, text in _lines(document):
        folded = fold(text)
        if len(folded) > _LONG or not any(word in folded for word in words.elsewhere):
            continue
        if _FORMS.search(folded) and not _OTHERS.search(folded):
            return _said(document, page, tidy(text))
    return None


def _lines(document: Document) -> Iterator[tuple[int | None, str]]:
    for page in document.pages:
        for line in lines(page.words):
            yield page.number, line.text
        for block in page.blocks:
            if isinstance(block, Line):
                yield page.number, block.text


def _said(document: Document, page: int | None, text: str) -> Finding:
    rule, category = "expected_forms.elsewhere", "missing_form"
    return Finding(
        finding_id=fingerprint(document.doc_id, 0, category, rule, None, "", None, None),
        doc_id=document.doc_id,
        statement=0,
        stage="read",
        rule=rule,
        category=category,
        severity="info",
        page=page,
        message=f"本文件称报表在别处：“{text}”",
        message_en=f"The document says that its forms are in another file: “{text}”",
    )
