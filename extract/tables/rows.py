"""Into which rows does the body of a table fall that draws no lines between them?

A name wrapped over several lines stands around, below or above the figures of its row. Of
all ways to part the lines into rows the one is taken in which names stand so beside their
figures everywhere, only full lines go on in the next, and no row has figures twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import fmean

from extract import amounts
from extract.forms import catalogue
from extract.hanzi import fold, unnumbered
from extract.tables.columns import Columns
from extract.tables.runs import Run

Strip = tuple[Run, ...]
"""Texts that no line parts: each less than a line below the one before."""

_STRIP = 0.85  # of the height of the print
_NAMELESS = 0.3  # what a row without any figure costs, in heights of the print
_BROKEN = 0.5  # what it speaks for a row that a figure goes on in its next line
_GOES_ON = 0.05  # what each further line of a name costs
_IMPOSSIBLE = 2.0
_LOOSE = 1.75  # lines of one name stand no further apart
_LINES = 9  # lines a name has at most
_FULL = 1.6  # a line that goes on leaves no more than this free


def rows_of(runs: Sequence[Run], columns: Columns) -> list[list[Run]]:
    """The runs of each row, top to bottom."""
    if not runs:
        return []
    strips = strips_of(runs)
    widest = _widest(runs, columns)
    ways = [_parted(strips, _Costs(columns, widest, align)) for align in _ALIGNED]
    _, starts = min(ways, key=lambda way: way[0])
    ends = [*starts[1:], len(strips)]
    return [
        [run for strip in strips[a:b] for run in strip] for a, b in zip(starts, ends, strict=True)
    ]


def strips_of(runs: Sequence[Run]) -> list[Strip]:
    """Runs parted where a whole line lies between one and the next, top to bottom."""
    strips: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.y, r.x0)):
        if strips and run.y - strips[-1][-1].y < _STRIP * run.height:
            strips[-1].append(run)
        else:
            strips.append([run])
    return [tuple(strip) for strip in strips]


def is_full(run: Run, widest: float) -> bool:
    """Whether a line is so long that its text may go on in the next."""
    return run.x1 - run.x0 >= widest - _FULL * run.height


def _widest(runs: Sequence[Run], columns: Columns) -> dict[tuple[int, bool], float]:
    """The longest text of each column, figures and words apart."""
    widest: dict[tuple[int, bool], float] = {}
    for run in runs:
        place = (_column(run, columns), run.is_digital)
        widest[place] = max(widest.get(place, 0.0), run.x1 - run.x0)
    return widest


def _column(run: Run, columns: Columns) -> int:
    return columns.at((run.x0 + run.x1) / 2)


def _centre(block: Sequence[Run]) -> float:
    return (block[0].y + block[-1].y) / 2


_ALIGNED: tuple[Callable[[Sequence[Run]], float], ...] = (
    _centre,
    lambda block: block[0].y,
    lambda block: block[-1].y,
)
"""Where the figures of a row stand beside the lines of its name; the usual way first."""


def _parted(strips: Sequence[Strip], costs: _Costs) -> tuple[float, list[int]]:
    """The cheapest parting into rows: what it costs, and where each row begins."""
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, len(strips) + 1):
        best.append(
            min(
                (
                    (best[start][0] + costs.of(strips[start:end]), [*best[start][1], start])
                    for start in range(max(end - _LINES, 0), end)
                ),
                key=lambda way: way[0],
            )
        )
    return best[-1]


@dataclass(frozen=True, slots=True)
class _Costs:
    """How ill some strips would make one row, in heights of the print."""

    columns: Columns
    widest: Mapping[tuple[int, bool], float]
    align: Callable[[Sequence[Run]], float]

    def of(self, strips: Sequence[Strip]) -> float:
        runs = [run for strip in strips for run in strip]
        texts = [run for run in runs if not run.is_digital]
        figured = [strip for strip in strips if any(r.is_digital for r in strip)]
        nameless = 0.0 if figured and self._is_named(runs) else _NAMELESS
        if len(strips) == 1:
            return nameless
        broken = self._is_broken(figured)
        if len(figured) > 1 and not broken:
            return 10 * _IMPOSSIBLE
        blocks = self._blocks(texts)
        cost = nameless + sum(map(self._inside, blocks)) - _BROKEN * broken
        places = [self.align(block) for block in blocks]
        if figured:
            figures = self._blocks([r for r in runs if r.is_digital])
            beside = fmean(self.align(block) for block in figures)
            return cost + sum(abs(place - beside) for place in places) / runs[0].height
        return cost + (max(places) - min(places)) / runs[0].height

    def _is_named(self, runs: Sequence[Run]) -> bool:
        """Whether something says which row it is: a name, or a code in front of all figures."""
        return any(not run.is_digital or _column(run, self.columns) == 0 for run in runs)

    def _blocks(self, runs: Sequence[Run]) -> list[list[Run]]:
        """The runs by their columns, each top to bottom."""
        placed = sorted(runs, key=lambda r: (_column(r, self.columns), r.y))
        return [list(g) for _, g in groupby(placed, key=lambda r: _column(r, self.columns))]

    def _inside(self, block: Sequence[Run]) -> float:
        cost = 0.0
        for upper, lower in pairwise(block):
            cost += _GOES_ON
            widest = self.widest[_column(upper, self.columns), False]
            folded = fold(lower.word.text)
            begins = unnumbered(folded) != folded or folded in catalogue().words.total
            loose = lower.y - upper.y > _LOOSE * upper.height
            cost += _IMPOSSIBLE * (begins + loose + (not is_full(upper, widest)))
        return cost

    def _is_broken(self, figured: Sequence[Strip]) -> bool:
        """Whether figures go on in the next line, those that do not standing in the middle of both."""
        if len(figured) not in (2, 3):
            return False
        first, *middle, last = (self._figures(strip) for strip in figured)
        apart = all(each.keys().isdisjoint(first.keys() | last.keys()) for each in middle)
        return apart and self._pieces(first, last)

    def _figures(self, strip: Strip) -> dict[int, Run]:
        return {_column(run, self.columns): run for run in strip if run.is_digital}

    def _pieces(self, above: Mapping[int, Run], below: Mapping[int, Run]) -> bool:
        """Whether figures go on in the line below: no column has a whole one in each."""
        both = above.keys() & below.keys()
        return bool(both) and all(
            is_full(above[column], self.widest[column, True])
            and _is_longer(above[column], below[column])
            and _goes_on(above[column].word.text, below[column].word.text)
            for column in both
        )


def _is_longer(upper: Run, lower: Run) -> bool:
    """Whether the upper line is as long as the lower, as one is that broke because it was full."""
    return upper.x1 - upper.x0 > lower.x1 - lower.x0 - 0.1 * upper.height


def _goes_on(head: str, tail: str) -> bool:
    """Whether two texts are the halves of one amount with its decimals."""
    whole = head + tail
    return amounts.is_amount(whole) and amounts.decimals(head) < amounts.decimals(whole) <= 2
