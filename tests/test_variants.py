"""What the country publishes is read for what it is: fixtures/variants.yaml, card by card."""

from __future__ import annotations

import pytest

from fixtures.render.variants import INVENTIONS, WAYS, Card, cards
from tests.variants import lost, misread

OFTEN = ("pdf", "txt", "md", "html", "xlsx")

every_way = pytest.mark.parametrize(
    "way", [pytest.param(way, marks=[] if way in OFTEN else [pytest.mark.soak]) for way in WAYS]
)


@every_way
@pytest.mark.parametrize("card", cards(), ids=lambda card: card.slug)
def test_a_layout_of_the_country_is_read_for_what_it_is(card: Card, way: str) -> None:
    assert misread(card, way) == []


@every_way
@pytest.mark.parametrize("card", cards(), ids=lambda card: card.slug)
def test_no_printed_cell_is_dropped_in_silence(card: Card, way: str) -> None:
    assert lost(card, way) == []


@every_way
@pytest.mark.parametrize("card", cards(INVENTIONS), ids=lambda card: card.slug)
def test_a_layout_nobody_has_reported_is_read_for_what_it_is(card: Card, way: str) -> None:
    assert misread(card, way) == []
    assert lost(card, way) == []
