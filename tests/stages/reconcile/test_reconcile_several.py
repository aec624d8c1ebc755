"""Two and three errors at once, of ten kinds: each is noticed, and a finding names its place.

Errors are drawn on rows of their own from a fixed seed. An error is placed when a finding
of warning or above names its cell, or any cell of its row; a unit, when one names its form.
What is missed are mostly leaves of the economic form: a single sum stands over them, and
any other leaf of it explains the miss as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from extract.amounts import UNITS
from extract.forms.codes import is_code, parent
from extract.model import Item
from extract.stages.reconcile import reconcile
from fixtures.render import Style, Wishes, invent
from tests.stages.accounts import items_of

Place = tuple[str, str | None, str | None]
Damage = tuple[list[Item], set[Place]]
LOUD = ("error", "warning")
ALIKE = {"0": "68", "1": "74", "2": "7", "3": "85", "4": "1", "5": "36", "6": "805", "7": "12",
         "8": "306", "9": "45"}  # fmt: skip
STATEMENTS = (
    (5, Wishes(government_fund=True, state_capital=True, balances=True, own_income=True)),
    (7, Wishes()),
    (9, Wishes(unit="元", own_income=True)),
)


@cache
def statements() -> tuple[tuple[Item, ...], ...]:
    made = (items_of(invent(n, wishes), Style(unit=wishes.unit)) for n, wishes in STATEMENTS)
    return tuple(tuple(items) for items in made)


def with_raw(one: Item, raw: str) -> Item:
    amount = Decimal(raw.replace(",", "")) * UNITS[one.unit] if raw else None
    return replace(one, raw=raw, amount=amount)


def figures(items: Sequence[Item]) -> list[int]:
    return [n for n, one in enumerate(items) if one.amount]


def rows(items: Sequence[Item]) -> list[tuple[str, str]]:
    """The coded rows with an amount."""
    return sorted({(one.form, one.key) for one in items if one.code and one.amount})


def in_row(one: Item, row: tuple[str, str]) -> bool:
    return (one.form, one.key) == row


def with_figure(items: Sequence[Item], rng: Random, change: Callable[[str], str | None]) -> Damage:
    """One figure printed otherwise, by more than any sum over it leaves to rounding."""
    at = rng.choice(figures(items))
    raw = change(items[at].raw)
    hurt = with_raw(items[at], raw) if raw else items[at]
    if abs((hurt.amount or 0) - items[at].amount) < UNITS[hurt.unit] * Decimal("0.3"):
        raise LookupError("too little to be told from rounding")
    place = {(hurt.form, hurt.key, hurt.measure)}
    return [hurt if n == at else one for n, one in enumerate(items)], place


def digit(items: Sequence[Item], rng: Random) -> Damage:
    def misread(raw: str) -> str:
        at = rng.choice([n for n, c in enumerate(raw) if c.isdigit()])
        return raw[:at] + rng.choice(ALIKE[raw[at]]) + raw[at + 1 :]

    return with_figure(items, rng, misread)


def dropped(items: Sequence[Item], rng: Random) -> Damage:
    def lost(raw: str) -> str | None:
        whole, _, part = raw.replace(",", "").partition(".")
        at = rng.randrange(len(whole))
        return f"{whole[:at]}{whole[at + 1 :]}.{part}" if len(whole) > 1 else None

    return with_figure(items, rng, lost)


def point(items: Sequence[Item], rng: Random) -> Damage:
    return with_figure(items, rng, lambda raw: raw.replace(".", ""))


def total(items: Sequence[Item], rng: Random) -> Damage:
    ends = ("total", ".current_year")
    at = rng.choice([n for n in figures(items) if items[n].key.endswith(ends)])
    one = items[at]
    blank = replace(one, raw="", amount=None)
    return [blank if n == at else each for n, each in enumerate(items)], {
        (one.form, one.key, one.measure)
    }


def lost_row(items: Sequence[Item], rng: Random) -> Damage:
    row = rng.choice(rows(items))
    return [one for one in items if not in_row(one, row)], {(*row, None)}


def twice(items: Sequence[Item], rng: Random) -> Damage:
    row = rng.choice(rows(items))
    copies = [replace(one, key=f"{one.key}#2") for one in items if in_row(one, row)]
    return [*items, *copies], {(*row, None)}


def swap(items: Sequence[Item], rng: Random) -> Damage:
    """The figures of two rows in a row exchanged; two parts of a single sum may be, unseen."""
    listed = rows(items)
    at = rng.randrange(len(listed) - 1)
    pair = listed[at : at + 2]
    printed = [{one.measure: one.raw for one in items if in_row(one, row)} for row in pair]
    unseen = len(printed[0]) == 1 and parent(pair[0][1]) == parent(pair[1][1])
    if pair[0][0] != pair[1][0] or printed[0] == printed[1] or unseen:
        raise LookupError("nothing to exchange")
    other = {pair[0]: printed[1], pair[1]: printed[0]}
    hurt = [
        with_raw(one, other[one.form, one.key][one.measure])
        if (one.form, one.key) in other
        else one
        for one in items
    ]
    return hurt, {(*row, None) for row in pair}


def shift(items: Sequence[Item], rng: Random) -> Damage:
    """The figures of a row one column to the right."""
    row = rng.choice(rows(items))
    raws = [one.raw for one in items if in_row(one, row)]
    if len(raws) < 2 or not any(one.amount for one in items if in_row(one, row)):
        raise LookupError("a row of one column")
    moved = iter(["", *raws[:-1]])
    return [with_raw(one, next(moved)) if in_row(one, row) else one for one in items], {
        (*row, None)
    }


def code(items: Sequence[Item], rng: Random) -> Damage:
    row = rng.choice(rows(items))
    at = rng.randrange(1, len(row[1]))
    new = row[1][:at] + rng.choice([d for d in "0123456789" if d != row[1][at]]) + row[1][at + 1 :]
    if any(in_row(one, (row[0], new)) for one in items) or not is_code(new, "functional"):
        raise LookupError("the form prints that code")
    hurt = [
        replace(one, key=new, code=new, parent=parent(new)) if in_row(one, row) else one
        for one in items
    ]
    return hurt, {(*row, None), (row[0], new, None)}


def unit(items: Sequence[Item], rng: Random) -> Damage:
    form = rng.choice(sorted({items[n].form for n in figures(items)}))
    other = {"万元": "元", "元": "万元"}
    hurt = [
        with_raw(replace(one, unit=other[one.unit]), one.raw) if one.form == form else one
        for one in items
    ]
    return hurt, {(form, None, None)}


KINDS = (digit, dropped, point, swap, shift, twice, total, lost_row, code, unit)


def damaged(
    items: Sequence[Item], kinds: Sequence[Callable], rng: Random
) -> tuple[list[Item], list[set[Place]]]:
    """The items after one damage of each kind, no two on one row, and the places of each."""
    hurt, places = list(items), []
    for kind in kinds:
        while True:
            try:
                after, at = kind(hurt, rng)
            except LookupError:
                continue
            if not any(overlap(a, b) for a in at for earlier in places for b in earlier):
                break
        hurt, places = after, [*places, at]
    return hurt, places


def overlap(one: Place, other: Place) -> bool:
    return one[0] == other[0] and (None in (one[1], other[1]) or one[1] == other[1])


def is_placed(places: set[Place], told: set[Place]) -> bool:
    """Whether a finding names a cell, its row where a row was hurt, or its form where a form was."""
    return any(
        form == f and key in (None, (k or "").removesuffix("#2")) and measure in (None, m)
        for form, key, measure in places
        for f, k, m in told
    )


@pytest.mark.parametrize(
    ("kinds", "count", "times", "floor"),
    [(KINDS, 2, 30, 0.95), (KINDS, 3, 21, 0.95), ((digit,), 2, 21, 0.88), ((digit,), 3, 15, 0.88)],
    ids=["two mixed", "three mixed", "two digits", "three digits"],
)
def test_several_errors_at_once_are_noticed_and_placed(
    kinds: tuple, count: int, times: int, floor: float
) -> None:
    rng = Random(20)
    told_of = []
    for number in range(times):
        items = statements()[number % len(STATEMENTS)]
        hurt, places = damaged(items, [rng.choice(kinds) for _ in range(count)], rng)
        found = [f for f in reconcile(hurt, text_layer="ocr")[1] if f.severity in LOUD]
        told = {(f.form, f.key, f.measure) for f in found}
        told_of += [is_placed(at, told) for at in places]
    assert len(told_of) == count * times
    assert sum(told_of) / len(told_of) >= floor
