"""Which column of a grid holds what?

Headings decide: each column is under a set of labels, and each measure of a form is named
by one. Where headings are damaged the order of the columns decides, if the form is printed
with just so many, and the table says ``header_lost``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from extract.bounds import COLUMNS
from extract.forms import Form, Vocabulary, year_of
from extract.geometry import SNAP
from extract.model import Cell, Column, Grid, Table
from extract.stages.recognise import content
from extract.stages.recognise.body import body_of, header_of, slots_of
from extract.stages.recognise.down import down
from extract.stages.recognise.headings import (
    blocked,
    compares_years,
    keyed,
    labelled,
    levelled,
    measured,
    side_of,
)
from extract.stages.recognise.order import blocks, by_order, by_place, has_keys
from extract.stages.recognise.rows import by_row, is_body, texts


def understand(grid: Grid, form: Form, words: Vocabulary, start: int = 0) -> Table | None:
    """``grid`` read as a table of ``form`` whose header begins at row ``start``; None if it is not one."""
    if grid.width > COLUMNS:
        return None
    if form.keys and (table := down(grid, form, words, start)) is not None:
        return table
    rows = by_row(grid)
    body = body_of(rows, form, words, start)
    slots = slots_of(grid, body, start)
    header = header_of(rows, start, body, words)
    heads = labelled(grid, rows, slots, header, words)
    columns = [keyed(slot, labels, words) for slot, labels in zip(slots, heads, strict=True)]
    columns = content.complete(columns, grid, body, form, words)
    columns = blocked(levelled(columns))
    in_rows = _periods_in_rows(rows[body:], form)
    columns = by_place(measured(columns, heads, form, in_rows=in_rows), heads, form)
    if _whole(columns, form):
        return Table(grid, tuple(columns), body)
    # Years and plans are no damaged headings: the table compares them.
    compares = any(
        year_of(text) or (text in words.plans and not form.heads(text))
        for labels in heads
        for _, text in labels
    )
    ordered = None if compares else by_order(columns, heads, form)
    return Table(grid, tuple(ordered), body, header_lost=True) if ordered else None


def continued(grid: Grid, form: Form, words: Vocabulary, before: Table) -> Table | None:
    """``grid`` as the next page of ``before``: no header, or the same again; None if the columns differ."""
    own = understand(grid, form, words)
    if own is not None and (before.header_lost or not own.header_lost):
        return own
    rows = by_row(grid)
    body = next((i for i, row in enumerate(rows) if is_body(texts(row), form, words)), 0)
    slots = slots_of(grid, body, 0)
    if any(texts(row) for row in rows[:body]):
        alike = any(column.role == "passed" for column in before.columns)
        if not alike and _is_of_others(grid, rows, slots, body, words):
            return None
        body = 0
        slots = slots_of(grid, body, 0)
    if len(slots) == len(before.columns):
        columns = (replace(c, slot=slot) for c, slot in zip(before.columns, slots, strict=True))
        return Table(grid, tuple(columns), body, before.header_lost)
    return _aligned(grid, body, before)


def _is_of_others(
    grid: Grid, rows: Sequence[Sequence[Cell]], slots: Sequence[int], body: int, words: Vocabulary
) -> bool:
    """Whether the header of a table states percentages or years: it begins a table that is no page of a form."""
    heads = labelled(grid, rows, slots, header_of(rows, 0, body, words), words)
    found = (keyed(slot, labels, words) for slot, labels in zip(slots, heads, strict=True))
    return any(column.role == "passed" for column in found)


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


def _periods_in_rows(rows: Sequence[Sequence[Cell]], form: Form) -> bool:
    """Whether the rows of a body are the periods of a form: 预算数 above 决算数."""
    firsts = (found[0] for row in rows if (found := texts(row)))
    periods = [key for text in firsts if (key := form.period(text))]
    return len(periods) > 1 and set(periods) == set(form.keys)


# Is it all there? -----------------------------------------------------------------------


def _whole(columns: Sequence[Column], form: Form) -> bool:
    """Whether the headings name the columns: none twice, and nothing that the form needs is missing."""
    named = [(c.block, c.measure, c.key) for c in columns if c.role == "measure"]
    if len(set(named)) < len(named):
        return False
    return all(
        has_keys(columns, block, form) and _complete(columns, block, form)
        for block in blocks(columns, form)
    )


def _complete(columns: Sequence[Column], block: int, form: Form) -> bool:
    """All measures of the form, or, where a publisher prints fewer, every column known by name."""
    side = side_of(form, block)
    wanted = [m.name for m in form.measures if not m.optional and m.side in (None, side)]
    named = {(c.key, c.measure) for c in columns if c.block == block and c.role == "measure"}
    nameless = any(
        c.block == block and c.role == "none" and not form.passes_over(c.heading) for c in columns
    )
    if form.keys:
        periods = {key for key, _ in named}
        totals = {(key, wanted[0]) for key in periods} <= named
        alone = periods != set(form.keys)
        return bool(named) and totals and not (alone and (nameless or compares_years(columns)))
    measures = {measure for _, measure in named}
    return measures >= set(wanted) or (wanted[0] in measures and not nameless)
