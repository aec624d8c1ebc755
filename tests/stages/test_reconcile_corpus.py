"""The published documents: exactly the damage that is in them. Needs JUESUAN_CORPUS."""

from decimal import Decimal

import pytest

from extract.stages.reconcile import coverage, reconcile
from tests.stages.accounts import FINANCE, PLANNING, ZHUZHOU, truth


def told(document, text_layer):
    _, findings = reconcile(truth(document), text_layer=text_layer)
    return [finding for finding in findings if finding.category != "unknown_code"]


def test_the_ocr_text_lost_one_total_and_the_rest_says_what_it_was():
    [finding] = told(ZHUZHOU, "ocr")
    assert (finding.category, finding.severity) == ("missing_total", "warning")
    assert (finding.form, finding.key) == ("general_budget_basic_expenditure", "personnel_total")
    assert finding.suggested == Decimal("11441900.00")
    assert [suspect.score for suspect in finding.suspects] == [1.0]
    assert len(finding.evidence) == 2


@pytest.mark.parametrize(("document", "roundings"), [(PLANNING, 11), (FINANCE, 10)])
def test_native_documents_only_round(document, roundings):
    findings = told(document, "native")
    assert {(finding.category, finding.severity) for finding in findings} == {("rounding", "info")}
    assert len(findings) == roundings


def test_nearly_every_amount_is_proven_and_most_are_twice():
    shares = []
    for document in (ZHUZHOU, PLANNING, FINANCE):
        items = truth(document)
        live = [one for one in items if one.amount]
        once, twice = coverage(live, reconcile(items)[0])
        assert once >= 0.99
        shares.append((twice * len(live), len(live)))
    assert sum(proven for proven, _ in shares) / sum(amounts for _, amounts in shares) >= 0.80
