"""Which figure is most likely wrong, and what should it read?

The simple diagnosis: a cell is the more suspect the more failing and the fewer holding
equalities stand over it, and the more so when one other value for it would settle all of
them. Failures that one and the same cell would settle are one finding. It knows nothing
of rows shifted, exchanged or split, nor of two errors in one place: whoever brings a
better diagnosis replaces this module, ``diagnose`` keeping its signature.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.model import Item, TextLayer
from extract.stages.reconcile import wording
from extract.stages.reconcile.findings import Told, ranked
from extract.stages.reconcile.ledger import Cell, Figure, yuan
from extract.stages.reconcile.verdicts import Judged

Place = tuple[str, Cell]
"""(variant, cell)."""
Cover = Mapping[Place, Sequence[Judged]]
"""The tested equalities over each cell."""


class Repair(NamedTuple):
    """The value in half-分 that would settle ``settles`` failing equalities over a cell."""

    value: int | None
    settles: int


def diagnose(judged: Sequence[Judged], text_layer: TextLayer | None) -> Iterator[Told]:
    """One ``Told`` a cause for the failing equations, one ``rounding`` a check inside its slack."""
    cover = _cover(judged)
    told: dict[Place | int, list[Judged]] = defaultdict(list)
    for number, one in enumerate(judged):
        if one.check.verdict == "rounding":
            yield _rounding(one)
        elif one.check.verdict == "fails":
            told[_cause(one, cover) or number].append(one)
    for cause, failures in told.items():
        yield _failure(failures, cause if isinstance(cause, tuple) else None, cover, text_layer)


def _cover(judged: Iterable[Judged]) -> Cover:
    cover: dict[Place, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.check.kind == "equality" and one.check.verdict != "untested":
            for _, cell, _ in one.figures:
                cover[one.equation.variant, cell].append(one)
    return cover


def _cause(failed: Judged, cover: Cover) -> Place | None:
    """The one cell that alone would settle most; None where there is none or several."""
    if failed.check.kind == "inequality":
        return None
    repairs = _repairs(failed, cover)
    most = max((repair.settles for repair in repairs.values()), default=0)
    best = [cell for cell, repair in repairs.items() if repair.settles == most]
    return (failed.equation.variant, best[0]) if len(best) == 1 else None


def _repairs(failed: Judged, cover: Cover) -> dict[Cell, Repair]:
    variant = failed.equation.variant
    return {
        cell: repair
        for _, cell, figure in failed.figures
        if figure.value is not None
        and (repair := _repair(cell, figure, cover[variant, cell])) is not None
    }


def _repair(cell: Cell, figure: Figure, over: Sequence[Judged]) -> Repair | None:
    """The least slack decides the value; the others must be able to live with it."""
    ranges = [(*_change(one, cell), one.slack, one.check.verdict == "fails") for one in over]
    low, high = max(r[0] for r in ranges), min(r[1] for r in ranges)
    if low > high:
        return None
    failing = sorted((r[2], (r[0] + r[1]) // 2) for r in ranges if r[3])
    fitting = [change for _, change in failing if low <= change <= high]
    value = (figure.value or 0) + fitting[0] if fitting else None
    return Repair(value, len(failing))


def _change(one: Judged, cell: Cell) -> tuple[int, int]:
    """Least and greatest change of the cell with which the equality holds."""
    sign = next(sign for sign, other, _ in one.figures if other == cell)
    middle = -one.miss if sign == 0 else sign * one.miss
    return middle - one.slack, middle + one.slack


def _scores(failed: Judged, cover: Cover) -> dict[Cell, float]:
    repairs = _repairs(failed, cover) if failed.check.kind == "equality" else {}
    scores = {}
    for _, cell, figure in failed.figures:
        if figure.value is None:
            continue
        over = cover.get((failed.equation.variant, cell), ())
        fails = sum(one.check.verdict == "fails" for one in over) or 1
        scores[cell] = fails / (1 + len(over) - fails) * (4 if cell in repairs else 1)
    return scores


def _failure(
    failures: Sequence[Judged], cause: Place | None, cover: Cover, text_layer: TextLayer | None
) -> Told:
    first = failures[0]
    scores = _scores(first, cover)
    repair = _repairs(first, cover)[cause[1]] if cause else None
    if cause:
        # What settles most stands first, whatever else speaks for the others.
        scores[cause[1]] = 2 * max(scores.values())
    suspects = ranked(scores)
    items = {cell: figure.item for _, cell, figure in first.figures}
    best = cause[1] if cause else _leader(scores)
    suggested = yuan(repair.value) if repair and repair.value is not None else None
    proposal = ("", "")
    if best and suggested is not None:
        proposal = _proposal(best, items[best], suggested, len(failures))
    zh, en = _sentence(first)
    return Told(
        rule=first.check.rule,
        category="source_error" if text_layer == "native" else "ocr_digit",
        severity="error" if first.check.kind == "equality" else "warning",
        zh=zh + "。" + proposal[0],
        en=en + "." + proposal[1],
        form=best.form if best else first.check.form,
        variant=first.check.variant,
        key=best.key if best else first.check.key,
        measure=best.measure if best else None,
        at=first.equation.total,
        item=items[best or first.equation.total],
        expected=first.check.sum,
        actual=first.check.total,
        difference=first.check.difference,
        tolerance=first.check.tolerance,
        suspects=suspects,
        evidence=[one.check.check_id for one in failures],
        suggested=suggested,
    )


def _leader(scores: Mapping[Cell, float]) -> Cell | None:
    top = max(scores.values())
    best = [cell for cell, score in scores.items() if score == top]
    return best[0] if len(best) == 1 else None


def _rounding(one: Judged) -> Told:
    zh, en = _sentence(one)
    total = one.equation.total
    return Told(
        rule=one.check.rule,
        category="rounding",
        severity="info",
        zh=f"{zh}（在尾数误差之内）。",
        en=f"{en} (within rounding).",
        form=total.form,
        variant=one.check.variant,
        key=total.key,
        measure=total.measure,
        at=total,
        item=one.figures[0][2].item,
        expected=one.check.sum,
        actual=one.check.total,
        difference=one.check.difference,
        tolerance=one.check.tolerance,
        evidence=[one.check.check_id],
    )


def _sentence(one: Judged) -> wording.Said:
    """“收入决算表第8页：合计本年收入合计印作 2,946.25 万元，各类相加为 2,946.26 万元，差 0.01 万元”."""
    check, item, rule = one.check, one.figures[0][2].item, one.equation.rule
    (where, where_en), (what, what_en) = (
        wording.place(check.form, item.page),
        wording.cell(one.equation.total, item),
    )
    total, parts, gap = (
        wording.money(amount, item.unit)
        for amount in (
            check.total or Decimal(0),
            check.sum or Decimal(0),
            abs(check.difference or Decimal(0)),
        )
    )
    link, link_en = (
        ("为", "") if check.kind == "equality" else ("应不大于它，却为", "at most that, but ")
    )
    zh = f"{where}：{what}印作 {total}，{rule.zh}{link} {parts}，差 {gap}"
    return zh, f"{where_en}: {what_en} reads {total}, {rule.en} {link_en}{parts}; {gap} apart"


def _proposal(cell: Cell, item: Item, suggested: Decimal, settled: int) -> wording.Said:
    what, what_en = wording.cell(cell, item)
    form, form_en = wording.place(cell.form, item.page)
    value = wording.money(suggested, item.unit)
    zh = f"若{form}的{what}为 {value}，这里的 {settled} 项勾稽关系均成立。"
    return (
        zh,
        f" Were {form_en}: {what_en} {value}, the failing checks here ({settled}) would hold.",
    )
