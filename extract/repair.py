"""What do the items read once what reconciliation proposes is put into them, or taken out?

The amount as read is always parse(``raw``) × ``unit``: so a mend can be undone, and done
again, without the source. Only cells that are there change; a total of whose line nothing
was read gets no item. What is certain stays: a figure on a native text layer is what the
publisher printed, and so is every figure of a ``source_error``; there a proposal remains one.
What people decided comes before all that, and the rest is judged with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from extract import amounts
from extract.decisions import Decision, mark
from extract.forms.rules import is_between
from extract.model import Check, Finding, Item, Reading, Repair, TextLayer
from extract.overlay import as_found, overlay, unsettled
from extract.stages.reconcile import proof, reconcile

Verdict = tuple[Sequence[Check], Sequence[Finding]]
Judge = Callable[[Sequence[Item]], Verdict]
Place = tuple[int, str, str, str | None, str | None]
"""statement, form, variant, key, measure."""

ROUNDS = 8
"""Mends bring new ones to light; after so many rounds nothing is mended at all."""


def judged(reading: Reading, repair: Repair, rows: Sequence[Decision] = ()) -> Reading:
    """The reading with the verdict its items and facts deserve, mended if ``apply``, the decisions
    ``rows`` on top of it."""
    if (marked := mark(rows)) != reading.decisions:
        reading = replace(reading, decisions=marked)
    if reading.error is not None:
        return reading
    judge: Judge = partial(
        reconcile,
        text_layer=reading.text_layer,
        forms_found=reading.forms_due,
        fiscal_year=reading.identity.fiscal_year,
        province=reading.identity.province,
        facts=reading.facts,
    )
    items: Sequence[Item] = tuple(map(as_read, reading.items))
    read = tuple(as_found(one) for one in reading.findings if one.stage != "reconcile")
    before = (*read, *judge(items)[1]) if reading.decisions else ()
    decided = overlay(rows, items, before)
    items = decided.items(items)
    if repair == "apply":
        items, (checks, doubts) = mend(items, judge, reading.text_layer, decided.places)
    else:
        checks, doubts = judge(items)
    # What ties to other documents say is asked where it is known which others there are.
    between = unsettled(one for one in reading.findings if is_between(one.rule))
    findings = decided.findings((*read, *doubts, *between), (*before, *between), items)
    own = [one for one in findings if not is_between(one.rule)]
    return replace(
        reading,
        items=proof(items, checks, own),
        checks=(*checks, *(one for one in reading.checks if is_between(one.rule))),
        findings=findings,
        repair=repair,
    )


def as_read(item: Item) -> Item:
    """The item before any mend."""
    if not item.mended:
        return item
    return replace(item, amount=printed(item), status="ok")


def printed(item: Item) -> Decimal | None:
    """The amount in yuan that the cell prints; None for a blank, and for what is no amount."""
    try:
        # What merely counts has no unit.
        return amounts.yuan(item.raw, item.unit or "元")
    except amounts.NotAnAmount:
        return None


def mend(
    items: Sequence[Item],
    judge: Judge,
    text_layer: TextLayer | None,
    decided: Iterable[Place] = (),
) -> tuple[Sequence[Item], Verdict]:
    """The items mended as ``judge`` proposes, and the verdict on them as they then stand.

    A finding that was applied stays as it was told; all others are those of the mended
    items. A mend that they put in doubt again is taken back, and remains a proposal. Cells that
    people ``decided`` on are left to them.
    """
    applied: dict[Place, Finding] = {}
    refused: set[Place] = set(decided)
    for _ in range(ROUNDS):
        mended = tuple(_mended(item, applied) for item in items)
        checks, doubts = judge(mended)
        contested = {_of(one) for one in doubts if one.severity != "info"} & applied.keys()
        fresh = _mends(mended, doubts, text_layer, without=applied.keys() | refused)
        if contested:
            applied, refused = {}, refused | contested
        elif fresh:
            applied |= fresh
        else:
            return mended, (checks, (*applied.values(), *doubts))
    return items, judge(items)


def _mends(
    items: Iterable[Item],
    doubts: Iterable[Finding],
    text_layer: TextLayer | None,
    without: set[Place],
) -> Mapping[Place, Finding]:
    """The findings to apply, the loudest for each cell."""
    cells = {_at(item): item for item in items}
    found: dict[Place, Finding] = {}
    for one in doubts:
        item = cells.get(_of(one))
        if item and _of(one) not in without and _mendable(one, item, text_layer):
            found.setdefault(_of(one), replace(one, applied=True))
    return found


def _mendable(finding: Finding, item: Item, text_layer: TextLayer | None) -> bool:
    if finding.suggested is None or finding.category == "source_error":
        return False
    # In a mixed document what OCR read has its confidence; the rest is the publisher's own text.
    if text_layer == "native" or (text_layer == "mixed" and item.confidence is None):
        return finding.category == "missing_total" and _blank(item)
    return True


def _mended(item: Item, applied: Mapping[Place, Finding]) -> Item:
    finding = applied.get(_at(item))
    if finding is None or finding.suggested is None:
        return item
    status = "inferred" if _blank(item) else "repaired"
    return replace(item, amount=finding.suggested.quantize(amounts.CENT), status=status)


def _blank(item: Item) -> bool:
    """Whether nothing is printed, as against a figure, or a text that is none."""
    return amounts.is_figure(item.raw) and not amounts.is_amount(item.raw)


def _at(item: Item) -> Place:
    return (item.statement, item.form, item.variant, item.key, item.measure)


def _of(finding: Finding) -> Place:
    return (
        finding.statement,
        finding.form or "",
        finding.variant,
        finding.key,
        finding.measure,
    )
