"""Which forms are set without rulings, or with horizontal ones only, and how far do they reach?

Such a table begins below a title that names a form, and ends before a note, running text
or the next title. Only pages on which a title may stand, and those after a page that ended
inside a table, are looked at: running text costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from extract import amounts
from extract.forms import catalogue
from extract.forms.catalogue import NUMBER
from extract.forms.codes import digits
from extract.geometry import SNAP, centre, in_lines, line_of, runs, union
from extract.hanzi import fold
from extract.model import Box, Page, Region, Word

Row = Sequence[Word]

_ENDS_A_TITLE = re.compile(r"表(?:[(（].{0,12})?[:：]?$")
_CAPTION = re.compile(
    r"[(]?(?:(?:编制|填报|预算|主管)?(?:部门|单位)(?:名称)?:|金额|(?:财决)?公开|财决|预算代码|20\d\d年|续"
    rf"|{NUMBER}$)"
)
_CAPTIONS = 6  # lines between a title and its table
_BROKEN = 3  # lines over which a title may run
_SEVERAL = 2  # figures in a line: it is none of running text
_CODED = 3  # letters; a shorter amount may be a number of anything
_HEAD = 2  # lines of a table that tell whose header it has
_COLUMN = 1.0  # of the height of the print: texts further apart stand in columns
_PROSE = 0.6  # of the width of the page
_CODE = re.compile(r"[23]\d\d(?:\d\d){0,2}")


@dataclass(slots=True)
class Unruled:
    """The unruled tables met so far, page after page."""

    parts: list[list[tuple[Page, Box]]] = field(default_factory=list)
    open: bool = False
    """Whether the page before ended inside a table, or below a title."""
    titled: bool = False
    name: str = ""
    """Of the form of the last table that stands below a title."""

    def may_be_on(self, page: Page) -> bool:
        """Whether the page is worth a look: a title may stand on it, or a table go on."""
        return self.open or any(_ENDS_A_TITLE.search(word.text) for word in page.words)

    def add(self, page: Page, areas: Sequence[Box], free: Sequence[Row]) -> list[Box]:
        """All tables of ``page``, top to bottom: the ruled ``areas`` and those among the ``free`` lines."""
        found: list[Box] = []
        at = 0
        goes_on, below_title = self.open, self.titled
        self.open = self.titled = False
        if goes_on and free and not ends_a_title(free, 0):
            at = self._go_on(page, areas, free, found, below_title=below_title)
        while at < len(free):
            if not ends_a_title(free, at):
                at += 1
                continue
            again = goes_on and not below_title and not found
            at = self._begin(page, areas, free, at + 1, found, again=again)
        return sorted([*areas, *found], key=lambda box: (box[1], box[0]))

    def _alike(self, table: Sequence[Row]) -> bool:
        """Whether some lines state something, or all begin where others began on the page before."""
        if any(_states_something(row) for row in table):
            return True
        before, (x0, y0, x1, y1) = self.parts[-1][-1] if self.parts else (None, (0, 0, 0, 0))
        lefts = [
            word.box[0]
            for word in (before.words if before else ())
            if x0 <= word.box[0] <= x1 and y0 <= word.box[1] <= y1
        ]
        return all(any(abs(row[0].box[0] - x) < SNAP / 2 for x in lefts) for row in table)

    def whole(self, region: Region) -> Region:
        """The region with all the pages its table stands on."""
        if region.ruled or region.box is None:
            return region
        place = (region.page.number, region.box)
        parts = next(p for p in self.parts if any((q.number, box) == place for q, box in p))
        return replace(region, whole=tuple(parts))

    def _begin(
        self,
        page: Page,
        areas: Sequence[Box],
        free: Sequence[Row],
        at: int,
        found: list[Box],
        *,
        again: bool,
    ) -> int:
        """A table below a title, ``again`` perhaps that of the page before; gives back where to look on."""
        first = at
        while at < min(len(free), first + _CAPTIONS) and _is_caption(free[at]):
            at += 1
        end, stopped = _end(page, areas, free, at)
        table = _trimmed(free[at:end], stopped=stopped)
        if _in_columns(table):
            box = _box(table)
            found.append(box)
            name = _named(free, first - 1)
            before = self.parts[-1] if again and name == self.name else None
            if before and _same_place(before[-1], page, box) and _same_head(before[0], table):
                before.append((page, box))
            else:
                self.parts.append([(page, box)])
            self.name = name
            self.open = end == len(free) and len(table) == end - at
        elif end == len(free) and not table and not _areas_below(areas, free[first - 1]):
            self.open = self.titled = True
        return max(end, first)

    def _go_on(
        self,
        page: Page,
        areas: Sequence[Box],
        free: Sequence[Row],
        found: list[Box],
        *,
        below_title: bool,
    ) -> int:
        """The table of the page before, if it goes on here; gives back where to look on."""
        at = 0
        while below_title and at < min(len(free), _CAPTIONS) and _is_caption(free[at]):
            at += 1
        end, stopped = _end(page, areas, free, at)
        table = _trimmed(free[at:end], stopped=stopped)
        if not table or not (below_title or self._alike(table)):
            return 0
        box = _box(table)
        found.append(box)
        before = self.parts[-1] if self.parts and not below_title else None
        if before and _same_place(before[-1], page, box):
            before.append((page, box))
        else:
            self.parts.append([(page, box)])
        self.open = end == len(free) and len(table) == end - at
        return end


def _same_place(before: tuple[Page, Box], page: Page, box: Box) -> bool:
    """Whether columns stand where they stood on the page before."""
    upper, reach = before
    within = reach[0] - SNAP <= box[0] and box[2] <= reach[2] + SNAP
    return within or (upper.width, upper.height) == (page.width, page.height)


def _same_head(before: tuple[Page, Box], table: Sequence[Row]) -> bool:
    """Whether a table begins with the headings of another, or with none: it is that one going on."""
    page, (x0, y0, x1, y1) = before
    words = (w for w in page.words if x0 <= centre(w.box)[0] <= x1 and y0 <= centre(w.box)[1] <= y1)
    return _headings(table) in ([], _headings(in_lines(words)))


def _headings(table: Sequence[Row]) -> list[str]:
    """The first lines of a table, as far as they state nothing."""
    return [
        line_of(row).text for row in takewhile(lambda r: not _states_something(r), table[:_HEAD])
    ]


def ends_a_title(free: Sequence[Row], at: int) -> bool:
    """Whether a line ends a title, perhaps one broken over lines."""
    return bool(_named(free, at))


def _named(free: Sequence[Row], at: int) -> str:
    """The form that the title names which ends with a line; nothing where none does."""
    if not any(_ENDS_A_TITLE.search(word.text) for word in free[at]):
        return ""
    texts = [line_of(row).text for row in free[max(at - _BROKEN + 1, 0) : at + 1]]
    ways = (*texts[-1].split("\t"), *("".join(texts[-n:]) for n in range(2, len(texts) + 1)))
    return next((named.name for text in ways if (named := catalogue().named_by(text))), "")


def _is_caption(row: Row) -> bool:
    parts = [fold(part) for part in line_of(row).text.split("\t")]
    return any(_CAPTION.match(part) or amounts.unit_in(part) for part in parts)


def _end(page: Page, areas: Sequence[Box], free: Sequence[Row], start: int) -> tuple[int, bool]:
    """Where the table that begins at ``start`` ends, and whether running text ends it."""
    notes = tuple(f"{note}{mark}" for note in catalogue().words.notes for mark in ":1一.、")
    for at in range(start, len(free)):
        row = free[at]
        text = fold(line_of(row).text)
        if (
            text.startswith(notes)
            or ends_a_title(free, at)
            or _area_between(areas, free, start, at)
        ):
            return at, False
        is_one = len(_runs(row)) == 1 and _figures(row) < _SEVERAL
        if is_one and (
            row[-1].box[2] - row[0].box[0] > _PROSE * page.width or text.endswith(("。", ";", "；"))
        ):
            return at, True
    return len(free), False


def _trimmed(table: Sequence[Row], *, stopped: bool) -> Sequence[Row]:
    """The lines of a table without the headings of the running text that follows it."""
    last = len(table)
    while stopped and last and len(_runs(table[last - 1])) == 1:
        last -= 1
    return table[:last]


def _area_between(areas: Sequence[Box], free: Sequence[Row], start: int, at: int) -> bool:
    top, bottom = free[start][0].box[1], free[at][0].box[1]
    return any(top < area[1] < bottom for area in areas)


def _areas_below(areas: Sequence[Box], row: Row) -> bool:
    return any(area[1] > row[0].box[1] for area in areas)


def _in_columns(table: Sequence[Row]) -> bool:
    """Whether texts stand side by side: in two lines, or three in one, as in a form printed empty."""
    beside = [len(_runs(row)) for row in table]
    return sum(n > 1 for n in beside) > 1 or max(beside, default=0) > 2


def _states_something(row: Row) -> bool:
    """Whether a line has a figure or a code in one of several columns."""
    texts = ["".join(w.text for w in run) for run in _runs(row)]
    return _figures(row) >= _SEVERAL or (
        len(texts) > 1
        and any(amounts.is_figure(text) or _CODE.match(digits(fold(text))) for text in texts)
    )


def _figures(row: Row) -> int:
    """How many amounts are words of their own: wide digits leave next to nothing free between columns."""
    return sum(amounts.is_amount(w.text) and len(fold(w.text)) > _CODED for w in row)


def _runs(row: Row) -> list[list[Word]]:
    height = sorted(w.box[3] - w.box[1] for w in row)[len(row) // 2]
    return runs(row, _COLUMN * max(height, 4.0))


def _box(table: Sequence[Row]) -> Box:
    x0, y0, x1, y1 = union(word.box for row in table for word in row)
    return x0 - 1, y0 - 1, x1 + 1, y1 + 1
