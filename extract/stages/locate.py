"""Where in a document are tables, and which lines stand around each?

A region carries its captions (what was printed between it and the table before) and its
notes. Page numbers and running feet are taken out, running heads are marked: they stand
between the halves of a table without parting it. What a table is, is not asked here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from extract.amounts import unit_in
from extract.geometry import SNAP, centre, connected, covers, lines, union
from extract.hanzi import fold
from extract.model import Box, Document, Line, Page, Region, Rows, Ruling

_CAPTIONS = 10  # lines; a title stands close above its table, a table of contents does not
_NOTES = 6
_FOOT = 6  # texts at the foot of a page: a title, whose unit and year it is, perhaps a first row
_MARGIN = 0.12  # of the page height, in which running heads and feet stand
_REPEATED = 3  # pages on which a line must recur to be one
# OCR takes the dashes around a number for 一.
_PAGE_NUMBER = re.compile(r"[-–—·.第页共/ \d]+|[-–—一 ]*\d+[-–—一 ]*")
_DIGITS = re.compile(r"\d+")


def locate(document: Document) -> list[Region]:
    """The tables of ``document`` in reading order."""
    furniture = _furniture(document.pages)
    regions: list[Region] = []
    foot: tuple[str, ...] = ()
    for page in document.pages:
        if page.number is None:
            regions += _delimited(page)
            continue
        regions += _drawn(page, furniture, foot)
        if page.words:
            foot = _foot(page, furniture)
    return regions


# Formats that delimit their tables ---------------------------------------------------


def _delimited(page: Page) -> Iterator[Region]:
    places = [i for i, block in enumerate(page.blocks) if isinstance(block, Rows)]
    for before, at, after in zip(
        [-1, *places], places, [*places[1:], len(page.blocks)], strict=False
    ):
        rows = page.blocks[at]
        assert isinstance(rows, Rows)
        captions = _texts(page.blocks[before + 1 : at])[-_CAPTIONS:]
        notes = _texts(page.blocks[at + 1 : after])[:_NOTES]
        yield Region(page, captions, notes, rows=rows)


def _texts(blocks: Sequence[Line | Rows]) -> tuple[str, ...]:
    lines_ = (block.text for block in blocks if isinstance(block, Line))
    return tuple(text for text in lines_ if not _PAGE_NUMBER.fullmatch(text))


# Pages with geometry ------------------------------------------------------------------


def _drawn(page: Page, furniture: frozenset[str], foot: tuple[str, ...]) -> Iterator[Region]:
    """The ruled tables of a page; ``foot`` is what the page before ended with, a title perhaps."""
    areas = _areas(page.rulings)
    if not areas:
        return
    around = _around(page, areas)
    tops = [0.0, *(area[3] for area in areas)]
    bottoms = [*(area[1] for area in areas[1:]), page.height]
    for area, top, bottom in zip(areas, tops, bottoms, strict=False):
        above = ((foot if not top else ()) + _between(around, top, area[1]))[-_CAPTIONS:]
        below = _between(around, area[3], bottom)[:_NOTES]
        running = frozenset(text for text in above if _bare(text) in furniture)
        notes = tuple(text for text in below if _bare(text) not in furniture)
        yield Region(page, above, notes, running, area)


def _around(page: Page, areas: Sequence[Box]) -> list[Line]:
    """The lines outside the tables, page numbers left out."""
    free = [w for w in page.words if not any(covers(a, *centre(w.box)) for a in areas)]
    return [line for line in lines(free) if not _PAGE_NUMBER.fullmatch(line.text)]


def _foot(page: Page, furniture: frozenset[str]) -> tuple[str, ...]:
    """The last lines of a page, running feet left out; a unit is none, though every page has one."""
    areas = _areas(page.rulings)
    below = _between(_around(page, areas), areas[-1][3] if areas else 0.0, page.height)
    own = (text for text in below if _bare(text) not in furniture or unit_in(text))
    return tuple(own)[-_FOOT:]


def _between(around: list[Line], top: float, bottom: float) -> tuple[str, ...]:
    inside = (line for line in around if line.box and top <= centre(line.box)[1] <= bottom)
    # Texts far apart on one line are two captions: “公开01表” right of a title.
    return tuple(part for line in inside for part in line.text.split("\t"))


def _areas(rulings: Sequence[Ruling]) -> list[Box]:
    """Boxes of ruled tables, top to bottom; halves side by side make one."""
    areas: list[Box] = []
    for group in connected(rulings):
        flat = {round(r.y0 / SNAP) for r in group if r.y0 == r.y1}
        upright = {round(r.x0 / SNAP) for r in group if r.y0 != r.y1}
        if len(flat) >= 2 and len(upright) >= 3:
            areas.append(union((r.x0, r.y0, r.x1, r.y1) for r in group))
    return _merged(sorted(areas, key=lambda box: (box[1], box[0])))


def _merged(areas: list[Box]) -> list[Box]:
    merged: list[Box] = []
    for area in areas:
        if merged and _beside(merged[-1], area):
            merged[-1] = union((merged[-1], area))
        else:
            merged.append(area)
    return merged


def _beside(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(one[3] - one[1], other[3] - other[1])


def _furniture(pages: Sequence[Page]) -> frozenset[str]:
    """Running heads and feet, folded, digits out."""
    seen: Counter[str] = Counter()
    for page in pages:
        high, low = _MARGIN * page.height, (1 - _MARGIN) * page.height
        edge = [w for w in page.words if w.box[3] <= high or w.box[1] >= low]
        seen.update({_bare(text) for line in lines(edge) for text in line.text.split("\t")})
    return frozenset(text for text, pages_ in seen.items() if text and pages_ >= _REPEATED)


def _bare(text: str) -> str:
    return _DIGITS.sub("", fold(text))
