"""One module a kind of file; each yields the same ``Document``.

The kind is told by content, never by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from extract.errors import EmptyFile, UnknownFormat
from extract.identifiers import of_members
from extract.model import Document, Ocr
from extract.readers import archive, office, pdf, picture, plaintext, separated, web, word
from extract.readers.sheet import ods, spreadsheetml, xls, xlsb, xlsx


class Reader(Protocol):
    """What every module here offers."""

    MEDIA_TYPE: str

    def sniff(self, data: bytes) -> bool:
        """Whether the bytes look like this kind of file."""

    def read(self, data: bytes, ocr: Ocr = "auto") -> Document:
        """The document, pictures in it read as ``ocr`` says; raises a subclass of ``InputError``."""


READERS: tuple[Reader, ...] = (
    *(picture, xlsx, xls, xlsb, ods, spreadsheetml, word, office, archive, web, separated),
    plaintext,
)
"""In the order in which they are asked, after the PDFs'."""

# What the first bytes say of formats no reader knows yet, to name them in the message.
_KNOWN = {
    b"PK\x03\x04": "an Office file of a kind that holds no accounts",
    b"\xd0\xcf\x11\xe0": "an old Office file of a kind that holds no accounts",
}


def read(
    data: bytes, ocr: Ocr = "auto", beside: Sequence[bytes] = (), *, prose: bool = True
) -> Document:
    """The document the bytes hold, with those of the files ``beside`` that are one disclosure with it.

    Without ``prose`` running text is read no closer than costs nothing.
    Raises a subclass of ``InputError``.
    """
    return joined([_read(each, ocr, prose=prose) for each in (data, *beside)])


def joined(parts: Sequence[Document]) -> Document:
    """Several files as one document: their pages one after the other."""
    if len(parts) == 1:
        return parts[0]
    layers = {part.text_layer for part in parts}
    return Document(
        of_members(part.sha256 for part in parts),
        parts[-1].media_type,
        parts[0].text_layer if len(layers) == 1 else "mixed",
        tuple(page for part in parts for page in part.pages),
        tuple(
            replace(remark, where=f"{number} {remark.where}")
            for number, part in enumerate(parts)
            for remark in part.remarks
        ),
    )


def _read(data: bytes, ocr: Ocr, *, prose: bool) -> Document:
    if not data:
        raise EmptyFile("the file is empty; download it again")
    if pdf.sniff(data):
        return pdf.read(data, ocr, prose=prose)
    for reader in READERS:
        if reader.sniff(data):
            return reader.read(data, ocr)
    kind = next((name for mark, name in _KNOWN.items() if data.startswith(mark)), "of unknown kind")
    raise UnknownFormat(
        f"not a format I read: it is {kind}; PDF, PNG, JPEG, TIFF, xlsx, xlsb, xls, ods, CSV, docx, doc, HTML, ZIP, OCR text and Markdown are"
    )
