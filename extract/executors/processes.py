"""Own worker processes, started when there is work and replaced when they die.

``concurrent.futures`` would give up all tasks when one process dies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TypeVar, cast

from extract.errors import WorkerLost
from extract.executors.contract import Limits, cores
from extract.executors.hire import Terms, Worker, another, hire

T = TypeVar("T")
R = TypeVar("R")

# How often a run that waits for its workers looks whether it is to stop.
_GLANCE = 0.2


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
        idle: list[Worker[T, R]] = []
        busy: dict[Connection, Worker[T, R]] = {}
        try:
            for task in tasks:
                worker = _given(work, task, idle, Terms(self.limits))
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


def _given(work: Callable[[T], R], task: T, idle: list[Worker[T, R]], terms: Terms) -> Worker[T, R]:
    """The worker that has the task: an idle one that still lives, or a new one."""
    while idle:
        worker = idle.pop()
        if worker.take(work, task):
            return worker
        worker.end()
    return hire(work, task, terms)


def _finished(
    busy: dict[Connection, Worker[T, R]], idle: list[Worker[T, R]]
) -> Iterator[tuple[T, R | WorkerLost]]:
    """Those that answer, or are lost for good, before the next glance."""
    for pipe in wait(busy.keys(), _GLANCE):
        worker = busy.pop(cast(Connection, pipe))
        answer = worker.answer()
        if fresh := another(worker, answer):
            busy[fresh.pipe] = fresh
            continue
        if not isinstance(answer, WorkerLost):
            idle.append(worker)
        yield worker.task, answer
