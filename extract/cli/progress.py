"""How a run goes: a bar in a terminal, a line a document in a log. Always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from extract.pipeline import Step


@contextmanager
def reporting(quiet: bool) -> Iterator[Callable[[Step], None] | None]:
    """What to call after each document."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with bar() as draw:
            yield draw
    else:
        yield log


def log(step: Step) -> None:
    """A line for each document read; those that were read before are only counted."""
    if step.fresh:
        click.echo(line(step), err=True)


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
