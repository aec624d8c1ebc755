"""What every executor promises."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from extract.errors import WorkerLost

T = TypeVar("T")
R = TypeVar("R")

SECONDS = 600.0
"""How long one document may take, unless told otherwise, besides a sixtieth for each scanned page."""

MEGABYTES = 2048
"""How much memory it may take beyond what a worker needs to start."""


class Executor(Protocol):
    """Runs ``work`` on each of ``tasks``."""

    @property
    def name(self) -> str:
        """As ``runs.executor`` calls it."""

    @property
    def jobs(self) -> int:
        """How many tasks it works on at a time."""

    def run(
        self, work: Callable[[T], R], tasks: Iterable[T], stopped: Callable[[], bool]
    ) -> Iterator[tuple[T, R | WorkerLost]]:
        """Each task with its result, in any order, until ``stopped`` or done.

        A task is taken from ``tasks`` when there is somebody to do it. Once ``stopped``
        says so, what is under way may be dropped. ``work`` and the tasks must be picklable.
        """


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES


def never() -> bool:
    """Nobody stops this run."""
    return False


def cores() -> int:
    """How many this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
