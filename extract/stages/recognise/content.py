"""What a column holds, told from its cells: where its heading is lost, and where it is wrong.

In a text a lost heading leaves its column under its neighbour's: figures under 科目名称.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from extract import amounts
from extract.forms import Form, Vocabulary, is_ratio
from extract.forms.codes import digits
from extract.hanzi import fold
from extract.model import Column, Grid, Role
from extract.stages.recognise.rows import is_line

_CODE = re.compile(r"[23]\d\d(?:\d\d){0,2}(?![\d.,])")
_MOST = 0.6
_LONG = 10  # digits; no row has such a number


def complete(
    columns: Sequence[Column], grid: Grid, body: int, form: Form, words: Vocabulary
) -> list[Column]:
    """The columns with the roles their cells give them; headings stand where cells say nothing."""
    held = _held(columns, grid, body, form, words)
    columns = [_passed(column, held[column.slot]) for column in columns]
    if form.keyed_by == "period":
        return columns
    told: list[Column] = []
    for column in columns:
        before = told[-1].role if told else "none"
        # Beside a column of codes 271 under 本年收入 is an amount, though every row prints it.
        coded = any(one.role == "code" for one in told) and form.heads(_label(column))
        if coded and column.role == "none":
            told.append(column)
            continue
        role = _role(column, held[column.slot], before, form)
        told.append(column if role == column.role else replace(column, role=role, level=None))
    return told


def _label(column: Column) -> str:
    """The lowest label over a column."""
    return column.heading.rpartition("/")[2]


def _passed(column: Column, texts: Sequence[str]) -> Column:
    """A column of figures most of which are percentages holds no amounts, whatever stands over it."""
    ratios = bool(texts) and column.role == "none" and _share(texts, is_ratio) >= _MOST
    return replace(column, role="passed") if ratios else column


def _role(column: Column, texts: Sequence[str], before: Role, form: Form) -> Role:
    if not texts or column.role in {"passed", "unit"}:
        return column.role
    coded = form.keyed_by != "lines" and _share(texts, _is_code) >= _MOST
    if column.role == "line_no" and _numbers(texts) and not coded:
        return column.role
    if column.role == "none" and _numbered(texts):
        return "line_no"
    if _share(texts, amounts.is_figure) >= _MOST and not _numbers(texts):
        return "none"
    if form.keyed_by == "lines":
        return _in_summary(column, texts, form)
    if column.level is None and coded:
        return "code"
    wordy = not any(map(amounts.is_amount, texts))
    return "name" if wordy and before == "code" and not _numbers(texts) else column.role


def _in_summary(column: Column, texts: Sequence[str], form: Form) -> Role:
    if _numbers(texts) and _rising(texts):
        return "line_no"
    if _share(texts, lambda text: is_line(text, form)) >= _MOST:
        return "name"
    return column.role


def _is_code(text: str) -> bool:
    return bool(_CODE.match(digits(text)))


def _numbers(texts: Sequence[str]) -> bool:
    """Whether the texts are bare whole numbers, as codes and 行次 are."""
    return _share(texts, lambda text: text.isascii() and text.isdigit()) >= _MOST


def _numbered(texts: Sequence[str]) -> bool:
    """Whether the texts are 1, 2, 3 and so on: item numbers, which codes never are."""
    return len(texts) > 1 and list(texts) == [str(n) for n in range(1, len(texts) + 1)]


def _rising(texts: Sequence[str]) -> bool:
    numbers = [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < _LONG]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts)


def _held(
    columns: Sequence[Column], grid: Grid, body: int, form: Form, words: Vocabulary
) -> dict[int, list[str]]:
    """The texts of each column's body, totals aside."""
    totals = {*words.total, *(label for labels in form.totals.values() for label in labels)}
    over = {column.slot: fold(_label(column)) for column in columns}
    held: dict[int, list[str]] = {slot: [] for slot in over}
    for cell in grid.cells:
        if cell.row < body or cell.column not in held:
            continue
        text = fold(cell.text)
        # The last line of a heading may stand on the row of the total.
        heads = words.heads_keys(text) or words.heads_keys(over[cell.column] + text)
        if text and text not in totals and not heads:
            held[cell.column].append(text)
    return held
