"""What do the headings over a column say it holds?

A column is under a set of labels, each on its row; the lowest that names something wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from extract.forms import Form, Vocabulary, undated, year_of
from extract.hanzi import fold, near, unnumbered
from extract.model import Cell, Column, Grid, Role

# “决算数（万元）”, “金额 1” where OCR folded the 栏次 row into the header, “合计：”
_TRIMMED = re.compile(r"(?:[(][^()]*元[)]|[:*]|(?<=[^\d(])\d{1,2})+$")

_SURE = 4  # letters; shorter headings are too alike for one letter to be forgiven
_SPENT = "actual"

Labels = tuple[tuple[int, str], ...]
"""Headings over a column, as (row, folded text), top to bottom."""


def heading(text: str) -> str:
    """A heading folded, without number in front and unit, number or mark behind it."""
    return _TRIMMED.sub("", unnumbered(fold(text)))


def labelled(
    grid: Grid,
    rows: Sequence[Sequence[Cell]],
    slots: Sequence[int],
    header: Sequence[int],
    words: Vocabulary,
) -> list[Labels]:
    """The headings over each column, in the words the forms are described in."""
    if grid.edges:
        heads = [_over(rows, slot, header) for slot in slots]
    else:
        spread = _spread(rows, grid.width, header)
        heads = [
            tuple((r, text) for r in header if (text := heading(spread[r].get(slot, ""))))
            for slot in slots
        ]
    return [
        tuple((row, words.plain_heading(text)) for row, text in labels)
        for labels in _of_latest_year(heads)
    ]


def _over(rows: Sequence[Sequence[Cell]], slot: int, header: Sequence[int]) -> Labels:
    return tuple(
        (row, text)
        for row in header
        for cell in rows[row]
        if cell.column <= slot < cell.column + cell.columns and (text := heading(cell.text))
    )


def _spread(
    rows: Sequence[Sequence[Cell]], width: int, header: Sequence[int]
) -> dict[int, dict[int, str]]:
    """Headings of a text without spans: an empty cell carries on the label left of it, unless one stands above."""
    spread: dict[int, dict[int, str]] = {}
    owned: set[int] = set()
    for row in header:
        own = {cell.column: cell.text for cell in rows[row] if fold(cell.text)}
        spread[row] = {}
        label = ""
        for column in range(width):
            if column in own:
                label = own[column]
            elif column in owned:
                label = ""
            spread[row][column] = label
        owned |= own.keys()
    return spread


def _of_latest_year(heads: Sequence[Labels]) -> list[Labels]:
    """The labels with the latest year they name taken off: an account may print the years before beside its own."""
    latest = max((year for labels in heads for _, t in labels if (year := year_of(t))), default=0)
    return [
        tuple(
            (row, text)
            for row, label in labels
            if (text := undated(label) if year_of(label) == latest else label)
        )
        for labels in heads
    ]


# Roles ----------------------------------------------------------------------------------


def keyed(slot: int, labels: Labels, words: Vocabulary) -> Column:
    """The column's part in naming a row, by its lowest label that names one."""
    found = [text for _, text in reversed(labels)]
    top = "/".join(text for _, text in labels)
    if any(words.states_ratio(t) or t in words.years or year_of(t) for t in found):
        return Column(slot, "passed", heading=top)
    if found and found[0] in words.units:
        return Column(slot, "unit", heading=top)
    for text in found:
        for level, names in enumerate(words.code_levels):
            if text in names:
                return Column(slot, "code", level=level, heading=top)
    for text in found:
        if (role := _role(text, words)) is not None:
            return Column(slot, role, heading=top)
    return Column(slot, "none", heading=top)


def _role(text: str, words: Vocabulary) -> Role | None:
    """What a heading says of a key column; 科目编码 may be told apart by words in front."""
    if text in words.line_no:
        return "line_no"
    if text.endswith(tuple(words.code)) or text in words.code_alone:
        return "code"
    return "name" if text in words.label or text.endswith(tuple(words.name)) else None


def levelled(columns: Sequence[Column]) -> list[Column]:
    """Codes printed in parts are 类 款 项 from left to right, also where their headings are lost."""
    told: list[Column] = []
    for is_code, group in groupby(columns, key=lambda column: column.role == "code"):
        run = list(group)
        levels = [-1 if column.level is None else column.level for column in run]
        if is_code and len(run) > 1 and (levels[0] < 0 or levels != sorted(set(levels))):
            run = [replace(column, level=level) for level, column in enumerate(run)]
        told += run
    return told


def blocked(columns: Sequence[Column]) -> list[Column]:
    """Tables side by side: a new one begins with each key column behind a column of figures.

    Where codes or names tell the rows apart, a column of units only says more of them.
    """
    if any(column.role in {"code", "name"} for column in columns):
        columns = [replace(c, role="passed") if c.role == "unit" else c for c in columns]
    block, figures = 0, False
    parted = []
    for column in columns:
        keyed = column.role in {"code", "name", "unit"}
        if keyed and figures:
            block, figures = block + 1, False
        figures = figures or column.role == "none"
        parted.append(replace(column, block=block))
    return parted


def measured(
    columns: Sequence[Column], heads: Sequence[Labels], form: Form, *, in_rows: bool = False
) -> list[Column]:
    """The columns of figures by the measures their headings name.

    Of two that one label names, 合计 say, the one named by more labels is meant. The periods
    of a form stand over its columns, or ``in_rows``; where they stand nowhere, and no years
    are compared, a 决算 form states what was spent.
    """
    nowhere = not compares_years(columns) and not any(period_of(labels, form) for labels in heads)
    default = _SPENT if nowhere and form.keys and not in_rows else None
    told = [
        _measured(column, labels, form, default, in_rows=in_rows)
        for column, labels in zip(columns, heads, strict=True)
    ]
    most: dict[tuple[int, str | None, str | None], int] = {}
    for column, sureness in told:
        place = (column.block, column.measure, column.key)
        most[place] = max(sureness, most.get(place, 0))
    return [
        column
        if sureness == most[column.block, column.measure, column.key]
        else replace(column, role="none", measure=None, key=None)
        for column, sureness in told
    ]


def compares_years(columns: Sequence[Column]) -> bool:
    """Whether some columns are passed as those of other years or percentages; beside units a year is no other."""
    roles = {column.role for column in columns}
    return "passed" in roles and "unit" not in roles


def _measured(
    column: Column, labels: Labels, form: Form, default: str | None, *, in_rows: bool
) -> tuple[Column, int]:
    """The column with its measure, and by how many labels it is named."""
    if column.role != "none":
        return column, 0
    side = side_of(form, column.block)
    choices = [
        (score, measure.name)
        for measure in form.measures
        if measure.side in (None, side)
        for score in _scores(measure.headings, labels)
    ]
    sure = bool(choices) and max(choices)[0][1] == len(labels)
    plain = [] if sure else _plainly(labels, form, side)
    # 合计 alone is the total; under what is 公务用车购置及运行费 by other words it is not.
    if plain and plain[0][0] > max(choices, default=plain[0])[0]:
        choices = plain
    choices = choices or plain or _misread(labels, form, side)
    period = period_of(labels, form) or default
    if not choices or (form.keys and period is None and not in_rows):
        return column, 0
    (_, sureness), name = max(choices)
    return replace(column, role="measure", measure=name, key=period), sureness


def _plainly(labels: Labels, form: Form, side: str | None) -> list[tuple[tuple[int, int], str]]:
    """The one measure that the labels name best in the plainest words."""
    plain = tuple((row, form.plainly(text)) for row, text in labels)
    choices = [
        (score, measure.name)
        for measure in form.measures
        if measure.side in (None, side)
        for score in _scores(form.plain_headings(measure), plain)
    ]
    best = max(choices, default=None)
    alone = best and len({name for score, name in choices if score == best[0]}) == 1
    return [best] if best and alone else []


def _scores(headings: Sequence[Sequence[str]], labels: Labels) -> Iterator[tuple[int, int]]:
    """How well a measure is named: by how low a label, and by how many."""
    rows = {text: row for row, text in labels}
    for names in headings:
        if rows.keys() >= set(names):
            yield max(rows[n] for n in names), len(names)


def _misread(labels: Labels, form: Form, side: str | None) -> list[tuple[tuple[int, int], str]]:
    """The one measure that the lowest label names but for one letter."""
    for row, text in reversed(labels):
        alike = {
            measure.name
            for measure in form.measures
            if measure.side in (None, side) and len(text) >= _SURE
            for names in measure.headings
            if len(names) == 1 and near(text, names[0])
        }
        if len(alike) == 1:
            return [((row, 1), alike.pop())]
    return []


def agreement(labels: Labels, form: Form, key: str | None, measure: str) -> int:
    """For how much the labels over a column speak for a period and a measure, less what speaks against."""
    period = period_of(labels, form)
    named = {m.name for m in form.measures if any(True for _ in _scores(m.headings, labels))}
    score = 0 if period is None else 1 if period == key else -1
    return score + (0 if not named else 1 if measure in named else -1)


def period_of(labels: Labels, form: Form) -> str | None:
    """The period that stands over a column, by the highest label that names one."""
    return next((key for _, text in labels if (key := form.period(text))), None)


def side_of(form: Form, block: int) -> str | None:
    return form.sides[block].name if block < len(form.sides) else None
