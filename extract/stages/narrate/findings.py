"""One way to make a finding of this stage."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from extract.identifiers import fingerprint
from extract.model import Finding, Severity

_STATEMENT = 0


def finding(
    doc_id: str,
    rule: str,
    category: str,
    severity: Severity,
    said: tuple[str, str],
    *,
    place: tuple[object, ...],
    page: int | None,
    expected: Decimal | None = None,
    actual: Decimal | None = None,
) -> Finding:
    """A finding about a sentence; ``said`` in Chinese and English, ``place`` names it for good."""
    return Finding(
        finding_id=fingerprint(doc_id, _STATEMENT, category, rule, *place),
        doc_id=doc_id,
        statement=_STATEMENT,
        stage="narrate",
        rule=rule,
        category=category,
        severity=severity,
        page=page,
        expected=expected,
        actual=actual,
        difference=None if expected is None or actual is None else actual - expected,
        message=said[0],
        message_en=said[1],
    )


def quoted(sentence: str, around: str = "", most: int = 60) -> str:
    """As much of a sentence as a message can hold, ``around`` in the middle."""
    if len(sentence) <= most:
        return sentence
    at = max(sentence.find(around), 0)
    start = max(0, min(at - most // 2, len(sentence) - most))
    end = start + most
    return ("…" if start else "") + sentence[start:end] + ("…" if end < len(sentence) else "")


def where(page: int | None) -> tuple[str, str]:
    """The page, in front of a sentence."""
    return ("", "Text: ") if page is None else (f"第{page}页", f"Page {page}: ")


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once: what is said of one place twice is one thing."""
    return tuple({one.finding_id: one for one in reversed(tuple(findings))}.values())[::-1]
