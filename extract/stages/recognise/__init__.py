"""Which tables of a document are which forms?

Title and structure must agree: a caption names the form, the headings confirm it. Tables
of contents and narratives name every form and have no table below; budgets and annexes
have tables and no such title. A table without title that goes on where a form broke off
belongs to it, and one among the forms whose title is lost may be told by its headings
alone. Everything else is kept whole, as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from extract import amounts
from extract.forms import Catalogue, Form
from extract.forms.catalogue import BY_UNIT, Title, title_text
from extract.hanzi import fold, unnumbered
from extract.model import Grid, OtherTable, Sheet, Table
from extract.stages.recognise.beside import beside, title_above
from extract.stages.recognise.captions import (
    captions_of,
    counts_otherwise,
    misread_title_of,
    title_of,
    unit_of,
)
from extract.stages.recognise.cut import joined, mended
from extract.stages.recognise.elsewhere import elsewhere
from extract.stages.recognise.layout import continued, understand
from extract.stages.recognise.rows import by_row, is_body, is_line, texts
from extract.stages.recognise.variants import (
    Open,
    admitted,
    of_units,
    settle,
    variant_of,
    year_over,
)

__all__ = ["elsewhere", "fitting", "recognise", "standard_form"]

_TITLED = re.compile(r"(?:表|情况)$")
_TELLING = 10  # letters of a title of which one may be misread


def recognise(
    grids: Sequence[Grid], catalogue: Catalogue
) -> tuple[tuple[Sheet, ...], tuple[OtherTable, ...]]:
    """The forms among ``grids`` (in reading order), and the tables that are none.

    A table without any title that stands among the forms, and whose headings are those of
    one form only that was not found, is that form.
    """
    found = _Found(catalogue)
    found.read(grids)
    absent = catalogue.forms.keys() - {one.form.name for one in found.opened}
    if absent and found.among():
        nameless = {n for n, _ in found.others if found.ours[0] < n < found.ours[-1]}
        again = _Found(catalogue, absent, nameless)
        again.read(grids)
        found = again
    settle(found.opened)
    return tuple(one.sheet() for one in found.opened), found.among()


def fitting(grid: Grid, catalogue: Catalogue) -> list[Form]:
    """The forms whose columns a table has, whatever stands above it."""
    _, start = captions_of(grid, catalogue)
    return [
        form
        for form in catalogue.forms.values()
        if (table := understand(grid, form, catalogue.words, start)) and _is_whole(table, form)
    ]


def standard_form(grid: Grid, catalogue: Catalogue) -> str | None:
    """The form that the lines above a table name, unless it is another cut of it."""
    title = title_of(captions_of(grid, catalogue)[0], catalogue)
    return title.name if title and not title.other and not title.variant else None


def _is_whole(table: Table, form: Form) -> bool:
    """Whether every column of a table is known by its heading, and codes are where the form has them."""
    coded = form.keyed_by in {"functional", "economic"}
    if coded and not any(column.role in {"code", "unit"} for column in table.columns):
        return False
    unknown = (c for c in table.columns if c.role in {"none", "passed"})
    return not table.header_lost and all(form.passes_over(c.heading) for c in unknown)


@dataclass(slots=True)
class _Found:
    """What one reading of the grids found; ``nameless`` grids may be one of the ``absent`` forms."""

    catalogue: Catalogue
    absent: Set[str] = frozenset()
    nameless: Set[int] = frozenset()
    opened: list[Open] = field(default_factory=list)
    others: list[tuple[int, OtherTable]] = field(default_factory=list)
    ours: list[int] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    def read(self, grids: Sequence[Grid]) -> None:
        """Go through the grids once."""
        current: Open | None = None
        for number, grid in enumerate(grids):
            whole = self._whole(number, grid, grids)
            if whole is not grid:
                grid, current = whole, None
            captions, start = captions_of(grid, self.catalogue)
            title = title_of(captions, self.catalogue)
            if current and _goes_on(current, grid, captions, title, self.catalogue):
                self.ours.append(number)
                continue
            current = _begun(grid, captions, start, title, self.opened, self.catalogue)
            if current is None and title is None and number in self.nameless:
                current = self._by_headings(grid, captions, start)
            if current is not None:
                self.ours.append(number)
            else:
                if title and not any(one.form.name == title.name for one in self.opened):
                    self.refused.add(number)
                known = title.name if title and title.other else None
                other = OtherTable(grid, title.wording if title else title_above(grid), known)
                self.others.append((number, other))

    def _whole(self, number: int, grid: Grid, grids: Sequence[Grid]) -> Grid:
        """The grid, with the header that the page before cut off from it."""
        before = grids[number - 1] if number else None
        if before is None or _parted(grid.region.captions, grid) or not self._is_header(before):
            return grid
        title = title_of(captions_of(before, self.catalogue)[0], self.catalogue)
        form = self.catalogue.forms[title.name] if title else None
        torn = form is not None and not _begins_a_row(grid, form, self.catalogue)
        whole = joined(before, grid, torn=torn)
        if whole is None or not self._is_form(whole):
            return grid
        if self.ours and self.ours[-1] == number - 1:
            self.ours.pop()
            self.opened.pop()
        elif self.others and self.others[-1][0] == number - 1:
            self.others.pop()
        return whole

    def _is_form(self, grid: Grid) -> bool:
        """Whether a grid is the form its title names."""
        captions, start = captions_of(grid, self.catalogue)
        title = title_of(captions, self.catalogue)
        form = self.catalogue.forms[title.name] if title and not title.other else None
        return form is not None and bool(understand(grid, form, self.catalogue.words, start))

    def _is_header(self, grid: Grid) -> bool:
        """Whether a grid has a form's title and ends before the form's body begins."""
        captions, start = captions_of(grid, self.catalogue)
        title = title_of(captions, self.catalogue)
        if title is None or title.other or grid.region.notes:
            return False
        form = self.catalogue.forms[title.name]
        rows = by_row(grid)
        printed = [texts(row) for row in rows[start:] if texts(row)]
        return bool(printed) and not any(
            is_body(found, form, self.catalogue.words) for found in printed
        )

    def among(self) -> tuple[OtherTable, ...]:
        """The tables that belong to the forms and are none."""
        return beside(self.others, self.ours, self.refused, self.catalogue)

    def _by_headings(self, grid: Grid, captions: Sequence[str], start: int) -> Open | None:
        """The one absent form whose headings a table without title has."""
        if any(_TITLED.search(title_text(text)) for text in captions):
            return None
        if counts_otherwise(captions, grid, self.catalogue):
            return None
        taken = {one.form.name for one in self.opened}
        forms = [self.catalogue.forms[name] for name in sorted(self.absent - taken)]
        tables = [
            (form, table)
            for form in forms
            if (table := understand(grid, form, self.catalogue.words, start))
            and not table.header_lost
        ]
        if len(tables) != 1:
            return None
        [(form, table)] = tables
        unit = unit_of(captions, grid, self.catalogue)
        self.opened.append(Open(form, "", unit, year=year_over(captions), tables=[table]))
        return self.opened[-1]


def _begun(
    grid: Grid,
    captions: Sequence[str],
    start: int,
    title: Title | None,
    opened: list[Open],
    catalogue: Catalogue,
) -> Open | None:
    """A form that begins with this grid."""
    named = title or misread_title_of(captions, catalogue)
    if named is None or named.other or counts_otherwise(captions, grid, catalogue):
        return None
    form = catalogue.forms[named.name]
    table = understand(grid, form, catalogue.words, start)
    # A short title that is not quite one proves nothing without all the headings.
    unsure = title is None and len(named.wording) < _TELLING
    if table is not None and unsure and table.header_lost:
        return None
    if table is not None and named.variant == BY_UNIT:
        table = of_units(table)
    if table is None and not named.variant:
        form, table = _of_another(grid, form, start, opened, catalogue)
    if table is None:
        return None
    variant, stays = variant_of(named, table)
    titled = "" if form.name == named.name else named.name
    new = Open(
        form,
        named.wording,
        unit_of(captions, grid, catalogue),
        variant=variant,
        stays=stays,
        year=year_over(captions),
        titled=titled,
        tables=[table],
    )
    if not admitted(new, opened):
        return None
    opened.append(new)
    return new


def _of_another(
    grid: Grid, named: Form, start: int, opened: Sequence[Open], catalogue: Catalogue
) -> tuple[Form, Table | None]:
    """The one form not yet found whose columns a table has under the title of another."""
    taken = {named.name, *(one.form.name for one in opened)}
    others = [
        (form, table)
        for name, form in catalogue.forms.items()
        if name not in taken
        and form.keyed_by == named.keyed_by
        and (table := understand(grid, form, catalogue.words, start))
        and _is_whole(table, form)
    ]
    return others[0] if len(others) == 1 else (named, None)


def _goes_on(
    current: Open, grid: Grid, captions: Sequence[str], title: Title | None, catalogue: Catalogue
) -> bool:
    """Whether the grid continues the open form; if so it is added to it."""
    if title is not None and not _same(title, current):
        return False
    last = current.tables[-1]
    if title is None and (_closed(last) or _parted(captions, grid)):
        return False
    if counts_otherwise(captions, grid, catalogue):
        return False
    if last.grid.region.page.number == grid.region.page.number is not None and title is not None:
        return False
    halves = mended(last.grid, grid)
    if halves is not None and not _begins_a_row(grid, current.form, catalogue):
        last, grid = replace(last, grid=halves[0]), halves[1]
    table = continued(grid, current.form, catalogue.words, last)
    if table is None or table.by_unit != current.tables[-1].by_unit:
        return False
    if title is not None and (own := _totals(table, current.form, catalogue)):
        stated = {t for one in current.tables for t in _totals(one, current.form, catalogue)}
        if stated & own:
            return False
    current.tables[-1:] = [last, table]
    return True


def _same(title: Title, current: Open) -> bool:
    """Whether a title is that of the open form in its cut."""
    named = {current.form.name, current.titled}
    return not title.other and title.name in named and title.variant in ("", current.variant)


def _begins_a_row(grid: Grid, form: Form, catalogue: Catalogue) -> bool:
    """Whether the first row of a page is a row of its own, though it prints no figure."""
    found = [text for row in by_row(grid)[:1] for text in texts(row)]
    named = any(is_line(text, form) or text in catalogue.words.total for text in found)
    return named or any(unnumbered(text) != text or text[0].isdigit() for text in found)


def _closed(table: Table) -> bool:
    """Whether something was printed below the table that ends it."""
    return any(len(fold(note)) > 3 for note in table.grid.region.notes)


def _parted(captions: Sequence[str], grid: Grid) -> bool:
    """Whether text stands between the halves of a table that is more than a running head or a unit."""
    between = (text for text in captions if text not in grid.region.running)
    return any(amounts.unit_in(text) is None and "续" not in text for text in between)


def _totals(table: Table, form: Form, catalogue: Catalogue) -> set[str]:
    """The totals a table states: one stated again under a repeated title is another cut's."""
    lines = form.keyed_by == "lines"  # of which several are totals, each with its own name
    return {
        found[0] if lines else ""
        for row in by_row(table.grid)
        if (found := texts(row))
        and found[0] in catalogue.words.total
        and is_body(found, form, catalogue.words)
    }
