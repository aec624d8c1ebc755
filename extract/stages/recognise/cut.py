"""Tables that a page break went through, header or row, and their halves made whole again."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from extract import amounts
from extract.geometry import snapped
from extract.model import Cell, Grid


def joined(head: Grid, rest: Grid, *, torn: bool = False) -> Grid | None:
    """``head`` on top of ``rest``, on the page of ``rest``; None where their sides do not meet.

    What stands in ``head`` is header only, so that every figure keeps its page. ``torn`` says
    that the first row of ``rest`` may be the lower lines of the last of ``head``.
    """
    if not (head.edges and rest.edges):
        return _stacked(head, rest, head.width, (), torn=torn) if head.width == rest.width else None
    shift = rest.edges[0] - head.edges[0]
    moved = [x + shift for x in head.edges]
    if abs(moved[-1] - rest.edges[-1]) > 6:
        return None
    edges = tuple(snapped([*moved, *rest.edges]))
    upper = replace(head, edges=tuple(moved))
    return _stacked(_recut(upper, edges), _recut(rest, edges), len(edges) - 1, edges, torn=torn)


def mended(before: Grid, rest: Grid) -> tuple[Grid, Grid] | None:
    """The last row of ``before`` with the lines of its names that fell on ``rest``; None where none did."""
    tails = _tails(before, rest)
    if not tails:
        return None
    whole = tuple(replace(c, text=c.text + "\n" + tails.get(_place(c), "")) for c in before.cells)
    left = tuple(replace(c, row=c.row - 1) for c in rest.cells if c.row)
    return replace(before, cells=whole), replace(rest, cells=left, height=rest.height - 1)


def _stacked(head: Grid, rest: Grid, width: int, edges: tuple[float, ...], *, torn: bool) -> Grid:
    tails = _tails(head, rest) if torn else {}
    upper = (replace(c, text=c.text + "\n" + tails.get(_place(c), "")) for c in head.cells)
    lost = 1 if tails else 0
    below = (replace(c, row=c.row + head.height - lost) for c in rest.cells if c.row >= lost)
    region = replace(rest.region, captions=head.region.captions, running=head.region.running)
    height = head.height + rest.height - lost
    return Grid(region, rest.engine, height, width, (*upper, *below), edges)


def _tails(head: Grid, rest: Grid) -> dict[tuple[int, int, int], str]:
    """The lower lines of a row that the page break went through, by the cell they belong to.

    Such a row prints little, and only below what the last row of the header prints.
    """
    last = {c.column: c for c in head.cells if c.row + c.rows == head.height}
    first = [c for c in rest.cells if c.row == 0]
    printed = [c for c in first if c.text.strip()]
    above = [last.get(c.column) for c in printed]
    whole = all(
        a and a.columns == c.columns and a.text.strip() for a, c in zip(above, printed, strict=True)
    )
    figures = any(amounts.is_amount(c.text) for c in printed)
    if not printed or len(printed) == len(first) or not whole or figures:
        return {}
    return {_place(a): c.text for a, c in zip(above, printed, strict=True) if a}


def _place(cell: Cell) -> tuple[int, int, int]:
    return cell.row, cell.column, cell.columns


def _recut(grid: Grid, edges: tuple[float, ...]) -> Grid:
    """The grid on finer edges."""
    return replace(grid, cells=tuple(_span(cell, grid.edges, edges) for cell in grid.cells))


def _span(cell: Cell, old: tuple[float, ...], new: tuple[float, ...]) -> Cell:
    left = bisect_right(new, old[cell.column] + 3) - 1
    right = bisect_right(new, old[cell.column + cell.columns] + 3) - 1
    return replace(cell, column=max(left, 0), columns=max(right - max(left, 0), 1))
