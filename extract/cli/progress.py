"""How a run goes: a bar in a terminal, a line a document in a log. Always on standard error.

For machines the lines are JSON objects, and the figures of the run a file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from extract.errors import JuesuanError
from extract.logs import as_json, event

if TYPE_CHECKING:
    from extract.pipeline import Step
    from extract.summary import RunSummary

LogFormat = Literal["text", "json"]


@contextmanager
def reporting(
    quiet: bool, log_format: LogFormat = "text"
) -> Iterator[Callable[[Step], None] | None]:
    """What to call after each document."""
    if quiet:
        yield None
    elif log_format == "json":
        yield log_object
    elif sys.stderr.isatty():
        with bar() as draw:
            yield draw
    else:
        yield log


def log(step: Step) -> None:
    """A line for each document read; those that were read before are only counted."""
    if step.fresh:
        click.echo(line(step), err=True)


def log_object(step: Step) -> None:
    """The same as an object."""
    if step.fresh:
        entry = step.entry
        named = ("source", "doc_id", "status", "error", "fiscal_year", "pages", "forms", "items")
        counts = ("findings_error", "findings_warning", "findings_info")
        told = {name: getattr(entry, name) for name in (*named, *counts)}
        seconds = round(step.seconds, 3)
        click.echo(
            event("document", done=step.done, total=step.total, seconds=seconds, **told), err=True
        )


@contextmanager
def logging(log_format: LogFormat) -> Iterator[None]:
    """Logs in that format, and an error of the whole run as one of them."""
    if log_format == "text":
        yield
        return
    with as_json():
        try:
            yield
        except JuesuanError as why:
            click.echo(event("error", message=str(why), exit_code=why.exit_code), err=True)
            raise click.exceptions.Exit(why.exit_code) from why


def log_end(summary: RunSummary) -> None:
    """The end of the run as an object."""
    told = summary.to_dict()
    for long in ("coverage", "errors", "reproduce"):
        del told[long]
    click.echo(event("run", **told), err=True)


@contextmanager
def metering(path: str | None) -> Iterator[Callable[[RunSummary], None]]:
    """What to call with the summary; a run that comes to none leaves its exit code."""
    if path is None:
        yield lambda _: None
        return
    from extract import metrics

    def write(ended: RunSummary | int) -> None:
        metrics.write(Path(path), ended, datetime.now(UTC))

    try:
        yield write
    except JuesuanError as why:
        with suppress(JuesuanError):  # what went wrong first is what is told
            write(why.exit_code)
        raise


def line(step: Step) -> str:
    """One document in a log."""
    entry = step.entry
    head = f"{step.done}/{step.total} {entry.status}  {entry.source}"
    if entry.error is not None:
        return f"{head}  {entry.error}"
    loud = entry.findings_error + entry.findings_warning
    told = f"  {loud} findings" if loud else ""
    return f"{head}  {entry.pages} pages{told}  {step.seconds:.1f} s"


@dataclass(slots=True)
class Tally:
    """What was done so far."""

    began: float = field(default_factory=time.monotonic)
    pages: int = 0
    loud: int = 0
    failed: int = 0

    def add(self, step: Step) -> str:
        """One more document; the line beside the bar."""
        self.pages += step.entry.pages if step.fresh else 0
        self.loud += step.entry.findings_error + step.entry.findings_warning
        self.failed += not step.entry.readable
        speed = self.pages / max(time.monotonic() - self.began, 0.001)
        return f"{speed:.1f} pages/s  {self.loud} findings  {self.failed} failed"


@contextmanager
def bar() -> Iterator[Callable[[Step], None]]:
    """A bar that grows document by document."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    tally = Tally()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("looking at the inputs", total=None)

        def draw(step: Step) -> None:
            if step.entry.error is not None:
                progress.console.print(line(step), style="red", markup=False, highlight=False)
            told = tally.add(step)
            progress.update(task, completed=step.done, total=step.total, description=told)

        yield draw
