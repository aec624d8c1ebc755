"""What does a section list? Duties, offices, units, terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.forms.narrative import narrative
from extract.hanzi import fold, tidy
from extract.model import Grid
from extract.stages.narrate.outline import Part, depth_of

_ENUMERATION = re.compile(r"(?:分别[是为]|包括|为)[：:]?(?P<names>[^。；;]+)")


def entries(part: Part, grids: Sequence[Grid]) -> Iterator[str]:
    """The entries of a list: numbered paragraphs, rows of its table, or what a sentence enumerates."""
    numbered = [p for p in part.paragraphs if depth_of(p.folded)[0] is not None]
    if numbered:
        for paragraph in numbered:
            start = depth_of(paragraph.folded)[1]
            if start < len(paragraph.folded):
                yield paragraph.printed(start, len(paragraph.folded))
        return
    listed = [name for grid in _within(part, grids) for name in _column(part, grid)]
    for paragraph in () if listed else part.paragraphs:
        listed += _enumerated(paragraph.text)
    yield from listed


def _within(part: Part, grids: Sequence[Grid]) -> Iterator[Grid]:
    """The tables on the pages of a section."""
    first, last = part.pages
    for grid in grids:
        page = grid.region.page.number
        if page is None or (first is not None and last is not None and first <= page <= last):
            yield grid


def _column(part: Part, grid: Grid) -> list[str]:
    """What stands below the heading that names the entries."""
    headings = next((one.columns for one in narrative().lists if one.section == part.slug), [])
    head = next((cell for cell in grid.cells if fold(cell.text) in headings), None)
    if head is None:
        return []
    below = (c for c in grid.cells if c.column == head.column and c.row > head.row)
    return [tidy(cell.text) for cell in sorted(below, key=lambda c: c.row) if fold(cell.text)]


def _enumerated(text: str) -> list[str]:
    found = _ENUMERATION.search(text)
    names = [name.strip() for name in found["names"].split("、")] if found else []
    return names if len(names) > 1 else []
