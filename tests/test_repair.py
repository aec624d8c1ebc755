"""Mending changes what findings speak of and nothing else, and can be undone to the last byte."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from extract import api, document
from extract.model import Finding, Item, Reading
from extract.repair import ROUNDS, as_read, judged, mend, printed
from tests import making
from tests.making import tree

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
LOST = CASES / "zhuzhou-2020-ocr" / "zhuzhou-2020.txt"
MISREAD = CASES / "shisun-2022-ocr" / "shisun-2022.txt"
SLIP = CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf"
EMPTY = Path("/dev/null")
PERSONNEL = ("general_budget_basic_expenditure", "", "personnel_total", "amount")
SPORTS = ("income", "", "2070308", "total")


@cache
def reading(path: Path) -> Reading:
    return document.read(path.read_bytes(), path.name)


def cell(of: Reading, place: tuple[str, str, str, str]) -> Item:
    [found] = [item for item in of.items if item.place == place]
    return found


def told(of: Reading, place: tuple[str, str, str, str]) -> Finding:
    [found] = [f for f in of.findings if (f.form, f.variant, f.key, f.measure) == place]
    return found


def damaged(path: Path, seed: int) -> Reading:
    """Some more digits misread, and a figure that was not read at all."""
    rng, before = Random(seed), reading(path)
    items = list(before.items)
    figures = [at for at, item in enumerate(items) if item.amount]
    for at in rng.sample(figures, rng.randint(1, 4)):
        digits = [n for n, char in enumerate(items[at].raw) if char.isdigit()]
        n = rng.choice(digits)
        raw = items[at].raw[:n] + rng.choice("0123456789") + items[at].raw[n + 1 :]
        raw = rng.choice([raw, raw, raw, "", "※"])
        items[at] = replace(items[at], raw=raw)
        items[at] = replace(items[at], amount=printed(items[at]))
    return judged(replace(before, items=tuple(items)), "suggest")


@cache
def some_damage() -> list[tuple[Reading, Reading]]:
    """Damaged documents as they were read, and mended."""
    found = [damaged(path, seed) for path in (LOST, MISREAD, SLIP) for seed in range(4)]
    return [(before, judged(before, "apply")) for before in found]


# Specimens -----------------------------------------------------------------------


def test_a_lost_total_is_inferred():
    before, after = cell(reading(LOST), PERSONNEL), judged(reading(LOST), "apply")
    now = cell(after, PERSONNEL)
    assert (before.amount, before.raw, before.status) == (None, "", "flagged")
    assert (now.amount, now.raw, now.status) == (Decimal("11441900.00"), "", "inferred")
    assert now.checks_passed >= 2 > before.checks_passed
    assert told(after, PERSONNEL) == replace(told(reading(LOST), PERSONNEL), applied=True)


def test_a_misread_digit_is_repaired():
    after = judged(reading(MISREAD), "apply")
    now, was = cell(after, SPORTS), cell(reading(MISREAD), SPORTS)
    assert (now.amount, now.raw, now.status) == (Decimal("2126900.00"), was.raw, "repaired")
    assert was.checks_failed > now.checks_failed == 0
    assert told(after, SPORTS) == replace(told(reading(MISREAD), SPORTS), applied=True)


def test_the_publishers_own_slip_stays_as_it_was_printed():
    after = judged(reading(SLIP), "apply")
    assert after == replace(reading(SLIP), repair="apply")
    assert any(f.suggested is not None and not f.applied for f in after.findings)


def test_on_a_native_layer_only_what_was_not_printed_is_inferred():
    lost = reading(LOST)
    assert cell(judged(replace(lost, text_layer="native"), "apply"), PERSONNEL).status == "inferred"
    misread = judged(replace(reading(MISREAD), text_layer="native"), "apply")
    assert not any(item.mended for item in misread.items)


def test_what_other_stages_found_stays():
    assert [f for f in judged(reading(LOST), "apply").findings if f.stage != "reconcile"] == [
        f for f in reading(LOST).findings if f.stage != "reconcile"
    ]


def test_a_failed_document_stays_as_it_is():
    failed = replace(reading(LOST), items=(), checks=(), findings=(), error="broken")
    assert judged(failed, "apply") is failed


# Laws ----------------------------------------------------------------------------


def test_suggesting_changes_no_number():
    for before, _ in some_damage():
        assert all(item.amount == printed(item) and not item.mended for item in before.items)
        assert not any(f.applied for f in before.findings)


def test_a_mend_is_undone_without_the_source():
    for before, after in some_damage():
        assert judged(after, "suggest") == before


def test_mending_twice_is_mending_once():
    for _, after in some_damage():
        assert judged(after, "apply") == after


def test_an_amount_differs_from_print_only_where_an_applied_finding_says_so():
    mended = 0
    for before, after in some_damage():
        applied = {
            (f.form, f.variant, f.key, f.measure): f.suggested for f in after.findings if f.applied
        }
        for was, now in zip(before.items, after.items, strict=True):
            assert now.raw == was.raw
            assert as_read(now).amount == was.amount
            if now.amount != printed(now):
                assert now.status == ("repaired" if now.raw else "inferred")
            if now.mended:
                assert now.amount == applied.pop(now.place)
                mended += 1
        assert not applied
    assert mended > 10


def test_no_finding_contradicts_one_that_was_applied():
    for _, after in some_damage():
        accused = [
            (f.form, f.variant, f.key, f.measure) for f in after.findings if f.severity != "info"
        ]
        for place in [item.place for item in after.items if item.mended]:
            assert accused.count(place) == 1


def test_evidence_names_checks_that_are_there():
    for _, after in some_damage():
        there = {check.check_id for check in after.checks}
        assert all(name in there for f in after.findings for name in f.evidence)


# A judge of our own --------------------------------------------------------------


def doubt(item: Item, suggested: str, **more: object) -> Finding:
    made = replace(making.finding(item), stage="reconcile", category="ocr_digit", evidence=())
    return replace(made, suggested=Decimal(suggested), **more)


ONE, TWO = (making.item("0" * 16, n, key, Decimal(n)) for n, key in enumerate(("201", "202"), 1))


def amounts_after(judge, items=(ONE, TWO)) -> list[Decimal | None]:
    return [item.amount for item in mend(items, judge, "ocr")[0]]


def test_what_comes_to_light_by_a_mend_is_mended_too():
    def judge(items):
        one, two = items
        if one.amount != 10:
            return (), (doubt(one, "10"),)
        return (), (doubt(two, "20"),) if two.amount != 20 else ()

    assert amounts_after(judge) == [10, 20]


def test_a_mend_that_is_doubted_again_is_taken_back_and_remains_a_proposal():
    def judge(items):
        one, two = items
        return (), (doubt(one, "10") if one.amount != 10 else doubt(one, "1"), doubt(two, "20"))[
            : 2 if two.amount != 20 else 1
        ]

    items, (_, doubts) = mend((ONE, TWO), judge, "ocr")
    assert [item.amount for item in items] == [1, 20]
    assert [(f.key, f.suggested, f.applied) for f in doubts] == [
        ("202", Decimal(20), True),
        ("201", Decimal(10), False),
    ]


def test_a_statement_that_never_comes_to_rest_is_left_as_it_was_read():
    many = [making.item("0" * 16, n, str(n), Decimal(n)) for n in range(ROUNDS + 2)]

    def judge(items):
        return (), tuple(doubt(item, "999") for item in items if item.amount != 999)[:1]

    assert amounts_after(judge, many) == [item.amount for item in many]


@pytest.mark.parametrize(
    "change", [{"suggested": None}, {"measure": None}, {"category": "source_error"}, {"key": "9"}]
)
def test_only_a_cell_with_a_proposal_is_mended(change):
    assert amounts_after(lambda _: ((), (replace(doubt(ONE, "10"), **change),))) == [1, 2]


# In OUT --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def outs(tmp_path_factory) -> dict[str, Path]:
    """The same inputs read, and read and mended at once; one cannot be read."""
    folder = tmp_path_factory.mktemp("outs")
    for name in ("suggest", "apply"):
        api.run([LOST, MISREAD, EMPTY], folder / name, executor="serial", repair=name)
    return {name: folder / name for name in ("suggest", "apply")}


def test_mending_at_once_or_afterwards_leaves_the_same_bytes_and_can_be_undone(outs, tmp_path):
    out = tmp_path / "out"
    wanted = {name: tree(folder) for name, folder in outs.items()}
    assert wanted["suggest"] != wanted["apply"]
    api.run([LOST, MISREAD, EMPTY], out, executor="serial")
    for repair, changed in (("suggest", 0), ("apply", 2), ("apply", 0), ("suggest", 2)):
        assert api.check(out, repair=repair).read == changed
        assert tree(out) == wanted[repair]
    told = api.run([LOST, MISREAD, EMPTY], out, executor="serial", repair="apply")
    assert (told.read, told.unchanged, told.failed) == (3, 0, 1)
    assert tree(out) == wanted["apply"]


def test_the_next_run_knows_how_documents_were_mended(outs, tmp_path):
    shutil.copytree(outs["apply"], tmp_path / "out")
    told = api.run([LOST, MISREAD], tmp_path / "out", executor="serial", repair="apply")
    assert (told.read, told.unchanged) == (0, 2)
    assert tree(tmp_path / "out") == tree(outs["apply"])


def test_the_summary_counts_what_was_mended(outs):
    assert api.check(outs["apply"], repair="apply").mended == 2
    assert api.check(outs["suggest"]).mended == 0


def test_the_wide_view_follows_the_items(outs):
    wide = pd.read_parquet(outs["apply"] / "forms" / PERSONNEL[0])
    assert Decimal("11441900.00") in set(wide.loc[wide["key"] == "personnel_total", "amount"])
