"""Any way of naming, heading, cutting and printing the forms goes with any other."""

from __future__ import annotations

import pytest

from fixtures.render.crossing import card, choices, unpaired
from tests.variants import lost, misread

ALL = 220
SAMPLE = range(0, ALL, 11)


def test_each_value_of_a_dimension_meets_each_of_every_other() -> None:
    assert unpaired(ALL) == set()


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=[] if number in SAMPLE else [pytest.mark.soak])
        for number in range(ALL)
    ],
)
def test_a_combination_is_read_for_what_it_is(number: int) -> None:
    one, way = card(number, choices(ALL)[number])
    assert misread(one, way) == []
    assert lost(one, way) == []
