"""Who does the work: the same contract for one process, for many, and for many machines.

An executor gives out tasks as fast as they are finished and yields each with its result, in
any order. A task that costs its process is tried once more in a fresh one; if it costs that
too it comes with a ``WorkerLost``, and costs no other.
"""

from __future__ import annotations

from extract.executors.cluster import Cluster
from extract.executors.contract import MEGABYTES, SECONDS, Executor, Limits, cores, never
from extract.executors.processes import Processes
from extract.executors.serial import Serial

__all__ = [
    "MEGABYTES",
    "SECONDS",
    "Cluster",
    "Executor",
    "Limits",
    "Processes",
    "Serial",
    "cores",
    "never",
]
