"""One statement published in every format gives the same items, cell for cell."""

from __future__ import annotations

from functools import cache

import pytest

from extract.document import read, stages
from extract.model import Item
from fixtures.render.formats import FORMATS
from tests.layouts import printed

SEEDS = (3, 8, 21)


@cache
def items(seed: int, way: str) -> list[tuple[object, ...]]:
    document = printed(seed, way)
    assert document is not None
    return list(map(told, stages(document.data).items))


def told(item: Item) -> tuple[object, ...]:
    """All that an item says but where it was read, by what, and what is stored behind it."""
    said = (item.form, item.variant, item.seq, item.key, item.code, item.level, item.parent)
    return (*said, item.name, item.line_no, item.measure, item.amount, item.raw, item.unit)


@pytest.mark.parametrize("way", FORMATS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_format_gives_the_same_items(seed: int, way: str) -> None:
    assert len(items(seed, "pdf")) > 300
    assert items(seed, way) == items(seed, "pdf")


@pytest.mark.parametrize("way", FORMATS)
def test_every_format_gives_the_same_verdicts(way: str) -> None:
    drawn, other = (printed(SEEDS[0], w) for w in ("pdf", way))
    assert drawn is not None
    assert other is not None
    ours, theirs = read(drawn.data, "a"), read(other.data, "b")
    assert [(c.rule, c.form, c.key, c.measure, c.verdict) for c in ours.checks] == [
        (c.rule, c.form, c.key, c.measure, c.verdict) for c in theirs.checks
    ]
