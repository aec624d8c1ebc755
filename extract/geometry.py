"""Pure functions on boxes, words and rulings. Points, origin top left, y downwards."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, radians, sin

from extract.model import Box, Line, Page, Ruling, Word

SNAP = 3.0
"""Rulings closer than this are one line drawn twice (seen: 0.5 to 2.4 pt); columns are never so narrow."""


def covers(outer: Box, x: float, y: float) -> bool:
    """Whether the point lies in the box."""
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def centre(box: Box) -> tuple[float, float]:
    """The middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of ``boxes`` (at least one)."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def joined(one: Box, other: Box) -> Box:
    """The smallest box around two: ``union`` where it counts."""
    return (
        one[0] if one[0] < other[0] else other[0],
        one[1] if one[1] < other[1] else other[1],
        one[2] if one[2] > other[2] else other[2],
        one[3] if one[3] > other[3] else other[3],
    )


def nearest(value: float, edges: Sequence[float]) -> int:
    """Which of the rising ``edges`` (at least one) is next to ``value``.

    >>> nearest(11.0, [0.0, 10.0, 40.0]), nearest(99.0, [0.0, 10.0, 40.0])
    (1, 2)
    """
    after = bisect_left(edges, value)
    if after == 0 or after == len(edges):
        return min(after, len(edges) - 1)
    return after if edges[after] - value < value - edges[after - 1] else after - 1


def snapped(values: Iterable[float], tolerance: float = SNAP) -> list[float]:
    """Distinct positions: values in a chain of steps below ``tolerance`` become their mean.

    >>> snapped([10.0, 10.5, 40.0, 41.0])
    [10.25, 40.5]
    """
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= tolerance:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(g) / len(g) for g in groups]


def displayed(box: Box, page: Page) -> Box:
    """A box of ``page`` on the page as displayed: the smallest one around it where the page was turned."""
    turn = page.turn
    if turn is None:
        return box
    width, height = turn.width, turn.height
    rise, run = sin(radians(turn.degrees)), cos(radians(turn.degrees))
    corners = []
    for x, y in ((x, y) for x in box[::2] for y in box[1::2]):
        level = ((x, y), (width - y, x), (width - x, height - y), (y, height - x))
        across, down = level[turn.quarters][0] - width / 2, level[turn.quarters][1] - height / 2
        x, y = width / 2 + run * across + rise * down, height / 2 - rise * across + run * down
        corners.append((x, y, x, y))
    return union(corners)


def cut_off(media: Box, crop: Box, rotation: int) -> tuple[float, float]:
    """How much of a sheet is left and above of what is shown of it, as displayed.

    Boxes as in the file (y upwards), ``rotation`` clockwise in degrees.
    """
    left, bottom = max(crop[0] - media[0], 0.0), max(crop[1] - media[1], 0.0)
    right, top = max(media[2] - crop[2], 0.0), max(media[3] - crop[3], 0.0)
    turns = ((left, top), (bottom, left), (right, bottom), (top, right))
    return turns[rotation // 90 % 4]


def chained(rulings: Iterable[Ruling], gap: float = SNAP) -> list[Ruling]:
    """Rulings that go on where another on the same line ends, as one."""
    chains: dict[tuple[bool, int], list[Ruling]] = {}
    for one in sorted(rulings, key=lambda r: (r.x0, r.y0)):
        flat = one.y0 == one.y1
        chain = chains.setdefault((flat, round(one.y0 if flat else one.x0)), [])
        if chain and (one.x0 - chain[-1].x1 if flat else one.y0 - chain[-1].y1) <= gap:
            last = chain.pop()
            one = Ruling(last.x0, last.y0, max(last.x1, one.x1), max(last.y1, one.y1))
        chain.append(one)
    return [one for chain in chains.values() for one in chain]


def connected(rulings: Sequence[Ruling], tolerance: float = SNAP) -> list[list[Ruling]]:
    """Rulings in groups that touch or cross each other, top to bottom."""
    parent = list(range(len(rulings)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    order = sorted(range(len(rulings)), key=lambda i: rulings[i].y0)
    active: list[int] = []
    for i in order:
        one = rulings[i]
        active = [j for j in active if rulings[j].y1 >= one.y0 - tolerance]
        for j in active:
            other = rulings[j]
            if one.x0 <= other.x1 + tolerance and other.x0 <= one.x1 + tolerance:
                parent[root(i)] = root(j)
        active.append(i)
    groups: dict[int, list[Ruling]] = {}
    for i in order:
        groups.setdefault(root(i), []).append(rulings[i])
    return list(groups.values())


def lines(words: Iterable[Word]) -> list[Line]:
    """Words gathered into lines of text, top to bottom, left to right."""
    return [line_of(row) for row in in_lines(words)]


def in_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words by the line they stand on, top to bottom, left to right.

    Two words share a line when the middle of one lies within the height of the other; the
    tallest word of a line speaks for it, for 一 alone is but a stroke.
    """
    rows: list[list[Word]] = []
    top = bottom = 0.0
    for word in sorted(words, key=lambda w: (w.box[1] + w.box[3], w.box[0])):
        _, y0, _, y1 = word.box
        if rows and (top <= (y0 + y1) / 2 <= bottom or y0 <= (top + bottom) / 2 <= y1):
            rows[-1].append(word)
            if y1 - y0 > bottom - top:
                top, bottom = y0, y1
        else:
            rows.append([word])
            top, bottom = y0, y1
    for row in rows:
        row.sort(key=lambda w: w.box[0])
    return rows


def line_of(row: Sequence[Word]) -> Line:
    """The words of one line (at least one), as its text."""
    text = row[0].text
    for left, right in pairwise(row):
        text += spacing(left, right) + right.text
    return Line(text, union(w.box for w in row))


def runs(row: Sequence[Word], gap: float) -> list[list[Word]]:
    """The words of one line (at least one), parted where they stand more than ``gap`` apart."""
    parted = [[row[0]]]
    for left, right in pairwise(row):
        if right.box[0] - left.box[2] > gap:
            parted.append([])
        parted[-1].append(right)
    return parted


def spacing(left: Word, right: Word) -> str:
    """What stands between two words of one line: nothing where they touch, a space, or a tab.

    A quarter of the height of the print is a gap: letter-spaced figures stay together.
    Four heights are two texts side by side: a title may be set two heights apart.
    """
    gap = right.box[0] - left.box[2]
    height = max(left.box[3] - left.box[1], right.box[3] - right.box[1])
    return "" if gap <= 0.25 * height else " " if gap <= 4 * height else "\t"
