"""Boxes, lines and rulings obey the laws the stages lean on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.geometry import (
    SNAP,
    centre,
    chained,
    connected,
    covers,
    cut_off,
    joined,
    lines,
    nearest,
    snapped,
    union,
)
from extract.model import Ruling, Word

lawful = settings(derandomize=True)
points = st.floats(0, 1000, width=32)
boxes = st.tuples(points, points, points, points).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)
flat = st.builds(lambda x, w, y: Ruling(x, y, x + w, y), points, st.floats(1, 300), points)
upright = st.builds(lambda x, y, h: Ruling(x, y, x, y + h), points, points, st.floats(1, 300))


@given(st.lists(points, min_size=1))
@lawful
def test_snapping_keeps_positions_apart_and_loses_none(values: list[float]) -> None:
    edges = snapped(values)
    assert edges == sorted(edges)
    assert len(edges) <= len(set(values))
    for value in values:
        assert min(abs(value - edge) for edge in edges) <= SNAP * len(values)


@given(st.lists(st.integers(0, 100), min_size=1, unique=True), st.floats(-1.4, 1.4))
@lawful
def test_a_line_drawn_twice_snaps_to_one(places: list[int], off: float) -> None:
    apart = [10.0 * place for place in places]
    assert len(snapped([*apart, *(x + off for x in apart)])) == len(apart)


@given(points, st.lists(points, min_size=1, unique=True).map(sorted))
@lawful
def test_the_nearest_edge_is_nearest(value: float, edges: list[float]) -> None:
    assert abs(edges[nearest(value, edges)] - value) == min(abs(e - value) for e in edges)


@given(boxes, boxes)
@lawful
def test_the_box_around_two_is_their_union(one: tuple, other: tuple) -> None:
    assert joined(one, other) == union((one, other)) == joined(other, one)
    assert covers(joined(one, other), *centre(one))


@given(st.lists(flat | upright, max_size=12))
@lawful
def test_connecting_parts_rulings_without_loss(rulings: list[Ruling]) -> None:
    groups = connected(rulings)
    assert sorted(map(repr, rulings)) == sorted(repr(r) for group in groups for r in group)


@given(st.floats(10, 500), st.floats(10, 300), st.integers(2, 30))
@lawful
def test_a_dashed_line_chains_to_one(x: float, length: float, pieces: int) -> None:
    step = length / pieces
    dashes = [Ruling(x + i * step, 5.0, x + i * step + step * 0.7, 5.0) for i in range(pieces)]
    chain = chained(dashes, gap=step)
    assert len(chain) == 1
    assert chain[0].x0 == pytest.approx(x)
    assert chain[0].x1 == pytest.approx(x + length - step * 0.3)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), unique=True, min_size=1))
@lawful
def test_words_come_out_in_lines_top_down_left_to_right(places: list[tuple[int, int]]) -> None:
    words = [
        Word(f"{row}{column}", (column * 50.0, row * 20.0, column * 50.0 + 12, row * 20.0 + 10))
        for row, column in places
    ]
    told = [line.text.replace("\t", " ").split() for line in lines(reversed(words))]
    assert [text for line in told for text in line] == [f"{r}{c}" for r, c in sorted(places)]
    assert all(len({text[0] for text in line}) == 1 for line in told)


@pytest.mark.parametrize(
    ("rotation", "off"), [(0, (10, 30)), (90, (20, 10)), (180, (40, 20)), (270, (30, 40))]
)
def test_what_is_cut_off_a_sheet_turns_with_it(rotation: int, off: tuple) -> None:
    assert cut_off((0, 0, 640, 850), (10, 20, 600, 820), rotation) == off


def test_a_letter_that_is_but_a_stroke_stands_on_its_line() -> None:
    stroke = Word("一", (0, 9, 14, 10))
    tall = [Word(letter, (20.0 * n, 2, 20.0 * n + 14, 16)) for n, letter in enumerate("般公共", 1)]
    below = Word("单位：元", (0, 30, 50, 40))
    assert [line.text for line in lines([*tall, stroke, below])] == ["一 般 公 共", "单位：元"]
