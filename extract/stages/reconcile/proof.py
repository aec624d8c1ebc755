"""How well is each amount proven?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extract.coverage import cover
from extract.model import Check, Finding, Item

Place = tuple[str, int, str, str, str, str]
"""doc_id, statement, variant, form, key, measure."""


def proof(
    items: Iterable[Item], checks: Iterable[Check], findings: Iterable[Finding]
) -> tuple[Item, ...]:
    """The items with ``checks_passed``, ``checks_failed`` and ``status`` set.

    Only equalities count. ``flagged`` is the cell a warning or error judges wrong;
    an item that was repaired or inferred stays so.
    """
    passed, failed = _tallies(checks)
    accused = {
        _accused(finding) for finding in findings if finding.severity != "info" and finding.measure
    }
    return tuple(
        replace(
            item,
            checks_passed=passed[_place(item)],
            checks_failed=failed[_place(item)],
            status=_status(item, accused=_place(item) in accused),
        )
        for item in items
    )


def coverage(items: Iterable[Item], checks: Iterable[Check]) -> tuple[float, float]:
    """Shares of amounts under at least one, and two, equalities that hold, none failing."""
    covered = cover(proof(items, checks, ()))
    return covered.share or 0.0, covered.share_twice or 0.0


def _tallies(checks: Iterable[Check]) -> tuple[Counter[Place], Counter[Place]]:
    """How many equalities that hold, that fail, stand over each cell."""
    passed: Counter[Place] = Counter()
    failed: Counter[Place] = Counter()
    for check in checks:
        if check.kind == "equality" and check.verdict != "untested":
            (failed if check.verdict == "fails" else passed).update(_places(check))
    return passed, failed


def _places(check: Check) -> Iterator[Place]:
    head = (check.doc_id, check.statement)
    yield (*head, check.variant, check.form, check.key, check.measure)
    for part in check.parts:
        yield (*head, part.variant, part.form, part.key, part.measure)


def _place(item: Item) -> Place:
    return (item.doc_id, item.statement, item.variant, item.form, item.key, item.measure)


def _accused(finding: Finding) -> Sequence[object]:
    place = (finding.form, finding.key, finding.measure)
    return (finding.doc_id, finding.statement, finding.variant, *place)


def _status(item: Item, *, accused: bool) -> str:
    if item.mended:
        return item.status
    return "flagged" if accused else "ok"
