"""A harvest, from sources to a summary; the crawl itself runs in a process of its own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from extract import errors
from extract.errors import (
    EXIT_ALL_FAILED,
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_OUTPUT,
    EXIT_SOME_FAILED,
    ExtraMissing,
    OutputError,
)
from extract.harvest.addresses import EVERYTHING, Permit
from extract.harvest.events import Event
from extract.harvest.job import Job, Manners
from extract.harvest.spec import Source, load
from extract.interruption import on_signals

Progress = Callable[[Event], None]
GRACE = 30.0
"""Seconds in which a crawl that is stopped finishes what it is just fetching."""


@dataclass(slots=True)
class HarvestSummary:
    """What came of a harvest. ``copies`` are known bytes under a new address."""

    store: str
    sources: int
    started: datetime
    seconds: float = 0.0
    pages: int = 0
    stored: int = 0
    copies: int = 0
    unchanged: int = 0
    bytes: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    """Links that were not followed: older, sample (beyond it), elsewhere (other hosts)."""
    failed: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False
    resumed: bool = False

    @property
    def documents(self) -> int:
        """Addresses that gave a document."""
        return self.stored + self.copies + self.unchanged

    @property
    def found_nothing(self) -> bool:
        """Pages were read, and no link on them was a document's."""
        return not (self.documents or self.passed or self.failed or self.resumed)

    @property
    def exit_code(self) -> int:
        """As the contract has it."""
        if self.interrupted:
            return EXIT_INTERRUPTED
        if self.found_nothing:
            return EXIT_OUTPUT
        if not self.failed:
            return EXIT_DONE
        return EXIT_SOME_FAILED if self.documents else EXIT_ALL_FAILED

    def add(self, event: Event) -> None:
        """One more thing happened."""
        match event.what:
            case "page":
                self.pages += 1
            case "stored":
                self.stored += 1
                self.bytes += event.size
            case "copy":
                self.copies += 1
            case "unchanged":
                self.unchanged += 1
            case "passed":
                self.passed[event.reason] += event.count
            case "failed":
                self.failed[event.url] = event.reason
            case "end":
                self.interrupted |= event.reason == "shutdown"
                self.resumed = event.title == "resumed"

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        names = ("store", "sources", "seconds", "pages", "stored", "copies", "unchanged", "bytes")
        told: dict[str, Any] = {name: getattr(self, name) for name in names}
        told |= {"started": self.started.isoformat(), "documents": self.documents}
        told |= {"passed_over": dict(self.passed), "failed": self.failed}
        told |= {"interrupted": self.interrupted, "resumed": self.resumed}
        return told | {"exit_code": self.exit_code}


def harvest(
    sources: str | Path | Iterable[str | Path | Source],
    store: str | Path,
    *,
    since: date | None = None,
    sample: int | None = None,
    allow_private: bool | Sequence[str] = False,
    manners: Manners | None = None,
    progress: Progress | None = None,
) -> HarvestSummary:
    """Fetch what ``sources`` (YAML files, or ``Source``s) describe into the raw store at ``store``.

    What did not change is not fetched again. ``since`` passes over what is older, ``sample``
    stops each source after so many documents. ``allow_private`` lets addresses that are not
    public, all or those in networks (``10.0.0.0/8``). ``progress`` is called for each event.
    """
    given = [sources] if isinstance(sources, str | Path) else list(sources)
    beside = _networks(allow_private)
    job = Job(
        sources=_sources(given),
        store=str(store),
        since=since.isoformat() if since else None,
        sample=sample,
        beside=beside,
        manners=manners or Manners(),
    )
    if importlib.util.find_spec("scrapy") is None:
        raise ExtraMissing(
            "harvesting needs Scrapy, which is not installed: pip install 'juesuan[harvest]'"
        )
    summary = HarvestSummary(job.store, len(job.sources), datetime.now(UTC))
    began = time.monotonic()
    for event in _crawled(job):
        summary.add(event)
        if progress is not None:
            progress(event)
    summary.seconds = time.monotonic() - began
    return summary


def _crawled(job: Job) -> Iterator[Event]:
    """The events of the crawl. Raises what it says of the store."""
    ended = False
    with on_signals() as stopped, _child(job) as child, _stopping(child, stopped):
        assert child.stdout is not None
        for line in child.stdout:
            event = Event.from_json(line)
            if event.what == "refused":
                raise getattr(errors, event.title, OutputError)(event.reason)
            ended |= event.what == "end"
            yield event
        code = child.wait()
        if not ended and stopped():
            yield Event("end", reason="shutdown")
        elif not ended:
            why = (
                f"the crawling process was lost (exit {code}); what was stored is whole, run again"
            )
            yield Event("failed", job.store, reason=why)


@contextmanager
def _child(job: Job) -> Iterator[subprocess.Popen[bytes]]:
    """A session of its own: Ctrl-C reaches the parent alone, which tells the child in order."""
    command = [sys.executable, "-P", "-m", "extract.harvest.child"]  # what lies about is no module
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        with suppress(BrokenPipeError):
            child.stdin.write(job.to_json().encode() + b"\n")
            child.stdin.flush()
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stdout.close()
        with suppress(BrokenPipeError):
            child.stdin.close()


@contextmanager
def _stopping(child: subprocess.Popen[bytes], stopped: Callable[[], bool]) -> Iterator[None]:
    """Pass the wish to stop on, and see that it is granted."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            if stopped():
                assert child.stdin is not None
                with suppress(OSError):
                    child.stdin.close()
                if not over.wait(GRACE):
                    child.kill()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _sources(given: Iterable[str | Path | Source]) -> tuple[Source, ...]:
    each = list(given)
    paths = [one for one in each if not isinstance(one, Source)]
    return (*load(paths), *(one for one in each if isinstance(one, Source)))


def _networks(allowed: bool | Sequence[str]) -> tuple[str, ...]:
    if isinstance(allowed, bool):
        return EVERYTHING if allowed else ()
    Permit.of(allowed)
    return tuple(allowed)
