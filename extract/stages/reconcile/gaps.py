"""What should the statement print, and does not?

A total that is blank though its parts are not, a row that another form or the codes
below it call for. What is missing is unknown, not zero: equations over it are untested
instead of failing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extract.forms.codes import parent
from extract.forms.rules import Rule
from extract.stages.reconcile.equations import Equation
from extract.stages.reconcile.ledger import Cell, Ledger, Table, is_code
from extract.stages.reconcile.verdicts import Sum, Unknown, add_up, figure

Row = tuple[str, str, str]
"""(variant, form, key)."""


@dataclass
class Gaps:
    """Lost totals by row, lost rows, each with the rule that missed it; ``unknown`` has more."""

    totals: dict[Row, dict[Cell, str]] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[Row, str] = field(default_factory=dict)
    unknown: Unknown = field(default_factory=Unknown)


def find_gaps(equations: Iterable[Equation], ledger: Ledger, rules: Sequence[Rule]) -> Gaps:
    """Everything that is missing."""
    gaps = Gaps()
    totals = {
        (rule.total.form or form, rule.total.key)
        for rule in rules
        if rule.sums
        for form in rule.forms or ("",)
    }
    for equation in equations:
        for cell in _missing(equation, ledger, gaps.unknown):
            _file(cell, equation, ledger, gaps, totals)
    for row, rule_id in _parents(ledger, rules):
        gaps.rows.setdefault(row, rule_id)
        gaps.unknown.rows.add(row)
    return gaps


def with_rows(ledger: Ledger, gaps: Gaps) -> Ledger:
    """The ledger with the lost rows in their places, so that sums over them wait for them."""
    lost: dict[tuple[str, str], list[str]] = defaultdict(list)
    for variant, form, key in sorted(gaps.unknown.rows):
        if is_code(key):
            lost[form, variant].append(key)
    return {**ledger, **{name: ledger[name].expecting(keys) for name, keys in lost.items()}}


def _missing(equation: Equation, ledger: Ledger, unknown: Unknown) -> Iterable[Cell]:
    """The cell the equation calls for; parts none of which is printed become unknown."""
    total = figure(equation.total, equation.variant, ledger)
    value = total.value if total else None
    parts = add_up(equation, ledger, Unknown())
    if value is None:
        wanted = parts.known and parts.printed and abs(parts.value) > parts.slack
        return [equation.total] if wanted and _may_be_wanted(equation, parts, ledger) else []
    if (
        equation.rule.kind == "inequality"
        or parts.printed
        or total is None
        or abs(value) <= total.half
    ):
        return []
    if len(equation.parts) == 1:
        return [equation.parts[0][1]]
    unknown.cells.update((equation.variant, cell) for _, cell in equation.parts)
    return []


def _may_be_wanted(equation: Equation, parts: Sum, ledger: Ledger) -> bool:
    """An inequality calls only for a row: a blank may be what it says."""
    if equation.rule.kind == "equality":
        return True
    table = ledger.get((equation.total.form, equation.variant))
    return (
        equation.rule.sense > 0
        and parts.value > 0
        and table is not None
        and equation.total.key not in table.rows
        and is_code(equation.total.key)
    )


def _file(
    cell: Cell, equation: Equation, ledger: Ledger, gaps: Gaps, totals: set[tuple[str, str]]
) -> None:
    """Put a missing cell under lost totals or lost rows, or only among the unknown."""
    variant, table = equation.variant, ledger[cell.form, equation.variant]
    row = (variant, cell.form, cell.key)
    if cell.key in table.rows or (cell.form, cell.key) in totals:
        gaps.unknown.cells.add((variant, cell))
        if cell.measure in table.printed and (
            cell.key in table.rows or not any(table.strays.values())
        ):
            gaps.totals[row].setdefault(cell, equation.rule.id)
        return
    gaps.unknown.rows.add(row)
    if _has_neighbours(cell.key, table):
        gaps.rows.setdefault(row, equation.rule.id)


def _has_neighbours(key: str, table: Table) -> bool:
    """Whether the form prints rows of this kind, so that this one could have been among them."""
    if is_code(key):
        return any(len(code) == len(key) for code in table.codes)
    return not any(table.strays.values())


def _parents(ledger: Ledger, rules: Iterable[Rule]) -> Iterable[tuple[Row, str]]:
    """Codes that are not printed though codes below them and others of their level are."""
    levelled = {form: rule.id for rule in rules if rule.each == "parents" for form in rule.forms}
    for (form, variant), table in sorted(ledger.items()):
        if form not in levelled:
            continue
        lengths = {len(code) for code in table.codes}
        for code in table.codes:
            above = parent(code)
            if (
                above
                and above not in table.rows
                and len(above) in lengths
                and _amounts(code, table)
            ):
                yield (variant, form, above), levelled[form]


def _amounts(key: str, table: Table) -> bool:
    return any(figure.value for figure in table.rows[key].values())
