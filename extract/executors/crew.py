"""What a Dask worker needs to read documents: processes of our own, with the same limits as anywhere.

Dask runs a task in a thread, which nothing can stop and whose memory nobody counts. So each
thread hands its document to a worker process, which the kernel holds to its limits.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from distributed import Worker as DaskWorker
from distributed import WorkerPlugin, get_worker

from extract.errors import ClusterError, WorkerLost
from extract.executors.hire import Terms, Worker, another, hire
from extract.version import VERSION

T = TypeVar("T")
R = TypeVar("R")


class Crew(WorkerPlugin):  # type: ignore[misc]  # Dask comes untyped
    """The processes of one Dask worker, from the first document to the end of the run."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def setup(self, worker: DaskWorker) -> None:  # noqa: ARG002 — Dask's signature
        """Nobody is hired before there is work."""
        self.lock = Lock()
        self.idle: list[Worker[Any, Any]] = []
        self.busy: set[Worker[Any, Any]] = set()

    def teardown(self, worker: DaskWorker) -> None:  # noqa: ARG002
        """Everybody goes, whatever he is doing."""
        with self.lock:
            for each in (*self.idle, *self.busy):
                each.end()
            self.idle.clear()

    def do(self, work: Callable[[T], R], task: T) -> R | WorkerLost:
        """The result, or what it cost to try."""
        worker = self._given(work, task)
        while True:
            answer = worker.answer()
            with self.lock:
                self.busy.discard(worker)
                fresh = another(worker, answer)
                if fresh is None and not isinstance(answer, WorkerLost):
                    self.idle.append(worker)
                if fresh is None:
                    return answer
                self.busy.add(fresh)
            worker = fresh

    def _given(self, work: Callable[[T], R], task: T) -> Worker[T, R]:
        with self.lock:
            while self.idle:
                worker: Worker[T, R] = self.idle.pop()
                if worker.take(work, task):
                    break
                worker.end()
            else:
                worker = hire(work, task, self.terms)
            self.busy.add(worker)
        return worker


def do(version: str, crew: str, work: Callable[[T], R], task: T) -> R | WorkerLost:
    """What Dask runs: the task, by the crew of this Dask worker."""
    here = get_worker()
    if version != VERSION:
        raise ClusterError(
            f"the Dask worker at {here.address} has juesuan {VERSION}, this is {version}; "
            "install the same on all machines, so that their results are the same"
        )
    done: R | WorkerLost = here.plugins[crew].do(work, task)
    return done
