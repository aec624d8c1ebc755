"""Which tables belong to a set of forms, though they are none of the nine?

Those among the forms, known others and those that bear a form's title wherever they stand, and
tables of a title of their own that go on where the last form ended. Where running text or
another part of the document begins, the set is at its end: annexes are not of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from extract.forms import Catalogue
from extract.forms.catalogue import title_text
from extract.hanzi import fold, tidy
from extract.model import Grid, OtherTable

_TITLE = re.compile(r"(?:表|情况)$")
_PART = re.compile(r"^第[一二三四五六七八九十]+(?:部分|章)|(?:说明|名词解释|概况|目录)$")
_SHORT = 40  # letters; a longer line above a table is no title
_NEAR = 4  # lines above a table

Numbered = tuple[int, OtherTable]


def beside(
    others: Sequence[Numbered], ours: Sequence[int], refused: Set[int], catalogue: Catalogue
) -> tuple[OtherTable, ...]:
    """The tables of the set, of ``others`` with their places among all tables of the document."""
    if not ours:
        return ()
    behind = _behind(others, ours[-1], catalogue)
    return tuple(
        other
        for number, other in others
        if ours[0] < number < ours[-1]
        or other.known_as is not None
        or number in refused
        or number in behind
    )


def title_above(grid: Grid) -> str:
    """The nearest line above a table that looks like its title, as printed; empty where none does."""
    for text in reversed(grid.region.captions[-_NEAR:]):
        title = title_text(text)
        if 1 < len(title) <= _SHORT and _TITLE.search(title):
            return tidy(text).lstrip("#").strip()
    return ""


def _behind(others: Sequence[Numbered], last: int, catalogue: Catalogue) -> set[int]:
    """The tables that follow the last form one after the other, each under a title of its own."""
    found: set[int] = set()
    notes = tuple(catalogue.words.notes)
    for number, other in others:
        if number != last + 1 + len(found):
            continue
        captions = [fold(text) for text in other.grid.region.captions]
        told = [text for text in captions if not text.startswith(notes)]
        parted = any(_PART.search(text) or text.endswith(("。", ";")) for text in told)
        if parted or not other.title:
            break
        found.add(number)
    return found
