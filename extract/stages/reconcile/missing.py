"""How are lost totals and lost rows told?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.forms import catalogue
from extract.model import Item, Suspect
from extract.stages.reconcile import wording
from extract.stages.reconcile.equations import Equation
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.gaps import Gaps, Row, implied
from extract.stages.reconcile.ledger import Cell, Ledger, yuan
from extract.stages.reconcile.verdicts import Judged


def missing(
    gaps: Gaps, equations: Sequence[Equation], judged: Sequence[Judged], ledger: Ledger
) -> Iterator[Told]:
    """One ``missing_total`` a row with lost totals, one ``missing_row`` a lost row."""
    for row, cells in sorted(gaps.totals.items()):
        if (row[0], row[1], row[2]) not in gaps.rows:
            yield _total(row, cells, gaps, equations, judged, ledger)
    for row, rule in sorted(gaps.rows.items()):
        yield _row(row, rule, judged, ledger)


def _total(
    row: Row,
    cells: dict[Cell, str],
    gaps: Gaps,
    equations: Sequence[Equation],
    judged: Sequence[Judged],
    ledger: Ledger,
) -> Told:
    variant, form, key = row
    order = [measure.name for measure in catalogue().forms[form].measures]
    first, *others = sorted(cells, key=lambda cell: order.index(cell.measure))
    value, sources = implied(first, variant, equations, ledger, gaps.unknown)
    suggested = None if value is None else yuan(value)
    item = _near(first, ledger, variant)
    own = item if item and item.key == key else None
    (where, where_en), (what, what_en) = (
        wording.place(form, item.page if item else None),
        wording.cell(first, own),
    )
    zh, en = f"{where}：{what}未能读出", f"{where_en}: {what_en} was not read"
    if suggested is not None:
        amount = wording.money(suggested, item.unit if item else "元")
        zh, en = f"{zh}，按其余数字应为 {amount}", f"{en}; the other figures make it {amount}"
    if others:
        zh, en = f"{zh}（同一行另有 {len(others)} 处）", f"{en} (and {len(others)} more in its row)"
    stated = {(source.rule.id, source.total) for source in sources}
    return Told(
        rule=cells[first],
        category="missing_total",
        severity="warning",
        zh=f"{zh}。",
        en=f"{en}.",
        form=form,
        variant=variant,
        key=key,
        measure=first.measure,
        item=item,
        expected=suggested,
        suspects=[Suspect(*cell, 1 / len(cells)) for cell in (first, *others)],
        evidence=[
            one.check.check_id
            for one in judged
            if one.equation.variant == variant and (one.check.rule, one.equation.total) in stated
        ],
        suggested=suggested,
    )


def _row(row: Row, rule: str, judged: Sequence[Judged], ledger: Ledger) -> Told:
    variant, form, key = row
    item = _near(Cell(form, key, ""), ledger, variant)
    where, where_en = wording.place(form, item.page if item else None)
    what, what_en = wording.row(form, key, None)
    told = [one for one in judged if one.equation.variant == variant and _speaks_of(one, form, key)]
    return Told(
        rule=rule,
        category="missing_row",
        severity="warning",
        zh=f"{where}：其他数字表明应有“{what}”一行，表中未见。",
        en=f"{where_en}: other figures call for a row {what_en}, and there is none.",
        form=form,
        variant=variant,
        key=key,
        item=item,
        suspects=[
            Suspect(form, key, measure, 1.0) for measure in _columns(form, variant, ledger)[:1]
        ],
        evidence=[one.check.check_id for one in told],
    )


def _speaks_of(one: Judged, form: str, key: str) -> bool:
    cells = (one.equation.total, *(cell for _, cell in one.equation.parts))
    return any((cell.form, cell.key) == (form, key) for cell in cells)


def _near(cell: Cell, ledger: Ledger, variant: str) -> Item | None:
    """A cell to point at: itself, one of its row, else one of the row before it."""
    table = ledger[cell.form, variant]
    own = table.rows.get(cell.key)
    if own:
        figure = own.get(cell.measure) or next(iter(own.values()))
        return figure.item
    before = [key for key in table.codes if key < cell.key and table.rows[key]] or [
        key for key, row in table.rows.items() if row
    ]
    return next(iter(table.rows[before[-1]].values())).item if before else None


def _columns(form: str, variant: str, ledger: Ledger) -> list[str]:
    columns = ledger[form, variant].columns
    return [m.name for m in catalogue().forms[form].measures if m.name in columns]
