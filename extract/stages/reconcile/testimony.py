"""What does the narrative say that cells should read?

A fact that states what a cell prints is an equation of that one cell. It is a witness, not a
sum: where it alone speaks, text and table merely differ, which ``witness`` tells; but where the sums
fail, a reading it bears out is the likelier one, and one it contradicts the less likely.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

from extract.stages.reconcile.ledger import HALF_FEN, Cell
from extract.stages.reconcile.witness.said import Said

Place = tuple[str, Cell]
"""(variant, cell)."""

CONTRADICTED = log(1 / 0.015) + log(1000)
"""Nats against a reading a fact contradicts: one stated amount in 70 is wrong (two in 134 of the
published narratives the rules were tried on), and then it could be any figure of its size."""


class Testimony(NamedTuple):
    """A figure as the text states it, in half-分, and half its printed step."""

    value: int
    half: int

    def bears_out(self, value: int) -> bool:
        """Whether it may be the same figure."""
        return abs(self.value - value) <= self.half


Heard = Mapping[Place, Sequence[Testimony]]
"""What is stated of each cell, each figure once."""


def heard(stated: Said) -> Heard:
    """The testimony of facts on cells of the standard forms."""
    found: dict[Place, dict[Testimony, None]] = defaultdict(dict)
    for one in stated.all:
        for cell in one.cells:
            figure = one.figure
            told = Testimony(int(figure.value * HALF_FEN), int(figure.half * HALF_FEN))
            found["", cell][told] = None
    return {at: tuple(told) for at, told in found.items()}


def against(stated: Sequence[Testimony], value: int) -> float:
    """Nats against a cell's reading ``value``."""
    return CONTRADICTED * sum(1 for one in stated if not one.bears_out(value))
