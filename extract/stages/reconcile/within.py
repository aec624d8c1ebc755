"""How many identities of a form fail by its own figures alone?"""

from __future__ import annotations

from collections.abc import Sequence

from extract.forms.rules import rules
from extract.model import Item
from extract.stages.reconcile.equations import equations
from extract.stages.reconcile.gaps import find_gaps
from extract.stages.reconcile.ledger import ledger
from extract.stages.reconcile.verdicts import add_up, judge


def failed_within(items: Sequence[Item]) -> int:
    """The equalities and bounds among ``items``, of one form, that fail; nothing is searched for."""
    by = [rule for rule in rules() if not rule.ties]
    printed = ledger(sorted(items, key=lambda i: (i.form, i.variant, i.seq, i.key, i.measure)))
    sums = {one: add_up(one, printed) for one in equations(printed, by)}
    judged = judge(sums, printed, find_gaps(sums, printed, by))
    return sum(one.check.verdict == "fails" for one in judged)
