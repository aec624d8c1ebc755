"""How is a figure, a place, a difference said to a reader?"""

from __future__ import annotations

from decimal import Decimal

from extract.amounts import UNITS
from extract.forms import catalogue
from extract.model import Item
from extract.stages.reconcile.ledger import Cell, is_code

Said = tuple[str, str]
"""Chinese, English."""


def place(form: str, page: int | None) -> Said:
    """The form and its page.

    >>> place("income", 8)
    ('收入决算表第8页', 'Income, page 8')
    """
    zh, en = catalogue().forms[form].title, form.replace("_", " ").capitalize()
    return (zh, en) if page is None else (f"{zh}第{page}页", f"{en}, page {page}")


def row(form: str, key: str, item: Item | None) -> Said:
    """The line a cell stands in."""
    name = item.name if item and item.name else _label(form, key)
    zh = f"{name}（{key}）" if is_code(key) and name != key else name
    return zh, key.replace("_", " ")


def column(form: str, measure: str) -> Said:
    """The column a cell stands in; nothing where the form has only one."""
    measures = catalogue().forms[form].measures
    heading = next((m.headings[0] for m in measures if m.name == measure), [measure])
    if measure == "amount":
        return "", ""
    return "".join(heading), f", {measure.replace('_', ' ')}"


def cell(at: Cell, item: Item | None) -> Said:
    """The line and the column of a cell."""
    (row_zh, row_en), (zh, en) = row(at.form, at.key, item), column(at.form, at.measure)
    return row_zh + zh, row_en + en


def money(yuan: Decimal, unit: str) -> str:
    """An amount in the printed unit; as many decimals as it needs, at least two.

    >>> money(Decimal("29462500.00"), "万元"), money(Decimal("0.5"), "元")
    ('2,946.25 万元', '0.50 元')
    """
    scaled = (yuan / UNITS.get(unit, Decimal(1))).normalize()
    exponent = scaled.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 0)
    return f"{scaled:,.{places}f} {unit or '元'}"


def _label(form: str, key: str) -> str:
    spec = catalogue().forms[form]
    lines = {line.key: line.labels[0] for side in spec.sides for line in side.lines}
    labels = {name: words[0] for name, words in (*spec.totals.items(), *spec.keys.items())}
    return (lines | labels | {"total": "合计"} if "total" not in labels else lines | labels).get(
        key, key
    )
