"""A rule in words, as a reader of the form would say it, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Sequence

from extract.forms import catalogue, code_book
from extract.forms.rules import Rule, Term
from extract.forms.spec import Form

_ROWS_ZH = {
    None: "",
    "rows": "每一行：",
    "codes": "有科目编码的每一行：",
    "classes": "每一类：",
    "parents": "有下级科目的每一行：",
}
_ROWS_EN = {
    None: "",
    "rows": "On every row: ",
    "codes": "On every row with a code: ",
    "classes": "On every 类: ",
    "parents": "On every row with codes below it: ",
}
_KEYS_ZH = {"row": "本行", "below": "下级科目之和", "top": "各类之和", "units": "各单位之和"}
_KEYS_EN = {
    "row": "the row",
    "below": "the sum of the codes right below it",
    "top": "the sum of its 类",
    "units": "the sum of its units",
}
_CUTS_ZH = {
    "": "（标准表）",
    "by_unit": "（分单位）",
    "prior": "（上年）",
    "fiscal_appropriation": "（财政拨款）",
    "general_public_budget": "（一般公共预算）",
    "government_fund": "（政府性基金）",
}
_SIDES = {"income": "（收入方）", "expenditure": "（支出方）"}
_SIGNS = {1: "≥", 0: "=", -1: "≤"}


def zh(rule: Rule, form: Form) -> str:
    """The equation in the words the forms print."""
    said = _equation(rule, form, "zh")
    return f"{_ROWS_ZH[rule.each]}{_columns_zh(rule)}{said}{_conditions(rule, form, 'zh')}"


def en(rule: Rule, form: Form) -> str:
    """The same with the names of the datasets."""
    said = _equation(rule, form, "en")
    return f"{_ROWS_EN[rule.each]}{_columns_en(rule)}{said}{_conditions(rule, form, 'en')}"


def _columns_zh(rule: Rule) -> str:
    return "各栏：" if rule.measures == "all" else ""


def _columns_en(rule: Rule) -> str:
    return "In every column: " if rule.measures == "all" else ""


def _equation(rule: Rule, form: Form, lang: str) -> str:
    terms = [_term(rule, term, form, lang) for term in rule.parts]
    signs = ["− " if term.sign < 0 else "+ " for term in rule.parts]
    right = " ".join(sign + said for sign, said in zip(signs, terms, strict=True))
    return f"{_term(rule, rule.total, form, lang)} {_SIGNS[rule.sense]} {right.removeprefix('+ ')}"


def _term(rule: Rule, term: Term, form: Form, lang: str) -> str:
    of = catalogue().forms[term.form] if term.form else form
    alone = rule.measures if rule.measures != "all" else ()
    measure = term.measure or (alone[0] if len(alone) == 1 else None)
    parts = []
    if term.form and (term.form != form.name or term.cut is not None):
        parts.append(of.title if lang == "zh" else of.name)
    if term.cut is not None:
        parts[-1:] = ["".join(parts[-1:]) + _cut(term.cut, lang)]
    row = _row(term.key, of, lang)
    column = _column(measure, of, lang)
    if not (term.key == "row" and column and rule.each is not None):
        parts.append(row)
    if column and not (measure == "amount" and parts):
        parts.append(column)
    return ("·" if lang == "zh" else " / ").join(filter(None, parts))


def _cut(cut: str, lang: str) -> str:
    return (
        _CUTS_ZH.get(cut, f"（{cut}）")
        if lang == "zh"
        else f" ({cut.replace('_', ' ') or 'standard'})"
    )


def _row(key: str, form: Form, lang: str) -> str:
    if key in _KEYS_ZH:
        return _KEYS_ZH[key] if lang == "zh" else _KEYS_EN[key]
    if lang == "en":
        return key.replace("_", " ").replace(".", " › ")
    named = {line.key: line.labels for side in form.sides for line in side.lines}
    named |= {**form.totals, **form.keys}
    if key in named:
        label = named[key][0]
        alike = sum(labels[0] == label for labels in named.values()) > 1
        side = _SIDES.get(key.partition(".")[0], "") if alike else ""
        return f"{label}{side}"
    if key.isdigit():
        name = _code(key, form)
        return key if name == key else f"{name}（{key}）"
    return "合计" if key == "total" else key


def _code(key: str, form: Form) -> str:
    book = code_book("economic" if form.keyed_by == "economic" else "functional")
    return max(book.names.get(key, (key,)), key=len)


def _column(measure: str | None, form: Form, lang: str) -> str:
    if measure is None:
        return ""
    if lang == "en":
        return measure.replace("_", " ")
    return next((m.label for m in form.measures if m.name == measure), measure)


def _conditions(rule: Rule, form: Form, lang: str) -> str:
    here, there = (_listed(terms, form, lang) for terms in (rule.when, rule.unless))
    columns = "、".join(_column(m, _of_total(rule, form), lang) for m in rule.columns)
    if lang == "zh":
        said = [
            f"印有{here}时" if here else "",
            f"未印{there}时" if there else "",
            f"有{columns}栏时" if columns else "",
        ]
        told = "，".join(filter(None, said))
        return f"（{told}）" if told else ""
    said = [
        f"where {here} is printed" if here else "",
        f"where {there} is not printed" if there else "",
        f"where there is a column {columns.replace('、', ', ')}" if columns else "",
    ]
    told = "; ".join(filter(None, said))
    return f" ({told})" if told else ""


def _of_total(rule: Rule, form: Form) -> Form:
    return catalogue().forms[rule.total.form] if rule.total.form else form


def _listed(terms: Sequence[Term], form: Form, lang: str) -> str:
    said = []
    for term in terms:
        of = catalogue().forms[term.form] if term.form else form
        title = (of.title if lang == "zh" else of.name) if of.name != form.name else ""
        cut = _cut(term.cut, lang) if term.cut else ""
        said.append(f"{title}{cut} {_row(term.key, of, lang)}".strip())
    quoted = [f"“{one}”" for one in said]
    return ("、" if lang == "zh" else ", ").join(quoted)
