"""Deciding on a finding: written down at once, and put on top of what is published as soon as OUT is free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc

from extract import amounts
from extract.decisions import Decision, Decisions, What, ink_of, stale_id, standing
from extract.errors import DecisionRefused, OutputLocked
from extract.model import Finding, Item, Reading
from extract.neighbours import tie
from extract.repair import as_read
from extract.settling import on_top, settle
from extract.stages.publish import Output, columns, held, readings_of

Cell = tuple[str, str, str]
"""form, key, measure."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, and what became of it.

    ``waits`` says who holds OUT, where the datasets do not show it yet; ``finding`` and ``item`` are
    the finding and the cell as published now, None where there is none.
    """

    decision: Decision
    finding: Finding | None
    item: Item | None
    waits: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing above a note is left of the finding."""
        return self.finding is None or self.finding.severity == "info"


def decide(
    out: str | Path,
    finding_id: str,
    what: What,
    *,
    by: str,
    why: str = "",
    amount: str | None = None,
    cell: Cell | None = None,
) -> Decided:
    """Write down what ``by`` decides on a finding of ``out``, and publish what follows from it.

    ``amount`` is for "amount": yuan, or with its unit behind it ("1,144.19 万元"). ``cell`` says
    which one it belongs to, where the finding names none or another. Raises ``DecisionRefused``.
    """
    root, kept = held(Path(out)), Decisions(Path(out))
    if not by.strip():
        raise DecisionRefused("who decides? give a name with --by")
    if what == "undo":
        row = _undo(root, kept, finding_id, by, why)
    else:
        reading = _holding(root, finding_id)
        finding = next(one for one in reading.findings if one.finding_id == finding_id)
        row = _row(reading, finding, what, amount, cell, by, why)
        renewed = [old for old in standing(kept.of(reading.doc_id)) if stale_id(old) == finding_id]
        if renewed:  # what was decided before, on ink that is no more, is decided anew
            row = _instead(renewed[0], row)
    kept.add([row])
    return _published(root, row)


def _instead(old: Decision, row: Decision) -> Decision:
    """The decision ``row`` as one on the finding that ``old`` was about."""
    about = (
        "finding_id",
        "rule",
        "category",
        "severity",
        "expected",
        "actual",
        "message",
        "message_en",
    )
    return row.model_copy(update={name: getattr(old, name) for name in about}).named()


def parsed(text: str) -> Decimal:
    """Yuan of an amount as a person writes it, with its unit or without.

    >>> parsed("1,144.19万元"), parsed("82600")
    (Decimal('11441900.00'), Decimal('82600.00'))
    """
    plain = text.strip()
    unit = max((u for u in amounts.UNITS if u and plain.endswith(u)), key=len, default="")
    try:
        found = amounts.yuan(plain.removesuffix(unit), unit)
    except amounts.NotAnAmount:
        found = None
    if found is None or not found.is_finite() or found.adjusted() > 17:
        raise DecisionRefused(
            f"“{text}” is no amount; give yuan (11441900.00), or the figure with its unit (1144.19万元)"
        )
    return found


def _row(
    reading: Reading,
    finding: Finding,
    what: What,
    amount: str | None,
    cell: Cell | None,
    by: str,
    why: str,
) -> Decision:
    if what == "publisher" and finding.severity == "info" and finding.decided is None:
        raise DecisionRefused(f"{finding.finding_id} is a note: there is nothing to decide")
    named = cell or (finding.form, finding.key, finding.measure)
    item = _cell(reading, finding, named)
    value: Decimal | None = None
    if what != "publisher":
        value = _value(finding, what, amount)
        if item is None:
            raise DecisionRefused(_no_cell(finding, named))
    suspects = [(s.form, s.key, s.measure) for s in finding.suspects]
    near = [item] if item else [_cell(reading, finding, suspect) for suspect in suspects]
    where = named if item or finding.measure else (finding.form, finding.key, finding.measure)
    return Decision(
        decision_id="",
        at=datetime.now(UTC),
        by=by.strip(),
        what=what,
        why=why.strip(),
        finding_id=finding.finding_id,
        doc_id=reading.doc_id,
        statement=finding.statement,
        form=where[0],
        variant=finding.variant,
        key=where[1],
        measure=where[2],
        amount=value,
        ink=tuple(ink_of(one) for one in near if one is not None),
        page=finding.page,
        rule=finding.rule,
        category=finding.found_category or finding.category,
        severity=finding.found_severity or finding.severity,
        expected=finding.expected,
        actual=finding.actual,
        message=finding.message,
        message_en=finding.message_en,
    ).named()


def _value(finding: Finding, what: What, amount: str | None) -> Decimal:
    if what == "amount":
        if amount is None:
            raise DecisionRefused("which amount? give one")
        return parsed(amount)
    if finding.suggested is None:
        raise DecisionRefused(
            f"{finding.finding_id} proposes no amount to accept; give one (--amount), or say that the "
            "publisher erred (--publisher)"
        )
    return finding.suggested


def _no_cell(finding: Finding, named: Sequence[str | None]) -> str:
    if None not in named:
        return (
            f"nothing was read at {'/'.join(map(str, named))}: there is no cell to put an amount in"
        )
    cells = ", ".join(f"{s.form}/{s.key}/{s.measure}" for s in finding.suspects)
    return f"{finding.finding_id} names no one cell; say which (--cell FORM/KEY/MEASURE): {cells or 'any of its form'}"


def _cell(reading: Reading, finding: Finding, named: Sequence[str | None]) -> Item | None:
    wanted = (named[0], finding.variant, named[1], named[2])
    found = (i for i in reading.items if i.statement == finding.statement and i.place == wanted)
    item = next(found, None)
    return None if item is None else as_read(item)


def _undo(root: Path, kept: Decisions, finding_id: str, by: str, why: str) -> Decision:
    for doc_id in _documents(root, kept, finding_id):
        for row in standing(kept.of(doc_id)):
            if finding_id in (row.finding_id, stale_id(row)):
                return Decision(
                    decision_id="",
                    at=datetime.now(UTC),
                    by=by.strip(),
                    what="undo",
                    why=why.strip(),
                    finding_id=row.finding_id,
                    doc_id=doc_id,
                    undoes=row.decision_id,
                ).named()
    raise DecisionRefused(f"nothing was decided on {finding_id}, or it is undone already")


def _documents(root: Path, kept: Decisions, finding_id: str) -> Iterator[str]:
    """The document of a finding, as published, else any that was decided on."""
    found = _document(root, finding_id)
    yield from [found] if found else kept.documents()


def _document(root: Path, finding_id: str) -> str | None:
    for _, table in columns(root, "findings", ["finding_id", "doc_id"]):
        mine = table.filter(pc.equal(table["finding_id"], finding_id))
        if mine.num_rows:
            return str(mine["doc_id"][0].as_py())
    return None


def _holding(root: Path, finding_id: str) -> Reading:
    doc_id = _document(root, finding_id)
    if doc_id is None:
        raise DecisionRefused(
            f"{root} has no finding {finding_id}; `juesuan show {root} --json` lists them by finding_id"
        )
    [(reading, _)] = readings_of(root, [doc_id])
    return reading


def _published(root: Path, row: Decision) -> Decided:
    waits = None
    try:
        with Output.open(root, on_top(root)) as output:
            settle(output, [row.doc_id])
            tie(output)
            output.publish()
    except OutputLocked as why:
        waits = str(why)
    found = next((reading for reading, _ in readings_of(root, [row.doc_id])), None)
    if found is None:
        return Decided(row, None, None, waits)
    finding = next((one for one in found.findings if one.finding_id == row.finding_id), None)
    place = row.place
    if place is None and finding is not None:
        place = (finding.form or "", finding.variant, finding.key or "", finding.measure or "")
    item = next((i for i in found.items if i.statement == row.statement and i.place == place), None)
    return Decided(row, finding, item, waits)
