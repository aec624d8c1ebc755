"""Own worker processes, started when there is work and replaced when they die.

Each is a fresh interpreter at the end of a socket: it imports nothing of the program that
called us, so a script needs no ``if __name__ == "__main__"``, and nothing is forked that
holds a lock. ``concurrent.futures`` would give up all tasks when one process dies.

A crash or a want of memory may be the doing of what the process had read before, or of its
neighbours: the task is tried once more in a process that is new. Time is not: who has used all
of it alone on a core would only use it again.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar, cast

from extract.errors import OutOfTime, WorkerLost
from extract.executors.contract import Limits, cores
from extract.executors.worker import ONE_THREAD, OUT_OF_MEMORY

T = TypeVar("T")
R = TypeVar("R")

# How often a run that waits for its workers looks whether it is to stop.
_GLANCE = 0.2
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from extract.executors.worker import serve; "
    "serve(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))"
)


@dataclass(frozen=True, slots=True)
class Processes:
    """One document a process at a time, each within ``limits``."""

    jobs: int = field(default_factory=cores)
    limits: Limits = field(default_factory=Limits)
    name: str = "processes"

    def run(
        self, work: Callable[[T], R], tasks: Iterable[T], stopped: Callable[[], bool]
    ) -> Iterator[tuple[T, R | WorkerLost]]:
        """See ``Executor``."""
        idle: list[_Worker[T, R]] = []
        busy: dict[Connection, _Worker[T, R]] = {}
        try:
            for task in tasks:
                worker = _given(work, task, idle, self.limits)
                busy[worker.pipe] = worker
                while len(busy) >= self.jobs and not stopped():
                    yield from _finished(busy, idle)
                if stopped():
                    return
            while busy and not stopped():
                yield from _finished(busy, idle)
        finally:
            for worker in (*idle, *busy.values()):
                worker.end()


class _Worker(Generic[T, R]):
    """A process, its pipe, and the task it has; ``second`` if another was lost on it."""

    def __init__(self, limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        self.limits = limits
        self.second = False
        self.pipe: Connection = Connection(ours.detach())
        arguments = [json.dumps(sys.path), theirs.fileno(), limits.seconds, limits.megabytes]
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, *map(str, arguments)],
                pass_fds=[theirs.fileno()],
                env=os.environ | ONE_THREAD,
                stdin=subprocess.DEVNULL,
                stdout=sys.__stderr__,
                process_group=0,  # a Ctrl-C in the terminal is the parent's to handle
            )

    def take(self, work: Callable[[T], R], task: T, *, second: bool = False) -> bool:
        """Whether the task reached a process that lives."""
        self.work, self.task, self.second = work, task, second
        try:
            self.pipe.send((work, task))
        except OSError:
            return False
        return self.process.poll() is None

    def answer(self) -> R | WorkerLost:
        """What it has to say, or why it can say nothing any more."""
        try:
            result: R = self.pipe.recv()
        except (EOFError, OSError):
            return self._fate()
        return result

    def end(self) -> None:
        """Stop at once."""
        self.pipe.close()
        self.process.kill()
        self.process.wait()

    def _fate(self) -> WorkerLost:
        status = self.process.wait()
        if status == -signal.SIGALRM:
            return OutOfTime(
                f"reading it took longer than {self.limits.seconds:g} s, and a sixtieth of it for "
                "each scanned page, and was stopped; allow more with --timeout"
            )
        if status == OUT_OF_MEMORY:
            return WorkerLost(
                f"reading it took more than {self.limits.megabytes} MB of memory and was stopped, "
                "twice; allow more with --memory"
            )
        how = str(signal.strsignal(-status)) if status < 0 else f"exit status {status}"
        return WorkerLost(
            f"the process that read it died ({how}), and so did a second; "
            "all other documents went on without it"
        )


def _given(
    work: Callable[[T], R], task: T, idle: list[_Worker[T, R]], limits: Limits
) -> _Worker[T, R]:
    """The worker that has the task: an idle one that still lives, or a new one."""
    while idle:
        worker = idle.pop()
        if worker.take(work, task):
            return worker
        worker.end()
    return _fresh(work, task, limits)


def _fresh(
    work: Callable[[T], R], task: T, limits: Limits, *, second: bool = False
) -> _Worker[T, R]:
    worker: _Worker[T, R] = _Worker(limits)
    worker.take(work, task, second=second)  # where it dies at once, its pipe says so
    return worker


def _finished(
    busy: dict[Connection, _Worker[T, R]], idle: list[_Worker[T, R]]
) -> Iterator[tuple[T, R | WorkerLost]]:
    """Those that answer, or die, before the next glance."""
    for pipe in wait(busy.keys(), _GLANCE):
        worker = busy.pop(cast(Connection, pipe))
        answer = worker.answer()
        if not isinstance(answer, WorkerLost):
            idle.append(worker)
        else:
            worker.end()
            if not worker.second and not isinstance(answer, OutOfTime):
                another = _fresh(worker.work, worker.task, worker.limits, second=True)
                busy[another.pipe] = another
                continue
        yield worker.task, answer
