"""How is a figure, a place, a difference said to a reader?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from extract.amounts import UNITS
from extract.forms import catalogue, code_book
from extract.forms.rules import Rule
from extract.model import Check, Item
from extract.stages.reconcile.ledger import Cell, is_code

Said = tuple[str, str]
"""Chinese, English."""

_LINKS = {
    0: ("为", ""),
    1: ("应不大于它，却为", "at most that, but "),
    -1: ("应不小于它，却为", "at least that, but "),
}


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
    heading = next((m.label for m in measures if m.name == measure), measure)
    if measure == "amount":
        return "", ""
    return heading, f", {measure.replace('_', ' ')}"


def cell(at: Cell, item: Item | None) -> Said:
    """The line and the column of a cell."""
    (row_zh, row_en), (zh, en) = row(at.form, at.key, item), column(at.form, at.measure)
    return row_zh + zh, row_en if en == f", {row_en}" else row_en + en


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
    these, and_more = "", ""
    if settled > 1:
        these, and_more = f" {settled} 项", f", and so would {settled - 1} more"
    zh = f"；若{form}“{what}”不是 {printed}，而是 {value}，这{these or '一项'}勾稽关系即成立"
    en = f"; it would hold if {what_en} ({form_en}) were {value} and not {printed}"
    return zh, en + and_more


CAUSES: Mapping[str, Said] = {
    "missing_total": ("{what}未能读出", "{what} was not read"),
    "missing_row": (
        "其他数字表明应有“{what}”一行，表中未见",
        "other figures call for a row {what}, and there is none",
    ),
    "split_row": (
        "“{what}”一行被读成了两行",
        "the row {what} was read as two",
    ),
    "merged_row": (
        "“{what}”与“{other}”两行被读成了一行",
        "the rows {what} and {other} were read as one",
    ),
    "swapped_rows": (
        "“{what}”与“{other}”两行的数字互换了",
        "the figures of {what} and {other} stand exchanged",
    ),
    "shifted_column": (
        "“{what}”一行的数字错开了一栏",
        "the figures of {what} stand one column off",
    ),
    "unit_mismatch": (
        "金额单位与其他各表不符，相差一万倍",
        "its unit is not that of the other forms: they are 10,000 times apart",
    ),
    "code_misread": ("科目编码 {what} 应为 {detail}", "the code {what} should read {detail}"),
}
"""Sentences for causes that are more than one wrong figure."""


def cause(
    category: str,
    at: Cell,
    rows: Sequence[str],
    detail: str,
    page: int | None,
    item: Item | None,
    amount: str | None,
) -> Said:
    """The sentence for a cause of ``CAUSES``; ``amount`` is what the other figures make of it."""
    zh, en = CAUSES[category]
    names = [row(at.form, key, item if key == at.key else None) for key in rows]
    what = cell(at, item) if at.measure else names[0] if names else ("", "")
    other = names[1] if len(names) > 1 else ("", "")
    if category == "code_misread":
        what = (at.key, at.key)
    (where, where_en), tails = place(at.form, page), ("", "")
    if amount is not None:
        tails = (f"，按其余数字应为 {amount}", f"; the other figures make it {amount}")
    return (
        f"{where}：{zh.format(what=what[0], other=other[0], detail=detail)}{tails[0]}",
        f"{where_en}: {en.format(what=what[1], other=other[1], detail=detail)}{tails[1]}",
    )


def doubt(at: Cell, page: int | None, item: Item | None, suggested: Decimal | None) -> Said:
    """That a cell is in doubt, where no printed total speaks of it."""
    (where, where_en), (what, what_en) = place(at.form, page), cell(at, item)
    zh, en = (
        f"{where}：“{what}”与其他数字不符",
        f"{where_en}: {what_en} disagrees with other figures",
    )
    if suggested is None or item is None:
        return zh, en
    amount = money(suggested, item.unit)
    return f"{zh}，按其余数字应为 {amount}", f"{en}; they make it {amount}"


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
