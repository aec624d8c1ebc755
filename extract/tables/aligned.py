"""Cells of a table with few rulings or none, from how its words stand.

What the words leave free on all pages of the table are its gutters; horizontal rules part
rows where they are drawn, else rows are told by where names stand beside their figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from extract import amounts
from extract.forms import catalogue
from extract.geometry import SNAP, union
from extract.hanzi import fold, unnumbered
from extract.model import Box, Grid, Page, Region, Ruling, Word
from extract.tables.cells import assemble
from extract.tables.columns import Columns, columns_of
from extract.tables.heads import heading_boxes, leaves_of
from extract.tables.rows import is_full, rows_of, strips_of
from extract.tables.runs import Run, on, runs_of

NAME = "aligned"

_PAGES = 8  # of a table, whose words tell the gutters
_LEADING = 1.75  # heights of the print: lines of one name stand no further apart
_FLUSH = 0.6  # of it: how far lines of one name begin apart, the first perhaps behind a space
_SINGLE = 0.8  # share of bands between rules that hold one row, where rules part the rows
_ACROSS = 0.4  # of the width of the table: what a rule that parts rows covers

Lines = Sequence[Sequence[Run]]


def cut(region: Region, source: bytes = b"") -> Grid:  # noqa: ARG001 - one signature for all engines
    """Cut a region with a box into the cells that its words stand in."""
    assert region.box is not None
    own = (region.page, region.box)
    parts = [own, *(part for part in region.whole[:_PAGES] if part != own)]
    read = [(lines, _rules(page, box)) for page, box in parts if (lines := runs_of(on(page, box)))]
    if not any(_states(line) for lines, _ in read for line in lines):
        read = [(_set(lines), rules) for lines, rules in read]
    if not on(*own):
        return Grid(region, NAME, 0, 0, ())
    heads: list[Sequence[Run]] = []
    bodies: list[Sequence[Run]] = []
    for lines, rules in read:
        head = _head(lines, rules)
        # 栏次 1 2 3 stand in the middle of their columns, as headings do.
        numbers = next((i for i in range(head, len(lines)) if not _numbers(lines[i])), len(lines))
        if head:
            heads += strips_of(leaves_of(lines[:head], _leaf_end(lines, head, rules)))
        heads += [[run for run in line if run.is_digital] for line in lines[head:numbers]]
        held = [run for line in lines[numbers:] for run in line]
        # 类 款 项 may stand on the row of the total.
        labels = [run for run in held if catalogue().words.heads_keys(fold(run.word.text))]
        heads += strips_of(labels)
        bodies += strips_of([run for run in held if run not in labels])
    x0, _, x1, _ = union(box for _, box in parts)
    columns = columns_of(heads, bodies, x0, x1)
    lines, rules = read[0]
    head = _head(lines, rules)
    digital = _digital([run for strip in bodies for run in strip], columns)
    ends = (_head_end(lines, head, rules), _leaf_end(lines, head, rules)) if head else (0.0, 0.0)
    boxes = list(_boxes(lines[:head], lines[head:], columns, digital, rules, region.box, ends))
    boxes = [b for b in boxes if b[3] - b[1] > SNAP and b[2] - b[0] > SNAP]
    told = [_whole(run.word, named=at >= head) for at, line in enumerate(lines) for run in line]
    return assemble(region, NAME, boxes, told)


def _whole(word: Word, *, named: bool) -> Word:
    """A word that no edge may part, as one figure, code or name: the edges are but estimates.

    Two headings may have been read as one; where ``named`` no two names are.
    """
    name = named and not any(letter.isdigit() for letter in word.text)
    return Word(word.text, word.box) if name or amounts.is_amount(word.text) else word


def _rules(page: Page, box: Box) -> list[float]:
    """The heights at which rules go across a good part of the table."""
    x0, y0, x1, y1 = box
    drawn: dict[int, list[Ruling]] = {}
    for rule in page.rulings:
        if rule.y0 == rule.y1 and y0 - SNAP <= rule.y0 <= y1 + SNAP:
            drawn.setdefault(round(rule.y0 / SNAP), []).append(rule)
    return sorted(
        rules[0].y0
        for rules in drawn.values()
        if sum(min(r.x1, x1) - max(r.x0, x0) for r in rules) > _ACROSS * (x1 - x0)
    )


def _boxes(
    head: Lines,
    lines: Lines,
    columns: Columns,
    digital: Sequence[bool],
    rules: Sequence[float],
    box: Box,
    ends_of_head: tuple[float, float],
) -> Iterator[Box]:
    body = [run for line in lines for run in line]
    rows = _rows(body, columns, rules)
    _, top, _, bottom = box
    ends = [_end(rows, at, bottom) for at in range(len(rows))]
    if head:
        start, reached = ends_of_head
        start = min(start, ends[0] - 2 * SNAP) if rows else bottom
        yield from heading_boxes(head, columns, top, start, min(reached, start))
        top = start
    for row, end in zip(rows, ends, strict=True):
        for first, last in _spans(row, columns, digital):
            yield columns.edges[first], top, columns.edges[last + 1], end
        top = end


def _end(rows: Sequence[Sequence[Run]], at: int, bottom: float) -> float:
    """Where a row ends: half way to the next."""
    if at + 1 == len(rows):
        return bottom
    return (max(run.y1 for run in rows[at]) + min(run.y0 for run in rows[at + 1])) / 2


# Where the header ends ----------------------------------------------------------------


def _head(lines: Lines, rules: Sequence[float]) -> int:
    """How many lines the header has: those above the first that states something."""
    first = next((at for at, line in enumerate(lines) if _states(line)), len(lines))
    if first == len(lines) and _names_total(lines[-1]):
        first -= 1
    if not first:
        return 0
    top, start = lines[0][0].y, lines[first][0].y if first < len(lines) else float("inf")
    # Of the rules above the first figure the lowest ends the header.
    inner = [y for y in rules if top < y < start]
    if inner and first < len(lines):
        return sum(line[0].y < inner[-1] for line in lines)
    while 0 < first < len(lines) and _begins_above(lines[first - 1], lines[first:]):
        first -= 1
    return first


def _begins_above(line: Sequence[Run], body: Lines) -> bool:
    """Whether a line above the first figures has but the upper lines of names that go on beside them."""
    gap = body[0][0].y - line[0].y
    below = [run for other in body for run in other if not run.is_digital]
    flush = [[r for r in below if abs(r.x0 - run.x0) < _FLUSH * run.height] for run in line]
    return gap < _LEADING * line[0].height and all(
        under and is_full(run, max(r.x1 - r.x0 for r in (*under, run)))
        for run, under in zip(line, flush, strict=True)
    )


def _head_end(lines: Lines, head: int, rules: Sequence[float]) -> float:
    """Where the header of ``head`` lines ends: at a rule, or half way to the body."""
    over = max(run.y1 for line in lines[:head] for run in line)
    under = min((run.y0 for line in lines[head : head + 2] for run in line), default=over + SNAP)
    # The last lines of headings may stand beside the total of a form printed empty.
    end = (over + under) / 2 if (over + under) / 2 < lines[-1][0].y else under
    return next((y for y in rules if over - SNAP < y < under + SNAP), end)


def _leaf_end(lines: Lines, head: int, rules: Sequence[float]) -> float:
    """Where the cells of most headings end: half a row above the body, in whose first row some may stand."""
    end = _head_end(lines, head, rules)
    if end in rules or head >= len(lines):
        return end
    steps = [b[0].y - a[0].y for a, b in pairwise(lines[head:])]
    if not steps:  # a single row is as high as a level of headings
        steps = [b[0].y - a[0].y for a, b in combinations(lines[: head + 1], 2)]
    row = min((step for step in steps if step > lines[0][0].height), default=0.0)
    return min(end, lines[head][0].y - row / 2) if row else end


def _states(line: Sequence[Run]) -> bool:
    """Whether a line is one of the body: it has a figure, a code, or an item's number."""
    return any(run.is_digital or _is_item(fold(run.word.text)) for run in line)


def _is_item(text: str) -> bool:
    return unnumbered(text) != text


def _set(lines: Lines) -> Lines:
    """The lines of a form printed empty, its total as a line of its own, which headings may stand beside."""
    runs = [run for line in lines for run in line]
    total = next((run for run in reversed(runs) if _is_total(run)), None)
    if total is None or not any(_over(run, total) for run in runs):
        return lines
    own = [r for r in runs if r is total or (_is_level(r) and abs(r.y - total.y) < r.height / 2)]
    rest = [[run for run in line if run not in own] for line in lines]
    return [*(line for line in rest if line), own]


def _over(run: Run, total: Run) -> bool:
    return run.y < total.y - run.height and run.x0 < total.x1 and total.x0 < run.x1


def _is_total(run: Run) -> bool:
    return fold(run.word.text) in catalogue().words.total


def _is_level(run: Run) -> bool:
    return any(fold(run.word.text) in labels for labels in catalogue().words.code_levels)


def _names_total(line: Sequence[Run]) -> bool:
    return sum(map(_is_total, line)) == 1 and all(_is_total(r) or _is_level(r) for r in line)


def _numbers(line: Sequence[Run]) -> bool:
    """Whether a line numbers the columns."""
    return catalogue().words.numbers_columns([fold(run.word.text) for run in line])


# Rows and cells -----------------------------------------------------------------------


def _rows(body: Sequence[Run], columns: Columns, rules: Sequence[float]) -> list[list[Run]]:
    """The rows of the body: the bands between rules, or, where a band holds several, what it falls into."""
    if not body:
        return []
    edges = [float("-inf"), *rules, float("inf")]
    bands = [[run for run in body if low <= run.y < high] for low, high in pairwise(edges)]
    bands = [band for band in bands if band]
    each = [rows_of(band, columns) for band in bands]
    if len(bands) > 1 and sum(len(rows) == 1 for rows in each) >= _SINGLE * len(bands):
        return bands
    return [row for rows in each for row in rows]


def _digital(body: Sequence[Run], columns: Columns) -> list[bool]:
    """Which columns hold figures or codes, by most of what stands in them."""
    held: list[list[bool]] = [[] for _ in columns.stretches]
    for run in body:
        held[columns.at((run.x0 + run.x1) / 2)].append(run.is_digital)
    return [2 * sum(each) > len(each) for each in held]


def _spans(
    row: Sequence[Run], columns: Columns, digital: Sequence[bool]
) -> Iterator[tuple[int, int]]:
    """First and last column of each cell: a label among figures takes up the empty cells left of it."""
    held: dict[int, bool] = {}
    for run in row:
        at = columns.at((run.x0 + run.x1) / 2)
        held[at] = held.get(at, False) or not run.is_digital
    first = 0
    for column in range(len(columns.stretches)):
        if column in held and not (held[column] and digital[column]):
            yield from ((at, at) for at in range(first, column + 1))
            first = column + 1
        elif column in held:
            yield first, column
            first = column + 1
    yield from ((at, at) for at in range(first, len(columns.stretches)))
