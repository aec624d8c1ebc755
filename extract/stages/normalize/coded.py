"""Rows keyed by 科目编码: one column or 类 款 项 in three, in one table or several side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.forms import Form, Vocabulary
from extract.forms.codes import digits, is_code, level, parent
from extract.hanzi import alike, fold, shared, tidy
from extract.model import CodeSystem, Column, Sheet
from extract.stages.normalize.entries import Entry, Ignored, Row, blocks, rows

_LED = re.compile(r"(\d\d)\s*([^\d\s.,].*)")
_RUN_IN = re.compile(r"(\d{2,7})(\D.*)")


def read(sheet: Sheet, form: Form, words: Vocabulary) -> tuple[list[Entry], list[Ignored]]:
    """The rows of a form keyed by codes, and the cells left out."""
    ignored: list[Ignored] = []
    system: CodeSystem = "economic" if form.keyed_by == "economic" else "functional"
    entries: list[Entry] = []
    for block in blocks(sheet):
        above: str | None = None
        for row in rows(sheet, block, words, ignored):
            entry = _entry(row, form, words, system, above, len(entries))
            if entry.level == 0:
                ignored += _headings(row, words)
            above = entry.code or above
            entries.append(replace(entry, line_no=row.line_no()))
            if entry.level == 0:
                entries += _beside(row, form)
    return _likely(entries, form), ignored


def _likely(entries: Sequence[Entry], form: Form) -> list[Entry]:
    """The entries, rows without a code that nobody has reported as the total they are like, if none else is it."""
    taken = {entry.key for entry in entries}
    told = []
    for entry in entries:
        label = fold(entry.name)
        scores = {
            key: max(shared(label, known) for known in labels if alike(label, known))
            for key, labels in form.totals.items()
            if key not in taken and any(alike(label, known) for known in labels)
        }
        best = [key for key, score in scores.items() if score == max(scores.values())]
        if entry.doubt == "no code" and len(best) == 1:
            entry = replace(entry, key=best[0], level=0, doubt="unknown wording")
            taken.add(best[0])
        told.append(entry)
    return told


def _beside(row: Row, form: Form) -> Iterator[Entry]:
    """What columns that only say again what the rows are state on the row of the total."""
    covering = row.table.grid.covering()
    for column in row.table.columns:
        key = form.column_totals.get(column.heading.rpartition("/")[2])
        cell = covering.get((row.number, column.slot))
        if key and cell and column.role == "none" and cell.row == row.number:
            figures = ((replace(own, slot=column.slot), cell) for own, _ in row.figures[:1])
            part = replace(row, figures=tuple(figures))
            yield Entry(part, key, column.heading.rpartition("/")[2], level=0)


def _headings(row: Row, words: Vocabulary) -> Iterator[Ignored]:
    """类 款 项 on the row of the total, which stands in the header's last line."""
    for _, cell in row.keys:
        if words.heads_keys(fold(cell.text)):
            yield Ignored(cell, row.page, "heading on the row of the total")


def _entry(
    row: Row, form: Form, words: Vocabulary, system: CodeSystem, above: str | None, seq: int
) -> Entry:
    keyed = [fold(cell.text) for column, cell in row.keys if column.role in {"code", "name"}]
    name = "".join(tidy(cell.text) for column, cell in row.keys if column.role == "name")
    total = next((key for text in keyed if (key := form.total(text, words))), None)
    if total is not None:
        labels = (cell for column, cell in row.keys if column.role in {"code", "name"})
        printed = next(tidy(cell.text) for cell in labels if cell.text.strip())
        return Entry(row, total, name or printed, level=0)
    parts, name = _own(row.texts("code"), name)
    code, run_in = _code(parts, above, system)
    if code is None:
        printed = "".join(text for _, text in parts)
        return Entry(row, f"line.{seq}", name or printed, doubt="no code")
    if run_in and name.endswith(run_in):  # the line between code and name was lost
        name = run_in
    return Entry(row, code, name or run_in, 0, code, system, level(code), parent(code))


def _own(
    parts: Sequence[tuple[Column, str]], name: str
) -> tuple[Sequence[tuple[Column, str]], str]:
    """The parts of a code in columns of their own, the last of which may have run into the name."""
    found = _LED.fullmatch(name)
    free = next((column for column, text in parts if column.level and not text), None)
    if found is None or free is None or free.level != sum(bool(text) for _, text in parts):
        return parts, name
    return [(c, found[1] if c is free else text) for c, text in parts], found[2]


def _code(
    parts: Sequence[tuple[Column, str]], above: str | None, system: CodeSystem
) -> tuple[str | None, str]:
    """The code a row prints, and a name that ran into its cell.

    A child row may leave out the 类 and 款 printed above it.
    """
    printed = [(column.level or 0, digits(text)) for column, text in parts if text]
    if not printed:
        return None, ""
    split = _RUN_IN.fullmatch(printed[-1][1])
    name = split[2] if split else ""
    if split:
        printed[-1] = (printed[-1][0], split[1])
    # A header of 类 款 项 proves nothing: the whole code may stand in any of the three.
    wholes = [text for level_, text in printed if len(text) > (2 if level_ else 3)]
    code = max(wholes, key=len) if wholes else _joined(dict(printed), above or "")
    return (code if is_code(code, system) else None), name


def _joined(parts: dict[int, str], above: str) -> str:
    """A code printed in parts; parts left out in front are those of the row above."""
    code = ""
    for level_ in range(max(parts) + 1):
        inherited = above[len(code) : 3 + 2 * level_]
        part = parts.get(level_, inherited)
        code += part.zfill(2) if level_ and level_ in parts else part
    return code
