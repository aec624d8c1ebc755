"""A layout nobody has seen is read exactly: a sample; tests/soak reads hundreds."""

from __future__ import annotations

import pytest

from fixtures.render.formats import FORMATS
from tests.layouts import misreadings, printed


@pytest.mark.parametrize("way", ["pdf", *FORMATS])
@pytest.mark.parametrize("seed", range(5))
def test_a_layout_nobody_has_seen_is_read_exactly(seed: int, way: str) -> None:
    document = printed(seed, way) or printed(seed + 1000, way) or printed(seed + 2000, way)
    assert document is not None
    assert misreadings(document) == []


@pytest.mark.parametrize("rules", ["horizontal", "three", "none"])
@pytest.mark.parametrize("seed", [3, 5, 8])
def test_a_layout_with_few_rules_or_none_is_read_exactly(seed: int, rules: str) -> None:
    document = printed(seed, "pdf", rules)
    assert document is not None
    assert misreadings(document) == []
