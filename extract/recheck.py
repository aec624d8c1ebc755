"""Reconciling what is published, as it now stands.

Only what reconciliation says may change: checks, its findings, the counts of both. What
other stages found stays, and so does every amount.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from extract.model import Reading
from extract.stages.publish import Output, held, pack, readings, tables
from extract.stages.reconcile import proof, reconcile
from extract.summary import Course, FailOn, RunSummary, summarize


def recheck(out: str | Path, *, fail_on: FailOn | None = None) -> RunSummary:
    """Reconcile every document of ``out`` again; what ``juesuan check`` does."""
    started = datetime.now(UTC)
    root = held(Path(out))
    with Output.open(root) as output:
        found = [keep_if_changed(output, reading, version) for reading, version in readings(root)]
        output.publish()
        course = Course(
            out=str(out),
            executor="serial",
            jobs=1,
            sources=len(output.index.found),
            read=sum(found),
            unchanged=len(found) - sum(found),
            superseded=0,
            started=started,
            finished=datetime.now(UTC),
            interrupted=False,
        )
        return summarize(course, output.index.entries.values(), fail_on)


def keep_if_changed(output: Output, reading: Reading, version: str) -> bool:
    """Stage a document whose verdict is another than before."""
    judged = judge(reading)
    changed = tables(judged, version) != tables(reading, version)
    if changed:
        output.keep(pack(judged, version))
    return changed


def judge(reading: Reading) -> Reading:
    """The reading with the verdict its items and facts deserve today."""
    checks, doubts = reconcile(
        reading.items,
        text_layer=reading.text_layer,
        forms_found=reading.forms_found,
        fiscal_year=reading.identity.fiscal_year,
        facts=reading.facts,
    )
    others = tuple(found for found in reading.findings if found.stage != "reconcile")
    findings = (*others, *doubts)
    return replace(
        reading,
        items=proof(reading.items, checks, findings),
        checks=checks,
        findings=findings,
    )
