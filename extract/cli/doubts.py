"""Findings in the terminal, each so that somebody can act on it.

What is louder than a note comes with its figures: what is printed, what is proposed, what
else it may be, the equations with their numbers, and the rows around. Marks are characters
as well as styles, so that they survive in a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extract.model import Reading
from extract.views.around import Around, Row
from extract.views.citations import cited
from extract.views.dossiers import Dossier, dossiers
from extract.views.equations import Figure

LOUD, NOTES, RELATIONS = 10, 5, 3
"""How many errors and warnings, notes, and equations of one finding are shown unasked."""
_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}
_INDENT = 8


def doubts(reading: Reading, *, everything: bool) -> Iterator[RenderableType]:
    """All findings of a document, the loudest first; of many, the first few unless ``everything``."""
    found = list(dossiers(reading))
    notes = [one for one in found if one.finding.severity == "info"]
    loud = sorted(
        (one for one in found if one.finding.severity != "info"),
        key=lambda one: one.finding.severity,
    )
    most = None if everything else RELATIONS
    for one in loud[: None if everything else LOUD]:
        yield from _whole(one, most)
    if not everything:
        yield from _more(loud[LOUD:], "errors and warnings")
    for one in notes[: None if everything else NOTES]:
        yield from _sentence(one)
    if not everything:
        yield from _more(notes[NOTES:], "notes")


def _more(rest: Sequence[Dossier], what: str) -> Iterator[RenderableType]:
    if rest:
        yield Text(f"… and {len(rest)} more {what} (--all)", style="dim")


def _sentence(one: Dossier) -> Iterator[RenderableType]:
    finding = one.finding
    yield Text.assemble(
        (f"{finding.severity:<{_INDENT}}", _STYLES[finding.severity]),
        (finding.category, "bold"),
        f"  {cited(one.place)}",
    )
    for said in (finding.message, finding.message_en):
        yield _indented(Text(said))


def _whole(one: Dossier, most: int | None) -> Iterator[RenderableType]:
    yield from _sentence(one)
    for label, said in _facts(one, most):
        yield _indented(Text.assemble((f"{label:<14}", "bold"), said))
    if one.around is not None:
        yield _indented(_table(one.around))
    yield ""


def _indented(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, _INDENT), expand=False)


def _facts(one: Dossier, most: int | None) -> Iterator[tuple[str, str]]:
    """Label and value, in reading order."""
    if one.cell is not None:
        yield "印作 printed", f"{_cell(one.cell)}: {_ink(one.cell)}"
    if one.proposal is not None:
        state = "已改 applied" if one.finding.applied else "未改 not applied"
        yield "应作 proposed", f"{one.proposal} ({state})"
    for other in one.others:
        label = "疑为 suspect" if one.cell is None else "或为 or else"
        yield label, f"{_cell(other)}: {_ink(other)} ({other.score or 0:.0%})"
    for relation in one.relations[:most]:
        yield "核对 check", relation.text
    if most is not None and len(one.relations) > most:
        yield "", f"… and {len(one.relations) - most} more checks (--all)"


def _cell(figure: Figure) -> str:
    """A place in words, with the names it has in the datasets."""
    row = figure.row if figure.row == figure.key else f"{figure.row} {figure.key}"
    page = f" p. {figure.page}" if figure.page is not None else ""
    column = f" · {figure.column}" if figure.measure else ""
    return f"{row}{column} ({figure.form}{page})"


def _ink(figure: Figure) -> str:
    if not figure.measure:
        return "整行 the whole row"
    if figure.raw is None:
        return "没有这一格 no such cell"
    return f"“{figure.raw}” {figure.unit}".rstrip() if figure.raw else "空白 blank"


def _table(near: Around) -> Table:
    """The rows as printed; ▶ before the row in doubt, 【】 around the cell."""
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("")
    table.add_column("key", overflow="fold")
    table.add_column("name", overflow="fold")
    for heading in near.columns.values():
        table.add_column(heading, justify="right", overflow="fold")
    table.add_column(near.unit)
    for row in near.rows:
        cells = [_marked(row, measure) for measure in near.columns]
        page = "" if row.page is None else f"p. {row.page}"
        style = "bold" if row.marked else ""
        table.add_row("▶" if row.marked else "", row.key, row.name, *cells, page, style=style)
    return table


def _marked(row: Row, measure: str) -> Text:
    raw = row.cells.get(measure, "")
    return Text(f"【{raw}】", style="bold red") if measure in row.marked else Text(raw)
