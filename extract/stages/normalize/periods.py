"""The 三公 form: keys are periods, measures are items; it is printed across or down the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.forms import Form, Vocabulary
from extract.model import Cell, Column, Sheet
from extract.stages.normalize.entries import Entry, Ignored, Row, rows


def read(sheet: Sheet, form: Form, words: Vocabulary) -> tuple[list[Entry], list[Ignored]]:
    """One entry a period, from the row of figures or from the lines; the cells left out."""
    ignored: list[Ignored] = []
    stated = list(rows(sheet, 0, words, ignored))
    if any(column.role == "name" for table in sheet.tables for column in table.columns):
        stated = list(_turned(stated, form))
    elif not stated:
        stated = list(_blank(sheet))
    return [_entry(row, key) for row in stated for key in form.keys if _states(row, key)], ignored


def _entry(row: Row, key: str) -> Entry:
    figures = tuple((column, cell) for column, cell in row.figures if column.key == key)
    name = next((column.heading.split("/")[-1] for column, _ in figures if column.heading), key)
    part = Row(row.table, row.number, row.keys, figures)
    return Entry(part, key, name)


def _states(row: Row, key: str) -> bool:
    return any(column.key == key for column, _ in row.figures)


def _turned(stated: Sequence[Row], form: Form) -> Iterator[Row]:
    """Lines made into one row of figures; lines that name no item stay lines of their own."""
    keys: list[tuple[Column, Cell]] = []
    figures: list[tuple[Column, Cell | None]] = []
    for row in stated:
        measure = next((m for _, cell in row.keys if (m := form.item(cell.text))), None)
        if measure is None:
            continue
        keys += row.keys
        figures += ((replace(column, measure=measure), cell) for column, cell in row.figures)
    if stated:
        yield Row(stated[0].table, stated[0].number, tuple(keys), tuple(figures))


def _blank(sheet: Sheet) -> Iterator[Row]:
    """The form printed empty: every cell of it a blank."""
    table = sheet.tables[0]
    figures = tuple((c, None) for c in table.columns if c.role == "measure")
    yield Row(table, min(table.body, table.grid.height - 1), (), figures)
