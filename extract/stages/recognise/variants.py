"""In which cut is a form printed that a document prints more than once?

Rows that are units make it the one by unit; an earlier year over it, that of last year; else
its title says so. What is printed once is the standard form, unless its cut never is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.forms import Form
from extract.forms.catalogue import BY_UNIT, PRIOR, Title
from extract.forms.codes import digits, is_code
from extract.hanzi import fold
from extract.model import Sheet, Table

STANDARD = ""

_YEAR = re.compile(r"((?:19|20)\d\d)年")


@dataclass(slots=True)
class Open:
    """The form being read, which may go on in the next table."""

    form: Form
    title: str
    unit: str | None
    variant: str = STANDARD
    stays: bool = False
    year: int | None = None
    titled: str = ""
    tables: list[Table] = field(default_factory=list)

    def sheet(self) -> Sheet:
        return Sheet(
            self.form.name, self.title, self.unit, tuple(self.tables), self.variant, self.titled
        )


def variant_of(title: Title, table: Table) -> tuple[str, bool]:
    """The cut of a table under ``title``, and whether it is never the standard form.

    A single row of a unit is the agency itself.
    """
    if table.by_unit and _rows(table) > 1:
        return BY_UNIT, True
    return (STANDARD, False) if title.variant == BY_UNIT else (title.variant, title.stays)


def _rows(table: Table) -> int:
    return len({c.row for c in table.grid.cells if c.row >= table.body and c.text.strip()})


def of_units(table: Table) -> Table:
    """A table whose title says that its rows are units, though its headings speak of 科目; not if it prints codes."""
    keys = {c.slot for c in table.columns if c.role in {"code", "name"}}
    printed = (digits(fold(c.text)) for c in table.grid.cells if c.row >= table.body)
    if any(is_code(text, "functional") for text in printed):
        return table
    columns = (replace(c, role="unit", level=None) if c.slot in keys else c for c in table.columns)
    return replace(table, columns=tuple(columns))


def year_over(captions: Sequence[str]) -> int | None:
    """The year the nearest line above a table speaks of."""
    said = (found for text in reversed(captions) for found in _YEAR.findall(fold(text))[-1:])
    return next((int(year) for year in said), None)


def admitted(new: Open, opened: Sequence[Open]) -> bool:
    """Whether a form is not yet there in its cut, or is there of another year; the earlier is ``prior``."""
    same = [one for one in opened if one.form is new.form and one.variant == new.variant]
    if not same:
        return True
    [one] = same[:1]
    if any(o.form is new.form and o.variant == PRIOR for o in opened) or new.variant == BY_UNIT:
        return False
    if one.year is None or new.year is None or one.year == new.year:
        return False
    older = one if one.year < new.year else new
    older.variant, older.stays = PRIOR, True
    return True


def settle(opened: Sequence[Open]) -> None:
    """What stands for a form whose standard cut is nowhere printed is the standard one."""
    there = {one.form.name for one in opened if one.variant == STANDARD}
    for one in opened:
        if not one.stays and one.form.name not in there:
            one.variant = STANDARD
            there.add(one.form.name)
