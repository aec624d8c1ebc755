"""What lines and tables does a Word file (docx) hold?

Read from its main part: paragraphs, tables with their spans, text boxes where they are
anchored. What was deleted under tracked changes and what is set as hidden is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from extract.model import Block, Cell, Cells, Document, Line, Ocr, Page
from extract.readers import laid
from extract.readers.package import Package, names

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_MAIN = "word/document.xml"
_TWIPS = 20.0  # in a point
_ROW = 3  # cells that a row of figures has at least
_DROPPED = frozenset(("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "Fallback"))
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}

Node = Any
"""An element of lxml's tree."""


def sniff(data: bytes) -> bool:
    """Whether the bytes are a Word file."""
    return _MAIN in names(data)


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """One page without number. Raises ``DamagedFile``, ``EncryptedFile`` or ``TooLarge``."""
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256, MEDIA_TYPE, "native", (Page(None, blocks=blocks(data)),))


def blocks(data: bytes) -> tuple[Block, ...]:
    """The lines and tables in order."""
    root = Package(data).xml(_MAIN)
    made: list[Block] = []
    budget = laid.CELLS
    for block in _flow(root):
        budget -= len(block.cells) if isinstance(block, Cells) else 0
        if budget < 0:
            raise laid.too_large()
        made.append(block)
    return tuple(made)


def _flow(parent: Node) -> Iterator[Block]:
    """What stands in a body, a cell or a text box."""
    for node in parent:
        match _name(node):
            case "p":
                yield from _paragraph(node)
            case "tbl":
                yield from _table(node)
            case name if name not in _DROPPED:
                yield from _flow(node)


def _paragraph(paragraph: Node) -> Iterator[Block]:
    """Its text, and what stands in the boxes anchored in it."""
    boxes: list[Node] = []
    yield from laid.lines("".join(_runs(paragraph, boxes)))
    for box in boxes:
        yield from _flow(box)


def _runs(parent: Node, boxes: list[Node]) -> Iterator[str]:
    """The text of runs, whatever wraps them."""
    for node in parent:
        name = _name(node)
        if name == "t":
            yield node.text or ""
        elif name in _MARKS:
            yield _MARKS[name]
        elif name == "txbxContent":
            boxes.append(node)
        elif name not in _DROPPED and not (name == "r" and _is_hidden(node)):
            yield from _runs(node, boxes)


def _is_hidden(run: Node) -> bool:
    vanish = run.find("{*}rPr/{*}vanish")
    return vanish is not None and _value(vanish) not in ("0", "false")


# Tables ---------------------------------------------------------------------------------


def _table(table: Node) -> Iterator[Block]:
    rows = [row for row in _inside(table, "tr") if row.find("{*}trPr/{*}del") is None]
    cells = [_inside(row, "tc") for row in rows]
    if _lays_out(cells):
        for cell in (cell for row in cells for cell in row):
            yield from _flow(cell)
        return
    placed, width = _placed(rows, cells)
    if width * len(rows) > laid.CELLS:
        raise laid.too_large()
    yield from laid.blocks(
        "word", laid.filled(placed, len(rows), width), width, _edges(table, width)
    )


def _inside(parent: Node, wanted: str) -> list[Node]:
    """Rows or cells, also those that content controls wrap."""
    found: list[Node] = []
    for node in parent:
        name = _name(node)
        if name == wanted:
            found.append(node)
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            found += _inside(node, wanted)
    return found


def _lays_out(rows: Sequence[Sequence[Node]]) -> bool:
    """Whether a table holds others, and is hardly one itself."""
    if not any(cell.find("{*}tbl") is not None for row in rows for cell in row):
        return False
    own = (sum(cell.find("{*}tbl") is None for cell in row) for row in rows)
    return sum(count >= _ROW for count in own) < _ROW


def _placed(rows: Sequence[Node], cells: Sequence[Sequence[Node]]) -> tuple[list[Cell], int]:
    """The cells with their spans, and the width of the table."""
    placed: list[Cell] = []
    open_: dict[int, int] = {}  # column → the cell there that goes on below
    width = 0
    for number, (row, found) in enumerate(zip(rows, cells, strict=True)):
        column = _number(row.find("{*}trPr/{*}gridBefore"), 0)
        for cell in found:
            over = _number(cell.find("{*}tcPr/{*}gridSpan"), 1) or 1
            merge = cell.find("{*}tcPr/{*}vMerge")
            above = placed[open_[column]] if column in open_ else None
            if merge is not None and _value(merge) != "restart" and _goes_on(above, number, over):
                assert above is not None
                placed[open_[column]] = laid.taller(above)
            else:
                open_[column] = len(placed)
                placed.append(Cell(number, column, _text(cell), columns=over))
            column += over
        width = max(width, column)
    return placed, width


def _goes_on(above: Cell | None, row: int, columns: int) -> bool:
    return above is not None and above.row + above.rows == row and above.columns == columns


def _text(cell: Node) -> str:
    """The paragraphs of a cell, one a line; the cells of a table inside it too."""
    return "\n".join(text for block in _flow(cell) for text in _texts(block))


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Line):
        yield block.text
    elif isinstance(block, Cells):
        yield from (cell.text for cell in block.cells if cell.text)


def _edges(table: Node, width: int) -> list[float]:
    edges = [0.0]
    for column in table.findall("{*}tblGrid/{*}gridCol"):
        edges.append(edges[-1] + max(_number(column, 0, "w"), 1) / _TWIPS)
    return edges if len(edges) == width + 1 else []


def _number(node: Node, otherwise: int, name: str = "val") -> int:
    text = _value(node, name) if node is not None else ""
    return min(int(text), 31_680) if text.isdigit() and len(text) < 9 else otherwise


def _value(node: Node, name: str = "val") -> str:
    return next((str(v) for k, v in node.attrib.items() if str(k).endswith(f"}}{name}")), "")


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
