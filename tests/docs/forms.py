"""A page a form: how it looks, what its columns and lines are called, what must add up in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extract.forms import catalogue
from extract.forms.catalogue import FORMS
from extract.forms.rules import expected_forms, rules
from extract.forms.spec import Form
from tests.docs import identities


def pages() -> Mapping[str, str]:
    """The page of each form, by its short name."""
    return {name: _page(catalogue().forms[name]) for name in FORMS}


def contents() -> str:
    """The list of all."""
    rows = "".join(
        f"| [`{name}`]({name}.md) | {catalogue().forms[name].title} |\n" for name in FORMS
    )
    return (
        "# The forms of a 部门决算\n\nForms are recognised by what they are, never by their number. Each page has a picture of the form, every "
        "wording seen of its title, columns and lines, and what must add up, in words.\n\n"
        f"| short name | 表 |\n|---|---|\n{rows}"
    )


def _page(form: Form) -> str:
    parts = [
        f"# {form.title}",
        f"`{form.name}` · one row {_KEYED[form.keyed_by]}",
        f"![{form.title}, as a made-up agency prints it]({form.name}.png)",
        _due(form),
        "## Columns",
        _table(("measure", "printed as", ""), _measures(form)),
        *_lines(form),
        "## What must add up",
        "Figures are rounded each by itself: an identity holds where the intervals the printed figures stand for touch.",
        _table(("rule", "中文", "in English"), _identities(form)),
        "## Titles seen",
        _table(("title", "as"), _titles(form)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_KEYED = {
    "functional": "a functional 科目编码 (类 3, 款 5, 项 7 digits)",
    "economic": "an economic 科目编码 (类 3, 款 5 digits)",
    "lines": "a line; expenditure lines by their 类",
    "period": "a period: budget, outturn",
}


def _due(form: Form) -> str:
    entry = next((one for one in expected_forms() if one.form == form.name), None)
    if entry is None:
        return "Not expected of every document."
    said = [f"Expected since {entry.since}." if entry.since else "Expected of every year."]
    said += [f"{one.province} prints it since {one.since}." for one in entry.earlier]
    said += [f"{one.province} went without it until {one.until}." for one in entry.not_in]
    return " ".join(said)


def _measures(form: Form) -> Iterator[tuple[str, str, str]]:
    for measure in form.measures:
        wordings = "; ".join("·".join(labels) for labels in measure.headings)
        marks = [
            "optional" if measure.optional else "",
            "a count, no money" if measure.count else "",
            f"in place of `{measure.instead_of}`" if measure.instead_of else "",
        ]
        yield f"`{measure.name}`", wordings, ", ".join(filter(None, marks))


def _lines(form: Form) -> Iterator[str]:
    for side in form.sides:
        yield f"## Lines: {side.name}"
        rows = [(f"`{line.key}`", "; ".join(line.labels)) for line in side.lines]
        if side.classes:
            rows.append(("the 类 code", f"every 类 of the {side.classes} code book"))
        yield _table(("line", "printed as"), rows)
    named = {**form.keys, **form.totals}
    if named:
        yield "## Lines"
        yield _table(
            ("line", "printed as"),
            [(f"`{key}`", "; ".join(labels)) for key, labels in named.items()],
        )


def _identities(form: Form) -> Iterator[tuple[str, str, str]]:
    for rule in rules():
        if form.name in rule.speaks_of:
            yield f"`{rule.id}`", identities.zh(rule, form), identities.en(rule, form)


def _titles(form: Form) -> Iterator[tuple[str, str]]:
    yield from ((title, "") for title in form.titles)
    yield from ((title, f"cut `{cut.variant}`") for cut in form.cuts for title in cut.titles)


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> str:
    held = list(rows)
    if not held:
        return "None."
    lines = [head, ["---"] * len(head), *held]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
