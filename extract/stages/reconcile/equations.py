"""Which equations do the rules make of this statement?

A rule is asked of each form, row and column it speaks of. An equation names cells only;
whether they are printed, and whether it holds, is the business of ``verdicts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from extract.forms import catalogue
from extract.forms.rules import BELOW, ROW, TOP, UNITS, Rule, Term
from extract.stages.reconcile.ledger import Cell, Ledger, Table


@dataclass(frozen=True, eq=False)
class Equation:
    """One rule at one place: ``total`` against the signed ``parts``. Equal only to itself.

    Each part stands in a cut, most often that of the total.
    """

    rule: Rule
    variant: str
    total: Cell
    parts: tuple[tuple[int, str, Cell], ...]

    @cached_property
    def rows(self) -> frozenset[tuple[str, str, str]]:
        """(variant, form, key) of its cells."""
        places = ((self.variant, self.total), *((cut, cell) for _, cut, cell in self.parts))
        return frozenset((cut, cell.form, cell.key) for cut, cell in places)


Asked = Mapping[tuple[str, Cell], Equation]
"""The equations of one rule by variant and total."""


def equations(ledger: Ledger, rules: Iterable[Rule]) -> list[Equation]:
    """All equations, in the order of rules, variants, rows and columns."""
    return [equation for rule in rules for equation in asked_by(rule, ledger)]


def asked_by(rule: Rule, ledger: Ledger, known: Asked | None = None) -> Sequence[Equation]:
    """The equations of one rule; those of ``known`` that are still asked are the very same."""
    variants = (rule.total.cut or "",) if rule.ties else sorted({cut for _, cut in ledger})
    return [
        equation
        for variant in variants
        for form in rule.forms or (None,)
        for equation in _of(rule, form, variant, ledger, known or {})
    ]


def _of(
    rule: Rule, form: str | None, variant: str, ledger: Ledger, known: Asked
) -> Iterator[Equation]:
    """The rule in one of its own forms, or (None) between forms."""
    at = _At(form, variant)
    named = {at.name(term): term for term in (*rule.terms, *rule.when, *rule.unless)}
    tables = {name: table for name in named if (table := ledger.get(name)) and table.live}
    needed = rule.terms if rule.kind == "equality" else (rule.total,)
    if not all(at.name(term) in tables for term in needed):
        return
    if not _applies(rule, at, tables):
        return
    whole = tables[at.name(rule.total)]
    if not whole.columns.issuperset(rule.columns) or _asks_of_replaced(rule, at, tables):
        return
    columns = _columns(rule, whole)
    for key in _rows(rule, at, tables):
        for measure in columns:
            total = _cell(rule.total, form, key, measure)
            same = known.get((variant, total))
            if same is not None and not rule.spreads:
                yield same
            elif parts := tuple(_parts(rule, tables, at, key, measure)):
                asked = Equation(rule, variant, total, parts)
                yield same if same is not None and same.parts == parts else asked


Tables = Mapping[tuple[str, str], Table]
"""(form, variant) → its table."""


class _At(NamedTuple):
    """The form, or (None) forms, and the cut in which a rule is asked."""

    form: str | None
    variant: str

    def name(self, term: Term) -> tuple[str, str]:
        """The form and the cut in which a term stands."""
        return term.form or self.form or "", self.variant if term.cut is None else term.cut


def _applies(rule: Rule, at: _At, tables: Tables) -> bool:
    def printed(terms: tuple[Term, ...]) -> bool:
        return any(
            (table := tables.get(at.name(term))) is not None and term.key in table.rows
            for term in terms
        )

    return (not rule.when or printed(rule.when)) and not printed(rule.unless)


def _asks_of_replaced(rule: Rule, at: _At, tables: Tables) -> bool:
    """Whether it speaks of a column in whose place a form prints others, a fund each."""
    return any(
        term.measure in _replaced(table)
        for term in rule.terms
        if (table := tables.get(at.name(term))) is not None
    )


def _replaced(table: Table) -> set[str | None]:
    """The columns in whose place others are printed."""
    printed = (m for m in catalogue().forms[table.form].measures if m.name in table.columns)
    return {m.instead_of for m in printed if m.instead_of not in {None, *table.columns}}


def _rows(rule: Rule, at: _At, tables: Tables) -> list[str]:
    """The keys ``[row]`` stands for; one empty key where the rule has no ``each``."""
    if rule.each is None:
        return [""]
    names = {at.name(term) for term in rule.terms if term.key == ROW}
    keys: dict[str, None] = {}
    for name, table in tables.items():
        if name in names:
            keys |= dict.fromkeys(_keys(rule, table))
    return list(keys) if rule.each == "rows" else sorted(keys)


def _keys(rule: Rule, table: Table) -> Iterable[str]:
    if rule.each == "classes":
        return (code for code in table.codes if len(code) == 3)
    if rule.each == "parents":
        return table.below
    return table.codes if rule.each == "codes" else table.rows


def _columns(rule: Rule, table: Table) -> list[str]:
    """The measures a term without one stands for; one empty measure where there is none."""
    if not rule.measures:
        return [""]
    return [m for m in sorted(table.columns) if rule.measures == "all" or m in rule.measures]


def _parts(
    rule: Rule, tables: Tables, at: _At, key: str, measure: str
) -> Iterator[tuple[int, str, Cell]]:
    for term in rule.parts:
        (name, cut), column = at.name(term), term.measure or measure
        if term.key not in (BELOW, TOP, UNITS):
            yield term.sign, cut, _cell(term, at.form, key, measure)
        elif (name, cut) in tables:
            table = tables[name, cut]
            rows = {TOP: table.top, BELOW: table.below.get(key, ())}
            keys = table.units_of(rule.total.key) if term.key == UNITS else rows[term.key]
            yield from ((term.sign, cut, Cell(name, one, column)) for one in keys)


def _cell(term: Term, form: str | None, key: str, measure: str) -> Cell:
    return Cell(
        term.form or form or "", key if term.key == ROW else term.key, term.measure or measure
    )
