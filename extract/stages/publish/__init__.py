"""How does a reading become rows in OUT, so that a kill at any moment loses nothing?

A reading is packed into Arrow bytes where it was made (``pack``), kept as one small file in
OUT/.staged as soon as it is finished, and merged into the datasets together with others:
a plan is written down, every file it touches is written beside and swapped in, and the
plan is struck out. A run that dies in between leaves the plan behind; the next carries it
out first. Publishing the same readings in any order gives the same bytes.

It refuses an OUT of another contract version, which ``migrate`` brings to the present one, and
one that another run holds.
"""

from __future__ import annotations

from extract.stages.publish.changes import Changes
from extract.stages.publish.entry import Entry
from extract.stages.publish.files import write_bytes
from extract.stages.publish.lock import Owner, holder
from extract.stages.publish.merge import take_over
from extract.stages.publish.migrate import migrate
from extract.stages.publish.output import Output, Reason
from extract.stages.publish.package import Package, pack
from extract.stages.publish.runs import record_run, runs, shards_read
from extract.stages.publish.stored import columns, held, held_by_any, readings
from extract.stages.publish.tables import tables

__all__ = [
    "Changes",
    "Entry",
    "Output",
    "Owner",
    "Package",
    "Reason",
    "columns",
    "held",
    "held_by_any",
    "holder",
    "migrate",
    "pack",
    "readings",
    "record_run",
    "runs",
    "shards_read",
    "tables",
    "take_over",
    "write_bytes",
]
