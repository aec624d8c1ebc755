"""A form printed in several cuts adds up within each, and the cuts agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from extract.document import stages
from extract.errors import SchemaError
from extract.forms.rules import relation, rules
from extract.model import Check, Finding, Item
from extract.stages.reconcile import reconcile
from extract.stages.reconcile.proof import proof
from fixtures.render.variants import cards

CUTS = {"units", "all_appropriations", "with_income", "three_public_scopes"}
BY_UNIT = ("zhejiang-2021", "by_unit", "expenditure")


@cache
def items(slug: str) -> tuple[Item, ...]:
    card = next(card for card in cards() if card.slug == slug)
    return stages(card.document("txt")).items


def changed(slug: str, variant: str, form: str, *changes: tuple[str, str, str]) -> list[Item]:
    """The items of a card with so many yuan more in some cells of a cut."""
    more = {(key, measure): Decimal(by) for key, measure, by in changes}
    out = []
    for item in items(slug):
        by = more.pop((item.key, item.measure), None) if _in(item, variant, form) else None
        if by is None:
            out.append(item)
        else:
            assert item.amount is not None
            amount = item.amount + by
            out.append(replace(item, amount=amount, raw=f"{amount / 10000:.2f}"))
    assert not more
    return out


def _in(item: Item, variant: str, form: str) -> bool:
    return (item.variant, item.form) == (variant, form)


def judged(cells: list[Item]) -> tuple[list[Check], list[Finding]]:
    checks, findings = reconcile(cells, text_layer="native")
    return (
        [check for check in checks if check.verdict == "fails"],
        [one for one in findings if one.severity != "info"],
    )


@pytest.mark.parametrize("slug", sorted({card.slug for card in cards() if card.cuts}))
def test_what_a_publisher_prints_in_several_cuts_agrees(slug: str) -> None:
    assert judged(list(items(slug))) == ([], [])


def test_every_rule_between_cuts_is_asked_of_some_card() -> None:
    asked = {
        check.rule
        for card in cards()
        if card.cuts
        for check in reconcile(items(card.slug))[0]
        if check.verdict == "holds"
    }
    wanted = {rule.id for rule in rules() if rule.id.split(".")[0] in CUTS}
    # No card prints plans by unit; units.actual is the same rule.
    assert wanted - asked == {"units.budget"}


def test_a_unit_that_does_not_add_up_is_told_in_its_cut() -> None:
    cells = changed(*BY_UNIT, ("unit.2", "basic", "50000"))
    failing, told = judged(cells)
    assert {(c.rule, c.variant) for c in failing} == {
        ("units.total", "by_unit"),
        ("expenditure.purposes", "by_unit"),
    }
    [one] = told
    assert (one.form, one.variant, one.key, one.measure) == (
        "expenditure",
        "by_unit",
        "unit.2",
        "basic",
    )


def test_units_that_add_up_to_another_whole_are_told() -> None:
    more = [
        (key, measure, "50000") for key in ("total", "unit.1") for measure in ("total", "basic")
    ]
    failing, told = judged(changed(*BY_UNIT, *more))
    assert {c.rule for c in failing} == {"units.whole"}
    assert {c.measure for c in failing} == {"total", "basic"}
    assert told
    assert {one.form for one in told} == {"expenditure"}


@pytest.mark.parametrize(
    ("slug", "variant", "form", "change", "rule"),
    [
        (
            "jiangsu-2019",
            "fiscal_appropriation",
            "general_budget_expenditure",
            ("total", "basic", "-90000"),
            "all_appropriations.basic",
        ),
        (
            "beijing-2023",
            "general_public_budget",
            "general_budget_expenditure",
            ("total", "total", "10000"),
            "with_income.general_budget",
        ),
        (
            "sichuan-2022",
            "fiscal_appropriation",
            "state_capital",
            ("223", "expenditure_total", "10000"),
            "with_income.state_capital",
        ),
        (
            "yunnan-2023",
            "general_public_budget",
            "three_public",
            ("actual", "reception", "9000000"),
            "three_public_scopes.general_public_budget",
        ),
        (
            "sichuan-2017",
            "government_fund",
            "three_public",
            ("actual", "total", "99000000"),
            "three_public_scopes.government_fund",
        ),
    ],
)
def test_a_cut_that_says_otherwise_than_the_form_is_told(
    slug: str, variant: str, form: str, change: tuple[str, str, str], rule: str
) -> None:
    failing, told = judged(changed(slug, variant, form, change))
    assert rule in {check.rule for check in failing}
    assert told


def test_a_check_between_cuts_proves_the_cells_of_both() -> None:
    cells = items("beijing-2023")
    checks, findings = reconcile(cells)
    only = [check for check in checks if check.rule == "with_income.general_budget"]
    assert {(check.variant, part.variant) for check in only for part in check.parts} == {
        ("general_public_budget", "")
    }
    proven = {i.variant for i in proof(cells, only, findings) if i.checks_passed}
    assert proven == {"", "general_public_budget"}


def test_a_rule_may_name_a_cut_and_no_cut_that_is_none() -> None:
    total, [part], _ = relation("income@by_unit[total].total = income@[total].total")
    assert (total.cut, part.cut) == ("by_unit", "")
    with pytest.raises(SchemaError, match="cannot be read"):
        relation("income@@[total].total = income[total].total")
