"""The 三公 form: keys are periods, measures are items; it is printed across or down the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract import amounts
from extract.forms import Form, Vocabulary
from extract.model import Cell, Column, Sheet
from extract.stages.normalize.entries import Entry, Ignored, Row, rows


def read(sheet: Sheet, form: Form, words: Vocabulary) -> tuple[list[Entry], list[Ignored]]:
    """One entry a period, from the row of figures or from the lines; the cells left out."""
    ignored: list[Ignored] = []
    stated = list(rows(sheet, 0, words, ignored))
    columns = [column for table in sheet.tables for column in table.columns]
    if any(column.role == "measure" and column.measure is None for column in columns):
        stated = list(_turned(stated, form, ignored))
    elif any(column.role == "measure" and column.key is None for column in columns):
        return list(_by_rows(stated, form)), ignored
    elif not stated:
        stated = list(_blank(sheet))
    return [_entry(row, key) for row in stated for key in form.keys if _states(row, key)], ignored


def _by_rows(stated: Sequence[Row], form: Form) -> Iterator[Entry]:
    """The periods are rows: 预算数 above 决算数."""
    for row in stated:
        label = next((cell.text for _, cell in row.keys if form.period(cell.text)), None)
        if label is not None:
            yield Entry(row, form.period(label) or "", label)


def _entry(row: Row, key: str) -> Entry:
    figures = tuple((column, cell) for column, cell in row.figures if column.key == key)
    name = next((column.heading.split("/")[-1] for column, _ in figures if column.heading), key)
    part = Row(row.table, row.number, row.keys, figures)
    return Entry(part, key, name)


def _states(row: Row, key: str) -> bool:
    return any(column.key == key for column, _ in row.figures)


def _turned(stated: Sequence[Row], form: Form, ignored: list[Ignored]) -> Iterator[Row]:
    """Lines made into one row of figures; lines that name no item stay lines of their own."""
    keys: list[tuple[Column, Cell]] = []
    figures: list[tuple[Column, Cell | None]] = []
    for row in stated:
        measure = next((m for _, cell in row.keys if (m := form.item(cell.text))), None)
        if measure is not None:
            keys += row.keys
            figures += ((replace(column, measure=measure), cell) for column, cell in row.figures)
        elif reason := _needless(row, form):
            ignored.extend(Ignored(cell, row.page, reason) for cell in row.printed())
    if stated:
        yield Row(stated[0].table, stated[0].number, tuple(keys), tuple(figures))


def _needless(row: Row, form: Form) -> str | None:
    """Why a line that names no item is not missed."""
    if any(form.passes_over_line(cell.text) for _, cell in row.keys):
        return "a line the form passes over"
    if not any(cell is not None and amounts.is_amount(cell.text) for _, cell in row.figures):
        return "a line without an amount"
    return None


def _blank(sheet: Sheet) -> Iterator[Row]:
    """The form printed empty: every cell of it a blank."""
    table = sheet.tables[0]
    figures = tuple((c, None) for c in table.columns if c.role == "measure")
    yield Row(table, min(table.body, table.grid.height - 1), (), figures)
