"""Which column is which by the order in which a form is printed?

A heading nobody has reported is believed by its place if it is like the one that stands
there usually; headings that are damaged are told by their place alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.forms import Form
from extract.hanzi import alike
from extract.model import Column
from extract.stages.recognise.headings import (
    Labels,
    agreement,
    compares_years,
    period_of,
    side_of,
)

Order = Sequence[tuple[str | None, str]]


def blocks(columns: Sequence[Column], form: Form) -> Sequence[int]:
    return range(len(form.sides)) if form.sides else sorted({c.block for c in columns})


def has_keys(columns: Sequence[Column], block: int, form: Form) -> bool:
    """Whether something in the block says which row is which; 三公 has a single row a period."""
    keys = {"code", "name", "unit"}
    return bool(form.keys) or any(c.role in keys for c in columns if c.block == block)


def by_place(columns: Sequence[Column], heads: Sequence[Labels], form: Form) -> list[Column]:
    """The columns with a measure for each heading nobody has reported, where all others stand in an order
    of the form and each of these is like the heading whose place it has."""
    told = {c.slot: c for c in columns}
    labels = {c.slot: over for c, over in zip(columns, heads, strict=True)}
    for block in () if compares_years(columns) else blocks(columns, form):
        free = [c for c in columns if c.block == block and _may_state(c, form)]
        known = any(c.role == "measure" for c in free)
        if not known or all(c.role == "measure" for c in free):
            continue
        for order in orders(form, side_of(form, block), len(free)):
            if all(
                _fits(c, labels[c.slot], *place, form) for c, place in zip(free, order, strict=True)
            ):
                for c, (key, measure) in zip(free, order, strict=True):
                    like = c.role == "none"
                    told[c.slot] = replace(
                        c, role="measure", measure=measure, key=key, by_place=like
                    )
                break
    return list(told.values())


def _may_state(column: Column, form: Form) -> bool:
    return column.role == "measure" or (
        column.role == "none" and not form.passes_over(column.heading)
    )


def _fits(column: Column, labels: Labels, key: str | None, measure: str, form: Form) -> bool:
    """Whether a column may be the one of a place: it is known to be, or its heading is like."""
    if column.role == "measure":
        return (column.key, column.measure) == (key, measure)
    usual = [names[-1] for m in form.measures if m.name == measure for names in m.headings]
    return period_of(labels, form) in (None, key) and bool(
        labels and any(alike(labels[-1][1], name) for name in usual)
    )


def by_order(columns: Sequence[Column], heads: Sequence[Labels], form: Form) -> list[Column] | None:
    """Measures by an order in which the form is printed; None where the count fits no known order.

    Of several the one that the labels still legible speak for; else the first.
    """
    placed = {c.slot: c for c in columns}
    labels = {c.slot: over for c, over in zip(columns, heads, strict=True)}
    for block in blocks(columns, form):
        free = [c for c in columns if c.block == block and c.role in {"none", "measure"}]
        known = list(orders(form, side_of(form, block), len(free)))
        if not known or not has_keys(columns, block, form):
            return None
        over = [labels[column.slot] for column in free]
        named = max(known, key=lambda order: _agreement(order, over, form))
        for column, (key, measure) in zip(free, named, strict=True):
            placed[column.slot] = replace(column, role="measure", measure=measure, key=key)
    return list(placed.values())


def _agreement(order: Order, over: Sequence[Labels], form: Form) -> int:
    return sum(
        agreement(labels, form, key, measure)
        for labels, (key, measure) in zip(over, order, strict=True)
    )


def orders(form: Form, side: str | None, count: int) -> Iterator[Order]:
    """The orders of so many columns; periods in blocks or in pairs."""
    sided = {m.name for m in form.measures if m.side in (None, side)}
    periods: Sequence[str | None] = list(form.keys) or [None]
    for order in form.orders:
        if set(order) <= sided and len(order) * len(periods) == count:
            yield [(period, measure) for period in periods for measure in order]
            yield [(period, measure) for measure in order for period in periods]
