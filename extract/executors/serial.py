"""The reference: one task after the other, in this process and without limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from extract.errors import WorkerLost

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Serial:
    """Nothing protects the run from a document that crashes; good for debugging."""

    name: str = "serial"
    jobs: int = 1

    def run(
        self, work: Callable[[T], R], tasks: Iterable[T], stopped: Callable[[], bool]
    ) -> Iterator[tuple[T, R | WorkerLost]]:
        """See ``Executor``."""
        for task in tasks:
            if stopped():
                return
            try:
                yield task, work(task)
            except MemoryError:
                yield task, WorkerLost("there was not enough memory to read it")
