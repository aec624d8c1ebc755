"""Do a document's figures agree with those of others: its year before, its subordinate units?

The rules of schemas/rules that name other documents are asked of cells that are printed in all of
them; where one is not, or the other document is not there, they are untested. What does not hold
proves no one wrong: a balance may have been adjusted, and the figures that each document proves
by itself stay proven. So it is told as a note, and as a warning only where a figure is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from extract.forms.rules import BESIDE, LAST_YEAR, SUBORDINATES, Rule, rules_between
from extract.identifiers import fingerprint
from extract.model import Check, Fact, Finding, Item, Part, Severity, Suspect, TextLayer, Verdict
from extract.stages.reconcile.equations import Equation, equations
from extract.stages.reconcile.findings import Told, finding
from extract.stages.reconcile.ledger import Cell, Figure, Ledger, Table, ledger, yuan
from extract.stages.reconcile.verdicts import figure
from extract.stages.reconcile.wording import comparison
from extract.stages.reconcile.years import changes

_ADJUSTED = {
    LAST_YEAR: ("；两年各表都对得上，或为年初调整", "; the forms of both years add up by themselves, so it may have been adjusted"),
    SUBORDINATES: ("；各份决算自身都对得上", "; each of the documents adds up by itself"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One statement, as far as others are held against it."""

    doc_id: str
    statement: int
    items: Sequence[Item]
    facts: Sequence[Fact] = ()
    text_layer: TextLayer | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The other documents that are there; ``whole``: none of the subordinate units is absent.

    ``subordinates`` None: it is no department.
    """

    last_year: Account | None = None
    subordinates: tuple[Account, ...] | None = None
    whole: bool = False

    def of(self, cut: str) -> tuple[Account, ...]:
        """Those that a cut of the rules names."""
        if cut == SUBORDINATES:
            return self.subordinates or ()
        return (self.last_year,) if self.last_year else ()

    def asked(self, rule: Rule) -> bool:
        """Whether a tie to them is a question at all."""
        return rule.beside != SUBORDINATES or self.subordinates is not None


Result = tuple[tuple[Check, ...], tuple[Finding, ...]]


def beside(own: Account, others: Neighbours, by: Sequence[Rule] | None = None) -> Result:
    """Evaluate every tie of a document to others, and tell what does not hold.

    Its cells carry how far they are proven by their own document (``checks_passed``). ``by``
    replaces the rules of schemas/rules.
    """
    tables = _standard(own.items)
    beside = {cut: [_standard(one.items) for one in others.of(cut)] for cut in sorted(BESIDE)}
    found = [
        one
        for rule in (rules_between() if by is None else by)
        if others.asked(rule)
        for one in _asked(rule, own, tables, others, beside[rule.beside or ""])
    ]
    told = [*_told(found)]
    if others.last_year is not None:
        [before] = beside[LAST_YEAR]
        told += changes(tables, own.facts, before, others.last_year.facts)
    findings = (finding(one, own.doc_id, own.statement) for one in told)
    return tuple(one.check for one in found), tuple(findings)


class _Tie(NamedTuple):
    """A tie that was asked; ``figures`` are its total and its parts, where they are there."""

    rule: Rule
    check: Check
    figures: tuple[Figure | None, ...]
    text_layer: TextLayer | None


def _standard(items: Sequence[Item]) -> Ledger:
    return {name: table for name, table in ledger(items).items() if not name[1]}


def _asked(
    rule: Rule, own: Account, tables: Ledger, others: Neighbours, beside: Sequence[Ledger]
) -> Iterator[_Tie]:
    cut = rule.beside or ""
    there = others.of(cut)
    if cut == SUBORDINATES and rule.sense == 0 and not others.whole:
        there, beside = (), ()
    for equation in equations(_shape(tables, beside, cut), [rule]):
        total = figure(equation.total, "", tables)
        if total is not None and total.value is not None:
            parts = list(_parts(equation, tables, beside, there))
            yield _tie(rule, own, equation, total, parts)


def _shape(tables: Ledger, beside: Sequence[Ledger], cut: str) -> Ledger:
    """What the equations are made of: the own forms stand in where another document has none."""
    shape: dict[tuple[str, str], Table] = dict(tables)
    for form, _ in tables:
        live = (found for one in beside if (found := one.get((form, ""))) and found.live)
        shape[form, cut] = next(live, tables[form, ""])
    return shape


class _Part(NamedTuple):
    sign: int
    cut: str
    cell: Cell
    there: Figure | None
    doc_id: str


def _parts(
    equation: Equation, tables: Ledger, beside: Sequence[Ledger], there: Sequence[Account]
) -> Iterator[_Part]:
    """Its terms; one of other documents is a term for each of them, or one that is absent."""
    for sign, cut, cell in equation.parts:
        if not cut:
            yield _Part(sign, cut, cell, figure(cell, "", tables), "")
        elif not beside:
            yield _Part(sign, cut, cell, None, "")
        for one, of in zip(beside if cut else (), there, strict=False):
            yield _Part(sign, cut, cell, figure(cell, "", one), of.doc_id)


def _tie(
    rule: Rule, own: Account, equation: Equation, total: Figure, parts: Sequence[_Part]
) -> _Tie:
    known = all(part.there is not None for part in parts)
    value = sum(part.sign * (part.there.value or 0) for part in parts if part.there)
    slack = total.half + sum(part.there.half for part in parts if part.there)
    miss = (total.value or 0) - value
    place = (equation.total.form, "", equation.total.key, equation.total.measure)
    check = Check(
        check_id=fingerprint(own.doc_id, own.statement, rule.id, *place),
        doc_id=own.doc_id,
        statement=own.statement,
        rule=rule.id,
        kind=rule.kind,
        form=equation.total.form,
        variant="",
        key=equation.total.key,
        measure=equation.total.measure,
        parts=tuple(
            Part(*part.cell, part.sign, part.there.item.amount if part.there else None, part.cut)
            for part in parts
        ),
        total=total.item.amount,
        sum=yuan(value) if known else None,
        difference=yuan(miss) if known else None,
        tolerance=yuan(slack),
        verdict=_verdict(rule, miss, slack) if known else "untested",
        part_documents=tuple(part.doc_id or own.doc_id for part in parts)
        if any(part.doc_id for part in parts)
        else (),
    )
    return _Tie(rule, check, (total, *(part.there for part in parts)), own.text_layer)


def _verdict(rule: Rule, miss: int, slack: int) -> Verdict:
    if miss == 0 or rule.sense * miss > 0:
        return "holds"
    return "rounding" if abs(miss) <= slack else "fails"


def _told(found: Sequence[_Tie]) -> Iterator[Told]:
    """One finding for all ties that miss by the same: the forms say one balance more than once."""
    failed = [one for one in found if one.check.verdict == "fails"]
    alike: dict[tuple[str | None, Decimal | None], list[_Tie]] = {}
    for one in failed:
        alike.setdefault((one.rule.beside, one.check.difference), []).append(one)
    for ties in alike.values():
        yield _finding(ties)


def _finding(ties: Sequence[_Tie]) -> Told:
    one = ties[0]
    total = one.figures[0]
    if total is None:
        raise ValueError(f"{one.check.rule}: a tie that fails has a total")
    check, item = one.check, total.item
    zh, en = comparison(check, one.rule, item)
    at = Cell(check.form, check.key, check.measure)
    proven = [_proven(there.item) for there in one.figures if there is not None]
    severity: Severity = "info" if all(proven) else "warning"
    if all(proven):
        tail = _ADJUSTED[one.rule.beside or LAST_YEAR]
        zh, en = zh + tail[0], en + tail[1]
    # A figure on a native text layer is what the publisher printed.
    doubted = not proven[0] and all(proven[1:]) and one.text_layer not in ("native", None)
    return Told(
        rule=check.rule,
        category="ocr_digit" if doubted else "source_error",
        severity=severity,
        zh=f"{zh}。",
        en=f"{en}.",
        form=check.form,
        at=at,
        item=item,
        expected=check.sum,
        actual=check.total,
        difference=check.difference,
        tolerance=check.tolerance,
        suspects=(Suspect(*at, 1.0),) if doubted else (),
        evidence=tuple(tie.check.check_id for tie in ties),
        suggested=check.sum if doubted else None,
    )


def _proven(item: Item) -> bool:
    return item.checks_passed > 0 and item.checks_failed == 0


def needed(rules: Sequence[Rule] | None = None) -> Mapping[str, frozenset[str] | None]:
    """The keys of each form that ties to other documents look at; None: all of them."""
    keys: dict[str, set[str] | None] = {}
    for rule in rules_between() if rules is None else rules:
        for term in rule.terms:
            for form in [term.form] if term.form else rule.forms:
                known = keys.setdefault(form, set())
                if known is not None:
                    keys[form] = None if rule.each else {*known, term.key}
    return {form: None if found is None else frozenset(found) for form, found in keys.items()}
