"""Which equations do the rules make of this statement?

A rule is asked of each form, row and column it speaks of. An equation names cells only;
whether they are printed, and whether it holds, is the business of ``verdicts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from extract.forms import catalogue
from extract.forms.rules import BELOW, ROW, TOP, Rule, Term
from extract.stages.reconcile.ledger import Cell, Ledger, Table


@dataclass(frozen=True, eq=False)
class Equation:
    """One rule at one place: ``total`` against the signed ``parts``. Equal only to itself."""

    rule: Rule
    variant: str
    total: Cell
    parts: tuple[tuple[int, Cell], ...]

    @cached_property
    def rows(self) -> frozenset[tuple[str, str, str]]:
        """(variant, form, key) of its cells."""
        cells = (self.total, *(cell for _, cell in self.parts))
        return frozenset((self.variant, cell.form, cell.key) for cell in cells)


Asked = Mapping[tuple[str, Cell], Equation]
"""The equations of one rule by variant and total."""


def equations(ledger: Ledger, rules: Iterable[Rule]) -> list[Equation]:
    """All equations, in the order of rules, variants, rows and columns."""
    return [equation for rule in rules for equation in asked_by(rule, ledger)]


def asked_by(rule: Rule, ledger: Ledger, known: Asked | None = None) -> Sequence[Equation]:
    """The equations of one rule; those of ``known`` that are still asked are the very same."""
    variants = ("",) if rule.ties else sorted({variant for _, variant in ledger})
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
    tables = {
        name: table
        for name in _forms(rule, form)
        if (table := ledger.get((name, variant))) and table.live
    }
    if not _forms(rule, form, total_only=True) <= tables.keys():
        return
    if rule.kind == "equality" and not _forms(rule, form) <= tables.keys():
        return
    if not _applies(rule, form, tables):
        return
    whole = tables[rule.total.form or form or ""]
    if not whole.columns.issuperset(rule.columns) or _asks_of_replaced(rule, form, tables):
        return
    columns = _columns(rule, whole)
    for key in _rows(rule, form, tables):
        for measure in columns:
            total = _cell(rule.total, form, key, measure)
            same = known.get((variant, total))
            if same is not None and not rule.spreads:
                yield same
            elif parts := tuple(_parts(rule, tables, form, key, measure)):
                asked = Equation(rule, variant, total, parts)
                yield same if same is not None and same.parts == parts else asked


def _forms(rule: Rule, form: str | None, *, total_only: bool = False) -> set[str]:
    terms = (rule.total,) if total_only else rule.terms
    return {name for term in terms if (name := term.form or form)}


def _applies(rule: Rule, form: str | None, tables: dict[str, Table]) -> bool:
    def printed(terms: tuple[Term, ...]) -> bool:
        return any(
            (table := tables.get(term.form or form or "")) is not None and term.key in table.rows
            for term in terms
        )

    return (not rule.when or printed(rule.when)) and not printed(rule.unless)


def _asks_of_replaced(rule: Rule, form: str | None, tables: dict[str, Table]) -> bool:
    """Whether it speaks of a column in whose place a form prints others, a fund each."""
    return any(
        term.measure in _replaced(table)
        for term in rule.terms
        if (table := tables.get(term.form or form or "")) is not None
    )


def _replaced(table: Table) -> set[str | None]:
    """The columns in whose place others are printed."""
    printed = (m for m in catalogue().forms[table.form].measures if m.name in table.columns)
    return {m.instead_of for m in printed if m.instead_of not in {None, *table.columns}}


def _rows(rule: Rule, form: str | None, tables: dict[str, Table]) -> list[str]:
    """The keys ``[row]`` stands for; one empty key where the rule has no ``each``."""
    if rule.each is None:
        return [""]
    names = {term.form or form for term in rule.terms if term.key == ROW}
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
    rule: Rule, tables: dict[str, Table], form: str | None, key: str, measure: str
) -> Iterator[tuple[int, Cell]]:
    for term in rule.parts:
        name, column = term.form or form or "", term.measure or measure
        if term.key not in (BELOW, TOP):
            yield term.sign, _cell(term, form, key, measure)
        elif name in tables:
            table = tables[name]
            codes = table.top if term.key == TOP else table.below.get(key, ())
            yield from ((term.sign, Cell(name, code, column)) for code in codes)


def _cell(term: Term, form: str | None, key: str, measure: str) -> Cell:
    return Cell(
        term.form or form or "", key if term.key == ROW else term.key, term.measure or measure
    )
