"""Which few causes explain everything that does not hold?

The likeliest cause is taken first: the one that settles most, breaks nothing and costs
least; the statement is read again without its slip, until all holds or nothing helps.
Causes that settle as much are its rivals: a tie is told as a tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import NamedTuple

from extract.stages.reconcile.causes import Cause, causes
from extract.stages.reconcile.lost import lost_leaves, lost_parents, lost_rows
from extract.stages.reconcile.misread import misread_codes
from extract.stages.reconcile.system import Constraint, System
from extract.stages.reconcile.units import other_units, unlikely_units

UNEXPLAINED = 25.0
"""Nats that a constraint left violated costs: far more than any slip."""
UNLIKELY = 14.0
"""Nats from which a cause is so unlikely that two others may be likelier together."""
WIDE, DEEP, TOO_MANY = 3, 4, 40
"""Paths kept and steps taken when the straight way is forced; violations beyond which it is not tried."""
BACK = 3
"""Steps taken back before others are tried."""
HOPELESS = 150
"""Violations from which only a whole form in another unit is looked for: nothing less explains so many."""
MOST = 12
"""Causes looked for in one statement; a page of nonsense is not explained figure by figure."""


class Belief(NamedTuple):
    """A cause, the share of belief in its place, and the share in its very value."""

    cause: Cause
    share: float
    value_share: float


@dataclass(frozen=True)
class Explanation:
    """A cause, it and its rivals with the belief in each, and the constraints it settles."""

    cause: Cause
    beliefs: Sequence[Belief]
    settled: Sequence[Constraint]

    @property
    def tied(self) -> bool:
        """Whether another place is as likely."""
        shares = [belief.share for belief in self.beliefs[:2]]
        return len(shares) > 1 and shares[0] - shares[1] < 1e-6


@dataclass(frozen=True, eq=False)
class Path:
    """Some causes taken one after the other, and the statement without their slips."""

    system: System
    found: tuple[Explanation, ...] = ()

    @property
    def cost(self) -> float:
        """What it costs to believe it, in nats; what stays violated costs too."""
        slips = sum(one.cause.cost for one in self.found)
        return slips + UNEXPLAINED * len(self.system.violated)

    @property
    def forced(self) -> bool:
        """Whether it leaves something unexplained or asks for an unlikely slip."""
        return bool(self.system.violated) or any(o.cause.cost > UNLIKELY for o in self.found)

    def steps(self, most: int) -> list[Path]:
        """The path with each of the likeliest next causes, one for a place and what it settles."""
        ranked = _ranked(self.system)
        firsts: dict[object, Cause] = {}
        for cause in ranked:
            if _worth(cause)[0] < 0 and len(firsts) < most:
                firsts.setdefault((cause.category, cause.variant, cause.at, cause.settles), cause)
        return [self.step(cause, ranked) for cause in firsts.values()]

    def step(self, cause: Cause, ranked: Iterable[Cause]) -> Path:
        """The path one cause longer."""
        settled = [self.system.constraints[n] for n in sorted(cause.settles)]
        one = Explanation(cause, _beliefs(cause, ranked), settled)
        return Path(_undone(self.system, cause), (*self.found, one))


def explain(system: System) -> tuple[Sequence[Explanation], System]:
    """The explanations in the order found, and the system with their slips undone."""
    start = _evident(Path(system))
    walk = [start]
    while walk[-1].system.violated and len(walk[-1].found) < MOST:
        steps = walk[-1].steps(1)
        if not steps:
            break
        walk += steps
    best = walk[-1]
    if best.forced:
        # The surest steps come first: what is forced lies in the last ones, or among the first.
        for origin in dict.fromkeys((walk[max(0, len(walk) - 1 - BACK)], start)):
            best = _wider(origin, best)
            if not best.system.violated:
                break
    return _each_given_the_others(start, best), best.system


def _each_given_the_others(start: Path, path: Path) -> Sequence[Explanation]:
    """The explanations with the rivals each has once all other slips are undone.

    Two slips in one equation hide each other; what remains of one when the other is known
    is far less open than it was at first.
    """
    later = path.found[len(start.found) :]
    if len(later) < 2 or any(one.cause.table for one in later) or path.system.violated:
        return path.found
    given = []
    for one in later:
        others = {p: v for o in later if o is not one for p, v in o.cause.changes.items()}
        alone = start.system.with_values(others)
        ranked = _ranked(alone)
        cause = next((c for c in ranked if _same(c, one.cause)), None)
        given.append(one if cause is None else Path(alone).step(cause, ranked).found[0])
    return (*start.found, *(_likeliest(one) for one in given))


def _likeliest(one: Explanation) -> Explanation:
    return replace(one, cause=one.beliefs[0].cause) if one.beliefs else one


def _same(one: Cause, other: Cause) -> bool:
    return (one.category, one.at, one.changes) == (other.category, other.at, other.changes)


def _ranked(system: System) -> list[Cause]:
    if len(system.violated) > HOPELESS:
        return sorted(other_units(system), key=_worth)
    return sorted([*causes(system), *lost_rows(system), *other_units(system)], key=_worth)


def _evident(path: Path) -> Path:
    """The slips that show without arithmetic, as long as undoing them breaks nothing."""
    for evident in (misread_codes, lost_parents, lost_leaves, unlikely_units):
        tried: set[object] = set()
        while cause := next((c for c in evident(path.system) if c.at not in tried), None):
            tried.add(cause.at)
            after = _undone(path.system, cause)
            if len(after.violated) <= len(path.system.violated):
                settled = [
                    path.system.constraints[n]
                    for n in sorted(path.system.violated)
                    if path.system.constraints[n].name not in after.complaints
                ]
                one = Explanation(cause, [Belief(cause, 1.0, 1.0)], settled)
                path = Path(after, (*path.found, one))
    return path


def _wider(start: Path, greedy: Path) -> Path:
    """The cheapest of the paths found when several next causes are kept at each step.

    Two slips in one equation hide each other: the cause that settles most alone need not be one of them.
    """
    if len(start.system.violated) > TOO_MANY:
        return greedy
    best, kept = greedy, [start]
    for _ in range(DEEP):
        steps = [step for path in kept for step in path.steps(WIDE)]
        best = min([best, *(s for s in steps if not s.system.violated)], key=lambda p: p.cost)
        kept = sorted((s for s in steps if s.system.violated), key=lambda p: p.cost)[:WIDE]
        if not kept:
            break
    return best


def _undone(system: System, cause: Cause) -> System:
    """The system without the slip."""
    if cause.table is not None:
        return system.with_table(cause.variant, cause.table)
    return system.with_values(cause.changes)


def _worth(cause: Cause) -> tuple[float, str, object]:
    """Least is best; the rest only makes the order the same from run to run."""
    gain = UNEXPLAINED * (len(cause.settles) - len(cause.breaks))
    return cause.cost - gain, cause.category, (cause.at, sorted(cause.changes.items()))


def _beliefs(best: Cause, ranked: Iterable[Cause]) -> list[Belief]:
    """The causes that settle as much, one a place, with shares of belief that sum to one."""
    rivals: dict[object, list[tuple[float, Cause]]] = {}
    for cause in ranked:
        if cause.settles >= best.settles and len(cause.breaks) <= len(best.breaks):
            rivals.setdefault((cause.variant, cause.at), []).append(
                (exp(best.cost - cause.cost), cause)
            )
    whole = sum(weight for values in rivals.values() for weight, _ in values)
    beliefs = [
        Belief(values[0][1], sum(w for w, _ in values) / whole, values[0][0] / whole)
        for values in rivals.values()
    ]
    return sorted(beliefs, key=lambda belief: -belief.share)
