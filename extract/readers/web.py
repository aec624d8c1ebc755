"""What lines and tables does a web page show, as saved from a portal?

Tables that only lay the page out are looked through; those of figures become tables with
their spans. Whatever tags cut a number into, it is one text. A page that shows no figures
and links files says which: they are what is to be read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from urllib.parse import unquote

from lxml import etree

from extract import amounts
from extract.bounds import CELLS, TEXT
from extract.errors import DamagedFile, OnlyLinks, TooLarge, UnknownFormat
from extract.model import Block, Cells, Document, Ocr, Page, Remark
from extract.readers import laid
from extract.readers.charsets import decoded
from extract.readers.sheet.shown import exact

MEDIA_TYPE = "text/html"

_TABLE = 3  # cells that a row of figures has at least
_SPAN = 1000  # what HTML allows
_BEGINS = re.compile(
    # Each comment ends where it first may: tried in every other way, forty of them take for ever.
    r"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|[a-z])",
    re.I | re.S,
)
_TELLS = re.compile(r"<(?:html|head|body|table|div|meta)\b", re.I)
_ARCHIVED = re.compile(rb"\s*(?:From:.*\n(?:.+\n)*?)?MIME-Version:", re.I)
_FRAME = re.compile(rb"<frameset\b", re.I)
_TABS = re.compile(r"tabstrip\.html?$", re.I)  # the names of the sheets, once more
_NULLS = dict.fromkeys([*range(9), 11, *range(14, 32)])
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "head", "select", "iframe", "object", "svg")
)
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "br",
            "caption",
            "center",
            "dd",
            "div",
            "dl",
        ),
        *(
            "dt",
            "fieldset",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
        ),
        *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "ul", "body", "html", "option"),
    )
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_ATTACHED = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ods|odt|ofd|zip|rar|7z)(?=$|[?#&])", re.I)

Node = Any
"""An element of lxml's tree."""


def sniff(data: bytes) -> bool:
    """Whether the bytes begin as a page, or as one that a browser archived."""
    if _ARCHIVED.match(data[:2048]) and b"text/html" in data[:65536]:
        return True
    head = data[:65536]
    text = head.decode("utf-16", "replace") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    text = (text or head.decode("latin-1")).removeprefix("ï»¿").replace("\0", "")
    return bool(_BEGINS.match(text) and _TELLS.search(text))


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """One page without number; of a workbook saved as a page, one a sheet.

    Raises ``DamagedFile``, ``OnlyLinks``, ``TooLarge`` or ``UnknownFormat``.
    """
    if len(data) > TEXT:
        raise TooLarge(f"the page has more than {TEXT >> 20} MB; no disclosure is so large")
    roots = [_tree(decoded(one)) for one in _unpacked(data)]
    made = [tuple(laid.bounded(_blocks(root))) for root in roots]
    links = [link for root in roots for link in _links(root)]
    if not any(isinstance(block, Cells) and _has_figures(block) for all_ in made for block in all_):
        _refuse(roots, made, links)
    pages = tuple(
        Page(number if len(made) > 1 else None, blocks=blocks)
        for number, blocks in enumerate(made, 1)
    )
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256, MEDIA_TYPE, "native", pages, tuple(_remarks(links)))


def _unpacked(data: bytes) -> list[bytes]:
    """The pages in an archive of a browser or of Excel (MHTML); else what was given."""
    if not _ARCHIVED.match(data[:2048]):
        return [data]
    try:
        parts = [
            (str(part.get("Content-Location", "")), part.get_payload(decode=True))
            for part in message_from_bytes(data).walk()
            if part.get_content_type() == "text/html"
        ]
    except RecursionError as wrong:
        raise TooLarge("the saved page nests its parts without end; save it again") from wrong
    pages = [content for _, content in parts if isinstance(content, bytes)]
    if not pages:
        raise DamagedFile("the saved page holds no HTML; save it again")
    sheets = [
        content
        for name, content in parts
        if isinstance(content, bytes) and not _FRAME.search(content) and not _TABS.search(name)
    ]
    # A browser saves the frames and advertisements of a page behind it; Excel a frame before its sheets.
    return sheets if sheets and _FRAME.search(pages[0]) else pages[:1]


def _tree(text: str) -> Node:
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    # Surrogates are what is left of characters cut in two.
    root = etree.fromstring(text.translate(_NULLS).encode("utf-8", "replace"), parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise TooLarge("the page nests its tags deeper than any page that is shown; save it again")
    if root is None:
        raise UnknownFormat("the page is empty; save it again when it is complete")
    return root


# Blocks ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Flow:
    """Running text until a block ends it."""

    held: list[str] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text:
            self.held.append(text)

    def flush(self) -> Iterator[Block]:
        text = _SPACES.sub(" ", "".join(self.held)).strip()
        self.held.clear()
        if text:
            yield from laid.lines(text)


def _blocks(root: Node) -> Iterator[Block]:
    """Lines and tables in the order in which they are shown."""
    data = _data_tables(root)
    flow = _Flow()
    budget = CELLS
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        blocky = node.tag in _BLOCKS
        if event == "end":
            if blocky:
                yield from flow.flush()
            flow.add(node.tail if node is not root else None)
        elif node.tag in _SKIPPED or _is_hidden(node):
            walk.skip_subtree()
        elif node in data:
            yield from flow.flush()
            if sum(1 for _ in node.iter("td", "th")) > budget:
                raise laid.too_large()
            for block in laid.table("web", _rows(node), budget):
                budget -= len(block.cells) if isinstance(block, Cells) else 0
                yield block
            walk.skip_subtree()
        else:
            if blocky:
                yield from flow.flush()
            flow.add(node.text)


def _data_tables(root: Node) -> set[Node]:
    """Tables that hold no other, or hold more rows of their own than a frame around one would."""
    found: set[Node] = set()
    open_: list[list[Any]] = []  # table, whether it holds others, its rows of several cells
    for event, node in etree.iterwalk(root, events=("start", "end"), tag=("table", "tr")):
        if node.tag == "tr":
            if event == "end" and open_:
                cells = sum(1 for cell in node if cell.tag in ("td", "th") and _short(cell))
                open_[-1][2] += cells >= _TABLE
        elif event == "start":
            open_.append([node, False, 0])
        else:
            table, holds, rows = open_.pop()
            if not holds or rows >= _TABLE:
                found.add(table)
            if open_:
                open_[-1][1] = True
    return found


def _short(cell: Node) -> bool:
    """Whether a cell holds text of its own, and no table."""
    return next(cell.iter("table"), None) is None


def _rows(table: Node) -> list[list[laid.Box]]:
    """The rows of a table that are shown; those of a table inside it are text of their cell."""
    rows: list[list[laid.Box]] = []
    walk = etree.iterwalk(table, events=("start",))
    for _, node in walk:
        if node is table or node.tag in ("tbody", "thead", "tfoot"):
            continue
        if node.tag == "tr" and not _is_hidden(node):
            rows.append([_box(c) for c in node if c.tag in ("td", "th") and not _is_hidden(c)])
        if node.tag not in ("form", "center", "span", "font", "div"):
            walk.skip_subtree()
    return rows


def _box(cell: Node) -> laid.Box:
    text = _text(cell)
    told = cell.get("x:num")  # Excel's own pages keep the number behind the one shown
    stored = exact(told or text.replace(",", "")) if told is not None else None
    return laid.Box(text, _span(cell, "rowspan"), _span(cell, "colspan"), stored)


def _span(cell: Node, name: str) -> int:
    found = re.match(r"\s*(\d{1,6})", cell.get(name) or "")
    return min(int(found[1]), _SPAN * 65 if name == "rowspan" else _SPAN) if found else 1


def _text(cell: Node) -> str:
    """What a cell shows: a line for each block in it."""
    held: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, node in walk:
        breaks = node is not cell and node.tag in _BLOCKS
        if event == "end":
            held.append("\n" if breaks else "")
            held.append(_SPACES.sub(" ", node.tail or "") if node is not cell else "")
        elif node is not cell and (node.tag in _SKIPPED or _is_hidden(node)):
            walk.skip_subtree()
        else:
            held.append("\n" if breaks else "")
            held.append(_SPACES.sub(" ", node.text or ""))
    shown = (line.strip() for line in "".join(held).split("\n"))
    return "\n".join(line for line in shown if line)


def _is_hidden(node: Node) -> bool:
    return node.get("hidden") is not None or bool(_UNSEEN.search(node.get("style") or ""))


# Attachments ----------------------------------------------------------------------------


def _links(root: Node) -> list[str]:
    """The files a page links or shows in a frame, as “text (address)”."""
    found: dict[str, str] = {}
    for node in root.iter("a", "iframe", "embed", "object"):
        address = node.get("href") or node.get("src") or node.get("data") or ""
        text = _SPACES.sub(" ", "".join(node.itertext())).strip()
        if _ATTACHED.search(address) or _ATTACHED.search(text):
            found.setdefault(address, f"{text or node.get('title') or '—'} ({unquote(address)})")
    return list(found.values())


def _has_figures(table: Cells) -> bool:
    return any(amounts.is_amount(cell.text) and amounts.decimals(cell.text) for cell in table.cells)


def _refuse(roots: list[Node], made: list[tuple[Block, ...]], links: list[str]) -> None:
    """A page without figures is refused if something else is to be read instead of it."""
    frames = [str(node.get("src")) for root in roots for node in root.iter("frame")]
    if frames and not any(made):
        raise OnlyLinks(
            f"the page is a frame around others; save the workbook as xlsx, or read {_listed(frames)}"
        )
    if links:
        raise OnlyLinks(f"the page shows no figures, it links them; download {_listed(links)}")
    if not any(made):
        raise UnknownFormat(
            "the page shows no text: scripts draw it; save it from a browser once it is drawn"
        )


def _remarks(links: list[str]) -> Iterator[Remark]:
    if links:
        yield Remark(
            "read.attachments",
            "",
            f"网页另附{len(links)}个文件，没有读取：{_listed(links)}。",
            f"the page links {len(links)} files that were not read: {_listed(links)}.",
        )


def _listed(links: list[str]) -> str:
    more = f" and {len(links) - 5} more" if len(links) > 5 else ""
    return "; ".join(links[:5]) + more
