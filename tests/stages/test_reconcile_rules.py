"""Each rule against statements known to be consistent."""

from collections import Counter
from functools import cache

import pytest

from extract.forms.rules import UNITS, load, rules
from extract.stages.reconcile import reconcile
from fixtures.render import Wishes, invent
from fixtures.render.older import before_2019
from tests.stages.accounts import items_of

RARELY_PRINTED = {
    "appropriation.income_one_line",  # 公开04表 with one line for all funds
    "general_budget_basic.total",  # 公开06表 with a 合计 but no 人员 and 公用经费合计
    "general_budget_basic.classes",  # 公开06表 without any total
}
# Nothing here is printed in two cuts: reconcile/test_reconcile_cuts.py asks these.
OF_CUTS = {
    rule.id
    for rule in rules()
    if any(term.cut is not None or term.key == UNITS for term in rule.terms)
}
RICH = Wishes(
    government_fund=True, state_capital=True, balances=True, own_income=True,
    capital_balances=True, basic_total_line=True,
)  # fmt: skip


@cache
def statements():
    """Consistent sets of forms that between them print whatever is printed."""
    recent = [items_of(invent(seed, RICH)) for seed in range(3)]
    older = Wishes(government_fund=True, own_income=True)
    elsewhere = Wishes(
        government_fund=True, balances=True, income_by_fund=True, general_balances=True
    )
    recent += [items_of(invent(seed, elsewhere)) for seed in range(2)]
    return [*recent, *(items_of(before_2019(invent(seed, older))) for seed in range(2))]


def failures(by):
    return [
        check.rule
        for items in statements()
        for check in reconcile(items, by=by)[0]
        if check.verdict == "fails"
    ]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_is_asked_of_some_statement_and_contradicts_none(rule):
    asked = Counter(
        check.verdict for items in statements() for check in reconcile(items, by=[rule])[0]
    )
    assert asked["fails"] == 0
    assert bool(asked["holds"]) == (rule.id not in RARELY_PRINTED | OF_CUTS)


@pytest.mark.parametrize(
    ("says", "each"),
    [
        ("income[total].total = expenditure[total].total", None),  # balances stand between them
        ("expenditure[row].total = general_budget_expenditure[row].total", "codes"),
        ("expenditure[row].total = expenditure[row].basic - expenditure[row].project", "rows"),
        ("general_budget_expenditure[row].total >= expenditure[row].total", "codes"),
    ],
)
def test_a_rule_that_contradicts_a_consistent_statement_is_caught(tmp_path, says, each):
    lines = [f"- id: wrong\n  says: {says}\n  zh: 误\n  en: wrong"]
    lines += [f"  each: {each}"] if each else []
    (tmp_path / "wrong.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert "wrong" in failures(load(tmp_path))
    assert failures(None) == []
