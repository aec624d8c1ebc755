"""Which changes, few and likely together, make everything hold where no single cause stands out?

Slips that share their equations hide each other: none of them alone settles any. They are
then sought together: card-minimal repair as an integer programme (as in DART, and Fellegi and
Holt's error localisation), each change weighed by how likely its slip is.

The solver counts in whole numbers (CP-SAT of OR-tools). One in floating point lets yuan slip
through its tolerance when amounts have ten digits and more: HiGHS did so three times in 41 programmes
over statements in 元. And its limit is work done, not a clock, so that a result is the same
on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from extract.stages.reconcile import slips
from extract.stages.reconcile.causes import (
    A_BLANK,
    A_SLIP,
    Cause,
    cell_cause,
    doubtful,
    plausible,
    row_causes,
    trust,
)
from extract.stages.reconcile.ledger import Figure
from extract.stages.reconcile.system import System, places
from extract.stages.reconcile.testimony import CONTRADICTED, Place, against

WORK = 0.25
"""Units of the solver's own measure of work, about a second each; eight times as many found nothing more."""
GRAIN = 1000
"""Steps in a nat: the solver wants whole prices."""
_MOST = 1 << 56  # half fen that sums may be off by; the solver counts in 64 bits


def fewest(
    system: System, among: Collection[int], unexplained: float, below: float
) -> list[Cause] | None:
    """The causes with which the constraints ``among`` hold at the least cost, in nats.

    A constraint of ``among`` may stay violated for ``unexplained`` nats; none that holds is
    broken. None where nothing cheaper than ``below`` was found.
    """
    if any(abs(one.miss) > _MOST for one in system.constraints):
        return None
    programme = _stated(system, among, unexplained)
    programme.model.add(programme.cost <= int(below * GRAIN))
    solver = _cp_model().CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = WORK
    status = solver.solve(programme.model)
    if status not in (_cp_model().OPTIMAL, _cp_model().FEASIBLE):
        return None
    return [one.cause(solver) for one in programme.changes if solver.value(one.chosen)]


@dataclass(frozen=True)
class _Change:
    """Something that may have gone wrong, as a literal; ``free`` is by how much, where that is open."""

    chosen: Any
    made: Cause | tuple[System, Place, Figure, Mapping[int, float]]
    free: Any = 0

    def cause(self, solver: Any) -> Cause:
        """The cause, once the programme is solved."""
        if isinstance(self.made, Cause):
            return self.made
        system, place, figure, likely = self.made
        value = system.value(place) + solver.value(self.free)
        return cell_cause(
            system, place, figure, value, likely.get(value, slips.any_cost(figure, value))
        )


@dataclass
class _Programme:
    model: Any
    changes: list[_Change] = field(default_factory=list)
    prices: list[tuple[int, Any]] = field(default_factory=list)
    moves: dict[Place, list[Any]] = field(default_factory=lambda: defaultdict(list))
    rivals: dict[Place, list[Any]] = field(default_factory=lambda: defaultdict(list))

    @property
    def cost(self) -> Any:
        """What all that is chosen costs."""
        return sum(price * literal for price, literal in self.prices)

    def offer(self, cost: float, change: _Change, moves: Mapping[Place, Any]) -> None:
        """One more change that may be chosen, and how far it moves each place."""
        self.changes.append(change)
        self.prices.append((round(cost * GRAIN), change.chosen))
        for place, by in moves.items():
            self.moves[place].append(by)
            self.rivals[place].append(change.chosen)


def _stated(system: System, among: Collection[int], unexplained: float) -> _Programme:
    programme = _Programme(_cp_model().CpModel())
    doubted = sorted(places(system.constraints[n] for n in among))
    for place in doubted:
        _offer_slips(programme, system, place)
    for cause in row_causes(system, doubted):
        chosen = programme.model.new_bool_var("")
        moves = {p: (value - system.value(p)) * chosen for p, value in cause.changes.items()}
        programme.offer(cause.cost, _Change(chosen, cause), moves)
    for rivals in programme.rivals.values():
        programme.model.add_at_most_one(rivals)
    for number in sorted({n for place in programme.moves for n, _ in system.over.get(place, ())}):
        _hold(programme, system, number, among, unexplained)
    programme.model.minimize(programme.cost)
    return programme


def _offer_slips(programme: _Programme, system: System, place: Place) -> None:
    """Every plausible true value of a cell, and any other that its constraints may ask for."""
    figure = doubtful(system, place)
    if figure is None:
        return
    model, now = programme.model, figure.value or 0
    base = (A_BLANK if figure.value is None else A_SLIP) + trust(figure)
    likely = plausible(system, place, figure)
    any_value = slips.any_cost(figure, max(now, 0))
    for value, cost in sorted(likely.items()):
        spoken = system.spoken_against({place: value})
        if cost + spoken < any_value:
            chosen = model.new_bool_var("")
            change = _Change(chosen, (system, place, figure, likely), value - now)
            programme.offer(base + cost + spoken, change, {place: (value - now) * chosen})
    chosen = model.new_bool_var("")
    # What the narrative states is offered above: any other value contradicts it.
    stated = system.heard.get(place, ())
    contradicted = CONTRADICTED * len(stated) - against(stated, now)
    reach = 3 * max(abs(system.constraints[n].miss) for n, _ in system.over[place]) + 1
    free = model.new_int_var(max(-reach, -now) if now >= 0 else -reach, reach, "")
    model.add(free == 0).only_enforce_if(~chosen)
    programme.offer(
        base + any_value + contradicted,
        _Change(chosen, (system, place, figure, likely), free),
        {place: free},
    )


def _hold(
    programme: _Programme,
    system: System,
    number: int,
    among: Collection[int],
    unexplained: float,
) -> None:
    """The constraint holds after all changes; one that was violated may stay so at a price."""
    one = system.constraints[number]
    sense = one.equation.rule.sense
    miss = one.miss + sum(
        coefficient * by
        for coefficient, place in one.terms
        for by in programme.moves.get(place, ())
    )
    bounds = [sense * miss >= -one.slack] if sense else list(_within(miss, one.slack))
    given_up = None
    if number in among:
        given_up = programme.model.new_bool_var("")
        programme.prices.append((round(unexplained * GRAIN), given_up))
    elif not one.holds(one.miss):
        return  # it belongs to another neighbourhood
    for bound in bounds:
        stated = programme.model.add(bound)
        if given_up is not None:
            stated.only_enforce_if(~given_up)


def _within(miss: Any, slack: int) -> Iterator[Any]:
    yield miss <= slack
    yield miss >= -slack


@cache
def _cp_model() -> Any:
    """The solver, loaded by the first statement that needs it: most never do."""
    from ortools.sat.python import cp_model

    return cp_model


def neighbourhoods(system: System, together: Sequence[Collection[int]] = ()) -> list[set[int]]:
    """The violated constraints in groups that share no row; those of ``together`` are kept in one."""
    groups: list[tuple[set[int], set[object]]] = []
    for number in sorted(system.violated):
        one = system.constraints[number]
        rows: set[object] = {(variant, at.form, at.key) for _, (variant, at) in one.terms}
        rows |= {("together", n) for n, names in enumerate(together) if number in names}
        mine = ({number}, rows)
        for group in [group for group in groups if not group[1].isdisjoint(rows)]:
            groups.remove(group)
            mine = (mine[0] | group[0], mine[1] | group[1])
        groups.append(mine)
    return [numbers for numbers, _ in groups]
