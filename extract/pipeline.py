"""The run over many documents.

Every input is hashed. What is new, changed or failed before is read (but for what cost its
process: that is in quarantine), each document in a
process of its own; what is finished is kept at once, and all of it published at the end or
on interruption. The datasets depend on the inputs alone: not on the executor, and not on the
order in which documents are finished.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from extract.errors import InputError, UnreadableFile, WorkerLost
from extract.executors import Executor, Processes
from extract.inputs import Task, content, find, tasks, with_companions
from extract.interruption import on_signals
from extract.logs import as_asked
from extract.model import USUAL, Identity, Reading, Repair, Way
from extract.neighbours import tie
from extract.quarantine import command
from extract.repair import judged
from extract.settling import left_behind, on_top, settle
from extract.shards import Shard
from extract.stages.publish import Entry, Output, Package, pack, record_run
from extract.summary import Course, FailOn, RunSummary, manifest, summarize

Read = Callable[..., Reading]
"""As ``document.read``: bytes, source and, where a disclosure is several files, the others ``beside``."""
log = logging.getLogger(__name__)


def run(
    inputs: Iterable[str | Path],
    out: str | Path,
    *,
    executor: Executor | None = None,
    repair: Repair = "suggest",
    way: Way = USUAL,
    retry: bool = False,
    shard: Shard | None = None,
    fail_on: FailOn | None = None,
    progress: Progress | None = None,
    read: Read | None = None,
) -> RunSummary:
    """Read ``inputs`` into the datasets of ``out``: what the command ``juesuan run`` does."""
    started, began = datetime.now(UTC), time.monotonic()
    workers = executor or Processes()
    with on_signals() as stopped:
        given_as = list(map(str, inputs))
        paths = find(given_as, sys.stdin, shard)
        with Output.open(Path(out), on_top(Path(out))) as output:
            paths = with_companions(paths, output.index.found)
            desk = Desk(output, paths, repair, progress, way, retry)
            work = partial(attempt, read or _Read(way), repair)
            for given, made in workers.run(work, desk.tasks(stopped), stopped):
                desk.finish(given, made)
            read_until = time.perf_counter()
            settle(output)
            tie(output)
            superseded = output.publish()
            for told in left_behind(output):
                log.warning(told)
            course = Course(
                out=str(out),
                executor=workers.name,
                jobs=workers.jobs,
                repair=repair,
                shard=str(shard) if shard else None,
                sources=desk.named,
                read=desk.read,
                unchanged=len(desk.finished) - desk.read,
                superseded=superseded,
                started=started,
                # Not the clock again: somebody may have put it back meanwhile.
                finished=started + timedelta(seconds=time.monotonic() - began),
                interrupted=stopped(),
                added=len(output.changes.added),
                changed=len(output.changes.changed),
                seconds_reading=desk.seconds,
                seconds_publishing=time.perf_counter() - read_until,
            )
            summary = summarize(course, map(output.of, desk.finished), fail_on)
            record_run(output.root, summary.to_dict() | manifest(given_as, output.changes))
    return summary


@dataclass(frozen=True, slots=True)
class Step:
    """One document is dealt with; ``fresh`` if it was read just now."""

    done: int
    total: int
    entry: Entry
    fresh: bool
    seconds: float


Progress = Callable[[Step], None]


@dataclass(slots=True)
class Desk:
    """Which documents of a run are met, given out, and finished."""

    output: Output
    paths: list[str]
    repair: Repair = "suggest"
    progress: Progress | None = None
    way: Way = USUAL
    retry: bool = False
    read: int = 0
    seconds: float = 0.0
    met: set[str] = field(default_factory=set)
    finished: list[str] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    copies: int = 0
    named: int = 0
    given: int = 0

    def tasks(self, stopped: Callable[[], bool]) -> Iterator[Task]:
        """The documents that are to be read, as long as nobody stops the run."""
        for found in tasks(self.paths):
            if stopped():
                return
            self.named += sum(len(part.names) for part in found.parts)
            self.given += 1
            self.places[found.source] = self.given
            if found.is_afar:
                yield from self._afar(found)
                continue
            self._name(found, found.doc_id)
            if found.doc_id in self.met:
                self.copies += 1
                continue
            self.met.add(found.doc_id)
            if self._is_done(found.doc_id):
                self._finished(self.output.of(found.doc_id), fresh=False, seconds=0.0)
            else:
                yield found

    def finish(self, given: Task, made: Package | WorkerLost) -> None:
        """Keep what a document gave, or what became of it."""
        package = pack(self._lost(given, made)) if isinstance(made, WorkerLost) else made
        doc_id, place = package.entry.doc_id, self.places.pop(given.source)
        if given.is_afar:
            self.met.add(doc_id)
            self._name(given, doc_id, package.sizes)
        self.read += 1
        self.seconds += package.seconds
        # Two URLs may turn out to be one document: its name is the first of them, whoever was first.
        first = self.first.get(doc_id)
        if first is None or place < first:
            self.output.keep(package)
            self.first[doc_id] = place
        if first is None:
            self._finished(package.entry, fresh=True, seconds=package.seconds)
        else:
            self.copies += 1

    def _afar(self, found: Task) -> Iterator[Task]:
        """A task whose bytes are not here: to be read, unless all is as its servers said before."""
        known = {self.output.index.known(part.source, part.mark) for part in found.parts}
        doc_id = known.pop() if len(known) == 1 else None
        if doc_id is None or not self._is_done(doc_id):
            yield found
            return
        self._name(found, doc_id)
        if doc_id in self.met:
            self.copies += 1
        else:
            self.met.add(doc_id)
            self._finished(self.output.of(doc_id), fresh=False, seconds=0.0)

    def _name(self, found: Task, doc_id: str, sizes: Sequence[int | None] = ()) -> None:
        for number, part in enumerate(found.parts):
            size = sizes[number] if sizes else part.bytes or part.mark.bytes
            for name, where in part.names:
                told = where.columns if where else part.mark.columns
                self.output.name(name, doc_id, size, told)

    def _is_done(self, doc_id: str) -> bool:
        """Read before, or in quarantine."""
        return self.output.done(doc_id, self.repair, self.way) or (
            not self.retry and self.output.shunned(doc_id, self.way)
        )

    def _lost(self, given: Task, why: WorkerLost) -> Reading:
        """What is published of a document that cost its process."""
        how = command(given, self.way, self.repair)
        return replace(failed(given, why), way=self.way, reproduce=how)

    def _finished(self, entry: Entry, *, fresh: bool, seconds: float) -> None:
        self.finished.append(entry.doc_id)
        if self.progress:
            total = max(len(self.paths), self.given) - self.copies
            self.progress(Step(len(self.finished), total, entry, fresh, seconds))


def attempt(read: Read, repair: Repair, given: Task) -> Package:
    """Read one document, whatever it is: a failure is a result."""
    as_asked()  # it may be in a process that knows nothing of the run
    began = time.perf_counter()
    sizes: tuple[int | None, ...] = ()
    try:
        data = content(given)
        if given.is_afar:
            given = given.fetched(data)
            sizes = tuple(part.bytes for part in given.parts)
        reading = _read_as_hashed(read, given, data)
        if repair == "apply":
            reading = judged(reading, repair)
        made = pack(replace(reading, seconds=time.perf_counter() - began))
    except InputError as why:
        made = pack(failed(given, why))
    except MemoryError:
        raise  # the executor's to tell, and to clear up after
    except Exception as bug:  # a mistake of ours costs one document, not the run
        log.exception("%s", given.source)
        made = pack(failed(given, _report(bug)))
    return replace(made, sizes=sizes)


def failed(given: Task, why: InputError) -> Reading:
    """What is published of a document of which nothing could be read."""
    return Reading(
        sha256=given.sha256 or "",
        source=given.source,
        media_type=None,
        identity=Identity(),
        text_layer="none",
        pages=0,
        bytes=given.bytes or 0,
        error=str(why),
    )


def _read_as_hashed(read: Read, given: Task, files: Sequence[bytes]) -> Reading:
    data, *beside = files
    reading = read(data, given.source, beside=beside) if beside else read(data, given.source)
    if reading.sha256 != given.sha256:
        raise UnreadableFile("changed while it was read; run again when it is complete")
    return reading


@dataclass(frozen=True, slots=True)
class _Read:
    """The usual way to read; it crosses process borders."""

    way: Way

    def __call__(self, data: bytes, source: str, beside: Sequence[bytes] = ()) -> Reading:
        # Imported where it runs: the process that only hands out work needs no PDF library.
        from extract.document import read

        return read(data, source, self.way, beside=beside)


def _report(bug: Exception) -> InputError:
    return InputError(
        f"juesuan made a mistake on it ({type(bug).__name__}: {bug}); please report this, "
        "with the document if you may"
    )
