"""From boxes of cells and words to a grid: what every engine with geometry ends with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract import amounts
from extract.geometry import centre, lines, nearest, snapped
from extract.model import Box, Cell, Grid, Region, Word


def assemble(region: Region, engine: str, boxes: Sequence[Box], words: Sequence[Word]) -> Grid:
    """The grid whose cells are ``boxes`` (which do not overlap), filled with ``words``."""
    xs = snapped(x for box in boxes for x in (box[0], box[2]))
    ys = snapped(y for box in boxes for y in (box[1], box[3]))
    spans = [_span(box, xs, ys) for box in boxes]
    owner = {
        (row, column): index
        for index, (top, left, rows, columns) in enumerate(spans)
        for row in range(top, top + rows)
        for column in range(left, left + columns)
    }
    inside: list[list[Word]] = [[] for _ in boxes]
    for word in words:
        for part in _parted(word, xs):
            slot = (_slot(centre(part.box)[1], ys), _slot(centre(part.box)[0], xs))
            if slot in owner:
                inside[owner[slot]].append(part)
    cells = (
        cell
        for span, held, box in zip(spans, inside, boxes, strict=True)
        for cell in _cells(span, held, box, xs)
    )
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
    return Grid(region, engine, max(len(ys) - 1, 0), max(len(xs) - 1, 0), ordered, tuple(xs))


def _cells(
    span: tuple[int, int, int, int], held: Sequence[Word], box: Box, xs: list[float]
) -> Iterator[Cell]:
    """The cell of a span, or one for each of its columns where figures of several stand side by side.

    The line between them was lost: no cell prints two figures.
    """
    top, left, rows, columns = span
    slots = [_slot(centre(word.box)[0], xs) for word in held]
    apart = len(set(slots)) == len(slots) > 1 and all(_is_figure(w.text) for w in held)
    beside = max((w.box[1] for w in held), default=0.0) < min((w.box[3] for w in held), default=0.0)
    if columns == 1 or not apart or not beside:
        yield Cell(top, left, text_of(held), rows, columns, box, _confidence(held))
        return
    for column in range(left, left + columns):
        own = [word for word, slot in zip(held, slots, strict=True) if slot == column]
        part = (xs[column], box[1], xs[column + 1], box[3])
        yield Cell(top, column, text_of(own), rows, 1, part, _confidence(own))


def _is_figure(text: str) -> bool:
    """Whether a text is an amount with decimals: 类 款 项 of a code stand side by side in one cell."""
    return amounts.is_amount(text) and amounts.decimals(text) > 0


def text_of(words: Sequence[Word]) -> str:
    """The words of one cell, line by line."""
    if len(words) < 2:
        return words[0].text if words else ""
    return "\n".join(line.text.replace("\t", " ") for line in lines(words))


def _confidence(words: Sequence[Word]) -> float | None:
    """A cell is read no better than the least certain of its words."""
    return min((w.confidence for w in words if w.confidence is not None), default=None)


def _span(box: Box, xs: list[float], ys: list[float]) -> tuple[int, int, int, int]:
    top, left = nearest(box[1], ys), nearest(box[0], xs)
    rows, columns = nearest(box[3], ys) - top, nearest(box[2], xs) - left
    return top, left, max(rows, 1), max(columns, 1)


def _slot(value: float, edges: list[float]) -> int:
    return bisect_right(edges, value) - 1


def _parted(word: Word, xs: list[float]) -> list[Word]:
    """A run of print that goes on over a ruling is two words where a figure begins or ends there.

    Figures of narrow columns touch, and so do headings with a ruling in the gap between them;
    a long name that overflows its cell stays whole.
    """
    x0, y0, x1, y1 = word.box
    for x in xs[bisect_right(xs, x0 + 1) : bisect_right(xs, x1 - 1)]:
        at = next((i for i, left in enumerate(word.lefts) if i and left >= x - 1), 0)
        head, tail = word.text[:at], word.text[at:]
        if at and (amounts.is_amount(head) or amounts.is_amount(tail) or _apart(word, at, x)):
            first = Word(head, (x0, y0, word.lefts[at], y1), word.lefts[:at], word.confidence)
            rest = Word(tail, (word.lefts[at], y0, x1, y1), word.lefts[at:], word.confidence)
            return [first, *_parted(rest, xs)]
    return [word]


def _apart(word: Word, at: int, x: float) -> bool:
    """Whether the letter ``at`` stands further off than the others, with the ruling in the gap."""
    steps = [b - a for a, b in pairwise(word.lefts)]
    usual = sorted(steps)[(len(steps) - 1) // 2]
    return steps[at - 1] > 1.15 * usual and word.lefts[at - 1] + 0.8 * usual <= x
