"""Whose forms are which, where one file prints the complete sets of several units?

A department may print the nine forms of each of its units one after the other, or a form of
each unit in turn. What stands above a form names its unit. A unit's set is a statement of its
own only where most forms are printed for another unit too: a name that differs above one or
two forms is what a template left, or a slip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.forms import Catalogue
from extract.model import Grid
from extract.stages.identify import unit_above
from extract.stages.recognise import standard_form

_SET = 4  # forms that two units must both have


def statements(grids: Sequence[Grid], catalogue: Catalogue) -> tuple[list[int], tuple[str, ...]]:
    """The statement each grid belongs to, and the units of those after the first."""
    named = [unit_above(grid.region.captions) for grid in grids]
    if len(set(filter(None, named))) < 2:
        return [0] * len(grids), ()
    sets = _sets(grids, named, catalogue)
    numbers = {name: number for number, name in enumerate(sets)}
    current, found = 0, []
    for name in named:
        current = numbers.get(name or "", current)
        found.append(current)
    return found, tuple(sets[1:])


def _sets(grids: Sequence[Grid], named: Sequence[str | None], catalogue: Catalogue) -> list[str]:
    """The units that have a set of forms of their own, in printed order."""
    printed: dict[str, set[str]] = {}
    for grid, name in zip(grids, named, strict=True):
        form = standard_form(grid, catalogue) if name else None
        if form:
            printed.setdefault(name or "", set()).add(form)
    times = Counter(form for forms in printed.values() for form in forms)
    return [
        name for name, forms in printed.items() if sum(times[form] > 1 for form in forms) >= _SET
    ]
