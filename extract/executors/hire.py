"""A worker process as seen by whoever hired it: a fresh interpreter at the end of a socket.

It imports nothing of the program that called us, so a script needs no
``if __name__ == "__main__"``, and nothing is forked that holds a lock.

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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Generic, TypeVar

from extract.errors import OutOfTime, WorkerLost
from extract.executors.contract import Limits
from extract.executors.worker import ONE_THREAD, OUT_OF_MEMORY

T = TypeVar("T")
R = TypeVar("R")

_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from extract.executors.worker import serve; "
    "serve(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which a worker is hired: its limits, the folder it works in, and what its environment says."""

    limits: Limits
    folder: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


class Worker(Generic[T, R]):
    """A process, its pipe, and the task it has; ``second`` if another was lost on it."""

    def __init__(self, terms: Terms) -> None:
        ours, theirs = socket.socketpair()
        self.terms = terms
        limits = terms.limits
        self.second = False
        self.pipe: Connection = Connection(ours.detach())
        arguments = [json.dumps(sys.path), theirs.fileno(), limits.seconds, limits.megabytes]
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, *map(str, arguments)],
                pass_fds=[theirs.fileno()],
                cwd=terms.folder if terms.folder and Path(terms.folder).is_dir() else None,
                env={**os.environ, **terms.settings, **ONE_THREAD},
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
                f"reading it took longer than {self.terms.limits.seconds:g} s, and a sixtieth of it for "
                "each scanned page, and was stopped; allow more with --timeout"
            )
        if status == OUT_OF_MEMORY:
            return WorkerLost(
                f"reading it took more than {self.terms.limits.megabytes} MB of memory and was stopped, "
                "twice; allow more with --memory"
            )
        how = str(signal.strsignal(-status)) if status < 0 else f"exit status {status}"
        return WorkerLost(
            f"the process that read it died ({how}), and so did a second; "
            "all other documents went on without it. Open it in another program and save it anew, or report it"
        )


def hire(work: Callable[[T], R], task: T, terms: Terms, *, second: bool = False) -> Worker[T, R]:
    """A new worker, and its first task; where it dies at once, its pipe says so."""
    worker: Worker[T, R] = Worker(terms)
    worker.take(work, task, second=second)
    return worker


def another(worker: Worker[T, R], answer: R | WorkerLost) -> Worker[T, R] | None:
    """A new worker in the place of one that was lost, for the same task, if it is to have one."""
    if not isinstance(answer, WorkerLost):
        return None
    worker.end()
    if worker.second or isinstance(answer, OutOfTime):
        return None
    return hire(worker.work, worker.task, worker.terms, second=True)
