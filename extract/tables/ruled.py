"""Cells of a ruled table, from pdfium's rulings.

The rulings cut the region into slots; slots with no line between them are one cell.
That reads merged headers, rulings drawn twice, and borders that stop short.
"""

from __future__ import annotations

from collections.abc import Iterator

from extract.geometry import SNAP, centre, covers, nearest, snapped
from extract.model import Box, Grid, Region, Ruling
from extract.tables.cells import assemble

NAME = "ruled"

Slot = tuple[int, int]


def cut(region: Region, source: bytes = b"") -> Grid:  # noqa: ARG001 - one signature for all engines
    """Cut a region with a box into the cells its rulings draw."""
    assert region.box is not None
    box = region.box
    rulings = [r for r in region.page.rulings if _within(r, box)]
    flat = [r for r in rulings if r.y0 == r.y1]
    upright = [r for r in rulings if r.y0 != r.y1]
    xs = snapped([x for r in upright for x in (r.x0,)] + [box[0], box[2]])
    ys = snapped([r.y0 for r in flat] + [box[1], box[3]])
    words = [w for w in region.page.words if covers(box, *centre(w.box))]
    return assemble(region, NAME, list(_boxes(xs, ys, flat, upright)), words)


def _within(ruling: Ruling, box: Box) -> bool:
    x, y = (ruling.x0 + ruling.x1) / 2, (ruling.y0 + ruling.y1) / 2
    return box[0] - SNAP <= x <= box[2] + SNAP and box[1] - SNAP <= y <= box[3] + SNAP


def _boxes(
    xs: list[float], ys: list[float], flat: list[Ruling], upright: list[Ruling]
) -> Iterator[Box]:
    below = _stretches([(r.y0, r.x0, r.x1) for r in flat], ys)
    beside = _stretches([(r.x0, r.y0, r.y1) for r in upright], xs)
    height, width = len(ys) - 1, len(xs) - 1
    groups = Groups(height, width)
    for row in range(height):
        y = (ys[row] + ys[row + 1]) / 2
        for column in range(width):
            x = (xs[column] + xs[column + 1]) / 2
            if column + 1 < width and not _drawn(beside[column + 1], y):
                groups.join((row, column), (row, column + 1))
            if row + 1 < height and not _drawn(below[row + 1], x):
                groups.join((row, column), (row + 1, column))
    for top, left, bottom, right in groups.rectangles():
        yield xs[left], ys[top], xs[right], ys[bottom]


def _stretches(
    drawn: list[tuple[float, float, float]], edges: list[float]
) -> list[list[tuple[float, float]]]:
    """For each edge, the stretches along it that are drawn."""
    found: list[list[tuple[float, float]]] = [[] for _ in edges]
    for at, start, end in drawn:
        found[nearest(at, edges)].append((start, end))
    return found


def _drawn(stretches: list[tuple[float, float]], at: float) -> bool:
    return any(start - 0.5 <= at <= end + 0.5 for start, end in stretches)


class Groups:
    """Slots joined where no ruling parts them."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.parent: dict[Slot, Slot] = {
            (r, c): (r, c) for r in range(height) for c in range(width)
        }

    def root(self, slot: Slot) -> Slot:
        while self.parent[slot] != slot:
            self.parent[slot] = self.parent[self.parent[slot]]
            slot = self.parent[slot]
        return slot

    def join(self, one: Slot, other: Slot) -> None:
        self.parent[self.root(other)] = self.root(one)

    def rectangles(self) -> Iterator[tuple[int, int, int, int]]:
        """(top, left, bottom, right) of each cell; a shape that is no rectangle falls into its rows."""
        members: dict[Slot, list[Slot]] = {}
        for slot in self.parent:
            members.setdefault(self.root(slot), []).append(slot)
        for slots in members.values():
            rows, columns = {r for r, _ in slots}, {c for _, c in slots}
            if len(slots) == len(rows) * len(columns):
                yield min(rows), min(columns), max(rows) + 1, max(columns) + 1
            else:
                yield from _runs(slots)


def _runs(slots: list[Slot]) -> Iterator[tuple[int, int, int, int]]:
    start = previous = None
    for slot in sorted(slots):
        if start is None or previous is None or slot != (previous[0], previous[1] + 1):
            if start is not None and previous is not None:
                yield start[0], start[1], previous[0] + 1, previous[1] + 1
            start = slot
        previous = slot
    if start is not None and previous is not None:
        yield start[0], start[1], previous[0] + 1, previous[1] + 1
