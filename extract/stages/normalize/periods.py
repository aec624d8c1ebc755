"""The 三公 form: keys are periods, measures are items; it is printed across or down the page."""

from __future__ import annotations

from collections.abc import Iterator

from extract.forms import Form, Vocabulary
from extract.model import Sheet
from extract.stages.normalize.entries import Entry, Ignored, Row, rows


def read(sheet: Sheet, form: Form, words: Vocabulary) -> tuple[list[Entry], list[Ignored]]:
    """One entry a period, from the row of figures; the cells left out."""
    ignored: list[Ignored] = []
    stated = [row for block in (0,) for row in rows(sheet, block, words, ignored)]
    if not stated:
        stated = list(_blank(sheet))
    entries: list[Entry] = []
    for row in stated:
        entries += [_entry(row, key) for key in form.keys]
    return entries, ignored


def _entry(row: Row, key: str) -> Entry:
    figures = tuple((column, cell) for column, cell in row.figures if column.key == key)
    name = next((column.heading.split("/")[-1] for column, _ in figures), key)
    part = Row(row.table, row.number, row.keys, figures)
    return Entry(part, key, name)


def _blank(sheet: Sheet) -> Iterator[Row]:
    """The form printed empty: every cell of it a blank."""
    table = sheet.tables[0]
    figures = tuple((c, None) for c in table.columns if c.role == "measure")
    yield Row(table, min(table.body, table.grid.height - 1), (), figures)
