"""Where are the columns of a table that draws none?

Every text takes up a stretch of the width. A text that lies across the gap between two texts
of other lines, as a heading over several columns does, takes part in none; what the others
leave free on all pages of the table are the gutters.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.forms import catalogue
from extract.hanzi import fold
from extract.tables.runs import Run

Lines = Sequence[Sequence[Run]]
"""Runs that stand beside each other, the lines of a wrapped name among them."""

_LEAST = 0.5  # points; stretches closer than this touch
_FEW = 2  # labels in a gutter
_STRAY = 1.5  # points: texts that begin or end closer than this do so at one place
_NARROW = 2.5  # heights of the print: a gap between texts of narrow columns


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: what their texts cover, and the edges between them."""

    stretches: tuple[tuple[float, float], ...]
    edges: tuple[float, ...]

    def at(self, x: float) -> int:
        """The column at ``x``."""
        return min(max(bisect_right(self.edges, x) - 1, 0), len(self.stretches) - 1)

    def under(self, run: Run) -> range:
        """The columns whose texts a run overlaps; the one its middle is in where none."""
        over = [i for i, (x0, x1) in enumerate(self.stretches) if run.x0 < x1 and x0 < run.x1] or [
            self.at((run.x0 + run.x1) / 2)
        ]
        return range(over[0], over[-1] + 1)


def columns_of(heads: Lines, bodies: Lines, left: float, right: float) -> Columns:
    """The columns of lines of headings and of others, one run at least, between ``left`` and ``right``."""
    gaps = sorted(gap for line in (*heads, *bodies) for gap in _gaps(line))
    headings = [run for line in heads for run in line]
    held = [run for line in bodies for run in line]
    runs = [*headings, *(run for run in held if not _is_total(run))] or held
    narrow = [run for run in runs if not _straddles(run, gaps, runs)] or runs
    stretches = _settled(_stretches(narrow), narrow, headings)
    below = {id(run) for run in held}
    stretches = _wedded(
        stretches,
        [run for run in narrow if id(run) not in below],
        [run for run in narrow if id(run) in below],
    )
    inner = [(a[1] + b[0]) / 2 for a, b in pairwise(stretches)]
    edges = (min(left, stretches[0][0]), *inner, max(right, stretches[-1][1]))
    return Columns(tuple(stretches), edges)


def _is_total(run: Run) -> bool:
    """Whether a run names a total: such a label stands in the middle of several columns."""
    return fold(run.word.text).endswith(tuple(catalogue().words.total))


def _gaps(strip: Sequence[Run]) -> Iterator[tuple[float, float]]:
    """What is free between each run and the next one beside it."""
    for run in strip:
        after = [r.x0 for r in strip if r.x0 >= run.x1 and _beside(run, r)]
        if after:
            yield run.x1, min(after)


def _straddles(run: Run, gaps: Sequence[tuple[float, float]], runs: Sequence[Run]) -> bool:
    """Whether more lines part inside a run than others run on there with it."""
    near = gaps[bisect_left(gaps, (run.x0 - _NARROW * run.height, 0.0)) :]
    inside = [(a, b) for a, b in near if _covers(run, a, b)]
    for a, b in inside:
        middle = (a + b) / 2
        parting = sum(c <= middle <= d for c, d in inside)
        crossing = sum(r.x0 < middle < r.x1 for r in runs) - 1
        if parting > crossing:
            return True
    return False


def _covers(run: Run, a: float, b: float) -> bool:
    """Whether a run fills a gap between two texts, or most of a narrow one, from one of them on."""
    if a > run.x0 and b < run.x1:
        return True
    filled = min(b, run.x1) - max(a, run.x0)
    beside = a > run.x0 or b < run.x1
    return beside and filled > 0.5 * (b - a) and b - a < _NARROW * run.height


def _stretches(runs: Sequence[Run]) -> list[tuple[float, float]]:
    stretches: list[tuple[float, float]] = []
    for x0, x1 in sorted((run.x0, run.x1) for run in runs):
        if stretches and x0 <= stretches[-1][1] + _LEAST:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], x1))
        else:
            stretches.append((x0, x1))
    return stretches


def _settled(
    stretches: list[tuple[float, float]], runs: Sequence[Run], headings: Sequence[Run]
) -> list[tuple[float, float]]:
    """Without the stretches that only hold labels centred over two columns, in the gutter between."""
    held = [_within(stretch, runs) for stretch in stretches]
    headed = [_within(stretch, headings) for stretch in stretches]
    return [
        stretch
        for at, stretch in enumerate(stretches)
        if not 0 < at < len(stretches) - 1
        or (headed[at] and not _in_gutter(stretches[at - 1 : at + 2], held[at][0].height))
        or len(held[at]) > _FEW
        or any(run.is_digital for run in held[at])
        or not _lone(held[at], held[at - 1], held[at + 1])
    ]


def _in_gutter(three: Sequence[tuple[float, float]], height: float) -> bool:
    """Whether the middle one of three stretches is too close to both others for a column of its own."""
    left, middle, right = three
    return max(middle[0] - left[1], right[0] - middle[1]) < _NARROW * height


def _lone(own: Sequence[Run], left: Sequence[Run], right: Sequence[Run]) -> bool:
    """Whether no text of a column has one beside it in either neighbour, though these have."""
    return (
        not any(_beside(a, b) for a in own for b in (*left, *right))
        and sum(any(_beside(a, b) for b in right) for a in left) > 0
    )


def _wedded(
    stretches: Sequence[tuple[float, float]], headings: Sequence[Run], held: Sequence[Run]
) -> list[tuple[float, float]]:
    """Headings in the middle of a column and what stands at its side, clear of them, as one stretch."""
    heads = [_within(stretch, headings) for stretch in stretches]
    bodies = [_within(stretch, held) for stretch in stretches]
    wedded: list[tuple[float, float]] = []
    at = 0
    while at < len(stretches):
        one = stretches[at]
        if at + 1 < len(stretches):
            alone, other = heads[at] and not bodies[at], bodies[at + 1] and not heads[at + 1]
            turned = bodies[at] and not heads[at] and heads[at + 1] and not bodies[at + 1]
            if (alone and other and _flush_right(bodies[at + 1])) or (
                turned and not _flush_right(bodies[at])
            ):
                one = (one[0], stretches[at + 1][1])
                at += 1
        wedded.append(one)
        at += 1
    return wedded


def _within(stretch: tuple[float, float], runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if stretch[0] <= run.x0 and run.x1 <= stretch[1]]


def _flush_right(runs: Sequence[Run]) -> bool:
    """Whether texts end at one place rather than begin there; where they do both, figures end."""
    begins, ends = (sorted(sides) for sides in zip(*((r.x0, r.x1) for r in runs), strict=True))
    begin, end = begins[-1] - begins[0], ends[-1] - ends[0]
    return all(run.is_digital for run in runs) if max(begin, end) < _STRAY else end < begin


def _beside(one: Run, other: Run) -> bool:
    return one.y0 < other.y1 and other.y0 < one.y1
