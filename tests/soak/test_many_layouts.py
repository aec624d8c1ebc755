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
