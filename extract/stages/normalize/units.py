"""Rows that are subordinate units: the form of one agency, cut by those it is made of."""

from __future__ import annotations

from extract.forms import Form, Vocabulary
from extract.hanzi import fold, tidy
from extract.model import Sheet
from extract.stages.normalize.entries import Entry, Ignored, Row, blocks, rows


def read(sheet: Sheet, form: Form, words: Vocabulary) -> tuple[list[Entry], list[Ignored]]:
    """A row a unit, keyed ``unit.1``, ``unit.2`` … as printed; where a form has periods, a row and period.

    One row alone is the agency itself, as 合计 is.
    """
    ignored: list[Ignored] = []
    entries: list[Entry] = []
    number = 0
    for block in blocks(sheet):
        stated = list(rows(sheet, block, words, ignored))
        for row in stated:
            name = _name(row)
            ignored += [
                Ignored(cell, row.page, "the code of a unit, whose name is kept")
                for _, cell in row.keys
                if cell.text.strip() and tidy(cell.text) not in name
            ]
            total = any(fold(cell.text) in words.total for _, cell in row.keys)
            whole = total or len(stated) == 1
            number += not whole
            unit = "" if whole else f"unit.{number}"
            entries += [
                Entry(_of_period(row, period), key, name, level=0 if whole else None)
                for period, key in _keys(unit, row, form)
            ]
    return entries, ignored


def _name(row: Row) -> str:
    """The name of a unit; its code where no name is printed."""
    printed = [tidy(cell.text) for _, cell in row.keys if cell.text.strip()]
    named = [text for text in printed if not text.isdigit()]
    return "".join(named or printed)


def _keys(unit: str, row: Row, form: Form) -> list[tuple[str | None, str]]:
    if not form.keys:
        return [(None, unit or "total")]
    printed = {column.key for column, _ in row.figures}
    return [(p, f"{p}.{unit}" if unit else p) for p in form.keys if p in printed]


def _of_period(row: Row, period: str | None) -> Row:
    figures = tuple((c, cell) for c, cell in row.figures if c.key == period)
    return Row(row.table, row.number, row.keys, figures)
