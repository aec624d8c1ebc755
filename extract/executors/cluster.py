"""Many machines, by way of Dask: whatever started its scheduler and its workers, we only give work.

A bounded number of documents is under way: one for each thread of the cluster, and one that
waits there. A Dask worker that is lost costs nothing: Dask gives its documents to others. One that
still answers to Dask but does no work any more is noticed at the end of a run, when others are
idle: what it has is given out once more, and whoever is first has done it.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from extract.errors import ClusterError, WorkerLost
from extract.executors.contract import Limits
from extract.executors.hire import Terms
from extract.version import VERSION

T = TypeVar("T")
R = TypeVar("R")

# How often a run that waits looks whether it is to stop, and how large the cluster is by now.
_GLANCE = 0.2
_CENSUS = 2.0
_CONNECT = "15s"
_FAREWELL = 5.0
_FETCHERS = 8
_SETTINGS = "JUESUAN_"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Cluster:
    """The Dask cluster whose scheduler is at ``address``, or in the file of that name.

    At ``most`` so many documents are under way; None: twice the threads of the cluster.
    ``patience`` is how many seconds a document may be away before others that are idle try it.
    """

    address: str
    limits: Limits = field(default_factory=Limits)
    most: int | None = None
    patience: float = 60.0
    jobs: int = field(default=0, init=False)
    name: str = field(default="cluster", init=False)

    def run(
        self, work: Callable[[T], R], tasks: Iterable[T], stopped: Callable[[], bool]
    ) -> Iterator[tuple[T, R | WorkerLost]]:
        """See ``Executor``."""
        with (
            _connected(self.address) as client,
            _fetchers() as fetchers,
            _crew(client, _terms(self.limits), fetchers) as crew,
        ):
            desk: _Desk[T, R] = _Desk(client, crew, work, fetchers)
            coming, more = iter(tasks), True
            census, room = 0.0, 1
            while (more or desk.away) and not stopped():
                if time.monotonic() > census:
                    threads = _threads(client, told=census > 0)
                    room = self.most or 2 * max(threads, 1)
                    self.jobs = max(self.jobs, room)
                    census = time.monotonic() + _CENSUS
                if more and len(desk.away) < room:
                    for task in coming:
                        desk.give(task)
                        break
                    else:
                        more = False
                    continue
                yield from desk.back()
                if not more:
                    desk.give_again(self.patience)


def _threads(client: Any, *, told: bool) -> int:
    """Of all its workers; a cluster may have none yet."""
    threads: int = sum(client.nthreads().values())
    if not threads and not told:
        log.warning("juesuan: the Dask cluster has no workers yet; waiting for one")
    return threads


@dataclass(slots=True, eq=False)
class _Away(Generic[T]):
    """A task that is under way, once or twice."""

    task: T
    since: float
    futures: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class _Desk(Generic[T, R]):
    """What is under way, and what came back."""

    client: Any
    crew: str
    work: Callable[[T], R]
    fetchers: ThreadPoolExecutor
    away: dict[str, _Away[T]] = field(default_factory=dict)
    done: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)

    def give(self, task: T) -> None:
        """Hand a task to the cluster."""
        one = _Away(task, time.monotonic())
        self._submit(one)

    def give_again(self, patience: float) -> None:
        """Hand the task that is away longest to others too, if any have nothing to do."""
        waiting = [one for one in dict.fromkeys(self.away.values()) if len(one.futures) == 1]
        oldest = min(waiting, key=lambda one: one.since, default=None)
        if oldest is None or time.monotonic() - oldest.since < patience:
            return
        [first] = oldest.futures
        busy = self.client.processing()
        holding = set(self.client.who_has([first]).get(first.key, ()))  # done, and not sent
        free = [
            at
            for at, threads in self.client.nthreads().items()
            if at not in holding
            and first.key not in busy.get(at, ())
            and len(busy.get(at, ())) < threads
        ]
        if free:
            self._submit(oldest, workers=free)

    def back(self) -> Iterator[tuple[T, R | WorkerLost]]:
        """Tasks that came back before the next glance, each once."""
        for key, answer in self._ready():
            one = self.away.get(key)
            if one is None:  # another was first
                continue
            if isinstance(answer, ClusterError):
                raise answer
            for each in one.futures:
                del self.away[each.key]
                if each.key != key:
                    each.cancel()
            yield one.task, answer

    def _submit(self, one: _Away[T], workers: list[str] | None = None) -> None:
        from extract.executors import crew

        future = self.client.submit(
            crew.do,
            VERSION,
            self.crew,
            self.work,
            one.task,
            key=f"juesuan-{uuid.uuid4().hex}",
            workers=workers,
            pure=False,
        )
        one.futures.append(future)
        self.away[future.key] = one
        future.add_done_callback(self._fetch)

    def _fetch(self, future: Any) -> None:
        """In a thread that may wait: who has the answer may have stopped to answer."""
        with suppress(RuntimeError):  # the run is over
            self.fetchers.submit(lambda: self.done.put((future.key, _answer(future))))

    def _ready(self) -> Iterator[tuple[str, R | WorkerLost | ClusterError]]:
        with suppress(queue.Empty):
            yield self.done.get(timeout=_GLANCE)
            while True:
                yield self.done.get_nowait()


def _answer(future: Any) -> Any:
    """What a task gave, or what it cost; a ``ClusterError`` where it was not even tried."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return WorkerLost(
            "one Dask worker after the other was lost while it was read; "
            "all other documents went on without it"
        )
    except ClusterError as why:
        return why
    except (CancelledError, Exception) as why:  # noqa: BLE001 — raised by whoever waits for it
        return ClusterError(
            f"the Dask cluster did not do its work ({type(why).__name__}: {why}); "
            "what was finished is kept: run again to go on"
        )


@contextmanager
def _fetchers() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(_FETCHERS, "juesuan-fetch")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _connected(where: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as why:
        raise ClusterError(
            "--cluster needs Dask, which is not installed: pip install 'juesuan[cluster]'"
        ) from why
    address = _address(where)
    connect = partial(Client, address, timeout=_CONNECT, set_as_default=False)
    try:
        try:
            client = connect()
        except (
            AssertionError
        ):  # its loop was given ten seconds to start, and a busy machine took longer
            client = connect()
    except (OSError, ValueError, AssertionError) as why:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({why}); start one, or check the address"
        ) from why
    with client:
        yield client


def _address(where: str) -> str:
    """The address, or the one that a scheduler has written into the file."""
    if "://" in where:
        return where
    try:
        return str(json.loads(Path(where).read_text(encoding="utf-8"))["address"])
    except OSError as why:
        raise ClusterError(
            f"{where} is neither an address (tcp://host:8786) nor a scheduler file: {why.strerror}"
        ) from why
    except (ValueError, KeyError, TypeError) as why:
        raise ClusterError(f"{where} is no scheduler file: it has no address") from why


@contextmanager
def _crew(client: Any, terms: Terms, fetchers: ThreadPoolExecutor) -> Iterator[str]:
    """Its name, as long as the Dask workers have one for us."""
    from extract.executors.crew import Crew

    name = f"juesuan-{uuid.uuid4().hex}"
    try:
        client.register_plugin(Crew(terms), name=name)
    except Exception as why:
        raise ClusterError(
            f"the Dask workers cannot load juesuan ({type(why).__name__}: {why}); "
            f"install juesuan {VERSION} with the extra cluster on all of them"
        ) from why
    try:
        yield name
    finally:
        with suppress(Exception):  # the cluster may be gone by now, or some of it stand still
            fetchers.submit(client.unregister_worker_plugin, name).result(timeout=_FAREWELL)


def _terms(limits: Limits) -> Terms:
    """The same folder and settings as here, so that paths and results are the same."""
    told = {name: value for name, value in os.environ.items() if name.startswith(_SETTINGS)}
    return Terms(limits, str(Path.cwd()), told)
