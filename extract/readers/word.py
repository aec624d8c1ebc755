"""What lines and tables does a Word file (docx) hold?

Read from its main part: paragraphs, tables with their spans, text boxes where they are
anchored. What was deleted under tracked changes and what is set as hidden is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from extract.bounds import CELLS
from extract.model import Block, Cell, Cells, Document, Line, Ocr, Page
from extract.readers import laid
from extract.readers.package import Package, names
from extract.readers.wordlists import Lists, value

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
    package = Package(data)
    body = _Body(Lists.of(package), _notes(package))
    return tuple(laid.bounded(body.flow(package.xml(_MAIN))))


def _notes(package: Package) -> dict[tuple[str, str], Node]:
    """Footnotes and endnotes, by kind and number; the lines that part them from the text are none."""
    return {
        (kind, value(note, "id")): note
        for kind in ("footnote", "endnote")
        if f"word/{kind}s.xml" in package
        for note in package.xml(f"word/{kind}s.xml").findall(f"{{*}}{kind}")
        if not value(note, "type").endswith(("eparator", "Notice"))
    }


@dataclass(slots=True)
class _Body:
    """The walk through a file: its lists count on, and notes wait for the end of what refers to them."""

    lists: Lists
    notes: dict[tuple[str, str], Node]
    due: list[Node] = field(default_factory=list)
    depth: int = 0  # of tables
    carried: str = ""  # of paragraphs whose end was deleted

    def flow(self, parent: Node) -> Iterator[Block]:
        """What stands in a body, a cell or a text box."""
        for node in parent:
            match _name(node):
                case "p":
                    yield from self._paragraph(node)
                case "tbl":
                    yield from self._table(node)
                case name if name not in _DROPPED:
                    yield from self.flow(node)
        if self.carried:
            yield from laid.lines(self._taken())

    def _taken(self) -> str:
        text, self.carried = self.carried, ""
        return text

    def _paragraph(self, paragraph: Node) -> Iterator[Block]:
        """Its number and text, what stands in the boxes anchored in it, and its notes."""
        boxes: list[Node] = []
        hidden = self._style_hides(paragraph, "pPr/{*}pStyle")
        text = "" if hidden else "".join(self._runs(paragraph, boxes))
        if _goes_on_in_the_next(paragraph):
            self.carried += text
        else:
            label = "" if hidden else self.lists.label(paragraph)
            whole = self._taken() + text
            yield from laid.lines(label + whole if whole.strip() else "")
        for box in boxes:
            yield from self.flow(box)
        yield from self._noted()

    def _noted(self) -> Iterator[Block]:
        while self.due and not self.depth:
            yield from self.flow(self.due.pop(0))

    def _runs(self, parent: Node, boxes: list[Node]) -> Iterator[str]:
        """The text of runs, whatever wraps them."""
        for node in parent:
            name = _name(node)
            if name == "t":
                yield node.text or ""
            elif name in _MARKS:
                yield _MARKS[name]
            elif name == "txbxContent":
                boxes.append(node)
            elif name in ("footnoteReference", "endnoteReference"):
                kind = name.removesuffix("Reference")
                note = self.notes.pop((kind, value(node, "id")), None)
                if note is not None:
                    self.due.append(note)
            elif name not in _DROPPED and not (name == "r" and self._is_hidden(node)):
                yield from self._runs(node, boxes)

    def _is_hidden(self, run: Node) -> bool:
        vanish = run.find("{*}rPr/{*}vanish")
        if vanish is not None:
            return value(vanish) not in ("0", "false")
        return self._style_hides(run, "rPr/{*}rStyle")

    def _style_hides(self, node: Node, path: str) -> bool:
        style = node.find(f"{{*}}{path}")
        return style is not None and self.lists.hides(value(style))

    def _table(self, table: Node) -> Iterator[Block]:
        rows = [row for row in _inside(table, "tr") if not _is_gone(row)]
        cells = [_inside(row, "tc") for row in rows]
        if _lays_out(cells):
            for cell in (cell for row in cells for cell in row):
                yield from self.flow(cell)
            return
        self.depth += 1
        placed, width = _placed(rows, cells, self._text)
        self.depth -= 1
        if width * len(rows) > CELLS:
            raise laid.too_large()
        yield from laid.blocks(
            "word", laid.filled(placed, len(rows), width), width, _edges(table, width)
        )
        yield from self._noted()

    def _text(self, cell: Node) -> str:
        """The paragraphs of a cell, one a line; the cells of a table inside it too."""
        return "\n".join(text for block in self.flow(cell) for text in _texts(block))


def _goes_on_in_the_next(paragraph: Node) -> bool:
    """Whether the end of a paragraph was deleted or is hidden."""
    mark = paragraph.find("{*}pPr/{*}rPr")
    if mark is None:
        return False
    vanish = mark.find("{*}vanish")
    hidden = vanish is not None and value(vanish) not in ("0", "false")
    return hidden or mark.find("{*}del") is not None or mark.find("{*}moveFrom") is not None


# Tables ---------------------------------------------------------------------------------


def _is_gone(row: Node) -> bool:
    """Whether a row was deleted, or is hidden."""
    return row.find("{*}trPr/{*}del") is not None or row.find("{*}trPr/{*}hidden") is not None


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


def _placed(
    rows: Sequence[Node], cells: Sequence[Sequence[Node]], text: Callable[[Node], str]
) -> tuple[list[Cell], int]:
    """The cells with their spans, and the width of the table."""
    placed: list[Cell] = []
    open_: dict[int, int] = {}  # column → the cell there that goes on below
    width = 0
    for number, (row, found) in enumerate(zip(rows, cells, strict=True)):
        column = _number(row.find("{*}trPr/{*}gridBefore"), 0)
        for cell, over in _across(found):
            merge = cell.find("{*}tcPr/{*}vMerge")
            above = placed[open_[column]] if column in open_ else None
            if merge is not None and value(merge) != "restart" and _goes_on(above, number, over):
                assert above is not None
                placed[open_[column]] = laid.taller(above)
            else:
                open_[column] = len(placed)
                placed.append(Cell(number, column, text(cell), columns=over))
            column += over
        width = max(width, column)
    return placed, width


def _across(cells: Sequence[Node]) -> list[tuple[Node, int]]:
    """Each cell of a row and its columns: as it says, or with those right of it that say so (hMerge)."""
    made: list[tuple[Node, int]] = []
    for cell in cells:
        over = _number(cell.find("{*}tcPr/{*}gridSpan"), 1) or 1
        merge = cell.find("{*}tcPr/{*}hMerge")
        if merge is not None and value(merge) != "restart" and made:
            made[-1] = made[-1][0], made[-1][1] + over
        else:
            made.append((cell, over))
    return made


def _goes_on(above: Cell | None, row: int, columns: int) -> bool:
    return above is not None and above.row + above.rows == row and above.columns == columns


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
    text = value(node, name) if node is not None else ""
    return min(int(text), 31_680) if text.isdigit() and len(text) < 9 else otherwise


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
