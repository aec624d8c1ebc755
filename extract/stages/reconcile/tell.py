"""How is a cause told to someone who has the page before them?

One finding a cause, with every check it settles as evidence. The cell judged most likely
wrong is named; where two are as likely none is, and nothing is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

from extract.model import Check, Item, Severity, Suspect, TextLayer
from extract.stages.reconcile import wording
from extract.stages.reconcile.causes import Cause
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell, yuan
from extract.stages.reconcile.search import Belief, Explanation
from extract.stages.reconcile.system import Constraint, System
from extract.stages.reconcile.verdicts import Judged

SURE = 2 / 3
"""A proposal is made where its value is twice as likely as all others together."""
SUSPECTS = 8
FEW = 5
"""Unexplained relations told one by one."""
QUIET: frozenset[str] = frozenset(
    {"missing_total", "missing_row", "code_misread", "split_row", "merged_row"}
)
"""Told as warnings: something was not read, and nothing wrong is published."""


class Numbers(TypedDict, total=False):
    """What a finding says in figures."""

    expected: Decimal | None
    actual: Decimal | None
    difference: Decimal | None
    tolerance: Decimal | None


Checks = Mapping[tuple[str, str, Cell], Judged]


def tell(
    found: Sequence[Explanation],
    before: System,
    after: System,
    judged: Sequence[Judged],
    text_layer: TextLayer | None,
) -> Iterator[Told]:
    """Findings for what was explained, and one for what was not."""
    checks = {(o.check.rule, o.equation.variant, o.equation.total): o for o in judged}
    for one in found:
        yield _told(one, before, checks, text_layer)
    left = [after.constraints[n] for n in sorted(after.violated)]
    yield from _unexplained(left, checks, text_layer)
    for other in judged:
        if other.check.verdict == "rounding":
            yield _rounding(other)


def _told(one: Explanation, system: System, checks: Checks, text_layer: TextLayer | None) -> Told:
    cause = one.cause
    first = _first(one.settled)
    judged = checks.get(first.name) if first else None
    suggested = _suggested(one)
    at = _named(one, first)
    item = _item(at or (first.equation.total if first else cause.at), cause, system)
    zh, en = _sentence(one, first, judged, item, suggested)
    return Told(
        rule=first.equation.rule.id if first else cause.category,
        category=_category(one, system, text_layer),
        severity=_severity(one),
        zh=f"{zh}。",
        en=f"{en}.",
        form=at.form if at else first.equation.total.form if first else cause.at.form,
        variant=cause.variant,
        key=(at.key or None) if at else first.equation.total.key if first else None,
        measure=(at.measure or None) if at else None,
        at=first.equation.total if first else cause.at,
        item=item,
        **_numbers(judged.check if judged else None, cause, suggested),
        suspects=_suspects(one.beliefs),
        evidence=[checks[c.name].check.check_id for c in one.settled if c.name in checks],
        suggested=suggested,
    )


def _first(settled: Sequence[Constraint]) -> Constraint | None:
    """The constraint that speaks for the cause: an equality, of the fewest figures."""
    return min(
        settled, key=lambda c: (c.equation.rule.sense != 0, len(c.terms), c.name), default=None
    )


def _named(one: Explanation, first: Constraint | None) -> Cell | None:
    """The cell or row to name; none where two are as likely."""
    return None if one.tied and first is not None else one.cause.at


def _suggested(one: Explanation) -> Decimal | None:
    best = one.beliefs[0]
    value = best.cause.value
    if value is None and best.cause.category == "missing_total":
        value = best.cause.changes.get((best.cause.variant, best.cause.at))
    return yuan(value) if value is not None and best.value_share >= SURE else None


def _item(at: Cell, cause: Cause, system: System) -> Item | None:
    table = system.ledger.get((at.form, cause.variant))
    if table is None:
        return None
    row = table.rows.get(at.key)
    if row:
        figure = row.get(at.measure) or next(iter(row.values()))
        return figure.item
    before = [key for key in table.codes if key < at.key and table.rows[key]]
    rows = [table.rows[before[-1]]] if before else [r for r in table.rows.values() if r]
    return next(iter(rows[0].values())).item if rows else None


def _category(one: Explanation, system: System, text_layer: TextLayer | None) -> str:
    """Where every figure that may be wrong is certain, the slip is the publisher's."""
    suspects = (_item(b.cause.at, b.cause, system) for b in one.beliefs[:SUSPECTS])
    if one.cause.category == "ocr_digit" and all(_is_certain(s, text_layer) for s in suspects):
        return "source_error"
    return one.cause.category


def _is_certain(item: Item | None, text_layer: TextLayer | None) -> bool:
    """Whether what is printed is known: in a mixed document, where no OCR was needed to read it."""
    if text_layer == "mixed":
        return item is not None and item.confidence is None and bool(item.raw)
    return text_layer == "native"


def _severity(one: Explanation) -> Severity:
    bounded = all(c.equation.rule.sense for c in one.settled)
    return "warning" if one.cause.category in QUIET or (bounded and one.settled) else "error"


def _numbers(check: Check | None, cause: Cause, suggested: Decimal | None) -> Numbers:
    if check is None or cause.category in ("missing_total", "missing_row"):
        return {"expected": suggested}
    return {
        "expected": check.sum,
        "actual": check.total,
        "difference": check.difference,
        "tolerance": check.tolerance,
    }


def _suspects(beliefs: Sequence[Belief]) -> list[Suspect]:
    """The likeliest places, with scores that sum to one; ties stand in the order of their names."""
    kept = sorted(beliefs, key=lambda b: (-round(b.share, 9), b.cause.at))[:SUSPECTS]
    whole = sum(belief.share for belief in kept)
    return [Suspect(*belief.cause.at, belief.share / whole) for belief in kept]


# Sentences --------------------------------------------------------------------------------


def _sentence(
    one: Explanation,
    first: Constraint | None,
    judged: Judged | None,
    item: Item | None,
    suggested: Decimal | None,
) -> wording.Said:
    cause, page = one.cause, item.page if item else None
    own = item if item and item.key == cause.at.key else None
    if cause.category in wording.CAUSES and not one.tied:
        amount = wording.money(suggested, item.unit) if suggested is not None and item else None
        return wording.cause(cause.category, cause.at, cause.rows, cause.detail, page, own, amount)
    if first is None or judged is None or judged.check.total is None:
        return wording.doubt(cause.at, page, own, suggested)
    total = judged.figures[0][2].item
    zh, en = wording.comparison(judged.check, first.equation.rule, total)
    if suggested is not None and item is not None:
        hint = wording.proposal(cause.at, item, suggested, len(one.settled))
        return zh + hint[0], en + hint[1]
    return zh, en


def _unexplained(
    left: Sequence[Constraint], checks: Checks, text_layer: TextLayer | None
) -> Iterator[Told]:
    """What nothing explains: the first few by themselves, all others in one finding."""
    known = [one for one in left if one.name in checks]
    for one in known[:FEW]:
        judged = checks[one.name]
        total = judged.figures[0][2].item
        zh, en = wording.comparison(judged.check, one.equation.rule, total)
        yield _bare(judged, text_layer, f"{zh}。", f"{en}.")
    if rest := known[FEW:]:
        judged = checks[rest[0].name]
        yield _bare(
            judged,
            text_layer,
            f"另有 {len(rest)} 项勾稽关系不成立，错误过多，未逐一查找原因。",
            f"{len(rest)} more relations do not hold; there are too many errors to look for each.",
            [checks[one.name].check.check_id for one in rest],
        )


def _bare(
    one: Judged,
    text_layer: TextLayer | None,
    zh: str,
    en: str,
    evidence: Sequence[str] = (),
) -> Told:
    cells = [cell for _, cell, figure in one.figures if figure.value]
    certain = all(_is_certain(f.item, text_layer) for _, _, f in one.figures if f.value)
    check = one.check
    return Told(
        rule=check.rule,
        category="source_error" if certain else "ocr_digit",
        severity="error" if check.kind == "equality" else "warning",
        zh=zh,
        en=en,
        form=check.form,
        variant=check.variant,
        key=check.key,
        at=one.equation.total,
        item=one.figures[0][2].item,
        expected=check.sum,
        actual=check.total,
        difference=check.difference,
        tolerance=check.tolerance,
        suspects=[Suspect(*cell, 1 / len(cells)) for cell in cells[:SUSPECTS]],
        evidence=evidence or [check.check_id],
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
