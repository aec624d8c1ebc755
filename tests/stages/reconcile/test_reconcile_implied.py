"""Which rules say what others say already?

A rule is implied where its equations lie in the span of all others on every invented
statement. Such a rule may stay, for a reason given here; a new one must give its own.
"""

from functools import cache

import numpy as np

from extract.forms.rules import load, rules
from extract.stages.reconcile import reconcile
from extract.stages.reconcile.ledger import ledger
from extract.stages.reconcile.system import system
from fixtures.render import Wishes, invent
from fixtures.render.older import before_2019
from tests.stages.accounts import items_of

RICH = Wishes(
    government_fund=True, state_capital=True, balances=True, own_income=True,
    capital_balances=True, basic_total_line=True,
)  # fmt: skip
CYCLES = {
    "the lines of 01 are the columns of 02: each tie crosses a line that else stands in one sum": [
        "summary.income_lines", "summary.income_lines_to_2018",
        "summary_income.superior_subsidy", "summary_income.undertaking", "summary_income.operating",
        "summary_income.affiliated_remittance", "summary_income.other",
    ],
    "04 adds up by fund and by side: either way finds what the other cannot place": [
        "appropriation.income_lines", "appropriation.income_total", "appropriation.both_sides",
        "appropriation.opening_balance", "appropriation.general_public_budget",
        "appropriation.government_fund", "appropriation.state_capital",
    ],
    "04 repeats the balances of 08, which stand in one sum of 04 or in none": [
        "appropriation_government_fund.opening_balance",
        "appropriation_government_fund.closing_balance",
    ],
}  # fmt: skip
SPARE = {
    "a tie of two cells still tests them where a line of the sums between is lost or damaged": [
        "summary_income.current_year", "summary_income.fiscal_appropriation",
        "summary_income.fiscal_appropriation_to_2018",
        "appropriation_government_fund.current_year", "appropriation_government_fund.income",
        "appropriation_state_capital.current_year", "appropriation_state_capital.income",
        "appropriation_state_capital.opening_balance",
        "appropriation_state_capital.closing_balance",
    ],
}  # fmt: skip
REASONS = {name: reason for reason, names in (CYCLES | SPARE).items() for name in names}


@cache
def items():
    older = before_2019(invent(1, Wishes(government_fund=True, own_income=True)))
    return tuple(items_of(one) for one in (invent(0, RICH), invent(1, Wishes()), older))


def statements():
    return tuple(map(ledger, items()))


@cache
def fewest_others():
    """For each rule the least number of other equalities over a figure it is asked of."""
    fewest = {}
    for printed in items():
        over = {}
        for check in reconcile(printed)[0]:
            if check.kind == "equality" and check.verdict in ("holds", "rounding"):
                cells = {(p.form, p.key, p.measure) for p in check.parts if p.amount}
                for cell in cells | {(check.form, check.key, check.measure)}:
                    over.setdefault(cell, []).append(check.rule)
        for found in over.values():
            for rule in found:
                fewest[rule] = min(len(found) - 1, fewest.get(rule, len(found)))
    return fewest


def adding(by):
    """The rules that add a relation of their own to some statement; and all that are asked."""
    adds, asked = set(), set()
    for read in statements():
        equalities = [one for one in system(read, by).constraints if one.equation.rule.sense == 0]
        columns = {p: n for n, p in enumerate({p for one in equalities for _, p in one.terms})}
        matrix = np.zeros((len(equalities), len(columns)))
        for number, one in enumerate(equalities):
            for coefficient, place in one.terms:
                matrix[number, columns[place]] += coefficient
        left, values, _ = np.linalg.svd(matrix, full_matrices=False)
        left = left[:, values > 1e-8]
        names = [one.equation.rule.id for one in equalities]
        asked |= set(names)
        for name in set(names) - adds:
            own = left[[n for n, other in enumerate(names) if other == name]]
            # Without its rows the rank falls by as many directions as they alone hold.
            if np.linalg.svd(own, compute_uv=False).max() > 1 - 1e-8:
                adds.add(name)
    return adds, asked


def test_the_rules_that_others_imply_are_known_and_have_a_reason():
    adds, asked = adding(rules())
    assert asked - adds == REASONS.keys()


def test_most_of_them_place_what_else_stands_in_one_sum_and_the_others_say_so():
    few = fewest_others()
    assert {name for names in CYCLES.values() for name in names if few[name] > 1} == set()
    assert {name for names in SPARE.values() for name in names if few[name] < 2} == set()


def test_a_rule_that_others_imply_is_caught(tmp_path):
    says = "expenditure[total].total = income_expenditure_summary[expenditure.current_year].amount"
    (tmp_path / "again.yaml").write_text(
        f"- id: again\n  says: {says}\n  zh: 同\n  en: the same", encoding="utf-8"
    )
    adds, asked = adding((*rules(), *load(tmp_path)))
    assert "again" in asked - adds
