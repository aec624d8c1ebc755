"""What the country publishes is read for what it is: fixtures/variants.yaml, card by card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.document import stages
from fixtures.render.variants import INVENTIONS, WAYS, Card, cards
from tests.variants import lost, misread, unused

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


@pytest.mark.parametrize("way", ["pdf", "txt", "html"])
@pytest.mark.parametrize("slug", ["ministry-2016", "zhejiang-2021", "three-public-vertical"])
def test_a_row_that_were_dropped_would_be_missed(slug: str, way: str) -> None:
    card = next(card for card in cards() if card.slug == slug)
    made = stages(card.document(way))
    assert unused(made) == []
    rows = {(i.form, i.variant, i.key) for i in made.items if i.raw}
    assert len(rows) > 100
    for row in rows:
        kept = tuple(i for i in made.items if (i.form, i.variant, i.key) != row)
        assert unused(replace(made, items=kept)), row


def test_a_reason_that_were_not_given_would_be_missed() -> None:
    card = next(card for card in cards() if card.slug == "three-blocks-2019")
    made = stages(card.document("txt"))
    assert made.ignored
    assert unused(replace(made, ignored=()))
