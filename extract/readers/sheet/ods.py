"""What does an OpenDocument spreadsheet (ods) show, sheet by sheet?

Its cells keep the text they show beside the number behind it: no format is to be asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from extract.bounds import CELLS
from extract.errors import EncryptedFile
from extract.model import Document, Ocr
from extract.readers.package import Package, names
from extract.readers.sheet.raster import COLUMNS, Entry, Worksheet, pages, too_large
from extract.readers.sheet.shown import exact

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

_MANY = 4096  # a repetition beyond it fills the rest of a sheet with blanks
_ROWS = frozenset(("table-row", "table-header-rows", "table-row-group", "table-rows"))
_COLUMNS = frozenset(
    ("table-column", "table-header-columns", "table-column-group", "table-columns")
)
_BREAKS = {"tab": "\t", "line-break": "\n"}

Node = Any
"""An element of lxml's tree."""


def sniff(data: bytes) -> bool:
    """Whether the bytes are a spreadsheet of OpenDocument."""
    return MEDIA_TYPE.encode() in data[:200] and "content.xml" in names(data)


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """A page a sheet. Raises ``DamagedFile``, ``EncryptedFile`` or ``TooLarge``."""
    package = Package(data)
    if b"encryption-data" in package.bytes("META-INF/manifest.xml"):
        raise EncryptedFile(
            "the spreadsheet wants a password; save a copy without one and try again"
        )
    made, remarks = pages(list(_sheets(package.xml("content.xml"))))
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256, MEDIA_TYPE, "native", made, remarks)


def _sheets(root: Node) -> Iterator[Worksheet]:
    styles = _Styles(root)
    budget = CELLS
    for number, table in enumerate(root.findall("{*}body/{*}spreadsheet/{*}table"), 1):
        made = Worksheet(
            number, _told(table, "name"), hidden=styles.hides(_told(table, "style-name"))
        )
        _columns(made, table)
        _rows(made, table, styles, budget)
        budget -= len(made.entries)
        yield made


class _Styles:
    """Which styles hide a sheet, and which draw the borders of a cell."""

    def __init__(self, root: Node) -> None:
        self._hiding: set[str] = set()
        self._framing: set[str] = set()
        for style in root.findall("{*}automatic-styles/{*}style"):
            name = _told(style, "name")
            for told in style:
                said = {str(k).rpartition("}")[2]: str(v) for k, v in told.attrib.items()}
                if said.get("display") == "false":
                    self._hiding.add(name)
                drawn = {k for k, v in said.items() if k.startswith("border") and v != "none"}
                if drawn & {"border", "border-left", "border-right"} or drawn >= {
                    "border-top",
                    "border-bottom",
                }:
                    self._framing.add(name)

    def hides(self, name: str) -> bool:
        """Whether a sheet of this style is hidden."""
        return name in self._hiding

    def frames(self, name: str) -> bool:
        """Whether a cell of this style has borders."""
        return name in self._framing


def _columns(made: Worksheet, table: Node) -> None:
    at = 0
    for column in _inside(table, "table-column", _COLUMNS):
        count = _count(column, "number-columns-repeated")
        hidden = _told(column, "visibility") in ("collapse", "filter")
        made.columns(range(at, min(at + count, COLUMNS)), hidden=hidden)
        at += count


def _rows(made: Worksheet, table: Node, styles: _Styles, budget: int) -> None:
    at = 0
    for row in _inside(table, "table-row", _ROWS):
        count = _count(row, "number-rows-repeated")
        entries, framed = _cells(made, row, at, styles, budget)
        copies = count if entries and count <= _MANY else 1
        for copy in range(at, at + copies):
            made.entries.update({(copy, column): entry for column, entry in entries.items()})
            made.framed |= {copy} if framed else set()
            if _told(row, "visibility") in ("collapse", "filter"):
                made.hidden_rows.add(copy)
            if len(made.entries) > budget:
                raise too_large(made.name)
        at += count


def _cells(
    made: Worksheet, row: Node, at: int, styles: _Styles, budget: int
) -> tuple[dict[int, Entry], bool]:
    entries: dict[int, Entry] = {}
    framed = False
    column = 0
    for cell in row:
        count = _count(cell, "number-columns-repeated")
        framed = framed or (count < _MANY and styles.frames(_told(cell, "style-name")))
        entry = Entry(_text(cell), _number(cell))
        if entry.text.strip():
            entries.update(dict.fromkeys(range(column, column + min(count, _MANY)), entry))
            if len(entries) > budget:
                raise too_large(made.name)
        down, over = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or over > 1:
            made.spans.append((at, column, down, over))
        column += count
    return entries, framed


def _inside(parent: Node, wanted: str, groups: frozenset[str]) -> Iterator[Node]:
    """Rows or columns, also those in groups."""
    for node in parent:
        name = _name(node)
        if name == wanted:
            yield node
        elif name in groups:
            yield from _inside(node, wanted, groups)


def _text(cell: Node) -> str:
    """The paragraphs of a cell; what is noted at it is none."""
    return "\n".join("".join(_runs(part)) for part in cell if _name(part) == "p")


def _runs(node: Node) -> Iterator[str]:
    yield node.text or ""
    for part in node:
        name = _name(part)
        if name == "s":
            yield " " * min(_count(part, "c"), _MANY)
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name != "annotation":
            yield from _runs(part)
        yield part.tail or ""


def _number(cell: Node) -> Decimal | None:
    kinds = ("float", "currency", "percentage")
    return exact(_told(cell, "value")) if _told(cell, "value-type") in kinds else None


def _count(node: Node, name: str) -> int:
    text = _told(node, name)
    return max(int(text), 1) if text.isdigit() and len(text) < 8 else 1


def _told(node: Node, name: str) -> str:
    """An attribute; OpenDocument says some twice, for itself and for one program."""
    return next((str(v) for k, v in node.attrib.items() if str(k).endswith(f"}}{name}")), "")


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
