"""What people decided, on top of a reading: never inside it.

The ink of each decision is sought among the cells as they are read now. Where it is, an amount is
put into the cell and what the publisher did wrong is told as that; where the ink is
another, nothing is done, and that is told. Only amounts, statuses and findings change; ``raw`` and
all that was read stay, so that the reading can be had back from what is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from extract import amounts
from extract.decisions import Decision, Ink, same_ink, stale_id, standing
from extract.forms import catalogue
from extract.model import Finding, Item

Place = tuple[int, str, str, str, str]
"""statement, form, variant, key, measure."""


@dataclass(frozen=True)
class Overlay:
    """The decisions that stand on a document: those whose ink is there, and those ``stale``."""

    fitting: tuple[Decision, ...] = ()
    stale: tuple[Decision, ...] = ()
    cells: Mapping[Place, Decision] = field(default_factory=dict)
    """The decision on each cell, where it stands now; of several the last."""

    @property
    def places(self) -> frozenset[Place]:
        """The cells that people have looked at: nobody else is to mend them."""
        return frozenset(self.cells)

    def items(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """The cells with the amounts that were decided."""
        return tuple(_put(item, self.cells.get(at(item))) for item in items)

    def findings(
        self, found: Sequence[Finding], before: Sequence[Finding], items: Sequence[Item]
    ) -> tuple[Finding, ...]:
        """What is ``found`` now, and what was decided on; ``before``, what there was to decide on."""
        decided = {row.finding_id: row for row in self.fitting}
        now = {one.finding_id for one in found}
        known = {one.finding_id: one for one in before}
        settled = [
            _settled(known.get(row.finding_id) or _told(row), row)
            for row in self.fitting
            if row.amount is not None and row.finding_id not in now
        ]
        kept = [_judged(one, decided.get(one.finding_id)) for one in found]
        return (*settled, *kept, *(_stale(row, items) for row in self.stale))


def overlay(rows: Sequence[Decision], items: Sequence[Item], found: Sequence[Finding]) -> Overlay:
    """The decisions ``rows`` held against what is read now: ``items`` as read, and what is ``found`` of them."""
    doubts = {one.finding_id: one for one in found}
    fitting: list[Decision] = []
    stale: list[Decision] = []
    cells: dict[Place, Decision] = {}
    for row in standing(rows):
        own = [item for item in items if item.statement == row.statement]
        there = [same_ink(ink, own) for ink in row.ink]
        if None in there or not _says_the_same(row, doubts.get(row.finding_id)):
            stale.append(row)
            continue
        fitting.append(row)
        cells |= {at(item): row for item in there if item is not None}
    return Overlay(tuple(fitting), tuple(stale), cells)


def as_found(finding: Finding) -> Finding:
    """The finding before anything was decided on it."""
    if finding.decided is None:
        return finding
    return replace(
        finding,
        category=finding.found_category or finding.category,
        severity=finding.found_severity or finding.severity,
        decided=None,
        found_category=None,
        found_severity=None,
        applied=False,
    )


def unsettled(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as they were found, without those that an amount has settled: nobody finds these now."""
    kept = (one for one in findings if one.severity != "info" or one.decided in (None, "publisher"))
    return tuple(map(as_found, kept))


def at(item: Item) -> Place:
    """Where a cell stands in its document."""
    return (item.statement, *item.place)


def _says_the_same(row: Decision, finding: Finding | None) -> bool:
    """A finding without a cell has no ink but its page and figures."""
    if row.ink or finding is None:
        return True
    return (row.page, row.expected, row.actual) == (finding.page, finding.expected, finding.actual)


def _put(item: Item, row: Decision | None) -> Item:
    if row is None or row.amount is None or row.amount == item.amount:
        return item
    status = "inferred" if item.amount is None and amounts.is_figure(item.raw) else "repaired"
    return replace(item, amount=row.amount.quantize(amounts.CENT), status=status)


def _judged(finding: Finding, row: Decision | None) -> Finding:
    """A finding that is still there; one of sums that was to be settled by an amount is still in doubt."""
    if row is None:
        return finding
    if row.amount is not None and finding.stage == "reconcile":
        # A note that is still there is no more than it was: who is settled is told by `decided`.
        return finding if finding.severity == "info" else _decided_on(finding, row)
    return _settled(finding, row)


def _settled(finding: Finding, row: Decision) -> Finding:
    category = "source_error" if row.what == "publisher" else finding.category
    applied = row.amount is not None and row.amount == finding.suggested
    told = _decided_on(finding, row)
    return replace(told, category=category, severity="info", applied=applied)


def _decided_on(finding: Finding, row: Decision) -> Finding:
    return replace(
        finding,
        decided=row.what,
        found_category=finding.category,
        found_severity=finding.severity,
    )


def _told(row: Decision) -> Finding:
    """A finding that nobody would make any more, as it was when it was decided on."""
    ink = row.ink[0] if row.ink else None
    box = ink.box if ink and ink.box else (None,) * 4
    return Finding(
        finding_id=row.finding_id,
        doc_id=row.doc_id,
        statement=row.statement,
        stage="reconcile",
        rule=row.rule,
        category=row.category,
        severity=row.severity,
        form=row.form,
        variant=row.variant,
        key=row.key,
        measure=row.measure,
        page=row.page,
        x0=box[0],
        y0=box[1],
        x1=box[2],
        y1=box[3],
        expected=row.expected,
        actual=row.actual,
        suggested=row.amount if row.what == "accept" else None,
        message=row.message,
        message_en=row.message_en,
    )


def _stale(row: Decision, items: Sequence[Item]) -> Finding:
    """That a decision no longer holds, because what it was made on reads otherwise now."""
    ink = row.ink[0] if row.ink else None
    now = _at(ink, row.statement, items) if ink else None
    zh, en = _sentences(row, ink, now)
    return Finding(
        finding_id=stale_id(row),
        doc_id=row.doc_id,
        statement=row.statement,
        stage="reconcile",
        rule="decisions.ink",
        category="decision_stale",
        severity="warning",
        form=row.form,
        variant=row.variant,
        key=row.key,
        measure=row.measure,
        page=now.page if now else row.page,
        x0=now.x0 if now else None,
        y0=now.y0 if now else None,
        x1=now.x1 if now else None,
        y1=now.y1 if now else None,
        expected=row.amount,
        actual=now.amount if now else None,
        # What there is no cell for can be put nowhere.
        suggested=row.amount if now and row.place else None,
        message=zh,
        message_en=en,
    )


def _at(ink: Ink, statement: int, items: Iterable[Item]) -> Item | None:
    return next((i for i in items if i.statement == statement and i.place == ink.place), None)


def _sentences(row: Decision, ink: Ink | None, now: Item | None) -> tuple[str, str]:
    known = catalogue().forms.get(row.form or "")
    where = known.title if known else row.form or "文件"
    when, cell = f"{row.at:%Y-%m-%d}", "·".join(filter(None, (row.key, row.measure)))
    was = f"“{ink.raw}” {ink.unit}".rstrip() if ink else f"{row.actual or ''}"
    reads = f"“{now.raw}” {now.unit}".rstrip() if now else None
    what, what_en = _said(row)
    zh = f"{where} {cell}：{row.by} 于 {when} 依据原文{was}{what}，现{f'读作{reads}' if reads else '无此单元格'}；该决定未予执行，请复核。"
    en = (
        f"{row.form or 'document'} {cell}: on {when} {row.by} {what_en} where {was} was printed; "
        f"{f'now it reads {reads}' if reads else 'there is no such cell now'}. The decision is not applied; look again."
    )
    return zh, en


def _said(row: Decision) -> tuple[str, str]:
    if row.amount is None:
        return "认定为发布方之误", "called it the publisher's error"
    amount = f"{Decimal(row.amount):,.2f}"
    return f"改为 {amount} 元", f"set {amount} yuan"
