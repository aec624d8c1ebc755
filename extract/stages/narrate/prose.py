"""What runs as text in a document, paragraph by paragraph?

Tables, running heads and page numbers are left out; lines are joined as they were broken,
over pages too, so that a sentence stands in one piece and every character knows its page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from extract.furniture import numbers_page, running, runs
from extract.geometry import centre, covers, lines
from extract.hanzi import fold, tidy
from extract.model import Box, Document, Line, Page, Region

_SHORT = 40  # letters of a numbered line that may be a heading
_OPENING = ("“", "‘", "「", "『")
_ENDS = tuple("。;:!?…")
_OF_PART = re.compile(r"第[一二三四五六七八九十\d]+(?:部分|章)(?![,，、的中所列和])")
_ORDINAL = re.compile(
    r"-?(?:第[一二三四五六七八九十\d]+(?:部分|章|条)|[一二三四五六七八九十]{1,3}[、.]"
    r"|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}(?:、|\.(?!\d)))"
)


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together, each with its page."""

    pieces: tuple[tuple[str, int | None], ...]

    @cached_property
    def text(self) -> str:
        """As printed, without padding."""
        return tidy("".join(text for text, _ in self.pieces))

    @cached_property
    def folded(self) -> str:
        """As it is compared; ``printed`` leads back."""
        return "".join(_folded(c) for text, _ in self.pieces for c in text)

    def printed(self, start: int, end: int) -> str:
        """What stands at ``start`` to ``end`` of ``folded``, as printed, without padding."""
        raw = "".join(text for text, _ in self.pieces)
        first, last = self._origins[start], self._origins[end - 1]
        if raw[first - 1 : first] in _OPENING and first:  # folding leaves quotes out
            first -= 1
        return tidy(raw[first : last + 1])

    def page(self, at: int) -> int | None:
        """The page of a place of ``folded``."""
        origin = self._origins[at] if at < len(self._origins) else 0
        ends = accumulate(len(text) for text, _ in self.pieces)
        found = (page for (_, page), end in zip(self.pieces, ends, strict=True) if origin < end)
        return next(found, self.pieces[-1][1])

    @cached_property
    def _origins(self) -> list[int]:
        raw = "".join(text for text, _ in self.pieces)
        return [at for at, c in enumerate(raw) for _ in _folded(c)]


@lru_cache(maxsize=1 << 13)
def _folded(character: str) -> str:
    return fold(character)


Heads = Callable[[str], bool]
"""Whether a folded line is a heading by itself."""


def paragraphs(document: Document, regions: Sequence[Region], heads: Heads) -> Iterator[Paragraph]:
    """The running text of ``document`` outside ``regions``."""
    tables = {region.page.number: [] for region in regions}  # type: dict[int | None, list[Box]]
    for region in regions:
        if region.box:
            tables[region.page.number].append(region.box)
    furniture = running(document.pages)
    printed = (
        line
        for page in document.pages
        for line in (
            _typed(page)
            if page.blocks or page.number is None
            else _set(page, tables.get(page.number, []), furniture)
        )
    )
    yield from _joined(printed, heads)


@dataclass(frozen=True, slots=True)
class _Printed:
    text: str
    page: int | None
    opens: bool | None
    """Whether a paragraph begins here, as far as its place tells."""
    short: bool


def _typed(page: Page) -> Iterator[_Printed]:
    for block in page.blocks:
        if isinstance(block, Line) and not numbers_page(block.text):
            yield _Printed(block.text, page.number, None, short=False)


def _set(page: Page, tables: Sequence[Box], furniture: frozenset[str]) -> Iterator[_Printed]:
    free = [w for w in page.words if not any(covers(box, *centre(w.box)) for box in tables)]
    kept = [
        line
        for line in lines(free)
        if not numbers_page(line.text) and not runs(line.text, furniture)
    ]
    boxes = [line.box for line in kept if line.box]
    if not boxes:
        return
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    for line in kept:
        x0, y0, x1, y1 = line.box or (left, 0.0, right, 0.0)
        height = y1 - y0
        yield _Printed(
            line.text, page.number, x0 - left > 1.2 * height, short=right - x1 > 2.5 * height
        )


def _joined(printed: Iterable[_Printed], heads: Heads) -> Iterator[Paragraph]:
    held: list[tuple[str, int | None]] = []
    last: _Printed | None = None
    for line in printed:
        if held and last and _parts(last, line, heads):
            yield Paragraph(tuple(held))
            held = []
        held.append((line.text, line.page))
        last = line
    if held:
        yield Paragraph(tuple(held))


def _begins_a_part(folded: str) -> bool:
    """Whether a line is a heading of a part: on a page of contents no line is a full one."""
    return len(folded) <= _SHORT and _OF_PART.match(folded) is not None and folded[-1] not in _ENDS


def _parts(last: _Printed, line: _Printed, heads: Heads) -> bool:
    """Whether a paragraph ends between two lines."""
    before, after = fold(last.text), fold(line.text)
    if heads(before) or heads(after) or _begins_a_part(after):
        return True
    ordinal = _ORDINAL.match(after) is not None
    if line.opens is None:
        named = _ORDINAL.match(before) is not None and len(before) <= _SHORT
        return ordinal or named or before.endswith(_ENDS)
    return line.opens or (last.short and (before.endswith(_ENDS) or ordinal))
