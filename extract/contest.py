"""Which engine reads a table best, where the first one leaves a doubt?

The accounts judge. A form whose headings do not map, whose printed figures are not all
taken up, or whose own identities fail is read by the next engine; so is a table whose title
names a form it was not recognised as. The reading with the least to doubt stays, of the form
as a whole or of one of its regions: structure before identities, for column numbers balance
too; of equals the first. Two engines that read alike end the contest: then it is the
publisher who erred.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract import amounts
from extract.errors import DamagedFile
from extract.forms import catalogue
from extract.model import Grid, Region, Sheet
from extract.stages.recognise.captions import title_of
from extract.stages.reconcile import failed_within
from extract.stages.tabulate import suited, tabulate
from extract.understanding import Understood, understood

log = logging.getLogger(__name__)
_MOST = 8  # contests in a document
_PAGES = 6  # of a form: longer ones cost more to read again than they are worth


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """What is to be doubted of a form as read, gravest first; less is better."""

    lost: int
    """1 if it was not recognised at all."""
    unaccounted: int
    """Printed cells and figures that no item took up, and one for damaged headings."""
    failed: int
    """Identities among its own figures that fail."""


NONE = Doubt(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Contest:
    """One form read by several engines: what each left to doubt, and whose reading of each region stays."""

    form: str
    pages: tuple[int, ...]
    doubts: tuple[tuple[str, Doubt], ...]
    winners: tuple[str, ...]

    @property
    def winner(self) -> str:
        """The engine whose reading stays, or those of the several regions."""
        return " + ".join(dict.fromkeys(self.winners))


@dataclass(frozen=True, slots=True)
class Settled:
    """The grids that stay, what they state, and the contests there were."""

    grids: tuple[Grid, ...]
    understood: Understood
    contests: tuple[Contest, ...]


def settled(grids: Sequence[Grid], source: bytes, doc_id: str) -> Settled:
    """Read again what is doubtful in ``grids``, the first readings; ``source`` is the file."""
    now = Settled(tuple(grids), understood(grids, doc_id), ())
    for form, places in tuple(_claims(now)):
        if len(now.contests) == _MOST:
            break
        now = _contest(now, form, places, source, doc_id)
    return now


def _claims(first: Settled) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The forms in doubt, each with the places of its grids."""
    found: set[str] = set()
    taken: set[int] = set()
    for sheet in first.understood.sheets:
        places = _places(sheet, first.grids)
        found.add(sheet.form)
        taken.update(places)
        if places and _doubt(sheet.form, first, places) > NONE:
            yield sheet.form, places
    for place, grid in enumerate(first.grids):
        title = title_of(grid.region.captions, catalogue())
        named = title is not None and not title.other and title.name not in found
        if named and title is not None and place not in taken and grid.region.box is not None:
            yield title.name, (place,)


def _places(sheet: Sheet, grids: Sequence[Grid]) -> tuple[int, ...]:
    """Where among the grids those of a form stand; nothing where a format delimits them."""
    mine = {_at(table.grid.region) for table in sheet.tables}
    return tuple(
        place
        for place, grid in enumerate(grids)
        if grid.region.box is not None and _at(grid.region) in mine
    )


def _at(region: Region) -> tuple[object, ...]:
    return region.page.number, region.box


def _contest(
    now: Settled, form: str, places: tuple[int, ...], source: bytes, doc_id: str
) -> Settled:
    """``now`` with the best reading of one form."""
    first = now.grids[places[0]]
    best, least = now, _doubt(form, now, places)
    doubts = [(first.engine, least)]
    for name in suited(first.region) if len(places) <= _PAGES else ():
        if name == first.engine:
            continue
        tried = _read_by(name, now, places, source, doc_id)
        if tried is None:
            continue
        doubt = _doubt(form, tried, places)
        doubts.append((name, doubt))
        if doubt < least and _keeps(tried, now):
            best, least = tried, doubt
        if least > NONE and len(places) > 1:
            best, least = _by_region(form, best, least, tried, places, doc_id)
        alike = all(_printed(tried.grids[p]) == _printed(now.grids[p]) for p in places)
        if least == NONE or (alike and not least.lost):
            break
    pages = tuple(number for p in places if (number := now.grids[p].region.page.number))
    held = Contest(form, pages, tuple(doubts), tuple(best.grids[p].engine for p in places))
    log.debug("%s", held)
    return replace(best, contests=(*now.contests, held))


def _by_region(
    form: str, best: Settled, least: Doubt, tried: Settled, places: Sequence[int], doc_id: str
) -> tuple[Settled, Doubt]:
    """The best reading of a form when regions of it may be taken from another one."""
    for place in places:
        if _printed(best.grids[place]) == _printed(tried.grids[place]):
            continue
        grids = list(best.grids)
        grids[place] = tried.grids[place]
        mixed = Settled(tuple(grids), understood(grids, doc_id), best.contests)
        doubt = _doubt(form, mixed, places)
        if doubt < least and _keeps(mixed, best):
            best, least = mixed, doubt
    return best, least


def _read_by(
    name: str, now: Settled, places: Sequence[int], source: bytes, doc_id: str
) -> Settled | None:
    """The document with one form read by another engine; None where that cannot read the file."""
    grids = list(now.grids)
    try:
        for place in places:
            grids[place] = tabulate(grids[place].region, source, name)
    except DamagedFile:
        return None
    return Settled(tuple(grids), understood(grids, doc_id), now.contests)


def _keeps(tried: Settled, now: Settled) -> bool:
    """Whether no form is lost that was there."""
    return _forms(tried) >= _forms(now)


def _forms(read: Settled) -> set[tuple[int, str]]:
    return {(sheet.statement, sheet.form) for sheet in read.understood.sheets}


def _printed(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.rows, c.columns) for c in grid.cells if c.text]


def _doubt(form: str, read: Settled, places: Sequence[int]) -> Doubt:
    figures = sum(_figures(read.grids[place].region) for place in places)
    made = read.understood
    pairs = zip(made.sheets, made.normalized, strict=True)
    there = set(places)
    mine = next(
        (p for p in pairs if p[0].form == form and there & {*_places(p[0], read.grids)}), None
    )
    if mine is None:
        return Doubt(1, figures, 0)
    sheet, stated = mine
    unread = sum(f.category == "unreadable" and f.severity == "warning" for f in stated.findings)
    taken = sum("." in amounts.plain(item.raw) for item in stated.items)
    damaged = any(table.header_lost for table in sheet.tables)
    return Doubt(0, unread + max(figures - taken, 0) + damaged, failed_within(stated.items))


def _figures(region: Region) -> int:
    """How many amounts with decimals are printed in a region."""
    assert region.box is not None
    x0, y0, x1, y1 = region.box
    return sum(
        "." in amounts.plain(w.text) and amounts.is_amount(w.text)
        for w in region.page.words
        if x0 <= w.box[0] and w.box[2] <= x1 and y0 <= w.box[1] and w.box[3] <= y1
    )
