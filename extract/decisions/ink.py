"""A cell as it is printed, and whether another is the same print."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from extract.model import Item

Box = tuple[float, float, float, float]
SHARED = 0.5
"""Of the smaller of two boxes, how much must lie in the other: a reader may draw a cell's edges anew."""


class Ink(BaseModel):
    """What stands in a cell: the text and its unit, the page, and the box in points, where there is one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str
    variant: str = ""
    key: str
    measure: str
    raw: str
    unit: str
    page: int | None = None
    box: Box | None = None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """(form, variant, key, measure)."""
        return (self.form, self.variant, self.key, self.measure)


def ink_of(item: Item) -> Ink:
    """The ink of a cell, its box to a tenth of a point."""
    return Ink(
        form=item.form,
        variant=item.variant,
        key=item.key,
        measure=item.measure,
        raw=item.raw,
        unit=item.unit,
        page=item.page,
        box=_box(item),
    )


def same_ink(ink: Ink, items: Iterable[Item]) -> Item | None:
    """The cell among ``items``, of one statement, that is printed so: the one of that name, else the
    only one in that place. None where neither says the same any more."""
    alike = [item for item in items if _is(ink, item)]
    named = [item for item in alike if item.place == ink.place]
    if named:
        return named[0]
    return alike[0] if ink.box is not None and ink.raw and len(alike) == 1 else None


def _is(ink: Ink, item: Item) -> bool:
    if (ink.raw, ink.unit, ink.page) != (item.raw, item.unit, item.page):
        return False
    box = _box(item)
    if ink.box is None or box is None:
        return ink.box == box and item.place == ink.place
    return _overlap(ink.box, box)


def _box(item: Item) -> Box | None:
    edges = (item.x0, item.y0, item.x1, item.y1)
    if None in edges:
        return None
    x0, y0, x1, y1 = (round(float(edge or 0), 1) for edge in edges)
    return (x0, y0, x1, y1)


def _overlap(one: Box, other: Box) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return one == other or (width > 0 and height > 0 and width * height >= SHARED * smaller)
