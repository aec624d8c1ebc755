"""What a run did, in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

from extract.coverage import Coverage, together
from extract.errors import (
    EXIT_ALL_FAILED,
    EXIT_DONE,
    EXIT_FINDINGS,
    EXIT_INTERRUPTED,
    EXIT_SOME_FAILED,
)
from extract.forms.catalogue import FORMS
from extract.inputs import shown
from extract.model import Repair
from extract.stages.publish import Changes, Entry
from extract.version import SCHEMA_VERSION, VERSION

FailOn = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The documents among a run's inputs, whether read now or before, and what is in them.

    ``reproduce`` names, of each that is in quarantine, the command that reads it alone.
    ``proven`` and ``proven_twice`` are shares of ``amounts``; with ``nonzero_``, of those that
    are not zero. ``coverage`` has their counts by form. ``errors`` says of each document that
    failed, by source, why.
    """

    out: str
    executor: str
    jobs: int
    repair: Repair
    sources: int
    documents: int
    read: int
    unchanged: int
    superseded: int
    added: int
    changed: int
    clean: int
    flagged: int
    failed: int
    quarantined: int
    forms: int
    pages: int
    items: int
    amounts: int
    mended: int
    findings_error: int
    findings_warning: int
    findings_info: int
    proven: float | None
    proven_twice: float | None
    nonzero_proven: float | None
    nonzero_proven_twice: float | None
    coverage: dict[str, Coverage]
    errors: dict[str, str]
    reproduce: dict[str, str]
    started: datetime
    finished: datetime
    seconds: float
    seconds_reading: float
    seconds_publishing: float
    interrupted: bool
    exit_code: int
    shard: str | None = None
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """Field by field, as a row of ``runs`` wants it."""
        return asdict(self)

    @property
    def changes_anything(self) -> bool:
        """Whether the datasets are others than before, or the run did not come to its end."""
        return bool(self.added or self.changed or self.superseded or self.interrupted)


@dataclass(frozen=True, slots=True)
class Course:
    """How a run went, beside what its documents hold.

    ``seconds_reading`` adds up what each document took; several are read at a time.
    """

    out: str
    executor: str
    jobs: int
    repair: Repair
    sources: int
    read: int
    unchanged: int
    superseded: int
    started: datetime
    finished: datetime
    interrupted: bool
    shard: str | None = None
    added: int = 0
    changed: int = 0
    seconds_reading: float = 0.0
    seconds_publishing: float = 0.0


def summarize(course: Course, entries: Iterable[Entry], fail_on: FailOn | None) -> RunSummary:
    """Add up the documents a run was about."""
    about = sorted(entries, key=lambda entry: (entry.source, entry.doc_id))
    counted = {name: sum(getattr(e, name) for e in about) for name in _ADDED}
    counted |= {s: sum(e.status == s for e in about) for s in ("clean", "flagged", "failed")}
    forms = together(e.coverage for e in about)
    covered = sum(forms.values(), Coverage())
    return RunSummary(
        **{field.name: getattr(course, field.name) for field in fields(course)},
        **counted,
        documents=len(about),
        seconds=(course.finished - course.started).total_seconds(),
        proven=covered.share,
        proven_twice=covered.share_twice,
        nonzero_proven=covered.nonzero_share,
        nonzero_proven_twice=covered.nonzero_share_twice,
        coverage={form: forms[form] for form in FORMS if form in forms},
        reproduce={e.source: e.reproduce for e in about if e.reproduce is not None},
        errors={e.source: e.error for e in about if e.error is not None},
        exit_code=_exit_code(course, counted, len(about), fail_on),
    )


_ADDED = (
    "quarantined",
    "forms",
    "pages",
    "items",
    "amounts",
    "mended",
    "findings_error",
    "findings_warning",
    "findings_info",
)


def _exit_code(
    course: Course, counted: dict[str, int], documents: int, fail_on: FailOn | None
) -> int:
    """130 over 4 over 3 over 5; what costs a 6 is raised before there is a summary."""
    loud = {
        None: 0,
        "error": counted["findings_error"],
        "warning": counted["findings_error"] + counted["findings_warning"],
    }[fail_on]
    if course.interrupted:
        return EXIT_INTERRUPTED
    if counted["failed"]:
        return EXIT_ALL_FAILED if counted["failed"] == documents else EXIT_SOME_FAILED
    return EXIT_FINDINGS if loud else EXIT_DONE


def manifest(inputs: Sequence[str], changed: Changes) -> dict[str, Any]:
    """What ``runs`` keeps of a run beside the counts of its summary."""
    return {
        "inputs": [shown(given) for given in inputs],
        "schema_version": SCHEMA_VERSION,
        "added_ids": list(changed.added),
        "changed_ids": list(changed.changed),
        "superseded_ids": list(changed.superseded),
    }
