"""What lines and tables does a text hold?

For OCR text and Markdown: rows are lines with tabs or Markdown pipes, everything
else is running text. There is no page geometry.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from itertools import groupby

from extract.bounds import TEXT
from extract.errors import TooLarge, UnknownFormat
from extract.model import Document, Line, Ocr, Page, Rows
from extract.readers import laid

MEDIA_TYPE = "text/plain"

_RULE = re.compile(r"[\|\s:\-]+")
_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[*+]\s+)+")
_STRONG = re.compile(r"\*\*|__")
_EMPHASIS = re.compile(r"([*_`~]+)(.*)\1")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_PIPE = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def sniff(data: bytes) -> bool:
    """Whether the bytes decode as text without control characters."""
    text = _decoded(data[:65536], partial=True)
    return text is not None and not _CONTROL.search(text)


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """One page without number, made of blocks. Raises ``TooLarge`` or ``UnknownFormat``."""
    if len(data) > TEXT:
        raise TooLarge(f"the text has more than {TEXT >> 20} MB; no disclosure is so large")
    text = _decoded(data)
    if text is None:
        raise UnknownFormat("not a text in UTF-8, UTF-16 or GB 18030; save it as UTF-8")
    page = Page(number=None, blocks=tuple(laid.bounded(_blocks(text))))
    return Document(hashlib.sha256(data).hexdigest(), MEDIA_TYPE, "ocr", (page,))


def _decoded(data: bytes, *, partial: bool = False) -> str | None:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        # A sample may end inside a character: up to three bytes are given up.
        for end in range(len(data), len(data) - (4 if partial else 1), -1):
            try:
                return data[:end].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _blocks(text: str) -> Iterator[Line | Rows]:
    lines = [line for line in text.splitlines() if line.strip()]
    for is_table, group in groupby(lines, key=lambda line: cells(line) is not None):
        if is_table:
            rows = [row for line in group if (row := cells(line))]
            if rows:
                yield Rows(tuple(rows))
        else:
            yield from (Line(_unmarked(_LEAD.sub("", line))) for line in group)


def cells(line: str) -> tuple[str, ...] | None:
    """The cells of a table row; empty for Markdown's rule under a header; None for text.

    >>> cells("201\\t一般公共服务支出\\t729.30")
    ('201', '一般公共服务支出', '729.30')
    >>> cells("| 合 计 | 1,484.80 |"), cells("|---|---:|"), cells("第二部分")
    (('合 计', '1,484.80'), (), None)
    """
    pipes = len(_PIPE.findall(line))
    if pipes >= 2 or (pipes and _RULE.fullmatch(line)):
        if _RULE.fullmatch(line) and "-" in line:
            return ()
        inner = line.strip().removeprefix("|")
        inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
        return tuple(map(_unmarked, _PIPE.split(inner)))
    if "\t" in line.strip(" \r"):
        return tuple(map(_unmarked, line.rstrip("\r\n").split("\t")))
    return None


def _unmarked(text: str) -> str:
    """The text without what Markdown and HTML add to it."""
    plain = _STRONG.sub("", _TAG.sub("", _BREAK.sub("\n", text))).strip()
    emphasis = _EMPHASIS.fullmatch(plain)
    return html.unescape(_ESCAPED.sub(r"\1", emphasis[2] if emphasis else plain)).strip()
