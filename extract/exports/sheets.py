"""Sheets of a workbook, row by row, within what Excel holds.

Rows are written as they come, so that memory does not grow with them. No text is a formula. An
amount is a number; one of more digits than Excel keeps is a text, so that none is lost. What
does not fit on a sheet goes on in another. Comments are held in memory, here and by Excel:
beyond ``MOST_COMMENTS`` a finding stands in the sheet of findings alone, and that is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from extract.datasets import Column
from extract.exports.source import Exportable, Row
from extract.exports.text import as_json, csv_cell
from extract.forms import catalogue

MOST_ROWS, MOST_LETTERS, MOST_DIGITS = 1_048_576, 32_767, 15
"""What Excel holds: rows of a sheet, letters of a cell, digits of a number."""
MOST_COMMENTS, COMMENT = 20_000, 1_500
"""Comments of a workbook, and letters of one."""
HEAD = 2
"""Rows above the first: what a column is called in the forms, and its name."""

_FIRST = ("fiscal_year", "agency", "variant", "key", "code", "level", "name")
_LAST = ("doc_id", "statement", "seq")
_COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "info": "#EDEDED"}
_WIDTHS = {"name": 32, "agency": 28, "message": 70, "message_en": 50, "source": 30, "title": 40}
_AMOUNT, _COUNT = "#,##0.00;[Red]-#,##0.00", "#,##0"
_DECIMAL = "decimal(20,2)"

Marked = tuple[Row, Mapping[str, Sequence[tuple[str, str]]]]
"""A row, and severity and sentence of each finding on it by column."""


@dataclass
class Sheets:
    """The sheets of a workbook (``xlsxwriter.Workbook``), in the order in which they are added."""

    book: Any
    comments: int = 0
    refused: int = 0
    cut: int = 0
    formats: dict[tuple[str, str], Any] = field(default_factory=dict)

    def add(self, table: Exportable, rows: Iterable[Marked]) -> None:
        """A table on as many sheets as it takes."""
        layout = Layout.of(table)
        left = iter(rows)
        for number in _numbers():
            sheet = self._begun(layout, layout.title + (f" ({number})" if number > 1 else ""))
            at = HEAD
            for row, marks in left:
                self._write(sheet, layout, at, row, marks)
                at += 1
                if at == MOST_ROWS:
                    break
            sheet.autofilter(HEAD - 1, 0, max(at - 1, HEAD), len(layout.columns) - 1)
            if at < MOST_ROWS:
                return

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be written as it is."""
        said = []
        if self.refused:
            said.append(
                f"{self.refused:,} cells in doubt bear no comment: a workbook gets {MOST_COMMENTS:,}; "
                "the sheet findings has all findings"
            )
        if self.cut:
            said.append(
                f"{self.cut:,} texts are cut off at {MOST_LETTERS:,} letters, Excel's limit"
            )
        return tuple(said)

    def _begun(self, layout: Layout, title: str) -> Any:
        sheet = self.book.add_worksheet(title)
        head = self._format("head", "")
        for at, column in enumerate(layout.columns):
            sheet.set_column(at, at, layout.width(column))
            sheet.write_string(0, at, layout.headings.get(column.name, ""), head)
        for at, column in enumerate(layout.columns):
            sheet.write_string(1, at, column.name, head)
        sheet.freeze_panes(HEAD, layout.frozen)
        return sheet

    def _write(
        self,
        sheet: Any,
        layout: Layout,
        at: int,
        row: Row,
        marks: Mapping[str, Sequence[tuple[str, str]]],
    ) -> None:
        for place, (column, source) in enumerate(zip(layout.columns, layout.sources, strict=True)):
            told = marks.get(column.name, ())
            severity = min((s for s, _ in told), key=_LOUDNESS, default="")
            shape = self._format(layout.shape(column), severity)
            self._cell(sheet, at, place, row[source], shape)
            if told:
                self._comment(sheet, at, place, told)

    def _cell(self, sheet: Any, at: int, place: int, value: Any, shape: Any) -> None:
        match value:
            case None:
                if shape is not None:
                    sheet.write_blank(at, place, None, shape)
            case bool():
                sheet.write_boolean(at, place, value, shape)
            case Decimal() | int() if _fits(value):
                sheet.write_number(at, place, value, shape)
            case float():
                sheet.write_number(at, place, value, shape)
            case _:
                sheet.write_string(at, place, self._text(value), shape)

    def _text(self, value: Any) -> str:
        text = value if isinstance(value, str) else _shown(value)
        if len(text) <= MOST_LETTERS:
            return text
        self.cut += 1
        return text[: MOST_LETTERS - 1] + "…"

    def _comment(self, sheet: Any, at: int, place: int, told: Sequence[tuple[str, str]]) -> None:
        if self.comments == MOST_COMMENTS:
            self.refused += 1
            return
        self.comments += 1
        lines = "\n".join(f"{severity}: {sentence}" for severity, sentence in told)
        text = lines if len(lines) <= COMMENT else lines[:COMMENT] + f"… ({len(told)} findings)"
        sheet.write_comment(at, place, text, {"author": "juesuan", "x_scale": 2.5, "y_scale": 1.5})

    def _format(self, shape: str, severity: str) -> Any:
        """A format of the workbook, made once; None for plain cells."""
        key = (shape, severity)
        if key not in self.formats:
            told: dict[str, Any] = {"num_format": shape} if shape not in ("", "head") else {}
            if shape == "head":
                told |= {"bold": True, "bottom": 1, "text_wrap": True}
            if severity:
                told |= {"bg_color": _COLOURS[severity]}
            self.formats[key] = self.book.add_format(told) if told else None
        return self.formats[key]


@dataclass(frozen=True)
class Layout:
    """How a table lies on a sheet: ``sources`` are the places of its columns in a row."""

    title: str
    columns: tuple[Column, ...]
    sources: tuple[int, ...]
    headings: Mapping[str, str]
    counts: frozenset[str]
    frozen: int

    @classmethod
    def of(cls, table: Exportable) -> Layout:
        """Who and when first, then what, and the document last."""
        form = catalogue().forms.get(table.name.removeprefix("forms/"))
        ordered = sorted(table.columns, key=_rank)
        first = sum(column.name in _FIRST for column in ordered) if form else 2
        return cls(
            title=form.title if form else table.name,
            columns=tuple(ordered),
            sources=tuple(table.names.index(column.name) for column in ordered),
            headings={m.name: "/".join(m.headings[0]) for m in form.measures} if form else {},
            counts=frozenset(m.name for m in form.measures if m.count) if form else frozenset(),
            frozen=first,
        )

    def shape(self, column: Column) -> str:
        """The number format of a column; empty for a plain one."""
        if column.type != _DECIMAL:
            return ""
        return _COUNT if column.name in self.counts else _AMOUNT

    def width(self, column: Column) -> int:
        """In letters."""
        return _WIDTHS.get(column.name, 18 if column.type == _DECIMAL else 13)


def _numbers() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


def _rank(column: Column) -> int:
    if column.name in _FIRST:
        return _FIRST.index(column.name) - len(_FIRST)
    return _LAST.index(column.name) + 1 if column.name in _LAST else 0


_LOUDNESS: Callable[[str], int] = ("error", "warning", "info").index


def _fits(value: Decimal | int) -> bool:
    """Whether Excel keeps all its digits."""
    digits = len(Decimal(value).normalize().as_tuple().digits)
    return digits <= MOST_DIGITS


def _shown(value: Any) -> str:
    return as_json(value) if isinstance(value, list | dict) else csv_cell(value)
