"""One statement published in every format gives the same items, cell for cell."""

from __future__ import annotations

from functools import cache

import pytest

from extract.document import read, stages
from extract.model import Item, Reading
from extract.repair import judged
from fixtures.render.formats import FORMATS
from tests.layouts import printed

SEEDS = (3, 8, 21)
SCANNED = SEEDS[0]


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


@pytest.mark.parametrize("way", FORMATS)
def test_every_format_tells_the_same_narrative(way: str) -> None:
    drawn, other = (printed(SEEDS[0], w) for w in ("pdf", way))
    assert drawn is not None
    assert other is not None
    ours, theirs = read(drawn.data, "a"), read(other.data, "b")
    assert len(ours.facts) > 20
    assert spoken(theirs) == spoken(ours)


def spoken(reading: Reading) -> tuple[list[object], list[object]]:
    sections: list[object] = [(s.part, s.section, s.heading, s.entries) for s in reading.sections]
    facts: list[object] = [(f.section, f.metric, f.code, f.period, f.value) for f in reading.facts]
    return sections, facts


@pytest.mark.soak
def test_a_scan_with_proposals_applied_gives_the_same_items() -> None:
    scan, drawn = printed(SCANNED, "scan"), printed(SCANNED, "pdf")
    assert scan is not None
    assert drawn is not None
    mended = judged(read(scan.data, "a"), "apply")
    assert mended.text_layer == "ocr"
    assert list(map(figure, mended.items)) == list(map(figure, stages(drawn.data).items))


def figure(item: Item) -> tuple[object, ...]:
    """What an item says but in letters: OCR may take a bracket of a name for another."""
    said = (item.form, item.variant, item.seq, item.key, item.code, item.level, item.parent)
    return (*said, item.line_no, item.measure, item.amount, item.unit)
