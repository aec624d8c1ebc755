"""Reconciling what is published, as it now stands.

Only what reconciliation says may change: checks, its findings, the counts of both, and the
amounts it mends or gives back, and on top of both what people decided. What other stages found stays.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from extract.model import Repair
from extract.neighbours import tie
from extract.settling import keep_if_changed, on_top
from extract.stages.publish import Output, held, readings, record_run
from extract.summary import Course, FailOn, RunSummary, manifest, summarize


def recheck(
    out: str | Path, *, repair: Repair = "suggest", fail_on: FailOn | None = None
) -> RunSummary:
    """Reconcile every document of ``out`` again; what ``juesuan check`` does."""
    started = datetime.now(UTC)
    root = held(Path(out))
    with Output.open(root, on_top(root)) as output:
        output.publish()  # what a killed run had finished
        found = [
            keep_if_changed(output, reading, version, repair) for reading, version in readings(root)
        ]
        again = tie(output, everything=True)
        read_until = time.perf_counter()
        output.publish()
        course = Course(
            out=str(out),
            executor="serial",
            jobs=1,
            repair=repair,
            sources=len(output.index.found),
            read=sum(found) + again,
            unchanged=len(found) - sum(found) - again,
            superseded=0,
            started=started,
            finished=datetime.now(UTC),
            interrupted=False,
            added=len(output.changes.added),
            changed=len(output.changes.changed),
            seconds_publishing=time.perf_counter() - read_until,
        )
        summary = summarize(course, output.index.entries.values(), fail_on)
        record_run(output.root, summary.to_dict() | manifest((), output.changes))
    return summary
