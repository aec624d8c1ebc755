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

from extract.stages.publish.apply import OnTop
from extract.stages.publish.changes import Changes
from extract.stages.publish.entry import Entry
from extract.stages.publish.files import (
    HISTORY,
    Bucket,
    buckets,
    paths,
    read_table,
    write_bytes,
)
from extract.stages.publish.lock import Owner, holder
from extract.stages.publish.merge import take_over
from extract.stages.publish.migrate import migrate
from extract.stages.publish.output import Output, Reason
from extract.stages.publish.package import Package, pack
from extract.stages.publish.runs import record_run, runs, shards_read
from extract.stages.publish.stored import (
    Part,
    columns,
    held,
    held_by_any,
    parts,
    reading_of,
    readings,
    readings_of,
)
from extract.stages.publish.tables import Tables, tables
from extract.stages.publish.tables import reading as as_reading
from extract.stages.publish.ties import TIED, tied, ties_of, untied

__all__ = [
    "HISTORY",
    "TIED",
    "Bucket",
    "Changes",
    "Entry",
    "OnTop",
    "Output",
    "Owner",
    "Package",
    "Part",
    "Reason",
    "Tables",
    "as_reading",
    "buckets",
    "columns",
    "held",
    "held_by_any",
    "holder",
    "migrate",
    "pack",
    "parts",
    "paths",
    "read_table",
    "reading_of",
    "readings",
    "readings_of",
    "record_run",
    "runs",
    "shards_read",
    "tables",
    "take_over",
    "tied",
    "ties_of",
    "untied",
    "write_bytes",
]
