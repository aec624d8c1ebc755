"""Documents in the terminal: forms as tables, findings as sentences, and where each stands."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from extract.cli.doubts import doubts
from extract.cli.printing import proven, proven_in
from extract.coverage import Coverage, by_form
from extract.datasets import rows_of_records
from extract.forms import catalogue
from extract.forms.catalogue import FORMS
from extract.model import Check, Item, Reading
from extract.views.dossiers import Dossier, dossiers

if TYPE_CHECKING:
    from extract.api import Disclosure

# A log has no width of its own; tables of twelve columns want this much.
_LOG_WIDTH = 160
_MARKS = {"ok": "", "flagged": " ?", "repaired": " *", "inferred": " +"}
_LEGEND = {"flagged": "? in doubt", "repaired": "* repaired", "inferred": "+ inferred"}


def show(found: Iterable[Disclosure], stage: str | None, *, everything: bool = False) -> None:
    """Every document, or what one stage made of it; ``everything``: however long."""
    told = sys.stdout.isatty() or "COLUMNS" in os.environ
    console = Console(width=None if told else _LOG_WIDTH, markup=False, highlight=False)
    for disclosure in found:
        console.print(Text(headline(disclosure.reading), style="bold"))
        for part in _VIEWS[stage](disclosure.reading, everything):
            console.print(part)


def as_json(found: Iterable[Disclosure]) -> str:
    """The datasets of the documents as one object; amounts as text, so that they stay exact.

    Findings have what ``show`` tells beside them too: place, relations, cell, others, around.
    """
    names = ("items", "checks", "facts", "sections")
    told: dict[str, list[Any]] = {name: [] for name in ("documents", *names, "findings")}
    for disclosure in found:
        told["documents"] += disclosure.documents.to_dict("records")
        for name in names:
            told[name] += rows_of_records(name, getattr(disclosure.reading, name))
        told["findings"] += map(_finding, dossiers(disclosure.reading))
    return json.dumps(told, ensure_ascii=False, default=_plain)


def headline(reading: Reading) -> str:
    """Who and when, and from which file."""
    who = reading.identity
    title = f"{who.agency or '(agency unknown)'} · {who.fiscal_year or '(year unknown)'}"
    return f"{title} · {who.kind or '?'} · doc {reading.doc_id} · {reading.source}"


def forms(reading: Reading) -> Iterator[RenderableType]:
    """One table a form, in the Ministry's order."""
    if reading.error is not None:
        yield Text(f"failed: {reading.error}", style="red")
    elif not reading.items:
        yield Text("none of the nine forms is in it")
    printed = sorted(reading.items, key=_printed_order)
    for (_, form, variant), items in groupby(
        printed, key=lambda item: (item.statement, item.form, item.variant)
    ):
        yield form_table(reading, form, variant, list(items))


def form_table(reading: Reading, form: str, variant: str, items: Sequence[Item]) -> Table:
    """The form as printed, its amounts in yuan, each row with its page."""
    spec = catalogue().forms[form]
    measures = list(dict.fromkeys(item.measure for item in items))
    headings = {m.name: m.label for m in spec.measures}
    title = f"{spec.title} {variant}".strip()
    who = reading.identity
    agencies = [who.agency, *(one.agency for one in reading.further)]
    cited = f"{agencies[items[0].statement] or '?'} · {who.fiscal_year or '?'} · {spec.title} · {_pages(items)}"
    legend = "".join(
        f" · {_LEGEND[status]}" for status in sorted({i.status for i in items} - {"ok"})
    )
    caption = f"{cited} · doc {reading.doc_id} · 元{legend}"
    table = Table(title=title, caption=caption, min_width=60)
    table.add_column("key", overflow="fold")
    table.add_column("name", overflow="fold")
    for measure in measures:
        table.add_column(headings.get(measure, measure), justify="right", no_wrap=True)
    table.add_column("page", justify="right")
    for (_, key), cells in groupby(items, key=lambda item: (item.seq, item.key)):
        row = {cell.measure: cell for cell in cells}
        first = next(iter(row.values()))
        table.add_row(key, first.name, *(_amount(row.get(m)) for m in measures), _page(first))
    return table


def coverage(reading: Reading) -> Iterator[RenderableType]:
    """How far the amounts are proven: a line for the document, and one for each form."""
    covered = by_form(reading.items)
    whole = sum(covered.values(), Coverage())
    if whole.amounts:
        yield Text(f"proven  {proven(whole)}")
        for form in FORMS:
            if form in covered and covered[form].amounts:
                yield Text(f"        {proven_in(covered[form])}  {catalogue().forms[form].title}")


def checks(reading: Reading) -> Iterator[RenderableType]:
    """One row an identity evaluated."""
    table = Table(title="checks")
    for heading in ("verdict", "rule", "of", "total", "sum", "difference", "tolerance"):
        table.add_column(heading, overflow="fold")
    for check in reading.checks:
        table.add_row(check.verdict, check.rule, _of(check), *map(_money, _figures(check)))
    yield table


def narrative(reading: Reading) -> Iterator[RenderableType]:
    """Sections with their text, and the numbers they state."""
    for section in reading.sections:
        yield Text(f"{section.heading}\n", style="bold").append(section.text, style="none")
    table = Table(title="facts")
    for heading in ("section", "metric", "code", "name", "period", "value", "unit", "page"):
        table.add_column(heading, overflow="fold")
    for fact in reading.facts:
        value = _money(fact.value)
        place = (fact.section, fact.metric, fact.code or "", fact.name or "", fact.period)
        table.add_row(*place, value, fact.value_unit, str(fact.page or ""))
    yield table


def document(reading: Reading, everything: bool) -> Iterator[RenderableType]:
    """The forms, how far they are proven, then what is doubtful about them."""
    yield from forms(reading)
    yield from coverage(reading)
    yield from doubts(reading, everything=everything)


def verdicts(reading: Reading, everything: bool) -> Iterator[RenderableType]:
    """The checks, then what came of them."""
    yield from checks(reading)
    yield from coverage(reading)
    yield from doubts(reading, everything=everything)


_VIEWS: Mapping[str | None, Callable[[Reading, bool], Iterator[RenderableType]]] = {
    None: document,
    "normalize": lambda reading, _: forms(reading),
    "narrate": lambda reading, _: narrative(reading),
    "reconcile": verdicts,
}


def _printed_order(item: Item) -> tuple[int, int, str]:
    return (item.statement, FORMS.index(item.form), item.variant)


def _amount(cell: Item | None) -> Text:
    """In yuan; ? is in doubt, * was mended, + was inferred, as a style alone would not survive."""
    if cell is None:
        return Text("")
    style = "" if cell.status == "ok" else "bold red"
    return Text(f"{_money(cell.amount)}{_MARKS[cell.status]}", style=style)


def _money(value: Any) -> str:
    return "" if value is None else f"{value:,.2f}"


def _page(item: Item) -> str:
    return "" if item.page is None else f"p. {item.page}"


def _pages(items: Iterable[Item]) -> str:
    printed = sorted({item.page for item in items if item.page is not None})
    if not printed:
        return "no pages"
    return f"p. {printed[0]}" if len(printed) == 1 else f"p. {printed[0]}–{printed[-1]}"


def _of(check: Check) -> str:
    return f"{check.form} / {check.key} / {check.measure}"


def _figures(check: Check) -> tuple[Any, ...]:
    return (check.total, check.sum, check.difference, check.tolerance)


def _finding(one: Dossier) -> dict[str, Any]:
    """The columns of the finding, and beside them what else belongs to it."""
    [row] = rows_of_records("findings", [one.finding])
    beside = ("place", "relations", "cell", "proposal", "others", "around")
    return row | {name: getattr(one, name) for name in beside}


def _plain(value: Any) -> Any:
    """Decimals as text; what NumPy made of a number as the number."""
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)
