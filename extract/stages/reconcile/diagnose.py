"""Which figure is most likely wrong, and what should it read?

The simple diagnosis: a cell is the more suspect the more failing and the fewer holding
equalities stand over it, and the more so when one other value for it would settle all of
them. Failures that one and the same cell would settle are one finding. It knows nothing
of rows shifted, exchanged or split, nor of two errors in one place: whoever brings a
better diagnosis replaces this module, ``diagnose`` keeping its signature.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.model import TextLayer
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
        yield _failure(failures, None if isinstance(cause, int) else cause[1], cover, text_layer)


def _cover(judged: Iterable[Judged]) -> Cover:
    cover: dict[Place, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.check.kind == "equality" and one.check.verdict != "untested":
            for _, cell, _ in one.figures:
                cover[one.equation.variant, cell].append(one)
    return cover


def _cause(failed: Judged, cover: Cover) -> Place | None:
    """The cell that alone would settle most, else the one most suspect; None where several are."""
    best = _settling(failed, cover)
    if len(best) != 1:
        scores = _scores(failed, cover)
        best = [cell for cell, score in scores.items() if score == max(scores.values())]
    return (failed.equation.variant, best[0]) if len(best) == 1 else None


def _settling(failed: Judged, cover: Cover) -> list[Cell]:
    """The cells that alone would settle most failing equalities, and break none."""
    repairs = _repairs(failed, cover)
    most = max((repair.settles for repair in repairs.values()), default=0)
    return [cell for cell, repair in repairs.items() if repair.settles == most]


def _repairs(failed: Judged, cover: Cover) -> dict[Cell, Repair]:
    if failed.check.kind == "inequality":
        return {}
    variant = failed.equation.variant
    return {
        cell: repair
        for _, cell, figure in failed.figures
        if figure.value is not None
        and (repair := _repair(cell, figure, cover[variant, cell])) is not None
    }


def _repair(cell: Cell, figure: Figure, over: Sequence[Judged]) -> Repair | None:
    """What every equality over the cell could live with; the value most of the failing ones ask for."""
    changes = [(*_change(one, cell), one.check.verdict == "fails") for one in over]
    low, high = max(least for least, _, _ in changes), min(greatest for _, greatest, _ in changes)
    if low > high:
        return None
    asked = Counter((least + greatest) // 2 for least, greatest, fails in changes if fails)
    votes = Counter({change: n for change, n in asked.items() if low <= change <= high})
    best = [change for change, n in votes.items() if n == max(votes.values())]
    value = (figure.value or 0) + best[0] if len(best) == 1 else None
    return Repair(value, asked.total())


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
        fails = sum(one.check.verdict == "fails" for one in over)
        holds = len(over) - fails
        scores[cell] = max(fails, 1) / (1 + holds) * (4 if cell in repairs else 1)
    return scores


def _failure(
    failures: Sequence[Judged], cause: Cell | None, cover: Cover, text_layer: TextLayer | None
) -> Told:
    first = next((one for one in failures if _settling(one, cover) == [cause]), failures[0])
    check, items = first.check, {cell: figure.item for _, cell, figure in first.figures}
    repairs, scores = _repairs(first, cover), _scores(first, cover)
    value = None
    if cause and _settling(first, cover) == [cause]:
        value = repairs[cause].value
        # What settles most stands first, whatever else speaks for the others.
        scores[cause] = 2 * max(scores.values())
    suggested = None if value is None else yuan(value)
    zh, en = wording.comparison(check, first.equation.rule, first.figures[0][2].item)
    if cause and suggested is not None:
        hint = wording.proposal(cause, items[cause], suggested, len(failures))
        zh, en = zh + hint[0], en + hint[1]
    return Told(
        rule=check.rule,
        category="source_error" if text_layer == "native" else "ocr_digit",
        severity="error" if check.kind == "equality" else "warning",
        zh=f"{zh}。",
        en=f"{en}.",
        form=cause.form if cause else check.form,
        variant=check.variant,
        key=cause.key if cause else check.key,
        measure=cause.measure if cause else None,
        at=first.equation.total,
        item=items[cause or first.equation.total],
        expected=check.sum,
        actual=check.total,
        difference=check.difference,
        tolerance=check.tolerance,
        suspects=ranked(scores),
        evidence=[one.check.check_id for one in failures],
        suggested=suggested,
    )


def _rounding(one: Judged) -> Told:
    zh, en = wording.comparison(one.check, one.equation.rule, one.figures[0][2].item)
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
