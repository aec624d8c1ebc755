"""What should the statement print, and does not?

A total that is blank though its parts are not, a row that another form or the codes
below it call for. What is missing is unknown, not zero: equations over it are untested
instead of failing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from extract.forms.rules import Rule
from extract.stages.reconcile.equations import Equation
from extract.stages.reconcile.ledger import Cell, Ledger, is_code
from extract.stages.reconcile.verdicts import Sum, Unknown, figure


def find_gaps(sums: Mapping[Equation, Sum], ledger: Ledger, rules: Sequence[Rule]) -> Unknown:
    """Every cell and row of which it is unknown what it should say; ``sums`` are those of the parts."""
    unknown = Unknown()
    totals = {
        (rule.total.form or form, rule.total.key)
        for rule in rules
        if rule.sums
        for form in rule.forms or ("",)
    }
    for equation, parts in sums.items():
        for variant, cell in _missing(equation, parts, ledger, unknown):
            printed = cell.key in ledger[cell.form, variant].rows
            if printed or (cell.form, cell.key) in totals:
                unknown.cells.add((variant, cell))
            else:
                unknown.rows.add((variant, cell.form, cell.key))
    levelled = {form for rule in rules if rule.each == "parents" for form in rule.forms}
    for (form, variant), table in ledger.items():
        if form in levelled:
            unknown.rows.update((variant, form, key) for key in table.unprinted_parents())
    return unknown


def with_rows(ledger: Ledger, unknown: Unknown) -> Ledger:
    """The ledger with the lost rows in their places, so that sums over them wait for them."""
    lost: dict[tuple[str, str], list[str]] = defaultdict(list)
    for variant, form, key in sorted(unknown.rows):
        if is_code(key):
            lost[form, variant].append(key)
    return {**ledger, **{name: ledger[name].expecting(keys) for name, keys in lost.items()}}


def _missing(
    equation: Equation, parts: Sum, ledger: Ledger, unknown: Unknown
) -> Iterable[tuple[str, Cell]]:
    """The cell the equation calls for; parts none of which is printed become unknown."""
    total = figure(equation.total, equation.variant, ledger)
    value = total.value if total else None
    if value is None:
        wanted = parts.known and parts.printed and abs(parts.value) > parts.slack
        return (
            [(equation.variant, equation.total)]
            if wanted and _may_be_wanted(equation, parts, ledger)
            else []
        )
    if (
        equation.rule.kind == "inequality"
        or parts.printed
        or total is None
        or abs(value) <= total.half
    ):
        return []
    if len(equation.parts) == 1:
        return [equation.parts[0][1:]]
    unknown.cells.update((cut, cell) for _, cut, cell in equation.parts)
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
