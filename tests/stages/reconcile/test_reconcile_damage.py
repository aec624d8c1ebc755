"""One specimen of each kind of damage on each statement: its category, its place, its true figure."""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations

import pytest

from extract.stages.reconcile import reconcile
from fixtures.render import Style, Wishes, invent
from tests.stages.accounts import item, items_of

LOUD = ("error", "warning")
FORM, ROW = "general_budget_expenditure", "2080505"
SINGLE = {"digit", "point", "dropped"}


@cache
def statement(name):
    wishes = {
        "plain": Wishes(),
        "rich": Wishes(government_fund=True, state_capital=True, balances=True, own_income=True),
        "yuan": Wishes(unit="元", own_income=True),
    }
    return tuple(items_of(invent(5, wishes[name]), Style(unit=wishes[name].unit)))


def loud(items, layer="ocr"):
    return [one for one in reconcile(items, text_layer=layer)[1] if one.severity in LOUD]


def with_raw(one, raw):
    scale = 10_000 if one.unit == "万元" else 1
    amount = Decimal(raw.replace(",", "")) * scale if raw else None
    return replace(one, raw=raw, amount=amount)


def change(items, at, raw):
    return [with_raw(one, raw) if one.place == at else one for one in items]


def printed(items, form, key):
    return [one for one in items if (one.form, one.variant, one.key) == (form, "", key)]


def cell(items, measure="basic", key=ROW, form=FORM):
    return next(one for one in printed(items, form, key) if one.measure == measure)


def digit(items):
    one = cell(items)
    return change(items, one.place, ("7" if one.raw[0] != "7" else "1") + one.raw[1:]), one


def point(items):
    one = cell(items)
    return change(items, one.place, one.raw.replace(".", "")), one


def dropped(items):
    one = cell(items)
    return change(items, one.place, one.raw[1:].lstrip(",")), one


def total(items):
    one = cell(items, key="total")
    return change(items, one.place, ""), one


def lost_row(items):
    return [one for one in items if (one.form, one.key) != (FORM, ROW)], cell(items)


def after(items):
    """The row that follows."""
    keys = list(dict.fromkeys(one.key for one in items if one.form == FORM))
    return keys[keys.index(ROW) + 1]


def swap(items):
    here = {one.measure: one.raw for one in printed(items, FORM, ROW)}
    there = {one.measure: one.raw for one in printed(items, FORM, after(items))}
    exchanged = {ROW: there, after(items): here}
    damaged = [
        with_raw(one, exchanged[one.key][one.measure])
        if one.form == FORM and one.key in exchanged
        else one
        for one in items
    ]
    return damaged, cell(items)


def shift(items):
    raws = dict(
        zip(
            ("total", "basic", "project"),
            ("", cell(items, "total").raw, cell(items).raw),
            strict=True,
        )
    )
    return [
        with_raw(one, raws[one.measure]) if (one.form, one.key) == (FORM, ROW) else one
        for one in items
    ], cell(items)


def unit(items):
    # The same print, said to be in the other unit.
    up = cell(items).unit == "元"
    times, other = (Decimal(10_000), "万元") if up else (Decimal("0.0001"), "元")
    scaled = [
        replace(
            one, amount=one.amount and (one.amount * times).quantize(Decimal("0.01")), unit=other
        )
        if one.form == FORM
        else one
        for one in items
    ]
    return scaled, replace(cell(items), key="", measure="")


def twice(items):
    copies = [replace(one, key=f"{ROW}#2") for one in printed(items, FORM, ROW)]
    return [*items, *copies], cell(items)


def split(items):
    """The last figures of the row stand in a row of their own."""
    own = printed(items, FORM, ROW)
    halves = [replace(with_raw(one, ""), measure=one.measure) for one in own]
    kept = [a if a.measure == "total" else b for a, b in zip(own, halves, strict=True)]
    rest = [
        replace(b if a.measure == "total" else a, key=f"{ROW}#2")
        for a, b in zip(own, halves, strict=True)
    ]
    return [one for one in items if one not in own] + kept + rest, cell(items)


def merged(items):
    """The row and the next stand in one, each cell with the figures of both."""
    here, there = printed(items, FORM, ROW), printed(items, FORM, after(items))
    both = [
        replace(a, raw=f"{a.raw} {b.raw}".strip(), amount=None)
        for a, b in zip(here, there, strict=True)
    ]
    return [one for one in items if one not in here + there] + both, cell(items)


CATEGORIES = {
    split: "split_row", merged: "merged_row", digit: "ocr_digit", point: "ocr_digit", dropped: "ocr_digit", total: "missing_total",
    lost_row: "missing_row", swap: "swapped_rows", shift: "shifted_column", unit: "unit_mismatch",
    twice: "duplicate_row",
}  # fmt: skip


@pytest.mark.parametrize("name", ["plain", "rich", "yuan"])
@pytest.mark.parametrize("kind", CATEGORIES, ids=lambda kind: kind.__name__)
def test_one_damage_is_one_finding_with_its_cause_and_place(kind, name):
    damaged, at = kind(statement(name))
    [told] = loud(damaged)
    assert told.category == CATEGORIES[kind]
    assert told.form == FORM
    assert (told.key or "") in (at.key, after(statement(name)) if kind is swap else at.key)
    if kind.__name__ in SINGLE | {"total"}:
        assert (told.measure, told.suggested) == (at.measure, at.amount)
    assert sum(suspect.score for suspect in told.suspects) == pytest.approx(1)


@pytest.mark.parametrize("kind", CATEGORIES, ids=lambda kind: kind.__name__)
def test_on_a_native_layer_only_single_figures_become_the_publishers(kind):
    damaged, _ = kind(statement("rich"))
    [misread], [printed_so] = loud(damaged, "ocr"), loud(damaged, "native")
    figure = kind.__name__ in SINGLE
    assert printed_so.category == ("source_error" if figure else misread.category)
    assert printed_so.suspects == misread.suspects
    assert printed_so.suggested == misread.suggested


@pytest.mark.parametrize(
    ("one", "other"), list(combinations([digit, total, twice], 2)), ids=lambda kind: kind.__name__
)
def test_two_damages_are_two_findings(one, other):
    damaged, _ = other(one(statement("rich"))[0])
    assert sorted(told.category for told in loud(damaged)) == sorted(
        [CATEGORIES[one], CATEGORIES[other]]
    )


def test_three_slips_in_three_forms_are_each_mended():
    items = statement("rich")
    places = [
        cell(items).place,
        cell(items, "fiscal_appropriation", "20805", "income").place,
        cell(items, "total", "210", "expenditure").place,
    ]
    truth = {one.place: one.amount for one in items}
    damaged = items
    for place in places:
        raw = next(one.raw for one in damaged if one.place == place)
        damaged = change(damaged, place, ("8" if raw[0] != "8" else "3") + raw[1:])
    told = loud(damaged)
    assert {(f.form, f.variant, f.key, f.measure): f.suggested for f in told} == {
        place: truth[place] for place in places
    }


def test_two_figures_as_likely_are_a_tie_and_nothing_is_proposed():
    form = "general_budget_basic_expenditure"
    rows = {
        "personnel_total": "8.00", "public_total": "1.00", "301": "8.00", "302": "1.00",
        "30101": "3.00", "30102": "3.00",  # one of the two was 5.00
    }  # fmt: skip
    [told] = loud([item(form, key, "amount", raw) for key, raw in rows.items()])
    first, second, *_ = told.suspects
    assert {first.key, second.key} == {"30101", "30102"}
    assert first.score == pytest.approx(second.score)
    assert told.measure is None
    assert told.suggested is None


def test_two_rows_exchanged_are_told_though_only_the_lower_disagrees_with_other_forms():
    upper, lower = "2210201", "2210203"
    rows = {
        key: {one.measure: one.raw for one in printed(statement("rich"), "income", key)}
        for key in (upper, lower)
    }
    exchanged = {upper: rows[lower], lower: rows[upper]}
    damaged = [
        with_raw(one, exchanged[one.key][one.measure])
        if one.form == "income" and one.key in exchanged
        else one
        for one in statement("rich")
    ]
    [told] = loud(damaged)
    assert (told.category, told.form, told.key) == ("swapped_rows", "income", upper)
