"""Sentences as publishers of other provinces word them state what they say, and nothing else."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from extract.model import Identity
from tests.stages.narration import narrated

SAID = yaml.safe_load((Path(__file__).parent / "phrasings.yaml").read_text(encoding="utf-8"))
ACCOUNTS = Identity(None, "云岭县水务局", "部门决算", 2023)


def plain(value: Decimal) -> Decimal:
    return value.normalize() if value else Decimal(0)


@pytest.mark.parametrize("one", SAID, ids=lambda one: one["says"][:24])
def test_a_sentence_states_what_it_says(one: dict[str, str]) -> None:
    stated = Counter()
    for fact in one["states"].split():
        metric, _, value = fact.partition("=")
        stated[metric, plain(Decimal(value))] += 1
    read = narrated([one["heading"], one["says"]], ACCOUNTS)
    assert Counter((f.metric, plain(f.value)) for f in read.facts) == stated
    assert [f.message for f in read.findings if f.severity != "info"] == []
