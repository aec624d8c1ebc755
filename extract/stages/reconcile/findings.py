"""One way to make a finding of this stage, so that ids and places are always alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.identifiers import fingerprint
from extract.model import Finding, Item, Severity, Suspect
from extract.stages.reconcile.ledger import Cell

NOWHERE = Cell("", "", "")


@dataclass(frozen=True)
class Told:
    """What a diagnosis has to say; the rest of a finding follows from it.

    ``form``, ``key``, ``measure`` name the cell judged wrong, None where that cannot be told;
    ``at`` is the cell whose identity spoke, ``item`` the one whose ink to point at.
    """

    rule: str
    category: str
    severity: Severity
    zh: str
    en: str
    form: str | None = None
    variant: str = ""
    key: str | None = None
    measure: str | None = None
    at: Cell = NOWHERE
    item: Item | None = None
    expected: Decimal | None = None
    actual: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    suspects: Sequence[Suspect] = ()
    evidence: Sequence[str] = ()
    suggested: Decimal | None = None
    page: int | None = None
    """Where there is no item: the page of a sentence."""


def finding(told: Told, doc_id: str, statement: int) -> Finding:
    """The finding, with its id and its place on the page."""
    item = told.item
    return Finding(
        finding_id=_finding_id(told, doc_id, statement),
        doc_id=doc_id,
        statement=statement,
        stage="reconcile",
        rule=told.rule,
        category=told.category,
        severity=told.severity,
        form=told.form,
        variant=told.variant,
        key=told.key,
        measure=told.measure,
        page=item.page if item else told.page,
        x0=item.x0 if item else None,
        y0=item.y0 if item else None,
        x1=item.x1 if item else None,
        y1=item.y1 if item else None,
        expected=told.expected,
        actual=told.actual,
        difference=told.difference,
        tolerance=told.tolerance,
        suspects=tuple(told.suspects),
        evidence=tuple(told.evidence),
        suggested=told.suggested,
        applied=False,
        message=told.zh,
        message_en=told.en,
    )


def ranked(scores: dict[Cell, float]) -> tuple[Suspect, ...]:
    """Suspects, best first, with scores that sum to one; ties stand in the order of their names."""
    whole = sum(scores.values())
    ordered = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Suspect(*cell, score / whole) for cell, score in ordered)


def _finding_id(told: Told, doc_id: str, statement: int) -> str:
    place: tuple[object, ...] = (told.form, told.key, told.measure)
    if told.measure is None and told.at is not NOWHERE:
        # Where no cell is told, the identity's own place keeps two findings of one rule apart.
        place = (*told.at, "undecided")
    return fingerprint(doc_id, statement, told.category, told.rule, told.variant, *place)
