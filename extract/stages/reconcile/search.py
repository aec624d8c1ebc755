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
from extract.stages.reconcile.programme import fewest, neighbourhoods
from extract.stages.reconcile.system import Constraint, System
from extract.stages.reconcile.torn import merged_rows, split_rows
from extract.stages.reconcile.units import other_units, unlikely_units

UNEXPLAINED = 25.0
"""Nats that a constraint left violated costs: far more than any slip."""
UNLIKELY = 14.0
"""Nats from which a cause is so unlikely that two others may be likelier together."""
TOO_MANY = 40
"""Violations in one neighbourhood beyond which no programme is made of it."""
HOPELESS = 150
"""Violations from which only a whole form in another unit is looked for: nothing less explains so many."""
_SURE = 500.0  # nats
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

    def onward(self) -> Path | None:
        """The path with the likeliest next cause; None where no cause helps."""
        ranked = _ranked(self.system)
        best = next((cause for cause in ranked if _worth(cause)[0] < 0), None)
        return None if best is None else self.step(best, ranked)

    def step(self, cause: Cause, ranked: Iterable[Cause]) -> Path:
        """The path one cause longer."""
        settled = [self.system.constraints[n] for n in sorted(cause.settles)]
        one = Explanation(cause, _beliefs(cause, ranked), settled)
        return Path(_undone(self.system, cause), (*self.found, one))


def explain(system: System) -> tuple[Sequence[Explanation], System]:
    """The explanations in the order found, and the system with their slips undone."""
    walk = [_evident(Path(system))]
    while walk[-1].system.violated and len(walk[-1].found) < MOST:
        longer = walk[-1].onward()
        if longer is None:
            break
        walk.append(longer)
    # Where rows came or went the statement is another: only what was found since is weighed anew.
    steady = max((n for n, path in enumerate(walk) if n and path.found[-1].cause.table), default=0)
    start, best = walk[steady], walk[-1]
    later = [one.cause for one in best.found[len(start.found) :]]
    if best.forced:
        better = _together(start, _reconsidered(start, best))
        if better.cost < best.cost:
            return better.found, better.system
    if len(later) > 1 and not best.system.violated:
        return _together(start, later).found, best.system
    return best.found, best.system


def _reconsidered(start: Path, best: Path) -> list[Cause]:
    """The causes found since ``start``, those of forced neighbourhoods sought anew and together."""
    numbers = {start.system.constraints[n].name: n for n in start.system.violated}
    later = best.found[len(start.found) :]
    settles = [{numbers[c.name] for c in one.settled if c.name in numbers} for one in later]
    anew: list[Cause] = []
    replaced: set[int] = set()
    for among in neighbourhoods(start.system, settles):
        mine = [n for n, settled in enumerate(settles) if settled & among]
        costs = [later[n].cause.cost for n in mine]
        left = sum(1 for n in among if start.system.constraints[n].name in best.system.complaints)
        if len(among) <= TOO_MANY and (left or max(costs, default=0) > UNLIKELY):
            below = sum(costs) + UNEXPLAINED * left
            found = fewest(start.system, among, UNEXPLAINED, below)
            if found is not None:
                anew += found
                replaced.update(mine)
    return [one.cause for n, one in enumerate(later) if n not in replaced] + anew


def _together(start: Path, causes: Sequence[Cause]) -> Path:
    """The causes with the rivals each has once all other slips are undone.

    Two slips in one equation hide each other; what remains of one when the other is known
    is far less open than it was at first.
    """
    given = []
    for one in causes:
        others = {p: v for o in causes if o is not one for p, v in o.changes.items()}
        alone = start.system.with_values(others)
        ranked = _ranked(alone)
        cause = next((c for c in ranked if _same(c, one)), None)
        if cause is None:
            # Of the values a programme may choose from within a slack, the likeliest.
            there = (c for c in ranked if c.changes.keys() == one.changes.keys())
            cause = next(there, None)
        if cause is None:
            cause = replace(one, settles=frozenset(), breaks=frozenset())
            ranked = [cause]
        given.append(_likeliest(Path(alone).step(cause, ranked).found[0]))
    undone = {p: v for one in given for p, v in one.cause.changes.items()}
    return Path(start.system.with_values(undone), (*start.found, *given))


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
    for evident in (
        misread_codes,
        merged_rows,
        split_rows,
        lost_parents,
        lost_leaves,
        unlikely_units,
    ):
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
            # Of two that differ by more, the likelier one is all; exp() of it would be no number.
            weight = exp(min(best.cost - cause.cost, _SURE))
            rivals.setdefault((cause.variant, cause.at), []).append((weight, cause))
    whole = sum(weight for values in rivals.values() for weight, _ in values)
    beliefs = [
        Belief(values[0][1], sum(w for w, _ in values) / whole, values[0][0] / whole)
        for values in rivals.values()
    ]
    return sorted(beliefs, key=lambda belief: -belief.share)
