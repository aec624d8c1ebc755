"""Do the forms of a statement agree with themselves and with each other?

The rules of schemas/rules make equations of what is printed; each is evaluated with the
tolerance its own figures allow, what is missing is told apart from what is zero, and
what fails is told once, with its place and its likeliest cause. Nothing is altered here:
a statement that does not balance leaves exactly as it came in, with its checks beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from extract.forms.rules import Rule, rules
from extract.identifiers import fingerprint
from extract.model import Check, Fact, Finding, Item, TextLayer
from extract.stages.reconcile.beside import Account, Neighbours, beside, needed
from extract.stages.reconcile.equations import equations
from extract.stages.reconcile.expected import missing_forms
from extract.stages.reconcile.findings import Told, finding
from extract.stages.reconcile.gaps import find_gaps, with_rows
from extract.stages.reconcile.ledger import Ledger, ledger
from extract.stages.reconcile.proof import coverage, proof
from extract.stages.reconcile.search import explain
from extract.stages.reconcile.subjects import doubled, subjects
from extract.stages.reconcile.system import system
from extract.stages.reconcile.tell import tell
from extract.stages.reconcile.testimony import heard
from extract.stages.reconcile.verdicts import Judged, add_up, judge
from extract.stages.reconcile.within import failed_within
from extract.stages.reconcile.witness import WITNESS, Tables, said, witness

__all__ = [
    "Account",
    "Neighbours",
    "beside",
    "coverage",
    "failed_within",
    "needed",
    "proof",
    "reconcile",
]

Result = tuple[tuple[Check, ...], tuple[Finding, ...]]


def reconcile(
    items: Sequence[Item],
    *,
    text_layer: TextLayer | None = None,
    forms_found: Sequence[str] | None = None,
    facts: Sequence[Fact] = (),
    fiscal_year: int = 0,
    province: str | None = None,
    by: Sequence[Rule] | None = None,
) -> Result:
    """Evaluate every identity on the items of a document and tell what is doubtful.

    The order of ``items`` does not matter. ``text_layer`` "native" says the figures are
    certain; ``forms_found`` None or empty, that absent forms are no matter;
    ``fiscal_year`` 0 and ``province`` None, that they are unknown. ``facts`` are held against
    the cells that say the same and against each other, and bear witness where sums fail.
    ``by`` replaces the rules of schemas/rules.
    """
    statements: dict[tuple[str, int], list[Item]] = defaultdict(list)
    for item in items:
        statements[item.doc_id, item.statement].append(item)
    checks: list[Check] = []
    findings: list[Finding] = []
    for number, (doc_id, statement) in enumerate(sorted(statements)):
        cells = sorted(statements[doc_id, statement], key=_order)
        stated = [fact for fact in facts if (fact.doc_id, fact.statement) == (doc_id, statement)]
        judged, told = _statement(cells, rules() if by is None else by, text_layer, stated)
        checks += (one.check for one in judged)
        absent = missing_forms(forms_found, fiscal_year, province) if number == 0 else ()
        findings += (finding(one, doc_id, statement) for one in (*told, *absent))
    return tuple(checks), tuple(sorted(findings, key=_loudest_first))


def _statement(
    items: Sequence[Item], by: Sequence[Rule], text_layer: TextLayer | None, facts: Sequence[Fact]
) -> tuple[list[Judged], list[Told]]:
    """One statement: its equations judged, and what is to be told of them and of its narrative."""
    read: Ledger = ledger(items)
    printed = read
    asked = equations(printed, by)
    stated = said(facts)
    before = system(read, by, asked, heard(stated))
    sums = {one: add_up(one, printed) for one in asked}
    unknown = find_gaps(sums, printed, by)
    if unknown.rows:
        printed = with_rows(printed, unknown)
        sums = {one: add_up(one, printed) for one in equations(printed, by)}
    judged = [_named(one, items[0]) for one in judge(sums, printed, unknown)]
    found, after = explain(before)
    misread = {
        (one.cause.at.form, one.cause.at.key)
        for one in found
        if one.cause.category == "code_misread"
    }
    halves = {
        (one.cause.at.form, one.cause.variant, one.cause.rows[-1])
        for one in found
        if one.cause.category == "split_row"
    }
    told = [
        *doubled(items, halves),
        *tell(found, before, after, judged, text_layer),
        *subjects(items, text_layer, misread),
    ]
    if facts:
        rows = {(one.cause.at.form, row) for one in found for row in one.cause.rows}
        tables = Tables(items, read, after.breaks, told, rows)
        told += witness(stated, tables)
    return judged, told


def _named(one: Judged, item: Item) -> Judged:
    check = one.check
    name = fingerprint(
        item.doc_id, item.statement, check.rule, check.form, check.variant, check.key, check.measure
    )
    return one._replace(
        check=replace(check, check_id=name, doc_id=item.doc_id, statement=item.statement)
    )


def _order(item: Item) -> tuple[str, str, int, str, str]:
    return (item.form, item.variant, item.seq, item.key, item.measure)


def _loudest_first(one: Finding) -> tuple[object, ...]:
    loudness = ("error", "warning", "info").index(one.severity)
    place = (one.form or "", one.variant, one.key or "", one.measure or "")
    of_text = one.rule.startswith(WITNESS)  # after what the tables say of themselves
    return (
        one.doc_id,
        one.statement,
        loudness,
        of_text,
        *place,
        one.category,
        one.rule,
        one.finding_id,
    )
