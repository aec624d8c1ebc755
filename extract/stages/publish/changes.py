"""What does publishing change, told in documents?"""

from __future__ import annotations

from dataclasses import dataclass

from extract.stages.publish.plan import Plan


@dataclass(frozen=True, slots=True)
class Changes:
    """Documents by ``doc_id``; ``named`` counts those that are only found under another name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()
    named: int = 0

    def __add__(self, other: Changes) -> Changes:
        """One after the other."""
        return Changes(
            self.added + other.added,
            self.changed + other.changed,
            self.superseded + other.superseded,
            self.named + other.named,
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.superseded or self.named)


def changes(plan: Plan) -> Changes:
    """Those that carrying out ``plan`` makes."""
    touched = {one.doc_id for one in plan.add}
    return Changes(
        added=tuple(one.doc_id for one in plan.add if one.was == "new"),
        changed=tuple(one.doc_id for one in plan.add if one.was == "changed"),
        superseded=tuple(one.doc_id for one in plan.remove if one.kept),
        named=len({naming.row["doc_id"] for naming in plan.sources} - touched),
    )
