"""How is a figure, a place, a difference said to a reader?"""

from __future__ import annotations

from decimal import Decimal

from extract.amounts import UNITS
from extract.forms import catalogue, code_book
from extract.forms.rules import Rule
from extract.model import Check, Item
from extract.stages.reconcile.ledger import Cell, is_code

Said = tuple[str, str]
"""Chinese, English."""

_LINKS = {0: ("为", ""), 1: ("应不大于它，却为", "at most that, but "), -1: ("应不小于它，却为", "at least that, but ")}


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


def comparison(check: Check, rule: Rule, item: Item) -> Said:
    """What an identity compares, and by how much it misses; ``item`` is its total's."""
    (where, where_en), (what, what_en) = place(check.form, item.page), cell(_total(check), item)
    total, parts, gap = (
        money(amount or Decimal(0), item.unit)
        for amount in (check.total, check.sum, check.difference and abs(check.difference))
    )
    link, link_en = _LINKS[rule.sense]
    zh = f"{where}：{what}印作 {total}，{rule.zh}{link} {parts}，差 {gap}"
    return zh, f"{where_en}: {what_en} reads {total}, {rule.en} {link_en}{parts}; {gap} apart"


def proposal(at: Cell, item: Item, suggested: Decimal, settled: int) -> Said:
    """What a cell should read for all that fails over it to hold; the tail of a sentence."""
    (what, what_en), (form, form_en) = cell(at, item), place(at.form, item.page)
    value, printed = money(suggested, item.unit), money(item.amount or Decimal(0), item.unit)
    zh = f"；若{form}“{what}”不是 {printed} 而是 {value}，这 {settled} 项勾稽关系即成立"
    en = f"; were {form_en}: {what_en} {value} and not {printed}, it would hold"
    return zh, en if settled == 1 else f"{en}, and {settled - 1} more"


def _total(check: Check) -> Cell:
    return Cell(check.form, check.key, check.measure)


def _label(form: str, key: str) -> str:
    """What a line is called where its own name is not at hand."""
    spec = catalogue().forms[form]
    if is_code(key):
        book = code_book("economic" if spec.keyed_by == "economic" else "functional")
        return book.names[key][0] if book.knows(key) else key
    lines = {line.key: line.labels[0] for side in spec.sides for line in side.lines}
    listed = {name: words[0] for name, words in (*spec.totals.items(), *spec.keys.items())}
    return ({"total": "合计"} | lines | listed).get(key, key)
