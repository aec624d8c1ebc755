"""Which column of a grid holds what?

Headings decide: each column is under a set of labels, and each measure of a form is named
by one. Where headings are damaged the order of the columns decides, if the form is printed
with just so many, and the table says ``header_lost``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from extract.forms import Form, Measure, Vocabulary
from extract.geometry import SNAP
from extract.hanzi import fold, unnumbered
from extract.model import Cell, Column, Grid, Role, Table
from extract.stages.recognise import content
from extract.stages.recognise.down import down
from extract.stages.recognise.rows import by_row, is_body, is_numbering, texts

# “决算数（万元）”, “金额 1” where OCR folded the 栏次 row into the header, “合计：”
_TRIMMED = re.compile(r"(?:[(][^()]*元[)]|[:*]|(?<=[^\d(])\d{1,2})+$")

Labels = tuple[tuple[int, str], ...]
"""Headings over a column, as (row, folded text), top to bottom."""

Span = tuple[int, int]


def understand(grid: Grid, form: Form, words: Vocabulary, start: int = 0) -> Table | None:
    """``grid`` read as a table of ``form`` whose header begins at row ``start``; None if it is not one."""
    if form.keys and (table := down(grid, form, start)) is not None:
        return table
    rows = by_row(grid)
    body = _body(rows, form, words, start)
    slots = _slots(grid, body, start)
    header = _header(rows, start, body, words)
    labelled = _labelled(grid, rows, slots, header)
    columns = [_keyed(slot, labels, words) for slot, labels in zip(slots, labelled, strict=True)]
    columns = content.complete(columns, grid, body, form, words)
    columns = _blocked(_levelled(columns))
    columns = [
        _measured(column, labels, form) for column, labels in zip(columns, labelled, strict=True)
    ]
    if _whole(columns, form):
        return Table(grid, tuple(columns), body)
    ordered = _by_order(columns, form)
    return Table(grid, tuple(ordered), body, header_lost=True) if ordered else None


def continued(grid: Grid, form: Form, words: Vocabulary, before: Table) -> Table | None:
    """``grid`` as the next page of ``before``: no header, or the same again; None if the columns differ."""
    own = understand(grid, form, words)
    if own is not None and (before.header_lost or not own.header_lost):
        return own
    rows = by_row(grid)
    body = next((i for i, row in enumerate(rows) if is_body(texts(row), form, words)), 0)
    if any(texts(row) for row in rows[:body]):
        body = 0
    slots = _slots(grid, body, 0)
    if len(slots) == len(before.columns):
        columns = (replace(c, slot=slot) for c, slot in zip(before.columns, slots, strict=True))
        return Table(grid, tuple(columns), body, before.header_lost)
    return _aligned(grid, body, before)


def _aligned(grid: Grid, body: int, before: Table) -> Table | None:
    """Columns matched by where they stand, for a page whose rows are merged; None if it is cut otherwise."""
    if not (grid.edges and before.grid.edges):
        return None
    shift = grid.edges[0] - before.grid.edges[0]
    known = [x + shift for x in before.grid.edges]
    same = all(min(abs(x - k) for k in known) <= SNAP for x in grid.edges)
    if not same or abs(grid.edges[-1] - known[-1]) > SNAP:
        return None
    columns = (
        replace(c, slot=bisect_right(grid.edges, _middle(before.grid, c.slot) + shift) - 1)
        for c in before.columns
    )
    return Table(grid, tuple(columns), body)


def _middle(grid: Grid, slot: int) -> float:
    return (grid.edges[slot] + grid.edges[slot + 1]) / 2


# Header and body ------------------------------------------------------------------------


def _body(rows: Sequence[Sequence[Cell]], form: Form, words: Vocabulary, start: int) -> int:
    """The first row of the body; after the header's last printed row where nothing is printed below."""
    header = start
    for number in range(start, len(rows)):
        found = texts(rows[number])
        if is_body(found, form, words):
            return number
        if found:
            header = number + 1
    return header


def _header(rows: Sequence[Sequence[Cell]], start: int, body: int, words: Vocabulary) -> list[int]:
    """The rows that hold headings: 栏次 rows do not; 类 款 项 may stand on the row of 合计."""
    header = [r for r in range(start, body) if not is_numbering(texts(rows[r]), words)]
    levels = {label for labels in words.code_levels for label in labels}
    if body < len(rows) and levels & set(texts(rows[body])):
        header.append(body)
    return header


def _slots(grid: Grid, body: int, start: int) -> list[int]:
    """Where the columns are: the cut that most rows of the body share."""
    covering = grid.covering()
    cuts = [_cut(covering, row, grid.width) for row in range(start, grid.height)]
    shared = Counter(cut for cut in cuts[body - start :] if len(cut) > 1)
    if not shared or shared.most_common(1)[0][1] < 3:
        # Too few rows to vote: the finest cut, of the header too.
        return [_centre(grid, *span) for span in max(cuts, key=len, default=())]
    [(cut, _)] = shared.most_common(1)
    return [_centre(grid, *span) for span in cut]


def _cut(covering: Mapping[tuple[int, int], Cell], row: int, width: int) -> tuple[Span, ...]:
    """(first slot, slots) of each cell that a row passes through."""
    cells = (covering.get((row, column)) for column in range(width))
    return tuple(dict.fromkeys((cell.column, cell.columns) for cell in cells if cell is not None))


def _centre(grid: Grid, column: int, columns: int) -> int:
    if not grid.edges or columns == 1:
        return column
    x = (grid.edges[column] + grid.edges[column + columns]) / 2
    return next(s for s in range(column, column + columns) if x <= grid.edges[s + 1])


# Headings -------------------------------------------------------------------------------


def heading(text: str) -> str:
    """A heading folded, without number in front and unit, number or mark behind it."""
    return _TRIMMED.sub("", unnumbered(fold(text)))


def _labelled(
    grid: Grid, rows: Sequence[Sequence[Cell]], slots: Sequence[int], header: Sequence[int]
) -> list[Labels]:
    if grid.edges:
        return [_over(rows, slot, header) for slot in slots]
    spread = _spread(rows, grid.width, header)
    return [
        tuple((r, text) for r in header if (text := heading(spread[r].get(slot, ""))))
        for slot in slots
    ]


def _over(rows: Sequence[Sequence[Cell]], slot: int, header: Sequence[int]) -> Labels:
    return tuple(
        (row, text)
        for row in header
        for cell in rows[row]
        if cell.column <= slot < cell.column + cell.columns and (text := heading(cell.text))
    )


def _spread(
    rows: Sequence[Sequence[Cell]], width: int, header: Sequence[int]
) -> dict[int, dict[int, str]]:
    """Headings of a text without spans: an empty cell carries on the label left of it, unless one stands above."""
    spread: dict[int, dict[int, str]] = {}
    owned: set[int] = set()
    for row in header:
        own = {cell.column: cell.text for cell in rows[row] if fold(cell.text)}
        spread[row] = {}
        label = ""
        for column in range(width):
            if column in own:
                label = own[column]
            elif column in owned:
                label = ""
            spread[row][column] = label
        owned |= own.keys()
    return spread


# Roles ----------------------------------------------------------------------------------


def _keyed(slot: int, labels: Labels, words: Vocabulary) -> Column:
    """The column's part in naming a row, by its lowest label that names one."""
    found = [text for _, text in reversed(labels)]
    top = "/".join(text for _, text in labels)
    for text in found:
        for level, names in enumerate(words.code_levels):
            if text in names:
                return Column(slot, "code", level=level, heading=top)
    for text in found:
        if (role := _role(text, words)) is not None:
            return Column(slot, role, heading=top)
    return Column(slot, "none", heading=top)


def _role(text: str, words: Vocabulary) -> Role | None:
    """What a heading says of a key column; 科目编码 may be told apart by words in front."""
    if text in words.line_no:
        return "line_no"
    if text.endswith(tuple(words.code)):
        return "code"
    return "name" if text in words.label or text.endswith(tuple(words.name)) else None


def _levelled(columns: Sequence[Column]) -> list[Column]:
    """Codes printed in parts under one heading: their columns are 类 款 项 from left to right."""
    levelled: list[Column] = []
    for column, after in zip_longest(columns, columns[1:]):
        before = levelled[-1] if levelled else None
        if column.role == "code" and column.level is None:
            if before is not None and before.role == "code" and before.level is not None:
                column = replace(column, level=before.level + 1)
            elif after is not None and after.role == "code" and after.level is None:
                column = replace(column, level=0)
        levelled.append(column)
    return levelled


def _blocked(columns: Sequence[Column]) -> list[Column]:
    """Tables side by side: a new one begins with each key column behind a column of figures."""
    block, figures = 0, False
    blocked = []
    for column in columns:
        keyed = column.role in {"code", "name"}
        if keyed and figures:
            block, figures = block + 1, False
        figures = figures or column.role == "none"
        blocked.append(replace(column, block=block))
    return blocked


def _measured(column: Column, labels: Labels, form: Form) -> Column:
    if column.role != "none":
        return column
    side = _side(form, column.block)
    choices = [
        (score, measure.name)
        for measure in form.measures
        if measure.side in (None, side)
        for score in _scores(measure, labels)
    ]
    if not choices:
        return column
    period = _period(labels, form)
    if form.keys and period is None:
        return column
    return replace(column, role="measure", measure=max(choices)[1], key=period)


def _scores(measure: Measure, labels: Labels) -> Iterator[tuple[int, int]]:
    """How well a measure is named: by how low a label, and by how many."""
    rows = {text: row for row, text in labels}
    for names in measure.headings:
        if rows.keys() >= set(names):
            yield max(rows[n] for n in names), len(names)


def _period(labels: Labels, form: Form) -> str | None:
    return next((k for k, names in form.keys.items() for _, text in labels if text in names), None)


def _side(form: Form, block: int) -> str | None:
    return form.sides[block].name if block < len(form.sides) else None


# Is it all there? -----------------------------------------------------------------------


def _whole(columns: Sequence[Column], form: Form) -> bool:
    """Whether the headings name the columns: none twice, and nothing that the form needs is missing."""
    named = [(c.block, c.measure, c.key) for c in columns if c.role == "measure"]
    if len(set(named)) < len(named):
        return False
    return all(
        _has_keys(columns, block, form) and _complete(columns, block, form)
        for block in _blocks(columns, form)
    )


def _has_keys(columns: Sequence[Column], block: int, form: Form) -> bool:
    """Whether something in the block says which row is which; 三公 has a single row a period."""
    return bool(form.keys) or any(c.role in {"code", "name"} for c in columns if c.block == block)


def _complete(columns: Sequence[Column], block: int, form: Form) -> bool:
    """All measures of the form, or, where a publisher prints fewer, every column known by name."""
    side = _side(form, block)
    wanted = [m.name for m in form.measures if not m.optional and m.side in (None, side)]
    named = {(c.key, c.measure) for c in columns if c.block == block and c.role == "measure"}
    if form.keys:
        return {(key, wanted[0]) for key in form.keys} <= named
    measures = {measure for _, measure in named}
    nameless = any(c.block == block and c.role == "none" for c in columns)
    return measures >= set(wanted) or (wanted[0] in measures and not nameless)


def _blocks(columns: Sequence[Column], form: Form) -> Sequence[int]:
    return range(len(form.sides)) if form.sides else sorted({c.block for c in columns})


def _by_order(columns: Sequence[Column], form: Form) -> list[Column] | None:
    """Measures by the order in which the form prints them; None where the count fits no known order."""
    placed = {c.slot: c for c in columns}
    for block in _blocks(columns, form):
        side = _side(form, block)
        free = [c for c in columns if c.block == block and c.role in {"none", "measure"}]
        named = _ordered(form, side, len(free))
        if named is None or not _has_keys(columns, block, form):
            return None
        for column, (key, measure) in zip(free, named, strict=True):
            placed[column.slot] = replace(column, role="measure", measure=measure, key=key)
    return list(placed.values())


def _ordered(form: Form, side: str | None, count: int) -> list[tuple[str | None, str]] | None:
    sided = {m.name for m in form.measures if m.side in (None, side)}
    for order in form.orders:
        if not set(order) <= sided:
            continue
        periods: Sequence[str | None] = list(form.keys) or [None]
        if len(order) * len(periods) == count:
            return [(period, measure) for period in periods for measure in order]
    return None
