"""What kind of row is this? Told from its texts alone, before the columns are known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract import amounts
from extract.forms import Form, Vocabulary, is_ratio, year_of
from extract.forms.codes import class_labels, digits
from extract.hanzi import fold, unnumbered
from extract.model import Cell, Grid

_CODE = re.compile(r"\d{3}(?:\d\d){0,2}(?!\d)")


def by_row(grid: Grid) -> list[list[Cell]]:
    """The cells that begin in each row, left to right."""
    rows: list[list[Cell]] = [[] for _ in range(grid.height)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return rows


def texts(cells: Sequence[Cell]) -> list[str]:
    """What the row prints, folded, blanks left out."""
    return [text for cell in cells if (text := fold(cell.text))]


def is_body(found: Sequence[str], form: Form, words: Vocabulary) -> bool:
    """Whether the row belongs to the body of ``form``: it prints an amount, a code, a known line."""
    if not found or words.numbers_columns(found) or words.states_years(found):
        return False
    first, rest = found[0].rstrip(":"), found[1:]
    if form.keyed_by != "lines" and (first in _totals(form, words) or form.total(first, words)):
        totals = _totals(form, words)
        return all(amounts.is_figure(t) or is_ratio(t) or year_of(t) or t in totals for t in rest)
    if form.keyed_by in {"functional", "economic"} and _CODE.match(digits(first)):
        return True
    # 一般公共预算财政拨款 is a line and a heading: alone it counts only where rows begin.
    if form.keyed_by == "lines" and any(
        is_line(text, form) for i, text in enumerate(found) if i == 0 or unnumbered(text) != text
    ):
        return True
    # A row of nothing but dashes is an empty one of the body.
    return any(map(amounts.is_amount, found)) or all(map(amounts.is_figure, found))


def is_line(text: str, form: Form) -> bool:
    """Whether a folded text is the label of a line of a summary form, totals aside."""
    label = unnumbered(text)
    if label != text and label in class_labels():
        return True
    # 合计 heads a column as well as a line; it proves nothing.
    return any(
        label in line.labels and not line.key.endswith(".total")
        for side in form.sides
        for line in side.lines
    )


def _totals(form: Form, words: Vocabulary) -> set[str]:
    return {*words.total, *(label for labels in form.totals.values() for label in labels)}
