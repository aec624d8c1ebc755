"""How likely is it that one figure was printed and another read?

A slip is a short way from what stands on the page to what was read: a digit taken for
one of like shape, a digit dropped or doubled, a decimal point lost. Costs are in nats
(−ln of a probability), so that costs of independent slips add up. They only rank causes.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from math import log

import yaml

from extract.amounts import UNITS, is_figure
from extract.locations import schemas
from extract.stages.reconcile.ledger import HALF_FEN, Figure

# Shares of the kinds of slips among misread figures of printed tables.
LOOKALIKE, OTHER_DIGIT = 0.60, 0.05
DROPPED, DOUBLED, ADDED = 0.12, 0.06, 0.01
POINT = 0.10
TURNED = 0.02  # two neighbouring digits exchanged
ANY = -log(0.04) + log(1000)  # any other figure of its size
ZERO = 6.0  # most cells are nothing and are printed so: a nothing is seldom a misread something
NEGATIVE = 6.0
UNREADABLE = -5.0  # what is printed and no amount was misread for sure: only what it was is open


def costs(figure: Figure) -> Mapping[int, float]:
    """True value in half-分 → the cost of its having been read as this figure; plausible slips only."""
    step = 2 * figure.half
    value = figure.value
    if not value or step <= 0 or value % step:
        return {}
    sign = 1 if value > 0 else -1
    # A nothing before the point is printed, and misread, too.
    read = str(abs(value) // step).zfill(_places(figure.item.unit, step) + 1)
    return {sign * steps * step: cost for steps, cost in _slips(read).items()}


@cache
def _places(unit: str, step: int) -> int:
    """How many decimals a figure with that step has."""
    return max(0, len(str(int(UNITS.get(unit, Decimal(1)) * HALF_FEN) // step)) - 1)


def any_cost(figure: Figure | None, value: int) -> float:
    """The cost of a true value that no slip explains."""
    cost = ANY
    if figure is not None and figure.value is None and not is_figure(figure.item.raw):
        cost = UNREADABLE
    elif figure is None or not figure.value:
        cost += ZERO
    if value < 0:
        cost += NEGATIVE
    return cost


@lru_cache(maxsize=1 << 15)
def _slips(read: str) -> Mapping[int, float]:
    """Steps that may have been printed where ``read`` was read."""
    found: dict[int, float] = {}

    def may_be(text: str, share: float) -> None:
        if text and text != read:
            # Of figures of all sizes, those ten times greater are ten times rarer.
            steps = int(text)
            cost = -log(share) + log((steps + 1) / (int(read) + 1))
            found[steps] = min(cost, found.get(steps, cost))

    for at, digit in enumerate(read):
        head, tail = read[:at], read[at + 1 :]
        for true in "0123456789":
            if true != digit:
                may_be(head + true + tail, _misread(true, digit))
            may_be(head + true + read[at:], DROPPED / (len(read) + 1))
        may_be(head + tail, (DOUBLED if tail.startswith(digit) else ADDED) / len(read))
        if tail and tail[0] != digit:
            may_be(head + tail[0] + digit + tail[1:], TURNED)
    for places in (1, 2, 3):
        if len(read) > places and read.endswith("0" * places):
            may_be(read[:-places], POINT if places == 2 else POINT / 5)
    may_be(read + "00", POINT / 10)
    return found


def _misread(true: str, read: str) -> float:
    alike = _alike()[true]
    return LOOKALIKE / len(alike) if read in alike else OTHER_DIGIT / 9


@cache
def _alike() -> Mapping[str, str]:
    path = schemas() / "ocr" / "digits.yaml"
    return {str(k): str(v) for k, v in yaml.safe_load(path.read_text(encoding="utf-8")).items()}
