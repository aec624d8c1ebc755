"""What does a document say that the schemas do not know, and where would it be added?

Titles of tables that are taken for no form, headings of columns that hold no measure, lines
of no known meaning: each with the file and the field of schemas/forms it belongs in, as
YAML to paste and judge. Nothing is added by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from extract.document import Made, stages
from extract.forms import Catalogue, Form, catalogue
from extract.forms.catalogue import title_text
from extract.hanzi import fold, tidy, unnumbered
from extract.model import Grid, Sheet
from extract.stages.recognise import fitting

_TITLE = re.compile(r"(?:表|情况)$")
_LINE = re.compile(r"line\.\d+")
_SHORT = 40  # letters; a longer line above a table is no title
_NEAR = 4  # lines above a table


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording no schema knows: the file of schemas/forms, the field and the entry to add to it."""

    file: str
    field: str
    entry: str
    page: int | None


def unknown(data: bytes, beside: Sequence[bytes] = ()) -> tuple[Wording, ...]:
    """Every wording of a document that no schema knows, once. Raises ``InputError`` as reading does."""
    known = catalogue()
    made = stages(data, beside=beside)
    found = [*_titles(made, known), *_headings(made, known), *_lines(made, known)]
    return tuple(dict.fromkeys(sorted(found, key=lambda one: (one.file, one.field))))


def proposal(wordings: Sequence[Wording]) -> Iterator[str]:
    """The YAML to add, file by file."""
    for file, of_file in groupby(wordings, key=lambda one: one.file):
        yield f"# schemas/forms/{file}"
        for field, of_field in groupby(of_file, key=lambda one: one.field):
            yield f"{field}:" if field else "# a form of its own:"
            for one in of_field:
                yield f"  - {one.entry}" + (f"   # page {one.page}" if one.page else "")


# Titles -----------------------------------------------------------------------------------


def _titles(made: Made, known: Catalogue) -> Iterator[Wording]:
    """Titles above tables that are none of the nine, or were told otherwise than by their title."""
    read = {id(table.grid.region) for sheet in made.sheets for table in sheet.tables}
    for sheet in made.sheets:
        grid = sheet.tables[0].grid
        if not sheet.title and (title := _title_above(grid, known)):
            yield Wording(f"{sheet.form}.yaml", "titles", title, grid.region.page.number)
    for grid in made.grids:
        title = None if id(grid.region) in read else _title_above(grid, known)
        if title is None:
            continue
        forms = fitting(grid, known)
        if len(forms) == 1:
            yield Wording(f"{forms[0].name}.yaml", "titles", title, grid.region.page.number)
        else:
            entry = f"{{name: …, titles: [{title}]}}"
            yield Wording("other.yaml", "", entry, grid.region.page.number)


def _title_above(grid: Grid, known: Catalogue) -> str | None:
    """The nearest line that looks like the title of an account, if no schema knows it."""
    for text in reversed(grid.region.captions[-_NEAR:]):
        if known.named_by(text) is not None:
            return None
        title = title_text(text)
        if len(title) <= _SHORT and _TITLE.search(title) and "预算表" not in title:
            return title
    return None


# Headings and lines -----------------------------------------------------------------------


def _headings(made: Made, known: Catalogue) -> Iterator[Wording]:
    """Labels over columns that hold no measure, and those of a form told by the order of its columns."""
    for sheet in made.sheets:
        form = known.forms[sheet.form]
        for table in sheet.tables:
            for column in table.columns:
                guessed = table.header_lost or column.by_place
                doubtful = column.role == "none" or (guessed and column.role == "measure")
                label = column.heading.split("/")[-1]
                if doubtful and label and not _is_known(label, column.heading, form):
                    field = "measures: headings"
                    page = table.grid.region.page.number
                    yield Wording(f"{form.name}.yaml", field, f"[{label}]", page)


def _is_known(label: str, heading: str, form: Form) -> bool:
    return form.heads(label) or form.passes_over(heading)


def _lines(made: Made, known: Catalogue) -> Iterator[Wording]:
    """Lines that are kept as ``line.…`` or told by their place, and those of the 三公 form that name no item."""
    placed = {(f.form, f.key) for f in made.findings if f.rule == "normalize.unknown_wording"}
    for item in made.items:
        doubtful = _LINE.fullmatch(item.key) or (item.form, item.key) in placed
        if doubtful and item.name:
            label = unnumbered(fold(item.name))
            if known.forms[item.form].keyed_by == "lines":
                yield Wording(
                    f"{item.form}.yaml", "lines", f"{{key: …, labels: [{label}]}}", item.page
                )
    for sheet in made.sheets:
        if known.forms[sheet.form].keyed_by == "period":
            yield from _items_down(sheet, known.forms[sheet.form])


def _items_down(sheet: Sheet, form: Form) -> Iterator[Wording]:
    for table in sheet.tables:
        labels = {c.slot for c in table.columns if c.role == "name"}
        for cell in table.grid.cells:
            label = tidy(cell.text)
            named = form.item(label) or form.period(label) or form.passes_over_line(label)
            if cell.row >= table.body and cell.column in labels and label and not named:
                entry = f"[{unnumbered(fold(label))}]"
                page = table.grid.region.page.number
                yield Wording(f"{form.name}.yaml", "measures: headings", entry, page)


def told(wordings: Iterable[Wording]) -> str:
    """All of it as one text."""
    found = list(wordings)
    return "\n".join(proposal(found)) if found else "every title, heading and line is known"
