"""Laws of the stage: what it must never accuse, and what it must never overlook."""

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.stages.reconcile import coverage, proof, reconcile
from fixtures.render import Style, Wishes, invent
from tests.stages.accounts import CASES, case, item, items_of

CENT = Decimal("0.01")
LOUD = ("error", "warning")
INCOME = "income"
SOURCES = (
    "fiscal_appropriation", "superior_subsidy", "undertaking", "operating",
    "affiliated_remittance", "other",
)  # fmt: skip

exact = st.decimals(min_value=0, max_value=10**7, places=6)
cents = st.decimals(min_value=0, max_value=10**7, places=2)
wishes = st.builds(
    Wishes,
    unit=st.sampled_from(["万元", "元"]),
    honest_rounding=st.just(True),
    government_fund=st.booleans(),
    state_capital=st.booleans(),
    balances=st.booleans(),
    own_income=st.booleans(),
    negative=st.booleans(),
    zero_rows=st.booleans(),
    empty=st.sampled_from(["blank", "zero"]),
    classes=st.sampled_from([24, 26]),
    capital_balances=st.booleans(),
    full_economic_list=st.booleans(),
    basic_total_line=st.booleans(),
)


def printed(key, measure, amount):
    return item(INCOME, key, measure, str(amount.quantize(CENT, ROUND_HALF_EVEN)))


def row(key, parts, total=None):
    cells = dict(zip(SOURCES, parts, strict=True))
    cells["total"] = sum(parts) if total is None else total
    return [printed(key, measure, amount) for measure, amount in cells.items()]


def verdicts(items, rule):
    checks, _ = reconcile(items)
    return [check.verdict for check in checks if check.rule == rule]


def loud(items, **more):
    _, findings = reconcile(items, **more)
    return [finding for finding in findings if finding.severity in LOUD]


@given(st.lists(exact, min_size=6, max_size=6))
@example([Decimal("0.005")] * 6)  # all round down, their total does not: the worst case
@example([Decimal("0.015")] * 6)
def test_honest_rounding_is_never_accused(parts):
    [verdict] = verdicts(row("total", parts), "income.sources")
    assert verdict in ("holds", "rounding")


@given(st.lists(cents, min_size=6, max_size=6), st.data())
def test_one_misread_figure_outside_the_slack_is_always_noticed(parts, data):
    items = row("total", parts)
    at = data.draw(st.integers(0, 6))
    slip = items[at].amount / 10_000 + CENT * 4  # seven halves of a hundredth and more
    items[at] = printed("total", items[at].measure, slip)
    assert verdicts(items, "income.sources") == ["fails"]


def test_touching_intervals_are_no_failure_and_a_hair_more_is():
    parts = [Decimal(1)] * 6
    # Seven figures of a hundredth each: their halves are 0.035 together.
    assert verdicts(row("total", parts, Decimal("6.03")), "income.sources") == ["rounding"]
    assert verdicts(row("total", parts, Decimal("6.04")), "income.sources") == ["fails"]
    [touching] = [
        check.verdict
        for check in reconcile(
            [
                item("three_public", "actual", measure, raw)
                for measure, raw in [
                    ("vehicle_total", "2.5"), ("vehicle_purchase", "1.2"), ("vehicle_operation", "1.2"),
                ]
            ]
        )[0]
    ]  # fmt: skip
    assert touching == "rounding"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), wishes, st.booleans())
def test_no_consistent_statement_is_accused_however_it_rounds_and_sets_its_figures(
    seed, wanted, trailing
):
    style = Style(unit=wanted.unit, trailing=trailing, zero="0.00" if trailing else "0")
    items = items_of(invent(seed, wanted), style)
    assert loud(items, text_layer="native") == []
    assert loud(items, text_layer="ocr") == []


def test_dropped_trailing_zeros_are_still_as_exact_as_their_neighbours():
    whole = [
        item("three_public", "actual", measure, raw)
        for measure, raw in [
            ("vehicle_total", "25"), ("vehicle_purchase", "18"), ("vehicle_operation", "7.02"),
        ]
    ]  # fmt: skip
    [check] = reconcile(whole)[0]
    assert check.verdict == "fails"
    assert check.tolerance == Decimal(150)  # three halves of a hundredth of 万元, in yuan


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_matter(seed, shuffle):
    items = items_of(invent(seed, Wishes(balances=True, own_income=True)))
    at = shuffle.randrange(len(items))
    items[at] = replace(items[at], amount=None, raw="")
    mixed = items.copy()
    shuffle.shuffle(mixed)
    assert reconcile(mixed) == reconcile(items)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_the_unit_does_not_matter(seed):
    fine, coarse = (
        items_of(invent(seed, Wishes(own_income=True)), Style(unit=unit)) for unit in ("元", "万元")
    )
    assert [check.verdict for check in reconcile(fine)[0]] == [
        check.verdict for check in reconcile(coarse)[0]
    ]


def test_a_missing_part_is_untested_not_zero():
    items = row("total", [Decimal(1), *[Decimal(0)] * 5]) + row("201", [Decimal(1)] * 6)
    assert verdicts(items, "income.sources") == ["holds", "holds"]
    gone = [one for one in items if (one.key, one.measure) != ("total", "other")]
    assert verdicts(gone, "income.sources") == ["holds", "untested"]


def test_a_blank_part_is_zero_where_the_form_prints_amounts():
    items = row("total", [Decimal(1), *[Decimal(0)] * 5])
    blanked = [replace(one, amount=None, raw="") if one.amount == 0 else one for one in items]
    assert verdicts(blanked, "income.sources") == ["holds"]


def test_a_total_that_is_printed_without_any_part_is_untested():
    items = row("total", [Decimal(1)] * 6)
    bare = [one if one.measure == "total" else replace(one, amount=None, raw="") for one in items]
    assert verdicts(bare, "income.sources") == ["untested"]
    assert loud(bare) == []


def test_a_class_without_codes_below_it_is_not_asked_for_them():
    items = row("total", [Decimal(2)] * 6) + row("201", [Decimal(2)] * 6)
    assert {check.rule for check in reconcile(items)[0]} == {"income.sources", "levels.total"}
    assert loud(items) == []


def test_a_code_printed_twice_stays_out_of_the_sum_and_out_of_blame():
    items = row("total", [Decimal(3)] * 6) + row("201", [Decimal(1)] * 6)
    items += row("201#2", [Decimal(2)] * 6)
    [finding] = loud(items)
    assert (finding.category, finding.key) == ("duplicate_row", "201")
    assert set(verdicts(items, "levels.total")) == {"untested"}


def test_a_line_nobody_knows_the_meaning_of_is_not_held_against_the_sum():
    lines = [("income.other", "2.00"), ("line.9", "3.00"), ("income.current_year", "5.00")]
    items = [item("income_expenditure_summary", key, "amount", raw) for key, raw in lines]
    assert verdicts(items, "summary.income_lines") == ["untested"]
    assert verdicts([items[0], items[2]], "summary.income_lines") == ["fails"]
    assert loud(items) == []


def test_a_level_no_publisher_printed_is_stepped_over():
    items = row("total", [Decimal(2)] * 6) + row("201", [Decimal(2)] * 6)
    items += row("2010101", [Decimal(2)] * 6)
    assert set(verdicts(items, "levels.parents")) == {"holds"}
    assert loud(items) == []


def test_a_lost_total_is_one_warning_that_says_what_it_was():
    items = items_of(invent(3))
    [at] = [n for n, one in enumerate(items) if one.place == ("expenditure", "", "total", "basic")]
    lost = [*items[:at], replace(items[at], amount=None, raw=""), *items[at + 1 :]]
    [finding] = loud(lost, text_layer="ocr")
    assert (finding.category, finding.key, finding.measure) == ("missing_total", "total", "basic")
    assert finding.suggested == items[at].amount
    assert len(finding.evidence) >= 2


def test_a_class_one_form_prints_and_its_twin_lacks_is_a_missing_row():
    items = items_of(invent(3))
    gone = [one for one in items if not (one.form == "expenditure" and one.key.startswith("221"))]
    missing = {(one.form, one.key) for one in loud(gone) if one.category == "missing_row"}
    assert {("expenditure", "221"), ("expenditure", "22102")} <= missing
    assert {one.category for one in loud(gone)} == {"missing_row"}


def test_a_lost_parent_is_one_missing_row():
    items = items_of(invent(3))
    gone = [one for one in items if (one.form, one.key) != ("income", "208")]
    [finding] = loud(gone)
    assert (finding.category, finding.key) == ("missing_row", "208")


@pytest.mark.parametrize(
    ("layer", "category"), [("native", "source_error"), ("ocr", "ocr_digit"), (None, "ocr_digit")]
)
def test_a_figure_under_two_equalities_is_placed_and_mended(layer, category):
    items = items_of(invent(5))
    [at] = [
        n
        for n, one in enumerate(items)
        if one.place == ("general_budget_expenditure", "", "2080505", "basic")
    ]
    slipped = replace(items[at], amount=items[at].amount + 900_000)
    damaged = [*items[:at], slipped, *items[at + 1 :]]
    [first, *_] = loud(damaged, text_layer=layer)
    assert (first.category, first.severity) == (category, "error")
    assert (first.form, first.key, first.measure) == items[at].place[:1] + items[at].place[2:]
    assert first.suggested == items[at].amount
    assert sum(suspect.score for suspect in first.suspects) == pytest.approx(1)


def test_a_variant_that_no_rule_ties_to_another_is_summed_by_itself():
    items = row("total", [Decimal(1)] * 6)
    wrong = [replace(one, variant="prior") for one in row("total", [Decimal(1)] * 6, Decimal(9))]
    [finding] = loud([*items, *wrong])
    assert (finding.rule, finding.variant) == ("income.sources", "prior")
    less = item("three_public", "actual", "reception", "1.00", variant="prior")
    spent = item("general_budget_basic_expenditure", "30217", "amount", "1.94")
    assert loud([less, spent]) == []


def test_more_spent_on_receptions_out_of_the_basic_budget_than_at_all_is_a_warning():
    items = [
        item("three_public", "actual", "reception", "1.00"),
        item("general_budget_basic_expenditure", "30217", "amount", "1.94"),
    ]
    [finding] = loud(items, text_layer="native")
    assert (finding.rule, finding.severity) == ("basic_three_public.reception", "warning")
    items[0] = item("three_public", "actual", "reception", "2.50")
    assert loud(items) == []


def test_a_form_that_should_be_there_is_missed_unless_there_is_none_at_all():
    items = row("total", [Decimal(1)] * 6)
    found = [
        "income_expenditure_summary", "income", "expenditure", "fiscal_appropriation_summary",
        "general_budget_expenditure", "general_budget_basic_expenditure", "government_fund",
    ]  # fmt: skip
    assert [f.form for f in loud(items, forms_found=found)] == ["three_public"]
    assert [f.form for f in loud(items, forms_found=found, fiscal_year=2019)] == ["three_public"]
    assert {f.form for f in loud(items, forms_found=found, fiscal_year=2020)} == {
        "three_public",
        "state_capital",
    }
    assert loud(items, forms_found=[]) == []
    assert loud(items, forms_found=None) == []


def test_names_and_codes_are_doubted_only_with_reason():
    named = [replace(one, name="外交支出") for one in row("201", [Decimal(1)] * 6)]
    strange = [replace(one, name="某支出") for one in row("298", [Decimal(1)] * 6)]
    total = row("total", [Decimal(2)] * 6)
    findings = reconcile([*total, *named, *strange], text_layer="ocr")[1]
    told = {(f.category, f.severity) for f in findings}
    assert told == {("code_misread", "warning"), ("unknown_code", "info")}
    worded = [replace(one, name="一般公共服务") for one in named]
    assert reconcile([*row("total", [Decimal(1)] * 6), *worded], text_layer="ocr")[1] == ()


def test_findings_speak_of_form_page_amounts_and_difference():
    items = [
        replace(one, page=8, name="合计")
        for one in row("total", [Decimal("2940.05"), *[Decimal(0)] * 4, Decimal("6.20")], Decimal("2946.26"))
    ]  # fmt: skip
    [finding] = reconcile(items)[1]
    assert finding.message == (
        "收入决算表第8页：合计本年收入合计印作 2,946.26 万元，"
        "各项收入相加为 2,946.25 万元，差 0.01 万元（在尾数误差之内）。"
    )
    assert finding.message_en == (
        "Income, page 8: total reads 2,946.26 万元, "
        "its sources add to 2,946.25 万元; 0.01 万元 apart (within rounding)."
    )


def test_proof_counts_equalities_and_flags_the_accused_cell():
    items = items_of(invent(5))
    at = next(n for n, one in enumerate(items) if one.amount and one.key == "30101")
    damaged = [*items]
    damaged[at] = replace(items[at], amount=items[at].amount * 100)
    checks, findings = reconcile(damaged)
    proven = proof(damaged, checks, findings)
    assert proven[at].checks_failed == 1
    flagged = {one.place for one in proven if one.status == "flagged"}
    assert flagged == {
        (f.form, f.variant, f.key, f.measure) for f in findings if f.severity in LOUD and f.measure
    }
    assert all(one.checks_failed == 0 for one in proof(items, *reconcile(items)))
    once, twice = coverage(items, reconcile(items)[0])
    assert once > 0.99
    assert 0.5 < twice < once
    assert coverage([], ()) == (0.0, 0.0)


def test_ids_name_one_check_and_one_finding():
    rng = Random(7)
    items = items_of(invent(5, Wishes(own_income=True, balances=True)))
    for _ in range(12):
        at = rng.randrange(len(items))
        items[at] = replace(items[at], amount=Decimal(rng.randrange(10**8)))
    checks, findings = reconcile(items)
    assert len({check.check_id for check in checks}) == len(checks)
    assert len({finding.finding_id for finding in findings}) == len(findings)


@pytest.mark.parametrize("name", sorted(folder.name for folder in CASES.iterdir()))
def test_each_case_of_the_fixtures_is_told_as_its_ledger_says(name):
    expected = told_by_case(name)
    found = {
        (f.category, f.form, f.key, f.measure, f.suggested)
        for f in loud(
            case(name),
            text_layer=expected["text_layer"],
            forms_found=expected["forms"],
            fiscal_year=expected["fiscal_year"],
        )
    }
    assert found == {
        (
            f["category"],
            f["form"],
            f["key"],
            f["measure"],
            f["suggested"] and Decimal(f["suggested"]),
        )
        for f in expected["findings"]
        if f["category"] != "header_lost"  # told by normalize
    }


def told_by_case(name):
    return yaml.safe_load((CASES / name / "expected.yaml").read_text(encoding="utf-8"))


def test_a_statement_of_nonsense_is_given_up_and_said_so():
    random = Random(1)
    items = [
        one if one.amount is None else replace(one, amount=Decimal(random.randrange(10**9)) / 100)
        for one in items_of(invent(3, Wishes(government_fund=True, own_income=True)))
    ]
    findings = loud(items, text_layer="ocr")
    assert len(findings) <= 12
    assert "unit_mismatch" not in {finding.category for finding in findings}
    assert any("未逐一查找" in finding.message for finding in findings)


@pytest.mark.parametrize(("confidence", "category"), [(None, "source_error"), (0.9, "ocr_digit")])
def test_in_a_mixed_document_what_was_not_seen_by_ocr_is_certain(confidence, category):
    cells = row("total", [Decimal(n) for n in (311, 24, 35, 46, 57, 68)], Decimal(641))
    read = [replace(cell, confidence=confidence) for cell in cells]
    assert [found.category for found in loud(read, text_layer="mixed")] == [category]


def test_a_text_that_is_no_amount_is_blamed_before_figures_that_are():
    parts = [Decimal(n) for n in (311, 24, 35, 46, 57, 68)]
    cells = row("total", parts)
    cells[1] = replace(cells[1], amount=None, raw="※")
    [found] = loud(cells, text_layer="ocr")
    assert (found.measure, found.suggested) == (cells[1].measure, 10_000 * parts[1])
