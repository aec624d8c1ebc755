"""Does the narrative say what the tables say, and what its own figures make?

Every fact that a form states too is held against its cell; shares, completions and changes
are recomputed from their parts, lists against their total; 款 said to be paid against their
cells. A printed figure stands for half a step to either side, so honest rounding is told as
such, and so is a percentage cut off instead of rounded. What the tables' own diagnosis
doubts is not told a second time.
"""

from __future__ import annotations

from collections.abc import Iterator

from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.witness.figures import Tables
from extract.stages.reconcile.witness.lists import paid_nothing, unnamed
from extract.stages.reconcile.witness.relations import relations
from extract.stages.reconcile.witness.said import Said, said
from extract.stages.reconcile.witness.shares import too_much
from extract.stages.reconcile.witness.ties import ties

__all__ = ["WITNESS", "Said", "Tables", "said", "witness"]

WITNESS = "facts."
"""How the rules of these findings begin; the metric follows."""


def witness(stated: Said, tables: Tables) -> Iterator[Told]:
    """Where sentences and tables of one statement disagree."""
    yield from ties(stated, tables)
    related = list(relations(stated, tables))
    yield from related
    yield from too_much(stated, {one.at for one in related if one.at and one.severity != "info"})
    yield from paid_nothing(stated, tables)
    yield from unnamed(stated, tables)
