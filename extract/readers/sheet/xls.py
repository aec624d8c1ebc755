"""What does an old Excel workbook (xls, WPS's et) show, sheet by sheet?

Through xlrd, which alone among its kind tells formats, borders and what is hidden.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import xlrd

from extract.bounds import CELLS
from extract.errors import DamagedFile, EncryptedFile
from extract.model import Document, Ocr
from extract.readers.sheet.raster import Entry, Worksheet, pages, too_large
from extract.readers.sheet.shown import GENERAL, exact, shown

MEDIA_TYPE = "application/vnd.ms-excel"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = tuple(name.encode("utf-16-le") + b"\0\0" for name in ("Workbook", "Book"))
_BARE = (
    b"\x09\x08\x10\x00\x00\x06",
    b"\x09\x08\x08\x00\x00\x05",
    b"\x09\x04\x06\x00",
    b"\x09\x02\x06\x00",
)
_POINTS = 5.6 / 256  # a column's width is given in 256ths of a character
_TEXT, _NUMBER, _DATE, _TRUTH, _ERROR = 1, 2, 3, 4, 5
_ERRORS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}


def sniff(data: bytes) -> bool:
    """Whether the bytes are a workbook of Excel 2 to 2003."""
    if data.startswith(_OLE):
        return any(name in data for name in _STREAMS)
    return data.startswith(_BARE)


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """A page a sheet. Raises ``DamagedFile``, ``EncryptedFile`` or ``TooLarge``."""
    made, remarks = pages(list(_sheets(_opened(data))))
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256, MEDIA_TYPE, "native", made, remarks)


def _opened(data: bytes) -> Any:
    try:
        return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except MemoryError:
        raise
    except Exception as wrong:  # xlrd trusts its files: they fail in every way there is
        if "encrypted" in str(wrong):
            raise EncryptedFile(
                "the workbook wants a password; save a copy without one and try again"
            ) from wrong
        raise DamagedFile(
            f"the workbook is damaged ({wrong}); open it in a spreadsheet program and save it as xlsx"
        ) from wrong


def _sheets(book: Any) -> Iterator[Worksheet]:
    budget = CELLS
    for number, sheet in enumerate(book.sheets(), 1):
        made = Worksheet(number, sheet.name, hidden=sheet.visibility != 0)
        _fill(made, sheet, book, budget)
        budget -= len(made.entries)
        yield made


def _fill(made: Worksheet, sheet: Any, book: Any, budget: int) -> None:
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            style = _style(book, cell)
            if style is not None and _is_framed(style.border):
                made.framed.add(row)
            entry = _entry(cell, _code(book, style))
            if entry.text.strip():
                made.entries[row, column] = entry
        if len(made.entries) > budget:
            raise too_large(made.name)
    for top, bottom, left, right in sheet.merged_cells:
        made.spans.append((top, left, bottom - top, right - left))
    for column, told in sheet.colinfo_map.items():
        made.widths[column] = told.width * _POINTS
        if told.hidden:
            made.hidden_columns.add(column)
    made.hidden_rows |= {row for row, told in sheet.rowinfo_map.items() if told.hidden}


def _entry(cell: Any, code: str) -> Entry:
    if cell.ctype in (_NUMBER, _DATE):
        number = exact(cell.value)
        return Entry(str(cell.value)) if number is None else Entry(shown(number, code), number)
    if cell.ctype == _ERROR:
        return Entry(_ERRORS.get(cell.value, "#N/A"))
    return (
        Entry(str(cell.value).replace("\r\n", "\n")) if cell.ctype in (_TEXT, _TRUTH) else Entry("")
    )


def _style(book: Any, cell: Any) -> Any:
    at = cell.xf_index
    return book.xf_list[at] if at is not None and at < len(book.xf_list) else None


def _code(book: Any, style: Any) -> str:
    told = book.format_map.get(style.format_key) if style is not None else None
    return told.format_str if told is not None else GENERAL


def _is_framed(border: Any) -> bool:
    """Whether borders make a cell of a table; a line below alone may be the table's upper one."""
    sides = border.left_line_style or border.right_line_style
    return bool(sides or (border.top_line_style and border.bottom_line_style))
