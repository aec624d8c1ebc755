"""An identity written out with its numbers, as one would on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extract.amounts import UNITS
from extract.forms import catalogue
from extract.forms.rules import rules, rules_between
from extract.model import Box, Check, Item

_OBSERVED = {"holds": "=", "rounding": "≈", "fails": "≠", "untested": "=?"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell, and what is printed in it; ``score`` is that of a suspect, ``sign`` that of a term.

    ``box`` is in points on the page as displayed; None where there is no geometry.
    """

    form: str
    key: str
    measure: str
    row: str
    column: str
    page: int | None
    raw: str | None
    unit: str
    amount: Decimal | None
    shown: str
    score: float | None = None
    sign: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """An identity with its numbers; ``text`` is the equation written out."""

    check_id: str
    rule: str
    kind: str
    verdict: str
    total: Figure
    parts: tuple[Figure, ...]
    sum: Decimal | None
    difference: Decimal | None
    tolerance: Decimal
    text: str


def equation(check: Check, total: Figure, parts: Sequence[Figure]) -> str:
    """The identity with its numbers, in the unit of its total; terms that are nothing left out.

    What all figures share stands in front.
    """
    terms, unit = (total, *parts), total.unit
    differing, shared = _differing(terms)
    amounts = [part.amount for part in check.parts]
    unknown = check.sum is None
    written = [
        f"{'-' if figure.sign == -1 else '+'} {_label(figure, differing)} {_number(amount, unit)}"
        for figure, amount in zip(parts, amounts, strict=True)
        if amount or (amount is None and unknown)
    ]
    right = " ".join(written).removeprefix("+ ") or "0"
    if nothing := len(parts) - len(written):
        right += f" + 0 × {nothing}"
    front = f"{common}：" if (common := _label(total, shared)) else ""
    apart = _number(check.difference and abs(check.difference), unit)
    return (
        f"{front}{_label(total, differing)} {_number(check.total, unit)} "
        f"{_sign(check)} {right} = {_number(check.sum, unit)} {unit} "
        f"(差 difference {apart}, 容差 tolerance {_number(check.tolerance, unit)})"
    )


def money(yuan: Decimal, unit: str) -> str:
    """An amount in its printed unit.

    >>> money(Decimal("29462500.00"), "万元")
    '2,946.25 万元'
    """
    return f"{_number(yuan, unit)} {unit}".rstrip()


def heading(form: str, measure: str) -> str:
    """What stands over a column."""
    known = catalogue().forms.get(form)
    found = next((m.headings[0] for m in known.measures if m.name == measure), ()) if known else ()
    return "".join(found) or measure


def _differing(terms: Sequence[Figure]) -> tuple[set[str], set[str]]:
    """By which of form, key, measure the figures differ, and which they all share."""
    names = {"form", "key", "measure"}
    differing = {name for name in names if len({getattr(term, name) for term in terms}) > 1}
    return differing, names - differing


def _label(figure: Figure, by: set[str]) -> str:
    """What is said of a figure where only some of its names matter."""
    is_code = figure.key[:1].isdigit() and figure.row != figure.key
    named = {
        "form": catalogue().forms[figure.form].title,
        "key": f"{figure.row}({figure.key})" if is_code else figure.row,
        "measure": "" if figure.measure == "amount" else figure.column,
    }
    return "·".join(said for name, said in named.items() if name in by and said)


def _sign(check: Check) -> str:
    sense = _senses().get(check.rule, 0)
    if not sense or check.verdict == "untested":
        return _OBSERVED[check.verdict]
    required = "≥" if sense > 0 else "≤"
    if check.verdict != "fails":
        return required
    return f"{'<' if sense > 0 else '>'} (应 must be {required})"


def _number(yuan: Decimal | None, unit: str) -> str:
    """As many decimals as it needs, at least two."""
    if yuan is None:
        return "?"
    scaled = (yuan / UNITS.get(unit, Decimal(1))).normalize()
    exponent = scaled.as_tuple().exponent
    return f"{scaled:,.{max(2, -exponent if isinstance(exponent, int) else 0)}f}"


def box_of(item: Item) -> Box | None:
    """Where the cell stands on its page as displayed, in points."""
    if item.x0 is None or item.y0 is None or item.x1 is None or item.y1 is None:
        return None
    return (item.x0, item.y0, item.x1, item.y1)


@cache
def _senses() -> dict[str, int]:
    return {rule.id: rule.sense for rule in (*rules(), *rules_between())}
