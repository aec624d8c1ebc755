"""The 三公 form printed down the page: items are lines, 预算数 and 决算数 the columns."""

from __future__ import annotations

from collections.abc import Sequence

from extract import amounts
from extract.forms import Form, Vocabulary, is_ratio
from extract.hanzi import fold
from extract.model import Cell, Column, Grid, Table

_ENOUGH = 3  # items among the labels; headings printed across begin at most two rows


def down(grid: Grid, form: Form, words: Vocabulary, start: int) -> Table | None:
    """``grid`` as a table whose rows are the form's measures; None if they are not."""
    labels = {
        cell.row: cell
        for cell in reversed(grid.cells)
        if cell.row >= start and form.item(cell.text)
    }
    if len({form.item(cell.text) for cell in labels.values()}) < _ENOUGH:
        return None
    body = min(labels)
    label = min(cell.column for cell in labels.values())
    columns = [Column(slot, "line_no") for slot in range(label)]
    columns.append(Column(label, "name"))
    columns += _periods(grid, form, words, label, start, body)
    if not any(column.role == "measure" for column in columns):
        return None
    return Table(grid, tuple(columns), body)


def _periods(
    grid: Grid, form: Form, words: Vocabulary, label: int, start: int, body: int
) -> list[Column]:
    """The columns right of the labels, by the period each is headed with."""
    filled = _filled(grid, label, body)
    passed = {
        cell.column
        for cell in grid.cells
        if (start <= cell.row < body and words.states_ratio(fold(cell.text)))
        or (cell.row >= body and is_ratio(fold(cell.text)) and cell.column not in filled)
    }
    headed = {
        cell.column: key
        for cell in grid.cells
        if start <= cell.row < body
        for key, names in form.keys.items()
        if fold(cell.text) in names
    }
    amounts_alone = [column for column in filled if column not in passed]
    if not headed and len(amounts_alone) == 1:
        # One column of figures in a 决算 form states what was spent.
        headed = {amounts_alone[0]: "actual"}
    return [
        Column(slot, "measure", key=headed[slot])
        if slot in headed
        else Column(slot, "passed" if slot in passed else "none")
        for slot in range(label + 1, grid.width)
    ]


def _filled(grid: Grid, label: int, body: int) -> Sequence[int]:
    def printed(cell: Cell) -> bool:
        return cell.row >= body and cell.column > label and amounts.is_amount(cell.text)

    return sorted({cell.column for cell in grid.cells if printed(cell)})
