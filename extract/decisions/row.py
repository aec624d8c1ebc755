"""One decision as it is written down, and which of many stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from extract.decisions.ink import Ink
from extract.identifiers import fingerprint

What = Literal["accept", "amount", "publisher", "undo"]
"""accept: what the finding proposes; amount: another one; publisher: what is printed is read rightly,
and wrong; undo: an earlier decision does not stand."""


class Decision(BaseModel):
    """A line of ``OUT/decisions/<doc_id>.jsonl``.

    ``amount`` is in yuan, for accept and amount. form, variant, key and measure name the cell
    that was decided on, none where a finding names none; ``ink`` is that cell, or the suspects.
    What the finding said stands beside it, so that the line can be read, and told, by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision_id: str
    at: datetime
    by: str
    what: What
    why: str = ""
    finding_id: str
    doc_id: str
    statement: int = 0
    form: str | None = None
    variant: str = ""
    key: str | None = None
    measure: str | None = None
    amount: Decimal | None = None
    undoes: str | None = None
    ink: tuple[Ink, ...] = ()
    page: int | None = None
    rule: str = ""
    category: str = ""
    severity: Literal["error", "warning", "info"] = "info"
    expected: Decimal | None = None
    actual: Decimal | None = None
    message: str = ""
    message_en: str = ""

    @property
    def place(self) -> tuple[str, str, str, str] | None:
        """(form, variant, key, measure) of the cell; None where no one cell was decided on."""
        if self.form is None or self.key is None or self.measure is None:
            return None
        return (self.form, self.variant, self.key, self.measure)

    def named(self) -> Decision:
        """With its ``decision_id``, which follows from all the rest."""
        told = self.model_dump(mode="json", exclude={"decision_id"})
        return self.model_copy(update={"decision_id": fingerprint(sorted(told.items()))})


def standing(rows: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that stand: of each finding the last that was not undone."""
    undone = {row.undoes for row in rows if row.what == "undo"}
    last: dict[str, Decision] = {}
    for row in rows:
        if row.what != "undo" and row.decision_id not in undone:
            last.pop(row.finding_id, None)
            last[row.finding_id] = row
    return tuple(last.values())


def stale_id(row: Decision) -> str:
    """The finding_id under which it is told that the ink of a decision is another now."""
    return fingerprint(row.doc_id, row.statement, "decision_stale", row.decision_id)


def mark(rows: Sequence[Decision]) -> str | None:
    """A fingerprint of the decisions that stand, for ``documents.decisions``; None of none."""
    found = [row.model_dump_json() for row in standing(rows)]
    return fingerprint(*found) if found else None
