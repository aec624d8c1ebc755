"""Pieces of the pages on which a finding stands, its cells boxed. Bounded in number and bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from markupsafe import Markup

from extract.errors import InputError
from extract.model import Box
from extract.views import svg
from extract.views.dossiers import Dossier
from extract.views.equations import Figure
from extract.views.pictures import NoPicture, Pages, clip_around, opened
from extract.views.quotes import quoted

MOST = 60
"""Clippings of one document."""
MOST_BYTES = 2_000_000
"""Bytes of all its pictures."""
MOST_SECONDS = 60.0
"""How long drawing them may take."""
_EACH = 2  # pages of one finding
_RELATIONS = 3  # equations whose cells are boxed
_WIDE = 1000  # pixels


@dataclass(frozen=True, slots=True)
class Clipping:
    """A part of page ``page``, drawn."""

    page: int
    drawing: Markup


class Clipper:
    """The pages of one document, cut to pieces; ``why`` says why there are no (more) pieces."""

    def __init__(self, files: Sequence[bytes], why: str | None = None) -> None:
        self._stack = ExitStack()
        self._pages: Pages | None = None
        self._left, self._bytes = MOST, MOST_BYTES
        self._due = time.monotonic() + MOST_SECONDS
        self.why = why
        if files:
            try:
                self._pages = self._stack.enter_context(opened(files))
            except InputError as wrong:
                self.why = str(wrong)

    def __enter__(self) -> Clipper:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def cut(self, dossier: Dossier) -> tuple[Clipping, ...]:
        """The pieces that show the finding; none where there is no page, or no room."""
        if self._pages is None:
            return ()
        if time.monotonic() > self._due:
            self.why = "drawing more clippings would take too long"
            return ()
        found = []
        marked = boxed(dossier) or self._quoted(self._pages, dossier)
        for number, marks in list(marked.items())[:_EACH]:
            if self._left <= 0 or self._bytes <= 0:
                self.why = "the report has no room for more clippings"
                break
            try:
                found.append(self._one(self._pages, number, marks))
            except InputError as wrong:
                self.why = str(wrong)
        return tuple(found)

    def _quoted(self, pages: Pages, dossier: Dossier) -> Mapping[int, Sequence[svg.Mark]]:
        """The sentence that a finding quotes, where it stands."""
        number, said = dossier.finding.page, quoted(dossier.finding)
        if number is None or said is None:
            return {}
        try:
            lines = pages.find(number, said)
        except InputError as wrong:
            self.why = str(wrong)
            return {}
        return {number: [svg.Mark(line, "doubt", said) for line in lines]} if lines else {}

    def _one(self, pages: Pages, number: int, marks: Sequence[svg.Mark]) -> Clipping:
        clip = clip_around([mark.box for mark in marks], pages.size(number), wide=True)
        picture = pages.draw(number, clip, longest=_WIDE)
        if len(picture.data) > self._bytes:
            self._bytes = 0
            raise NoPicture("the report has no room for more clippings")
        self._left -= 1
        self._bytes -= len(picture.data)
        return Clipping(number, svg.over(picture, picture.data_uri, marks, f"p. {number}"))


def boxed(dossier: Dossier) -> Mapping[int, Sequence[svg.Mark]]:
    """What to mark on which page: the page of the finding first, the others as the equations name them."""
    found: dict[int, dict[Box, svg.Mark]] = {}
    for number, mark in _marks(dossier):
        found.setdefault(number, {}).setdefault(mark.box, mark)
    return {number: tuple(marks.values()) for number, marks in found.items()}


def _marks(dossier: Dossier) -> Iterator[tuple[int, svg.Mark]]:
    finding, cell = dossier.finding, dossier.cell
    if cell is not None:
        yield from _mark(cell, "doubt")
    if finding.page is not None and None not in (
        box := (finding.x0, finding.y0, finding.x1, finding.y1)
    ):
        x0, y0, x1, y1 = (side or 0.0 for side in box)
        yield finding.page, svg.Mark((x0, y0, x1, y1), "doubt", finding.category)
    for other in dossier.others:
        yield from _mark(other, "suspect")
    for relation in dossier.relations[:_RELATIONS]:
        for figure in (relation.total, *relation.parts):
            if figure.amount:
                yield from _mark(figure, "part")


def _mark(figure: Figure, role: svg.Role) -> Iterator[tuple[int, svg.Mark]]:
    if figure.page is not None and figure.box is not None:
        label = f"{figure.row} {figure.column} {figure.raw or ''}".strip()
        yield figure.page, svg.Mark(figure.box, role, label)
