"""What does an Excel workbook (xlsx, xlsm) show, sheet by sheet?

Read from its parts: the format of a cell decides what is shown, merged cells how far a
heading reaches, and readers of values alone (calamine) tell neither.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from extract.bounds import CELLS
from extract.errors import DamagedFile
from extract.model import Document, Ocr
from extract.readers.charsets import characters
from extract.readers.package import Package, names
from extract.readers.sheet.raster import COLUMNS, Entry, Worksheet, pages, too_large
from extract.readers.sheet.shown import BUILT_IN, GENERAL, exact, shown

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MAIN = "{*}"
_POINTS = 5.6  # a character of the widths in which columns are given
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SHEETS = 256


def sniff(data: bytes) -> bool:
    """Whether the bytes are a workbook."""
    return any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names(data))


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """A page a sheet. Raises ``DamagedFile``, ``EncryptedFile`` or ``TooLarge``."""
    made, remarks = pages(list(_sheets(Package(data))))
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256, MEDIA_TYPE, "native", made, remarks)


def _sheets(package: Package) -> Iterator[Worksheet]:
    book = package.xml("xl/workbook.xml")
    targets = _targets(package)
    texts, styles = _shared(package), _styles(package)
    found = book.findall(f"{_MAIN}sheets/{_MAIN}sheet")
    if not found:
        raise DamagedFile("the workbook lists no sheets; download it again")
    budget = CELLS
    for number, sheet in enumerate(found[:_SHEETS], 1):
        relation = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        made = Worksheet(number, str(sheet.get("name", number)))
        made.hidden = sheet.get("state", "visible") != "visible"
        target = targets.get(str(relation), "")
        if target in package and "chartsheet" not in target:
            _fill(made, package, target, texts, styles, budget)
            budget -= len(made.entries)
        yield made


def _targets(package: Package) -> dict[str, str]:
    """Where each sheet lies, by the name the workbook gives it."""
    root = package.xml("xl/_rels/workbook.xml.rels")
    return {
        str(r.get("Id")): posixpath.normpath(posixpath.join("/xl", str(r.get("Target")))).lstrip(
            "/"
        )
        for r in root.iter(f"{_MAIN}Relationship")
    }


def _shared(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package:
        return []
    return [_text(one) for one in package.stream("xl/sharedStrings.xml", f"{_MAIN}si")]


def _text(element: etree._Element) -> str:
    """The runs of a text; phonetic guides (rPh) are none."""
    runs = (
        run.text or ""
        for run in element.iter(f"{_MAIN}t")
        if not str(getattr(run.getparent(), "tag", "")).endswith("}rPh")
    )
    joined = "".join(runs).replace("\r\n", "\n")
    return _unescaped(joined)


def _unescaped(text: str) -> str:
    """What is written as _x0041_: units of UTF-16, of which two may be one character."""
    if "_x" not in text:
        return text
    return characters(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text))


@dataclass(frozen=True, slots=True)
class _Style:
    code: str = GENERAL
    framed: bool = False
    spread: bool = False  # centred over the blank cells right of it


_PLAIN = _Style()


def _styles(package: Package) -> list[_Style]:
    if "xl/styles.xml" not in package:
        return []
    root = package.xml("xl/styles.xml")
    codes = {str(f.get("numFmtId")): str(f.get("formatCode")) for f in root.iter(f"{_MAIN}numFmt")}
    borders = [
        _frames({str(s.tag).rpartition("}")[2] for s in border if s.get("style", "none") != "none"})
        for border in root.findall(f"{_MAIN}borders/{_MAIN}border")
    ]
    return [_style(xf, codes, borders) for xf in root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")]


def _frames(sides: set[str]) -> bool:
    """Whether borders make a cell of a table; a line below alone may be the table's upper one."""
    return bool(sides & {"left", "right", "start", "end"}) or sides >= {"top", "bottom"}


def _style(xf: etree._Element, codes: dict[str, str], borders: list[bool]) -> _Style:
    number = str(xf.get("numFmtId", "0"))
    code = codes.get(number) or BUILT_IN.get(_count(number), GENERAL)
    border = _count(xf.get("borderId", "0"))
    alignment = xf.find(f"{_MAIN}alignment")
    spread = alignment is not None and alignment.get("horizontal") == "centerContinuous"
    return _Style(code, border < len(borders) and borders[border], spread)


def _count(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isdigit() and len(text) < 8 else 0


# One sheet ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Cursor:
    """Where the walk through a sheet stands: a cell that names no place is behind the one before."""

    element: etree._Element | None = None
    row: int = -1
    column: int = -1

    def move(self, cell: etree._Element) -> tuple[int, int]:
        """To the next cell."""
        parent = cell.getparent()
        if parent is not self.element:
            self.element, self.column = parent, -1
            self.row = (_count(parent.get("r")) if parent is not None else 0) or self.row + 2
            self.row -= 1
        row, column = _place(str(cell.get("r", ""))) or (self.row, self.column + 1)
        self.row, self.column = row, column
        return row, column


def _fill(
    sheet: Worksheet,
    package: Package,
    part: str,
    texts: list[str],
    styles: list[_Style],
    budget: int,
) -> None:
    at = _Cursor()
    spread: dict[tuple[int, int], bool] = {}
    tags = (f"{_MAIN}c", f"{_MAIN}mergeCell", f"{_MAIN}col")
    for element in package.stream(part, *tags):
        match str(element.tag).rpartition("}")[2]:
            case "col":
                _column(sheet, element)
            case "mergeCell":
                _merge(sheet, str(element.get("ref")))
            case _:
                place = at.move(element)
                style = _styled(element, styles)
                _cell(sheet, element, place, style, texts)
                if style.framed:
                    sheet.framed.add(place[0])
                if style.spread:
                    spread[place] = place in sheet.entries
                if at.element is not None and at.element.get("hidden") in ("1", "true"):
                    sheet.hidden_rows.add(place[0])
                if len(sheet.entries) > budget:
                    raise too_large(sheet.name)
    sheet.spread(spread)


def _cell(
    sheet: Worksheet,
    cell: etree._Element,
    place: tuple[int, int],
    style: _Style,
    texts: list[str],
) -> None:
    kind = str(cell.get("t", "n"))
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        entry = Entry(_text(inline) if inline is not None else "")
    else:
        value = cell.findtext(f"{_MAIN}v") or ""
        if not value and cell.find(f"{_MAIN}f") is not None and kind != "str":
            sheet.uncomputed += 1
        entry = _entry(kind, value, style, texts)
    if entry.text.strip():
        sheet.entries[place] = entry


def _entry(kind: str, value: str, style: _Style, texts: list[str]) -> Entry:
    if kind == "s":
        at = _count(value)
        return Entry(texts[at] if value and at < len(texts) else "")
    number = exact(value) if kind == "n" and value else None
    if number is None:
        return Entry(_unescaped(value))
    return Entry(shown(number, style.code), number)


def _styled(cell: etree._Element, styles: list[_Style]) -> _Style:
    at = _count(cell.get("s", "0"))
    return styles[at] if at < len(styles) else _PLAIN


def _column(sheet: Worksheet, element: etree._Element) -> None:
    first, last = _count(element.get("min")), min(_count(element.get("max")), COLUMNS)
    width = exact(str(element.get("width", "")))
    sheet.columns(
        range(first - 1, last),
        width=None if width is None else float(width) * _POINTS,
        hidden=element.get("hidden") in ("1", "true"),
    )


def _merge(sheet: Worksheet, reference: str) -> None:
    first, _, last = reference.partition(":")
    one, other = _place(first), _place(last)
    if one and other and other[0] >= one[0] and other[1] >= one[1] and len(sheet.spans) < CELLS:
        sheet.spans.append((*one, other[0] - one[0] + 1, other[1] - one[1] + 1))


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column from 0.

    >>> _place("B7"), _place("$AA$1"), _place("?")
    ((6, 1), (0, 26), None)
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for character in found[1]:
        column = column * 26 + ord(character) - 64
    return int(found[2]) - 1, column - 1
