"""Of what kind is a file, by its bytes?

A portal that has lost a file sends a web page that says so, as 200 and under the name of
the file: neither the name nor the declared type is to be trusted.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

WEB = ".html"
KINDS = (
    *(".pdf", ".xlsx", ".xls", ".et", ".ods", ".docx", ".doc", ".wps", ".odt", ".rtf", ".zip"),
    *(".7z", ".rar", ".png", ".jpg", ".tif", ".mhtml", ".txt", WEB),
)
"""What a harvest keeps, by the ends of their names; web pages where a source says so."""

_HEAD = 1024  # within which the mark of a PDF stands
_MARKS = {
    b"7z\xbc\xaf\x27\x1c": ".7z",
    b"Rar!\x1a\x07": ".rar",
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"II*\x00": ".tif",
    b"MM\x00*": ".tif",
    b"{\\rtf": ".rtf",
    b"MIME-Version:": ".mhtml",
}
# Old Office files all begin alike; what their name says has to do.
_OLE, _OLD = b"\xd0\xcf\x11\xe0", (".xls", ".doc", ".wps", ".et")
_OPEN = {"xl/": ".xlsx", "word/": ".docx"}
_OPEN_DOCUMENT = {b"spreadsheet": ".ods", b".text": ".odt"}
_TAG = re.compile(rb"<\s*(?:!doctype|html|head|body|meta|script|table|div)\b", re.IGNORECASE)
_TEXT_NAMES = (".txt", ".md")


def kind(data: bytes, url: str) -> str | None:
    """The end of the name it should have; None for what is no document.

    >>> kind(b"%PDF-1.7 ...", "https://portal.example/a"), kind(b"<html>gone", "/a.pdf")
    ('.pdf', '.html')
    """
    if b"%PDF-" in data[:_HEAD]:
        return ".pdf"
    for mark, suffix in _MARKS.items():
        if data.startswith(mark):
            return suffix
    if data.startswith(b"PK"):
        return _zipped(data)
    named = suffix_of(url)
    if data.startswith(_OLE):
        return named if named in _OLD else ".xls"
    if _TAG.search(data[:_HEAD]):
        return ".mhtml" if named in (".mht", ".mhtml") else WEB
    if named in _TEXT_NAMES and data and b"\0" not in data[:_HEAD]:
        return ".txt"
    return None


def suffix_of(url: str) -> str:
    """The end of the name an address gives its file, in small letters.

    >>> suffix_of("https://portal.example/down?file=%E8%A1%A8.XLS")
    '.xls'
    """
    parts = urlsplit(url)
    for told in (parts.path, parts.query):
        if suffix := PurePosixPath(unquote(told)).suffix.lower():
            return suffix
    return ""


def _zipped(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _HEAD:
                told = archive.read("mimetype")
                return next((s for word, s in _OPEN_DOCUMENT.items() if word in told), ".zip")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return None
    if "[Content_Types].xml" in names:
        for folder, suffix in _OPEN.items():
            if any(name.startswith(folder) for name in names):
                return suffix
    return ".zip"
