"""What does an XML spreadsheet of 2003 (SpreadsheetML) show, sheet by sheet?

Many programs that export “Excel” write this and call it xls. A cell keeps the number and the
name of a style, the style the format that shows it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extract.bounds import CELLS
from extract.model import Document, Ocr
from extract.readers.package import tree
from extract.readers.sheet.raster import COLUMNS, Entry, Worksheet, pages, too_large
from extract.readers.sheet.shown import BUILT_IN, GENERAL, exact, shown

MEDIA_TYPE = "application/vnd.ms-excel"

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_MARK = re.compile(rb"<(?:\w+:)?Workbook\b[^>]*" + _SPACE.encode())
_HEAD = 4096  # within which the root stands
_ROWS = 1 << 20
_NAMED = {
    "General Number": GENERAL,
    "Fixed": BUILT_IN[2],
    "Standard": BUILT_IN[4],
    "Currency": BUILT_IN[44],
    "Percent": BUILT_IN[10],
    "Scientific": BUILT_IN[11],
    "Short Date": BUILT_IN[14],
    "Long Date": BUILT_IN[14],
    "Medium Date": BUILT_IN[14],
    "General Date": BUILT_IN[22],
}
"""Formats that the file calls by a name."""

Node = Any
"""An element of lxml's tree."""


def sniff(data: bytes) -> bool:
    """Whether the bytes are an XML spreadsheet."""
    head = data[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    return bool(_MARK.search(head))


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """A page a sheet. Raises ``DamagedFile`` or ``TooLarge``."""
    made, remarks = pages(list(_sheets(tree(data, "the XML spreadsheet"))))
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256, MEDIA_TYPE, "native", made, remarks)


def _sheets(root: Node) -> Iterator[Worksheet]:
    styles = _styles(root)
    budget = CELLS
    for number, sheet in enumerate(root.findall("{*}Worksheet"), 1):
        made = Worksheet(number, _told(sheet, "Name"))
        shown_as = sheet.findtext("{*}WorksheetOptions/{*}Visible") or ""
        made.hidden = shown_as.startswith("SheetHidden") or shown_as.startswith("SheetVeryHidden")
        for table in sheet.findall("{*}Table"):
            _columns(made, table)
            _rows(made, table, styles, budget)
        budget -= len(made.entries)
        yield made


@dataclass(frozen=True, slots=True)
class _Style:
    code: str = GENERAL
    framed: bool = False
    spread: bool = False  # centred over the blank cells right of it


def _styles(root: Node) -> dict[str, _Style]:
    """Each with what it takes over from its parent, which stands before it."""
    styles: dict[str, _Style] = {}
    for style in root.findall("{*}Styles/{*}Style"):
        above = styles.get(_told(style, "Parent"), styles.get("Default", _Style()))
        number, borders = style.find("{*}NumberFormat"), style.find("{*}Borders")
        code = above.code if number is None else _told(number, "Format") or GENERAL
        framed = above.framed if borders is None else _frames(borders)
        aligned = style.find("{*}Alignment")
        spread = aligned is not None and _told(aligned, "Horizontal") == "CenterAcrossSelection"
        styles[_told(style, "ID")] = _Style(_NAMED.get(code, code), framed, spread)
    return styles


def _frames(borders: Node) -> bool:
    """Whether borders make a cell of a table; a line below alone may be the table's upper one."""
    sides = {
        _told(one, "Position")
        for one in borders.findall("{*}Border")
        if _told(one, "LineStyle") not in ("", "None")
    }
    return bool(sides & {"Left", "Right"}) or sides >= {"Top", "Bottom"}


def _columns(made: Worksheet, table: Node) -> None:
    at = 0
    for column in table.findall("{*}Column"):
        at = max(_count(column, "Index") - 1, at)
        end = at + _count(column, "Span") + 1
        width = exact(_told(column, "Width"))
        made.columns(
            range(at, min(end, COLUMNS)),
            width=None if width is None else float(width),
            hidden=_told(column, "Hidden") == "1",
        )
        at = end


def _rows(made: Worksheet, table: Node, styles: dict[str, _Style], budget: int) -> None:
    at = 0
    for row in table.findall("{*}Row"):
        at = min(max(_count(row, "Index") - 1, at), _ROWS)
        if _told(row, "Hidden") == "1":
            made.hidden_rows.update(range(at, min(at + _count(row, "Span") + 1, _ROWS)))
        usual = styles.get(_told(row, "StyleID"), _Style())
        _cells(made, row, at, styles, usual)
        if len(made.entries) > budget or len(made.spans) > CELLS:
            raise too_large(made.name)
        at += _count(row, "Span") + 1


def _cells(made: Worksheet, row: Node, at: int, styles: dict[str, _Style], usual: _Style) -> None:
    column = 0
    spread: dict[tuple[int, int], bool] = {}
    for cell in row.findall("{*}Cell"):
        column = min(max(_count(cell, "Index") - 1, column), COLUMNS)
        style = styles.get(_told(cell, "StyleID"), usual)
        if style.framed:
            made.framed.add(at)
        over, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
        if over or down:
            made.spans.append((at, column, down + 1, over + 1))
        data = cell.find("{*}Data")
        if data is not None:
            entry = _entry(data, style)
            if entry.text.strip():
                made.entries[at, column] = entry
        elif _told(cell, "Formula"):
            made.uncomputed += 1
        if style.spread:
            spread[at, column] = (at, column) in made.entries
        column += over + 1
    made.spread(spread)


def _entry(data: Node, style: _Style) -> Entry:
    text = "".join(data.itertext()).replace("\r\n", "\n")
    number = exact(text.strip()) if _told(data, "Type") == "Number" else None
    return Entry(text) if number is None else Entry(shown(number, style.code), number)


def _count(node: Node, name: str) -> int:
    text = _told(node, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _told(node: Node, name: str) -> str:
    """An attribute; some programs leave its namespace out."""
    return str(node.get(f"{{{_SPACE}}}{name}", node.get(name, "")))
