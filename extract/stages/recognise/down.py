"""The 三公 form printed down the page: items are lines, 预算数 and 决算数 the columns.

Label and figure may stand in one cell (“一、因公出国（境）支出 300”); it is parted first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extract import amounts
from extract.forms import Form, Vocabulary, is_ratio, undated
from extract.hanzi import fold
from extract.model import Cell, Column, Grid, Role, Table

_SPENT = "actual"
_ENOUGH = 3  # items in one column of labels; headings printed across stand on two rows at most
_RUN_IN = re.compile(
    r"(?P<label>.*[^\d\s.,(（-])\s*(?P<figure>[-(（]?\d[\d,.]*[)）]?)\s*", re.DOTALL
)


def down(grid: Grid, form: Form, words: Vocabulary, start: int) -> Table | None:
    """``grid`` as a table whose rows are the form's measures; None if they are not."""
    grid = _parted(grid, form, start)
    labels = _labels(grid, form, start)
    if not labels:
        return None
    body = min(cell.row for cell in labels)
    named = {cell.column for cell in labels}
    lines = (cell for cell in grid.cells if cell.column in named)
    above = {cell.row for cell in lines if form.passes_over_line(cell.text)}
    while body - 1 in above:
        body -= 1
    columns = _columns(grid, form, words, named, start, body)
    if not any(column.role == "measure" for column in columns):
        return None
    return Table(grid, tuple(columns), body)


def _labels(grid: Grid, form: Form, start: int) -> list[Cell]:
    """The cells that name items, in the columns that name enough of them."""
    named: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if cell.row >= start and form.item(cell.text):
            named.setdefault(cell.column, []).append(cell)
    return [
        cell
        for cells in named.values()
        for cell in cells
        if len({form.item(one.text) for one in cells}) >= _ENOUGH
    ]


def _columns(
    grid: Grid, form: Form, words: Vocabulary, labels: set[int], start: int, body: int
) -> list[Column]:
    """Labels, and right of them the figures by the period each is headed with."""
    first = min(labels)
    filled = _filled(grid, first, body)
    heads = [cell for cell in grid.cells if start <= cell.row < body]
    numbers = {cell.column for cell in heads if fold(cell.text) in words.line_no}
    passed = {cell.column for cell in heads if words.states_ratio(fold(cell.text))} | {
        cell.column
        for cell in grid.cells
        if cell.row >= body and is_ratio(fold(cell.text)) and cell.column not in filled
    }
    headed, doubled = _headed(heads, form)
    unheaded = [c for c in filled if c not in passed | numbers | labels and c not in headed]
    if len(unheaded) == 1 and _SPENT not in headed.values():
        # One column of figures in a 决算 form, or one beside the budget, states what was spent.
        headed[unheaded[0]] = _SPENT
    roles: dict[int, Role] = {
        **dict.fromkeys({*passed, *doubled}, "passed"),
        **dict.fromkeys({*numbers, *range(first)}, "line_no"),
        **dict.fromkeys(headed, "measure"),
        **dict.fromkeys(labels, "name"),
    }
    over = {cell.column: fold(cell.text) for cell in heads if roles.get(cell.column) is None}
    return [
        Column(slot, role, key=headed.get(slot), heading=doubled.get(slot) or over.get(slot, ""))
        for slot in range(grid.width)
        for role in (roles.get(slot, "none"),)
    ]


def _headed(heads: Sequence[Cell], form: Form) -> tuple[dict[int, str], dict[int, str]]:
    """The period of each column, and the headings of those that state another plan of the same period.

    Of 年初预算数 and 全年预算数 the one that the schema names first is meant.
    """
    said = {
        slot: (key, form.keys[key].index(undated(fold(cell.text))), fold(cell.text))
        for cell in heads
        if (key := form.period(cell.text))
        for slot in range(cell.column, cell.column + cell.columns)
    }
    first = {key: min(at for k, at, _ in said.values() if k == key) for key, _, _ in said.values()}
    headed = {slot: key for slot, (key, at, _) in said.items() if at == first[key]}
    return headed, {slot: text for slot, (_, _, text) in said.items() if slot not in headed}


def _filled(grid: Grid, label: int, body: int) -> Sequence[int]:
    def printed(cell: Cell) -> bool:
        return cell.row >= body and cell.column > label and amounts.is_amount(cell.text)

    return sorted({cell.column for cell in grid.cells if printed(cell)})


# Label and figure in one cell -------------------------------------------------------------


def _parted(grid: Grid, form: Form, start: int) -> Grid:
    """The grid with two slots for each, where labels run into their figures; else as it is."""
    split = {id(cell): found for cell in grid.cells if (found := _run_in(cell, form, start))}
    if len({form.item(found["label"]) for found in split.values()}) < _ENOUGH:
        return grid
    cells: list[Cell] = []
    for cell in grid.cells:
        wide = replace(cell, column=2 * cell.column, columns=2 * cell.columns)
        if found := split.get(id(cell)):
            cells.append(replace(wide, text=found["label"], columns=1))
            wide = replace(wide, text=found["figure"], column=wide.column + 1, columns=1)
        cells.append(wide)
    halves = [x for left, right in pairwise(grid.edges) for x in (left, (left + right) / 2)]
    edges = (*halves, grid.edges[-1]) if grid.edges else ()
    return replace(grid, cells=tuple(cells), width=2 * grid.width, edges=edges)


def _run_in(cell: Cell, form: Form, start: int) -> re.Match[str] | None:
    found = _RUN_IN.fullmatch(cell.text) if cell.row >= start and cell.columns == 1 else None
    return found if found and form.item(found["label"]) else None
