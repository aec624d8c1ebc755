"""Spoilt documents, one after the other, in processes with limits: who crashes, hangs or trips us?

A seed is a specimen: the same number is always the same bytes.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from extract.errors import InputError, WorkerLost
from extract.executors import Limits, Processes, never
from tests.hostile.mutations import spoilt
from tests.hostile.seeds import PICTURES, seeds

LIMITS = Limits(seconds=300, megabytes=1024)
"""The alarm is a clock's, and the machine may have other work: ``SECONDS`` are the processor's."""
SECONDS = 20.0
_SELDOM = 0.02  # of the inputs are pictures
_SEEN = 10  # of so many one is read by OCR where its text is of no use


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one: ``read``, the class of an error about the input, ``bug`` or ``slow``."""

    outcome: str
    seconds: float
    trace: str = ""


def specimen(seed: int) -> tuple[str, bytes]:
    """The suffix of what was spoilt, and what came of it."""
    chance = Random(seed)
    sound = seeds()
    pictured = chance.random() < _SELDOM
    suffix = chance.choice([kind for kind in sorted(sound) if (kind in PICTURES) == pictured])
    return suffix, spoilt(sound[suffix], chance, list(sound.values()))


def tried(seed: int) -> Told:
    """Read a specimen as a run would, and pack what comes of it."""
    from extract.document import read
    from extract.model import Way
    from extract.stages.publish import pack

    _, data = specimen(seed)
    began = time.process_time()
    trace = ""
    try:
        pack(read(data, f"{seed}", Way(ocr="never" if seed % _SEEN else "auto")))
        outcome = "read"
    except InputError as told:
        outcome = type(told).__name__
        if not str(told).isprintable() and "\n" not in str(told):
            outcome, trace = "bug", f"an error that cannot be printed: {told!r}"
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 — that is what we look for
        outcome, trace = "bug", traceback.format_exc()
    seconds = time.process_time() - began
    return Told("slow" if seconds > SECONDS else outcome, seconds, trace)


def results(seeds_: Iterable[int], jobs: int = 1) -> Iterator[tuple[int, Told]]:
    """Each with what became of it; a lost process is an outcome as well."""
    for seed, told in Processes(jobs, LIMITS).run(tried, seeds_, never):
        if isinstance(told, WorkerLost):
            yield seed, Told(type(told).__name__, LIMITS.seconds, str(told))
        else:
            yield seed, told


BAD = ("bug", "slow", "WorkerLost", "OutOfTime")
"""Outcomes that no input may have."""
