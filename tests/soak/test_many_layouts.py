"""Hundreds of layouts nobody has seen are read exactly."""

from __future__ import annotations

import pytest

from tests.layouts import misreadings, printed

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("seed", range(3000, 3500))
def test_a_layout_nobody_has_seen_is_read_exactly(seed: int) -> None:
    document = printed(seed)
    if document is not None:
        assert misreadings(document) == []


@pytest.mark.parametrize("rules", ["horizontal", "three", "none"])
def test_layouts_with_few_rules_or_none_are_read_exactly(rules: str) -> None:
    documents = [one for seed in range(3000, 3120) if (one := printed(seed, "pdf", rules))]
    wrong = [one for one in documents if misreadings(one)]
    assert len(wrong) <= 0.03 * len(documents)
