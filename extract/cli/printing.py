"""The closing table, and the JSON object in its place."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from extract.coverage import Coverage
from extract.errors import JuesuanError

if TYPE_CHECKING:
    from extract.dryrun import DryRun
    from extract.summary import RunSummary


@contextmanager
def summary_or_error(as_json: bool) -> Iterator[None]:
    """Who asked for JSON gets JSON, also where there is no summary to print."""
    try:
        yield
    except JuesuanError as why:
        if as_json:
            click.echo(json.dumps({"error": str(why), "exit_code": why.exit_code}))
        raise


def print_summary(summary: RunSummary, *, verb: str, as_json: bool, quiet: bool) -> None:
    """The end of a run, on standard output; ``verb`` is what befell its documents."""
    if as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False, default=str))
    elif not quiet:
        print_lines(list(_lines(summary, verb)))


def print_plan(planned: DryRun, *, as_json: bool) -> None:
    """A line for each document that would be read, then how many for which reason."""
    from extract.dryrun import WHY

    if as_json:
        click.echo(json.dumps(planned.to_dict(), ensure_ascii=False))
        return
    for one in planned.documents:
        if one.to_read:
            click.echo(f"{one.reason:<12}{one.source}")
    for reason, many in sorted(planned.counts.items()):
        click.echo(f"{many:>7}  {reason}: {WHY[reason]}")


def _lines(summary: RunSummary, verb: str) -> Iterator[tuple[str, str]]:
    """Label and value, in reading order."""
    done = f"{summary.read} {verb}, {summary.unchanged} unchanged"
    superseded = f", {summary.superseded} superseded" if summary.superseded else ""
    yield "documents", f"{summary.documents}: {done}{superseded}"
    held = f", {summary.quarantined} of them in quarantine" if summary.quarantined else ""
    yield (
        "status",
        f"{summary.clean} clean, {summary.flagged} flagged, {summary.failed} failed{held}",
    )
    yield "forms", f"{summary.forms} on {summary.pages} pages"
    mended = f", {summary.mended} mended" if summary.mended else ""
    yield "items", f"{summary.items}, {summary.amounts} with an amount{mended}"
    loud = f"{summary.findings_error} errors, {summary.findings_warning} warnings"
    yield "findings", f"{loud}, {summary.findings_info} notes"
    if summary.amounts:
        yield "proven", proven(sum(summary.coverage.values(), Coverage()))
        for form, covered in summary.coverage.items():
            if covered.amounts:
                yield "", f"{proven_in(covered)}  {form}"
    yield "time", _time(summary)
    yield "out", summary.out
    for source, why in summary.errors.items():
        yield "failed", f"{source}: {why}"
    for command in summary.reproduce.values():
        yield "quarantine", f"left alone until --retry; to look into it: {command}"
    if summary.interrupted:
        yield "interrupted", "what was finished is kept; run again to go on"


def proven(covered: Coverage) -> str:
    """How far amounts are proven.

    >>> proven(Coverage(8, 8, 4, 6, 6, 3))
    '100.0% of 8 amounts, 50.0% twice; of 6 not zero 100.0%, 50.0% twice'
    """
    of_all = f"{covered.share or 0:.1%} of {covered.amounts} amounts, {covered.share_twice or 0:.1%} twice"
    if not covered.nonzero:
        return of_all
    once, twice = covered.nonzero_share or 0, covered.nonzero_share_twice or 0
    return f"{of_all}; of {covered.nonzero} not zero {once:.1%}, {twice:.1%} twice"


def proven_in(covered: Coverage) -> str:
    """The shares of ``proven``, one form below the other.

    >>> proven_in(Coverage(8, 8, 4, 6, 6, 3))
    '100.0%,  50.0% twice; not zero 100.0%,  50.0% twice'
    """
    of_all = f"{covered.share or 0:6.1%}, {covered.share_twice or 0:6.1%} twice"
    if not covered.nonzero:
        return f"{of_all}{' ' * 31}"
    once, twice = covered.nonzero_share or 0, covered.nonzero_share_twice or 0
    return f"{of_all}; not zero {once:6.1%}, {twice:6.1%} twice"


def _time(summary: RunSummary) -> str:
    return f"{summary.seconds:.1f} s, {summary.jobs} at a time ({summary.executor})"


def print_lines(lines: list[tuple[str, str]]) -> None:
    """Labels and values on standard output, as a table where someone looks."""
    if not sys.stdout.isatty():
        for label, value in lines:
            click.echo(f"{label:<12}{value}")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for label, value in lines:
        table.add_row(label, value)
    Console(markup=False, highlight=False).print(table)
