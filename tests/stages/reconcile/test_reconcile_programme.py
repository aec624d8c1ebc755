"""Slips that share their equations hide each other: they are sought together, in whole numbers."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from extract.forms.rules import rules
from extract.stages.reconcile import reconcile
from extract.stages.reconcile.ledger import ledger
from extract.stages.reconcile.programme import fewest, neighbourhoods
from extract.stages.reconcile.search import UNEXPLAINED
from extract.stages.reconcile.system import system
from fixtures.render import Style, Wishes, invent
from tests.stages.accounts import items_of

FORM = "general_budget_expenditure"
WISHES = Wishes(unit="元", own_income=True)


def statement(seed=5, times=1):
    """An invented statement in 元, its amounts ``times`` as great."""
    scaled = []
    for one in items_of(invent(seed, WISHES), Style(unit="元")):
        amount = one.amount and one.amount * times
        scaled.append(replace(one, amount=amount, raw=f"{amount:.2f}" if amount else one.raw))
    return scaled


def misread(items, *slips):
    """The items with one digit of each (key, measure) of ``FORM`` read as another."""
    changed = []
    for one in items:
        if one.form == FORM and (one.key, one.measure) in slips:
            at = next(n for n, digit in enumerate(one.raw) if digit in "13568")
            raw = one.raw[:at] + str.translate(one.raw[at], LOOKALIKE) + one.raw[at + 1 :]
            one = replace(one, raw=raw, amount=Decimal(raw))
        changed.append(one)
    return changed


LOOKALIKE = str.maketrans("13568", "78683")


def system_of(items):
    return system(ledger(items), rules())


def slips_of(items, damaged):
    return {a.place: a.amount for a, b in zip(items, damaged, strict=True) if a.amount != b.amount}


@pytest.mark.parametrize("times", [1, 1_003])
def test_what_it_chooses_makes_all_hold_to_the_fen_whatever_the_size_of_the_amounts(times):
    damaged = system_of(
        misread(
            statement(times=times), ("2080505", "basic"), ("2080505", "total"), ("208", "basic")
        )
    )
    found = fewest(damaged, damaged.violated, UNEXPLAINED, 1000)
    after = damaged.with_values({p: v for cause in found for p, v in cause.changes.items()})
    assert not after.violated
    assert len(found) == 3


def test_it_finds_nothing_where_nothing_is_as_cheap():
    damaged = system_of(misread(statement(), ("2080505", "basic"), ("2080506", "basic")))
    assert fewest(damaged, damaged.violated, UNEXPLAINED, 5) is None


def test_it_leaves_violated_what_costs_more_to_explain():
    damaged = system_of(misread(statement(), ("2080505", "basic")))
    assert fewest(damaged, damaged.violated, 0.001, 1000) == []


def test_slips_far_apart_are_neighbourhoods_of_their_own_unless_one_cause_spans_them():
    far = system_of(misread(statement(), ("2080505", "basic"), ("2210201", "total")))
    parts = neighbourhoods(far)
    assert len(parts) == 2
    assert set.union(*parts) == far.violated
    assert neighbourhoods(far, [[min(parts[0]), min(parts[1])]]) == [far.violated]


def test_pairs_of_slips_that_share_an_equation_are_placed_and_mended():
    """Four in five; two 款 of one 类 printed nowhere else cannot be told apart by anyone."""
    rng, slips, placed, wrong = Random(11), 0, 0, 0
    for seed in range(6):
        items = statement(seed)
        own = [i for i in items if i.form == FORM and i.amount and any(d in "13568" for d in i.raw)]
        for _ in range(4):
            first = rng.choice(own)
            near = [i for i in own if (i.key == first.key) != (i.measure == first.measure)]
            second = rng.choice(near)
            damaged = misread(items, *((i.key, i.measure) for i in (first, second)))
            truth = slips_of(items, damaged)
            for told in reconcile(damaged, text_layer="ocr")[1]:
                place = (told.form, told.variant, told.key, told.measure)
                placed += place in truth
                wrong += told.suggested is not None and truth.get(place) != told.suggested
            slips += len(truth)
    assert placed >= 0.8 * slips
    assert wrong <= 0.03 * slips
