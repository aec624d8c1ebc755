"""What lines and tables does a text of comma-separated values hold?

Open-data portals and spreadsheet programs write them: all rows of a sheet, as shown, padded
to one length. Blank rows part tables; a few texts on a row above a table are its title.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from extract import amounts
from extract.bounds import CELLS
from extract.errors import UnknownFormat
from extract.forms import catalogue
from extract.hanzi import fold
from extract.model import Block, Cell, Document, Ocr, Page
from extract.readers import laid
from extract.readers.charsets import decoded

MEDIA_TYPE = "text/csv"

_SAMPLE = 1 << 16
_FIELDS = 3  # that a row has at least
_ALIKE = 0.8  # share of rows that have as many fields as most
_TITLE = 3  # texts that a line above a table may hold

Row = list[str]


def sniff(data: bytes) -> bool:
    """Whether nearly all lines have as many fields: running text has commas too, but not so."""
    if b"\0" in data[:_SAMPLE] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return False
    head = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        head = head[: head.rfind(b"\n") + 1]
    try:
        counts = Counter(len(row) for row in _rows(decoded(head)))
    except (UnknownFormat, UnicodeDecodeError, csv.Error):
        return False
    [(fields, most)] = counts.most_common(1) or [(0, 0)]
    return fields >= _FIELDS and most > 1 and most >= _ALIKE * counts.total()


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """One page without number. Raises ``TooLarge`` or ``UnknownFormat``."""
    try:
        rows = _rows(decoded(data))
    except csv.Error as wrong:
        raise UnknownFormat(f"not a table of comma-separated values: {wrong}") from wrong
    if sum(map(len, rows)) > CELLS:
        raise laid.too_large()
    page = Page(None, blocks=tuple(_blocks(rows)))
    return Document(hashlib.sha256(data).hexdigest(), MEDIA_TYPE, "native", (page,))


def _rows(text: str) -> list[Row]:
    """The fields of each line; what Excel writes to keep a number as it is (="007") is the number."""
    separator = max(",;", key=text.count)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    return [[_bare(field.strip()) for field in row] for row in rows if row]


def _bare(field: str) -> str:
    return field[2:-1] if field.startswith('="') and field.endswith('"') else field


def _blocks(rows: Sequence[Row]) -> Iterator[Block]:
    for printed, run in groupby(rows, key=any):
        if printed:
            yield from _run(list(run))


def _run(rows: list[Row]) -> Iterator[Block]:
    """Rows without a blank one between them: titles, then a table."""
    top = 0
    while top < len(rows) and _is_text(rows[top]):
        yield from (line for text in filter(None, rows[top]) for line in laid.lines(text))
        top += 1
    end = len(rows)
    while end > top and _is_note(rows[end - 1]):
        end -= 1
    table = rows[top:end]
    width = max(map(len, table), default=0)
    cells = [Cell(r, c, text) for r, row in enumerate(table) for c, text in enumerate(row)]
    yield from laid.blocks("csv", laid.filled(cells, len(table), width), width)
    yield from (line for row in rows[end:] for line in laid.lines(row[0]))


def _is_text(row: Row) -> bool:
    """Whether a row is a title, or tells agency and unit; two headings far apart tell neither."""
    texts = list(filter(None, row))
    if len(texts) > _TITLE or any(map(amounts.is_amount, texts)):
        return False
    return len(texts) == 1 or any(mark in text for text in texts for mark in ":：")


def _is_note(row: Row) -> bool:
    """Whether a row says who filled the form in, or what its figures mean."""
    said = fold(row[0])
    return not any(row[1:]) and said.startswith(tuple(catalogue().words.notes))
