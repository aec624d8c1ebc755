"""What a column holds, told from its cells, where its heading is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from extract import amounts
from extract.forms import Form
from extract.hanzi import fold
from extract.model import Column, Grid
from extract.stages.recognise.rows import is_line

_CODE = re.compile(r"\d{3}(?:\d\d){0,2}")
_MOST = 0.6


def complete(columns: Sequence[Column], grid: Grid, body: int, form: Form) -> list[Column]:
    """Name the key columns that no heading named."""
    if form.keyed_by == "period":
        return list(columns)
    held = _held(columns, grid, body)
    completed: list[Column] = []
    for column in columns:
        texts = held[column.slot]
        if column.role == "none" and texts:
            column = _told(column, texts, completed, form)
        completed.append(column)
    return completed


def _told(column: Column, texts: Sequence[str], before: Sequence[Column], form: Form) -> Column:
    if form.keyed_by == "lines":
        if _share(texts, lambda text: is_line(text, form)) >= _MOST:
            return replace(column, role="name")
        return column
    if _share(texts, lambda text: bool(_CODE.fullmatch(text))) >= _MOST:
        return replace(column, role="code")
    wordy = not any(amounts.is_amount(text) for text in texts)
    if wordy and before and before[-1].role == "code":
        return replace(column, role="name")
    return column


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts)


def _held(columns: Sequence[Column], grid: Grid, body: int) -> dict[int, list[str]]:
    held: dict[int, list[str]] = {column.slot: [] for column in columns}
    for cell in grid.cells:
        if cell.row >= body and cell.column in held and (text := fold(cell.text)):
            held[cell.column].append(text)
    return held
