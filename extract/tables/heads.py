"""Over which columns does each heading of a table stand that draws no lines between them?

Headings stand in the middle of what they head, across and down. So the lowest text of a
column heads that column; a text above several such heads those among which it stands in
the middle; and a heading that reaches down over several levels stands lower than theirs.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.model import Box
from extract.tables.columns import Columns
from extract.tables.runs import Run

_LEADING = 1.75  # heights of the print: lines of one heading stand no further apart
_LEVEL = 0.6  # of the height: headings of one level
_OFF = 0.4  # of the height: how far off the middle of its cell a heading may stand
_CENTRAL = 3.0  # heights: how far off the middle of the table a heading over all of it
_ROOM = 1.5  # least steps of a level: two of its headings further apart have a column between
_LEFT_OUT = 1.0  # what a column without a heading above costs, in heights of the print


@dataclass(slots=True)
class Node:
    """A heading over the columns ``first`` to ``last``, and what stands below it."""

    first: int
    last: int
    text: Sequence[Run] = ()
    below: Sequence[Node] = ()
    reaches: float = 0.0
    """How far up the heading's cell may reach, as it stands in the middle of it."""

    @property
    def y(self) -> float:
        return _y(self.text)


def heading_boxes(
    lines: Sequence[Sequence[Run]], columns: Columns, top: float, bottom: float, end: float
) -> list[Box]:
    """The cells of the header between ``top`` and ``bottom``; together they fill it.

    ``end`` is where most of them end, were each as high as it stands in its middle.
    """
    nodes = _tree([run for line in lines for run in line], columns, end)
    return [box for node in nodes for box in _boxes(node, columns, top, bottom)]


def _boxes(node: Node, columns: Columns, top: float, bottom: float) -> Iterator[Box]:
    x0, x1 = columns.edges[node.first], columns.edges[node.last + 1]
    if not node.below:
        yield x0, top, x1, bottom
        return
    under = node.text[-1].y1
    first = min((n.text[0].y0 for n in node.below if n.text), default=under + 4)
    level = (under + first) / 2
    yield x0, top, x1, level
    for inner in node.below:
        yield from _boxes(inner, columns, level, bottom)


def leaves_of(lines: Sequence[Sequence[Run]], bottom: float) -> list[Run]:
    """The headings with none below them, in a header that ends at ``bottom``."""
    blocks = _blocks([run for line in lines for run in line])
    return [run for block in _leaves(blocks, bottom) for run in block]


def _leaves(blocks: Sequence[Sequence[Run]], bottom: float) -> list[Sequence[Run]]:
    """Headings that stand in the middle of cells that reach down to the end of the header."""
    if not blocks:
        return []
    top = _top(blocks, bottom)
    return [block for block in blocks if _is_leaf(block, blocks, top, bottom)]


def _is_leaf(
    block: Sequence[Run], blocks: Sequence[Sequence[Run]], top: float, bottom: float
) -> bool:
    reaches = _y(block) - (bottom - _y(block))
    over = [b[-1].y1 for b in blocks if _below(b, block)]
    free = max([top, *over]) - _OFF * block[0].height
    if reaches < free or any(_below(block, other) for other in blocks):
        return False
    lower = [b for b in blocks if b[0].y > block[-1].y + _LEVEL * block[-1].height]
    return not any(_wedged(block, level) for level in _levels(lower))


def _wedged(block: Sequence[Run], level: Sequence[Sequence[Run]]) -> bool:
    """Whether a heading stands above two of a lower level that leave no room for a column between."""
    middles = sorted(map(_middle, level))
    steps = [b - a for a, b in pairwise(middles)]
    at = bisect(middles, _middle(block))
    return len(steps) > 1 and 0 < at < len(middles) and steps[at - 1] < _ROOM * min(steps)


def _top(blocks: Sequence[Sequence[Run]], bottom: float) -> float:
    """Where the header begins, with as much free above as below; under a heading over all of it."""
    # Some headings may stand in cells that go on beside the first row of the body.
    margin = bottom - max((y for b in blocks if (y := b[-1].y1) < bottom), default=bottom)
    first = min(blocks, key=lambda b: b[0].y)
    middle = (min(map(_left, blocks)) + max(map(_right, blocks))) / 2
    height = first[0].height
    alone = all(_y(b) > _y(first) + _LEVEL * height for b in blocks if b is not first)
    if alone and len(blocks) > 1 and abs(_middle(first) - middle) < _CENTRAL * height:
        return first[-1].y1
    return first[0].y0 - margin


def _y(block: Sequence[Run]) -> float:
    return (block[0].y + block[-1].y) / 2


def _below(upper: Sequence[Run], lower: Sequence[Run]) -> bool:
    shared = min(_right(upper), _right(lower)) - max(_left(upper), _left(lower))
    return shared > 0 and lower[0].y > upper[-1].y + _LEVEL * upper[-1].height


def _left(block: Sequence[Run]) -> float:
    return min(run.x0 for run in block)


def _right(block: Sequence[Run]) -> float:
    return max(run.x1 for run in block)


def _tree(runs: Sequence[Run], columns: Columns, bottom: float) -> list[Node]:
    nodes = [Node(i, i, reaches=bottom) for i in range(len(columns.stretches))]
    blocks = sorted(_blocks(runs), key=lambda b: -_y(b))
    leaves = _leaves(blocks, bottom)
    above: list[Sequence[Run]] = []
    for block in [*leaves, *(b for b in blocks if b not in leaves)]:
        under = {i for run in block for i in columns.under(run)}
        node = nodes[min(under)]
        if len(under) == 1 and not node.text:
            node.text = block
            node.reaches = 2 * node.y - bottom
        else:
            above.append(block)
    for level in _levels(above):
        nodes = _headed(nodes, level, columns)
    return nodes


def _blocks(runs: Sequence[Run]) -> list[list[Run]]:
    """The lines of each heading together."""
    near: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.y, r.x0)):
        mine = next((b for b in reversed(near) if _goes_on(b[-1], run)), None)
        if mine is None:
            near.append([run])
        else:
            mine.append(run)
    return [part for block in near for part in _parted(block, near)]


def _parted(block: list[Run], others: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """A heading and the one right below it, which stands as high as those beside it do."""
    beside = [_y(other) for other in others if other is not block]
    close = 0.2 * block[0].height
    if any(abs(y - _y(block)) < close for y in beside):
        return [block]
    for at in range(1, len(block)):
        if sum(abs(y - _y(block[at:])) < close for y in beside) > 1:
            return [block[:at], block[at:]]
    return [block]


def _goes_on(upper: Run, lower: Run) -> bool:
    shared = min(upper.x1, lower.x1) - max(upper.x0, lower.x0)
    narrower = min(upper.x1 - upper.x0, lower.x1 - lower.x0)
    return (
        0 < lower.y - upper.y <= _LEADING * upper.height
        and shared > 0.5 * narrower
        and lower.x1 - lower.x0 <= upper.x1 - upper.x0 + upper.height
    )


def _levels(blocks: Sequence[Sequence[Run]]) -> list[list[Sequence[Run]]]:
    """Headings at one height, the lowest first."""
    blocks = sorted(blocks, key=lambda b: -_y(b))
    levels: list[list[Sequence[Run]]] = []
    for block in blocks:
        last = levels[-1][-1] if levels else None
        if last is not None and _y(last) - _y(block) <= _LEVEL * block[0].height:
            levels[-1].append(block)
        else:
            levels.append([block])
    return levels


def _headed(nodes: Sequence[Node], level: Sequence[Sequence[Run]], columns: Columns) -> list[Node]:
    """The nodes with the headings of one level set above those they stand over."""
    y = max(block[-1].y for block in level)
    height = level[0][0].height
    free = [n.reaches >= y - 0.25 * height and (not n.text or n.y > y) for n in nodes]
    made: list[Node] = []
    at = 0
    while at < len(nodes):
        if not free[at]:
            made.append(nodes[at])
            at += 1
            continue
        end = next((i for i in range(at, len(nodes)) if not free[i]), len(nodes))
        run = nodes[at:end]
        x0, x1 = columns.edges[run[0].first], columns.edges[run[-1].last + 1]
        mine = sorted((b for b in level if x0 <= _middle(b) <= x1), key=_middle)
        made += _shared(run, mine, columns) if mine else run
        at = end
    return made


def _extent(part: Sequence[Node], columns: Columns) -> tuple[float, float]:
    """From where to where some columns reach, each as far to both sides of its heading."""
    return _sides(part[0], columns)[0], _sides(part[-1], columns)[1]


def _sides(node: Node, columns: Columns) -> tuple[float, float]:
    if node.below:
        return _extent(node.below, columns)
    x0, x1 = columns.edges[node.first], columns.edges[node.last + 1]
    if not node.text:
        return x0, x1
    middle, half = _middle(node.text), (x1 - x0) / 2
    # The outer edges are where the words end, not where their cells do.
    if node.first == 0:
        half = max(half, x1 - middle)
    if node.last + 2 == len(columns.edges):
        half = max(half, middle - x0)
    return middle - half, middle + half


def _middle(block: Sequence[Run]) -> float:
    return (_left(block) + _right(block)) / 2


def _shared(nodes: Sequence[Node], blocks: Sequence[Sequence[Run]], columns: Columns) -> list[Node]:
    """The nodes shared out among the headings, each in the middle of its own."""
    height = blocks[0][0].height
    # best[b][n]: the cheapest way for the first b headings over the first n nodes
    best: list[list[tuple[float, list[Node]] | None]] = [
        [(_LEFT_OUT * n, list(nodes[:n])) for n in range(len(nodes) + 1)]
    ]
    for block in blocks:
        row: list[tuple[float, list[Node]] | None] = [None] * (len(nodes) + 1)
        for end in range(1, len(nodes) + 1):
            ways = [row[end - 1]] if row[end - 1] else []
            options = [
                (way[0] + _LEFT_OUT, [*way[1], nodes[end - 1]]) for way in ways if way is not None
            ]
            for start in range(end):
                before = best[-1][start]
                if before is None:
                    continue
                part = nodes[start:end]
                x0, x1 = _extent(part, columns)
                off = abs((x0 + x1) / 2 - _middle(block)) / height
                outside = max(x0 - _left(block), _right(block) - x1, 0.0)
                node = Node(part[0].first, part[-1].last, block, part)
                node.reaches = 2 * node.y - min(
                    (n.text[0].y0 for n in part if n.text), default=block[-1].y1
                )
                options.append((before[0] + off + outside, [*before[1], node]))
            row[end] = min(options, key=lambda way: way[0]) if options else None
        best.append(row)
    found = best[-1][-1]
    return list(nodes) if found is None else found[1]
