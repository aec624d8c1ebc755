"""The other end of a pipe: take a task, work, answer, until the pipe is closed.

The limits are the kernel's to keep: an alarm that nobody handles ends the process when the
time is up, whatever it is doing, and memory beyond the limit is simply not given.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from extract.alarm import ALARM

OUT_OF_MEMORY = 77
"""Exit status of a worker that was refused memory."""

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",  # Arrow and our own use of onnxruntime go by it too
        "OMP_THREAD_LIMIT",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "ARROW_IO_THREADS",
        "OPENCV_FOR_THREADS_NUM",
    ),
    "1",
)
"""One document, one core: what libraries would start for themselves only gets in the way.

To be set before the process begins: some look once, when they are loaded.
"""


def serve(descriptor: int, seconds: float, megabytes: int) -> None:
    """Answer every task that comes through ``descriptor``."""
    prepare()
    pipe = Connection(descriptor)
    try:
        work, task = pipe.recv()
        limit_memory(megabytes)
        while True:
            ALARM.set(seconds)
            answer = work(task)
            ALARM.set(0)
            pipe.send(answer)
            work, task = pipe.recv()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except MemoryError:
        _leave(OUT_OF_MEMORY)


def prepare() -> None:
    """Leave signals to the parent, and no core file behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory(megabytes: int) -> None:
    """Allow so much beyond what the process has by now.

    Data are counted, not addresses: libraries that read scans map twice what they ever fill.
    """
    wanted = _held() + (megabytes << 20)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))
    except (OSError, ValueError):  # macOS knows the limit and does not keep it
        sys.stderr.write("juesuan: this system does not limit the memory of a process\n")


def _held() -> int:
    """Bytes of data and stack; none of them a document's."""
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text().split()[5]) if statm.exists() else 0
    return pages * resource.getpagesize()


def _leave(status: int) -> NoReturn:
    """At once: what is left of the heap may not be enough to tidy up."""
    os._exit(status)
