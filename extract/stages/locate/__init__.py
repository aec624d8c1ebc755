"""Where in a document are tables, and which lines stand around each?

Rulings bound a table; where a form's title stands above none, the words below it do. A region carries its captions (what was printed between it and the table before) and its
notes. Page numbers and running feet are taken out, running heads are marked: they stand
between the halves of a table without parting it. What a table is, is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from extract.amounts import unit_in
from extract.furniture import MARGIN, bare, misread, numbers_page, running, runs
from extract.geometry import SNAP, centre, connected, covers, in_lines, line_of, lines, union
from extract.hanzi import fold
from extract.model import Block, Box, Document, Line, Page, Region, Ruling, Word
from extract.stages.locate.unruled import Unruled, ends_a_title

_CAPTIONS = 10  # lines; a title stands close above its table, a table of contents does not
_NOTES = 6
_FOOT = 6  # texts at the foot of a page: a title, whose unit and year it is, perhaps a first row
_COLUMNS = 4  # texts side by side in a line: no running head
_FIGURE = re.compile(r"\d[.,]\d")
_NUMBERED = 2  # numbers: a page and how many there are
_DIGITS = re.compile(r"\d+")


def locate(document: Document) -> list[Region]:
    """The tables of ``document`` in reading order."""
    recurring = running(document.pages)
    unruled = Unruled()
    regions: list[Region] = []
    foot: tuple[str, ...] = ()
    last: Box | None = None
    for page in document.pages:
        if page.blocks or page.number is None:
            regions += _delimited(page)
            continue
        furniture = recurring | misread(page, recurring)
        areas = _areas(page.rulings, last)
        last = areas[-1] if areas else None
        if not areas and not unruled.may_be_on(page):
            foot = _foot(page, areas, furniture) if page.words else foot
            continue
        free = _free(page, areas, furniture)
        placed = unruled.add(page, areas, free)
        regions += _drawn(page, placed, areas, furniture, foot)
        if page.words:
            foot = _foot(page, placed, furniture)
    return [unruled.whole(region) for region in regions]


# Formats that delimit their tables ---------------------------------------------------


def _delimited(page: Page) -> Iterator[Region]:
    places = [i for i, block in enumerate(page.blocks) if not isinstance(block, Line)]
    for before, at, after in zip(
        [-1, *places], places, [*places[1:], len(page.blocks)], strict=False
    ):
        rows = page.blocks[at]
        assert not isinstance(rows, Line)
        captions = _texts(page.blocks[before + 1 : at])[-_CAPTIONS:]
        notes = _texts(page.blocks[at + 1 : after])[:_NOTES]
        yield Region(page, captions, notes, rows=rows)


def _texts(blocks: Sequence[Block]) -> tuple[str, ...]:
    lines_ = (block.text for block in blocks if isinstance(block, Line))
    return tuple(text for text in lines_ if not numbers_page(text))


# Pages with geometry ------------------------------------------------------------------


def _drawn(
    page: Page,
    areas: Sequence[Box],
    ruled: Sequence[Box],
    furniture: frozenset[str],
    foot: tuple[str, ...],
) -> Iterator[Region]:
    """The tables of a page; ``foot`` is what the page before ended with, a title perhaps."""
    around = _around(page, areas)
    tops = [0.0, *(area[3] for area in areas)]
    bottoms = [*(area[1] for area in areas[1:]), page.height]
    for area, top, bottom in zip(areas, tops, bottoms, strict=False):
        above = ((foot if not top else ()) + _between(around, top, area[1]))[-_CAPTIONS:]
        below = _between(around, area[3], bottom)[:_NOTES]
        heads = frozenset(text for text in above if bare(text) in furniture)
        notes = tuple(text for text in below if bare(text) not in furniture)
        yield Region(page, above, notes, heads, area, ruled=area in ruled)


def _around(page: Page, areas: Sequence[Box]) -> list[Line]:
    """The lines outside the tables, page numbers left out."""
    return [line for line in lines(_outside(page, areas)) if not numbers_page(line.text)]


def _free(page: Page, areas: Sequence[Box], furniture: frozenset[str]) -> list[list[Word]]:
    """The words of each line outside the tables; running heads, feet and page numbers left out."""
    rows = in_lines(_outside(page, areas))
    high, low = MARGIN * page.height, (1 - MARGIN) * page.height
    heads = (row[0].box[3] <= high and _is_running(row, furniture) for row in rows)
    feet = (row[0].box[1] >= low and _is_running(row, furniture) for row in reversed(rows))
    first = sum(takewhile(bool, heads))
    # A title that stands on every page of its form recurs as running heads do.
    first = next((at for at in range(first) if ends_a_title(rows, at)), first)
    return rows[first : len(rows) - sum(takewhile(bool, feet))]


def _is_running(row: Sequence[Word], furniture: frozenset[str]) -> bool:
    """Whether a line at the edge of a page is a page number, a running head or foot."""
    text = line_of(row).text
    parts = text.split("\t")
    return (numbers_page(text) and not _is_of_figures(text)) or (
        len(parts) < _COLUMNS and runs(text, furniture)
    )


def _is_of_figures(text: str) -> bool:
    """Whether a line that might number a page is one of a table: the halves of broken figures."""
    many = len(_DIGITS.findall(text)) > _NUMBERED
    return many or "\t" in text or _FIGURE.search(fold(text)) is not None


def _outside(page: Page, areas: Sequence[Box]) -> list[Word]:
    return [w for w in page.words if not any(covers(a, *centre(w.box)) for a in areas)]


def _foot(page: Page, areas: Sequence[Box], furniture: frozenset[str]) -> tuple[str, ...]:
    """The last lines of a page, running feet left out; a unit is none, though every page has one."""
    below = _between(_around(page, areas), areas[-1][3] if areas else 0.0, page.height)
    own = (text for text in below if bare(text) not in furniture or unit_in(text))
    return tuple(own)[-_FOOT:]


def _between(around: list[Line], top: float, bottom: float) -> tuple[str, ...]:
    inside = (line for line in around if line.box and top <= centre(line.box)[1] <= bottom)
    # Texts far apart on one line are two captions: “公开01表” right of a title.
    return tuple(part for line in inside for part in line.text.split("\t"))


def _areas(rulings: Sequence[Ruling], before: Box | None = None) -> list[Box]:
    """Boxes of ruled tables, top to bottom; halves side by side make one.

    A single row that goes on from the table ``before`` may draw but one line down.
    """
    areas: list[Box] = []
    for group in connected(rulings):
        flat = {round(r.y0 / SNAP) for r in group if r.y0 == r.y1}
        upright = {round(r.x0 / SNAP) for r in group if r.y0 != r.y1}
        if len(flat) < 2 or not upright:
            continue
        box = union((r.x0, r.y0, r.x1, r.y1) for r in group)
        if len(upright) >= 3 or (not areas and before and _as_wide(before, box)):
            areas.append(box)
    return _merged(sorted(areas, key=lambda box: (box[1], box[0])))


def _merged(areas: list[Box]) -> list[Box]:
    merged: list[Box] = []
    for area in areas:
        if merged and _beside(merged[-1], area):
            merged[-1] = union((merged[-1], area))
        else:
            merged.append(area)
    return merged


def _as_wide(one: Box, other: Box) -> bool:
    return abs(one[0] - other[0]) < SNAP and abs(one[2] - other[2]) < SNAP


def _beside(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(one[3] - one[1], other[3] - other[1])
