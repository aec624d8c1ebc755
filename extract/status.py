"""How does an output directory stand? What is new since the run before, what failed, what is out of date.

Nothing is locked or changed: it may be asked while a run is writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.stages.publish import Entry, Output, held, holder, runs
from extract.version import SCHEMA_VERSION, VERSION


@dataclass(frozen=True, slots=True)
class Listed:
    """A document that is told; ``why`` where there is something to say of it."""

    doc_id: str
    source: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class LastRun:
    """When the last run that came to its end was, and how it ended."""

    run_id: str
    started: datetime
    finished: datetime
    read: int
    exit_code: int
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Status:
    """The documents of an output directory, counted and told.

    ``new``, ``changed`` and ``superseded`` are those of the last run. What is in ``quarantined``
    is not in ``failed``. ``stale`` were read by another version: the next run reads them again.
    ``waiting`` are finished and not published; ``unfinished``, whether a run died while it published.
    """

    out: str
    documents: int
    clean: int
    flagged: int
    last: LastRun | None
    new: tuple[Listed, ...]
    changed: tuple[Listed, ...]
    superseded: tuple[str, ...]
    failed: tuple[Listed, ...]
    quarantined: tuple[Listed, ...]
    stale: tuple[Listed, ...]
    waiting: tuple[Listed, ...]
    unfinished: bool
    held_by: str | None
    version: str = VERSION
    schema_version: str = SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Field by field."""
        return asdict(self)

    @property
    def lists(self) -> Mapping[str, tuple[Listed, ...]]:
        """What is told one by one, by what it is."""
        named = ("new", "changed", "failed", "quarantined", "stale", "waiting")
        return {name: getattr(self, name) for name in named}


def status(out: str | Path) -> Status:
    """How ``out`` stands."""
    root = held(Path(out))
    output = Output.look(root)
    entries = sorted(output.index.entries.values(), key=lambda entry: (entry.source, entry.doc_id))
    last = next(runs(root), None)
    lost = [entry for entry in entries if not entry.readable]
    owner = holder(root)
    return Status(
        out=str(out),
        documents=len(entries),
        clean=sum(entry.status == "clean" for entry in entries),
        flagged=sum(entry.status == "flagged" for entry in entries),
        last=_last(last) if last else None,
        new=_told(_of(entries, last, "added_ids")),
        changed=_told(_of(entries, last, "changed_ids")),
        superseded=tuple(last["superseded_ids"]) if last else (),
        failed=_told(entry for entry in lost if not entry.quarantined),
        quarantined=_told(entry for entry in lost if entry.quarantined),
        stale=tuple(
            Listed(entry.doc_id, entry.source, f"read by juesuan {entry.version}")
            for entry in entries
            if entry.version != VERSION
        ),
        waiting=_told(output.staged.values()),
        unfinished=output.staging.written_down() is not None,
        held_by=str(owner) if owner else None,
    )


def _last(row: Mapping[str, Any]) -> LastRun:
    return LastRun(**{name: row[name] for name in LastRun.__dataclass_fields__})


def _of(entries: Iterable[Entry], last: Mapping[str, Any] | None, ids: str) -> list[Entry]:
    wanted = set(last[ids]) if last else set()
    return [entry for entry in entries if entry.doc_id in wanted]


def _told(entries: Iterable[Entry]) -> tuple[Listed, ...]:
    return tuple(
        Listed(e.doc_id, e.source, " · ".join(filter(None, (e.error, e.reproduce))) or None)
        for e in entries
    )
