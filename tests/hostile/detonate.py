"""One bomb read in a process of its own: what it costs."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from extract.errors import InputError
from tests.hostile.bombs import BOMBS


@dataclass(frozen=True, slots=True)
class Cost:
    """What became of a bomb, in seconds of CPU and megabytes beyond what it itself takes to make."""

    outcome: str
    seconds: float
    megabytes: int
    message: str = ""


def detonate(name: str) -> Cost:
    """Read it as a run would, and pack what comes of it."""
    from extract.document import read
    from extract.stages.publish import pack

    data = BOMBS[name]()
    began, before = time.process_time(), _peak()
    message = ""
    try:
        pack(read(data, name))
        outcome = "read"
    except InputError as told:
        outcome, message = type(told).__name__, str(told)
    return Cost(outcome, time.process_time() - began, _peak() - before, message)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
