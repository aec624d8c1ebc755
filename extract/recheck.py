"""Reconciling what is published, as it now stands.

Only what reconciliation says may change: checks, its findings, the counts of both, and the
amounts it mends or gives back. What other stages found stays.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from extract.model import Reading, Repair
from extract.repair import judged
from extract.stages.publish import Output, held, pack, readings, record_run, tables
from extract.summary import Course, FailOn, RunSummary, manifest, summarize


def recheck(
    out: str | Path, *, repair: Repair = "suggest", fail_on: FailOn | None = None
) -> RunSummary:
    """Reconcile every document of ``out`` again; what ``juesuan check`` does."""
    started = datetime.now(UTC)
    root = held(Path(out))
    with Output.open(root) as output:
        output.publish()  # what a killed run had finished
        found = [
            keep_if_changed(output, reading, version, repair) for reading, version in readings(root)
        ]
        read_until = time.perf_counter()
        output.publish()
        course = Course(
            out=str(out),
            executor="serial",
            jobs=1,
            repair=repair,
            sources=len(output.index.found),
            read=sum(found),
            unchanged=len(found) - sum(found),
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


def keep_if_changed(output: Output, reading: Reading, version: str, repair: Repair) -> bool:
    """Stage a document whose verdict is another than before."""
    anew = judged(reading, repair)
    changed = tables(anew, version) != tables(reading, version)
    if changed:
        output.keep(pack(anew, version))
    return changed
