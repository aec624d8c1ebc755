"""What parts does an Office file hold? A ZIP of XML, opened within bounds.

Office and OpenDocument files are archives from strangers: a part is unpacked only as far
as the bounds allow, and XML with a document type (entities that swell, files of this
machine) is refused; neither format has one.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from lxml import etree

from extract.bounds import DIRECTORY, ELEMENTS, PART, PARTS
from extract.errors import DamagedFile, EncryptedFile, TooLarge

_CHUNK = 1 << 20
_END = 1 << 17  # a comment of 64 kB may stand behind the end of the list
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Package:
    """A ZIP file whose parts are XML."""

    def __init__(self, data: bytes) -> None:
        """Raises ``DamagedFile``."""
        try:
            self._zip = unzipped(io.BytesIO(data))
        except _BROKEN as wrong:
            raise DamagedFile(f"the Office file is damaged ({wrong}); download it again") from wrong
        self._left = PARTS
        self._names = {name.lower().lstrip("/"): name for name in self._zip.namelist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def bytes(self, name: str) -> bytes:
        """One part. Raises ``DamagedFile``, ``EncryptedFile`` or ``TooLarge``."""
        if name not in self:
            raise DamagedFile(f"the Office file lacks its part {name}; download it again")
        held: list[bytes] = []
        size = 0
        try:
            with self._zip.open(self._names[name.lower()]) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    self._left -= len(chunk)
                    if size > PART or self._left < 0:
                        most = PART if size > PART else PARTS
                        raise TooLarge(
                            f"with its part {name} it unpacks to more than {most >> 20} MB; "
                            "no final accounts are so large"
                        )
                    held.append(chunk)
        except RuntimeError as wrong:  # zipfile's word for a password
            raise EncryptedFile(
                "the Office file wants a password; save a copy without one and try again"
            ) from wrong
        except _BROKEN as wrong:
            raise DamagedFile(
                f"part {name} of the Office file is damaged ({wrong}); download it again"
            ) from wrong
        return b"".join(held)

    def xml(self, name: str) -> etree._Element:
        """The root of one part."""
        return tree(self.bytes(name), f"part {name} of the Office file")

    def stream(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """Each element of some tags at its end, forgotten once it was looked at: sheets are long."""
        part = f"part {name} of the Office file"
        with _well_formed(part):
            walk = etree.iterparse(
                io.BytesIO(self.bytes(name)),
                events=("end",),
                tag=tags,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
            )
            for count, (_, element) in enumerate(walk):
                if not count:
                    _without_doctype(element, part)
                if count > ELEMENTS:
                    raise TooLarge(f"its part {name} has more than {ELEMENTS:,} elements")
                yield element
                _forget(element)


def tree(data: bytes, what: str) -> etree._Element:
    """The root of XML from strangers, which an error calls ``what``. Raises ``DamagedFile``."""
    with _well_formed(what):
        root = etree.fromstring(data, _parser())
    _without_doctype(root, what)
    return root


def _forget(element: etree._Element) -> None:
    """Take an element and what stands before it out of the tree."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def unzipped(file: IO[bytes]) -> zipfile.ZipFile:
    """A ZIP file that lists no more than one may. Raises ``TooLarge``, and what ``zipfile`` raises."""
    if _listing(file) > DIRECTORY:
        raise TooLarge(
            f"the list of what is packed in it has more than {DIRECTORY >> 20} MB; unpack it by hand"
        )
    return zipfile.ZipFile(file)


def _listing(file: IO[bytes]) -> int:
    """Bytes of a ZIP file's list of entries, as its end says ([APPNOTE] 4.3.14 and 4.3.16)."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - _END, 0))
    end = file.read()
    file.seek(0)
    at, wide = end.rfind(b"PK\5\6"), end.rfind(b"PK\6\6")
    told = end[at + 12 : at + 16] if at >= 0 else b""
    if told == b"\xff" * 4 and wide >= 0:
        told = end[wide + 40 : wide + 48]
    return int.from_bytes(told, "little")


def names(data: bytes) -> frozenset[str]:
    """The names in a ZIP file; none where it is not one. Raises ``TooLarge``."""
    if not data.startswith(b"PK"):
        return frozenset()
    try:
        with unzipped(io.BytesIO(data)) as held:
            return frozenset(name.lower().lstrip("/") for name in held.namelist())
    except _BROKEN:
        return frozenset()


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _without_doctype(element: etree._Element, what: str) -> None:
    if element.getroottree().docinfo.doctype:
        raise DamagedFile(f"{what} has a document type, which no Office program writes")


@contextmanager
def _well_formed(what: str) -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as wrong:
        raise DamagedFile(f"{what} is damaged ({wrong}); download it again") from wrong
