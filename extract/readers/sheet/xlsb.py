"""What does a binary Excel workbook (xlsb) show, sheet by sheet?

Its parts are those of an xlsx, written as records ([MS-XLSB] 2.1.4): a number, a length and
so many bytes. As there, the format of a cell decides what is shown; readers of values alone
(calamine) do not tell it.
"""

from __future__ import annotations

import hashlib
import posixpath
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.bounds import CELLS, ELEMENTS
from extract.errors import DamagedFile, TooLarge
from extract.model import Document, Ocr
from extract.readers.package import Package, names
from extract.readers.sheet.raster import COLUMNS, Entry, Worksheet, pages, too_large
from extract.readers.sheet.shown import BUILT_IN, GENERAL, exact, shown

MEDIA_TYPE = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"

_BOOK, _TEXTS, _STYLES = "xl/workbook.bin", "xl/sharedstrings.bin", "xl/styles.bin"
# Records by the names of [MS-XLSB] 2.3.2.
_ROW, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = 0, 2, 3, 4, 5, 6, 7
_TEXT_OF, _REAL_OF, _BOOL_OF, _ERROR_OF = 8, 9, 10, 11  # results of formulas
_CELLS = frozenset(range(1, 12))
_RICH = 62
_SHARED_ITEM, _FORMAT, _BORDER, _XF, _COLUMN, _SHEET, _MERGED = 19, 44, 46, 47, 60, 156, 176
_DATA, _DATA_END, _CELL_XFS, _CELL_XFS_END = 145, 146, 617, 618
_SPREAD = 6  # alignment over the blank cells right of a text
_POINTS = 5.6 / 256  # a column's width is given in 256ths of a character
_SHEETS = 256
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def sniff(data: bytes) -> bool:
    """Whether the bytes are a workbook of records."""
    return _BOOK in names(data)


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """A page a sheet. Raises ``DamagedFile``, ``EncryptedFile`` or ``TooLarge``."""
    try:
        made, remarks = pages(list(_sheets(Package(data))))
    except (struct.error, IndexError, UnicodeDecodeError) as wrong:
        raise DamagedFile(
            f"the workbook is damaged ({wrong}); open it in Excel and save it as xlsx"
        ) from wrong
    return Document(hashlib.sha256(data).hexdigest(), MEDIA_TYPE, "native", made, remarks)


def _sheets(package: Package) -> Iterator[Worksheet]:
    targets = _targets(package)
    texts = [
        _string(body, 1)[0] for kind, body in _records(package, _TEXTS) if kind == _SHARED_ITEM
    ]
    styles = list(_styles(package))
    listed = [body for kind, body in _records(package, _BOOK) if kind == _SHEET]
    if not listed:
        raise DamagedFile("the workbook lists no sheets; download it again")
    budget = CELLS
    for number, body in enumerate(listed[:_SHEETS], 1):
        relation, at = _string(body, 8)
        made = Worksheet(number, _string(body, at)[0], hidden=bool(_u32(body, 0)))
        target = targets.get(relation, "")
        if target in package and "chartsheet" not in target:
            _fill(made, _records(package, target), texts, styles, budget)
            budget -= len(made.entries)
        yield made


def _targets(package: Package) -> dict[str, str]:
    """Where each sheet lies, by the name the workbook gives it."""
    root = package.xml("xl/_rels/workbook.bin.rels")
    return {
        str(r.get("Id")): posixpath.normpath(posixpath.join("/xl", str(r.get("Target")))).lstrip(
            "/"
        )
        for r in root.iter("{*}Relationship")
    }


# Styles -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    code: str = GENERAL
    framed: bool = False
    spread: bool = False  # centred over the blank cells right of it


_PLAIN = _Style()


def _styles(package: Package) -> Iterator[_Style]:
    codes = dict(BUILT_IN)
    borders: list[bool] = []
    of_cells = False
    for kind, body in _records(package, _STYLES):
        if kind == _FORMAT:
            codes[_u16(body, 0)] = _string(body, 2)[0]
        elif kind == _BORDER:
            top, bottom, left, right = (body[1 + 10 * side] for side in range(4))
            borders.append(bool(left or right or (top and bottom)))
        elif kind in (_CELL_XFS, _CELL_XFS_END):
            of_cells = kind == _CELL_XFS
        elif kind == _XF and of_cells:
            border = _u16(body, 8)
            framed = border < len(borders) and borders[border]
            yield _Style(codes.get(_u16(body, 2), GENERAL), framed, body[12] & 7 == _SPREAD)


# One sheet --------------------------------------------------------------------------------


def _fill(
    sheet: Worksheet,
    records: Iterator[tuple[int, bytes]],
    texts: Sequence[str],
    styles: Sequence[_Style],
    budget: int,
) -> None:
    row = 0
    within = False
    spread: dict[tuple[int, int], bool] = {}
    for kind, body in records:
        if kind in (_DATA, _DATA_END):
            within = kind == _DATA
        elif kind == _ROW and within:
            row = _u32(body, 0)
            if body[11] & 0x10:
                sheet.hidden_rows.add(row)
        elif within and (kind in _CELLS or kind == _RICH):
            place = row, _u32(body, 0)
            at = _u32(body, 4) & 0xFFFFFF
            style = styles[at] if at < len(styles) else _PLAIN
            entry = _entry(kind, body, style, texts)
            if entry.text.strip():
                sheet.entries[place] = entry
            if style.framed:
                sheet.framed.add(row)
            if style.spread:
                spread[place] = place in sheet.entries
        elif kind == _COLUMN:
            _column(sheet, body)
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            sheet.spans.append((top, left, bottom - top + 1, right - left + 1))
        if len(sheet.entries) > budget or len(sheet.spans) > CELLS:
            raise too_large(sheet.name)
    sheet.spread(spread)


def _entry(kind: int, body: bytes, style: _Style, texts: Sequence[str]) -> Entry:
    if kind in (_RK, _REAL, _REAL_OF):
        value = _rk(_u32(body, 8)) if kind == _RK else struct.unpack_from("<d", body, 8)[0]
        number = exact(value)
        return Entry(str(value)) if number is None else Entry(shown(number, style.code), number)
    if kind in (_TEXT, _TEXT_OF):
        return Entry(_string(body, 8)[0])
    if kind == _RICH:
        return Entry(_string(body, 9)[0])
    if kind == _SHARED:
        at = _u32(body, 8)
        return Entry(texts[at] if at < len(texts) else "")
    if kind in (_ERROR, _ERROR_OF):
        return Entry(_ERRORS.get(body[8], "#N/A"))
    return Entry(str(body[8])) if kind in (_BOOL, _BOOL_OF) else Entry("")


def _column(sheet: Worksheet, body: bytes) -> None:
    first, last, width = struct.unpack_from("<3I", body)
    sheet.columns(
        range(first, min(last + 1, COLUMNS)),
        width=width * _POINTS,
        hidden=bool(_u16(body, 16) & 1),
    )


# Records ----------------------------------------------------------------------------------


def _records(package: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """The number and the bytes of each record of a part; none where it is not there."""
    if part not in package:
        return
    data = package.bytes(part)
    at = count = 0
    while at < len(data):
        kind, at = _varied(data, at, 2)
        size, at = _varied(data, at, 4)
        if at + size > len(data):
            raise DamagedFile(f"part {part} of the workbook ends too early; download it again")
        yield kind, data[at : at + size]
        at += size
        count += 1
        if count > ELEMENTS:
            raise TooLarge(f"its part {part} has more than {ELEMENTS:,} records")


def _varied(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of as many bytes as it needs, seven bits a byte, and what stands behind it."""
    value = 0
    for number in range(most):
        byte = data[at + number]
        value |= (byte & 0x7F) << 7 * number
        if not byte & 0x80:
            return value, at + number + 1
    return value, at + most


def _string(body: bytes, at: int) -> tuple[str, int]:
    """A text, and what stands behind it."""
    count = _u32(body, at)
    if count == 0xFFFFFFFF:  # there is none
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(body):
        raise DamagedFile("a text of the workbook ends too early; download it again")
    return body[at + 4 : end].decode("utf-16-le", "replace").replace("\r\n", "\n"), end


def _rk(told: int) -> float:
    """A number in four bytes: the upper ones of a fraction or an integer, perhaps a hundredfold.

    >>> _rk(0x3FF00000), _rk(12345 << 2 | 3), _rk((-5 << 2 | 2) & 0xFFFFFFFF)
    (1.0, 123.45, -5)
    """
    if told & 2:
        number: float = (told >> 2) - ((told >> 31) << 30)
    else:
        number = struct.unpack("<d", struct.pack("<Q", (told & 0xFFFFFFFC) << 32))[0]
    return number / 100 if told & 1 else number


def _u16(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 2], "little")


def _u32(body: bytes, at: int) -> int:
    if at + 4 > len(body):
        raise DamagedFile("a record of the workbook ends too early; download it again")
    return int.from_bytes(body[at : at + 4], "little")
