"""Whatever a document was spoilt into, it is read, or an error says what is wrong with it."""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.fuzz import BAD, results, specimen, tried
from tests.hostile.seeds import PICTURES, seeds

MANY = int(os.environ.get("JUESUAN_SOAK_FUZZ", "50000"))


@pytest.mark.parametrize("suffix", sorted(seeds().keys() - set(PICTURES)))
def test_a_sound_seed_is_read_or_is_an_archive(suffix):
    from extract.document import stages
    from extract.errors import UnknownFormat

    if suffix == "zip":
        with pytest.raises(UnknownFormat, match="archive"):
            stages(seeds()[suffix])
    else:
        assert stages(seeds()[suffix]).items


def test_a_seed_is_always_the_same_specimen():
    assert specimen(7) == specimen(7)
    assert len({specimen(seed)[1] for seed in range(100)}) > 95


@given(st.integers(0, 1 << 31).filter(lambda seed: seed % 10))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_spoilt_documents_are_survived(seed):
    told = tried(seed)
    assert told.outcome not in BAD, told.trace


@pytest.mark.soak
def test_fifty_thousand_spoilt_documents_are_survived():
    outcomes = dict(results(range(MANY)))
    print(Counter(told.outcome for told in outcomes.values()), file=sys.stderr)
    assert len(outcomes) == MANY
    assert not {seed: told for seed, told in outcomes.items() if told.outcome in BAD}
