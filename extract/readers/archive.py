"""Which files does an archive hold? ZIP by itself; 7z and RAR through bsdtar, where it is installed.

Nothing is ever unpacked to a path: members are handed over as bytes, and their names are
labels from which every way out of the archive is taken. An archive may hold so many files,
so much, and others in itself only so deep; one that holds more is refused whole.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from extract.bounds import BYTES, DEPTH, MEMBER, MEMBERS
from extract.errors import (
    DamagedFile,
    EncryptedFile,
    InputError,
    TooLarge,
    ToolMissing,
    UnknownFormat,
)
from extract.model import Document, Ocr
from extract.readers.package import names, unzipped

MEDIA_TYPE = "application/zip"

_CHUNK = 1 << 20
_HELD = 32 << 20  # of an archive in an archive; more of it lies on the disk
_SECONDS = 300
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BY_TOOL = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR"}
_OFFICE = re.compile(r"\[content_types\]\.xml|mimetype|word/.*|xl/.*|ppt/.*")
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)
_UNICODE = 0x800  # the bit of a ZIP entry whose name is UTF-8
_LOCKED = 0x1

Place = tuple[int, ...]
"""Which entry of an archive, which of the archive that is, and so on."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive; ``pieces`` gives its bytes as long as the walk stands at it."""

    place: Place
    name: str
    pieces: Callable[[], Iterator[bytes]]

    def read(self) -> bytes:
        """All of them."""
        return b"".join(self.pieces())


def sniff(data: bytes) -> bool:
    """Whether the bytes are an archive, and no Office file."""
    if data.startswith(_ZIP):
        return not _is_office(names(data))
    return data.startswith(tuple(_BY_TOOL))


def is_archive(file: IO[bytes]) -> bool:
    """``sniff`` for a file that begins as an archive and may be large. Raises ``TooLarge``."""
    if file.read(4) != _ZIP[0]:
        return True
    file.seek(0)
    try:
        with unzipped(file) as held:
            return not _is_office(held.namelist())
    except _BROKEN:
        return False


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """Never a document: raises what hinders the archive from being opened, else ``UnknownFormat``."""
    inside = [member.name for member in walk(io.BytesIO(data), lambda _: True)]
    if any(name.lower().endswith("ofd.xml") for name in inside):
        raise UnknownFormat("an OFD; open it in a reader of OFD and save it as PDF")
    listed = ", ".join(inside[:5]) + (" …" if len(inside) > 5 else "")
    raise UnknownFormat(
        f"an archive of {len(inside)} files, none of a kind I read ({listed})"
        if inside
        else "an empty archive; download it again"
    )


def _is_office(inside: Iterable[str]) -> bool:
    return any(_OFFICE.fullmatch(name.lower()) for name in inside)


def walk(file: IO[bytes], wanted: Callable[[str], bool]) -> Iterator[Member]:
    """The files of an archive whose names are wanted, those of archives in it too.

    Raises ``DamagedFile``, ``EncryptedFile``, ``TooLarge`` or ``ToolMissing``.
    """
    yield from _walk(file, wanted, _Bounds(), (), "")


def member(file: IO[bytes], place: Place) -> bytes:
    """One file of an archive, by its place. Raises as ``walk`` does."""
    bounds = _Bounds()
    data = b""
    for depth, at in enumerate(place, 1):
        data = _nth(file, at, bounds)
        if depth < len(place):
            file = io.BytesIO(data)
    return data


def _nth(file: IO[bytes], at: int, bounds: _Bounds) -> bytes:
    for number, entry in enumerate(_entries(file, bounds)):
        if number == at:
            return b"".join(entry.pieces())
    raise DamagedFile("the archive changed while it was read; run again when it is complete")


def _is_packed(file: IO[bytes]) -> bool:
    """``sniff`` for any file; it stands at its beginning then."""
    file.seek(0)
    begins = file.read(8).startswith((*_ZIP, *_BY_TOOL))
    file.seek(0)
    packed = begins and is_archive(file)
    file.seek(0)
    return packed


def _walk(
    file: IO[bytes], wanted: Callable[[str], bool], bounds: _Bounds, place: Place, folder: str
) -> Iterator[Member]:
    if len(place) >= DEPTH:
        raise TooLarge(f"archives lie in one another more than {DEPTH} deep; unpack them by hand")
    for number, entry in enumerate(_entries(file, bounds)):
        name = f"{folder}{entry.name}"
        if entry.name.lower().endswith((".zip", ".7z", ".rar")):
            with tempfile.SpooledTemporaryFile(_HELD) as inner:
                inner.writelines(entry.pieces())
                if _is_packed(inner):
                    yield from _walk(inner, wanted, bounds, (*place, number), f"{name}/")
        elif entry.name and wanted(entry.name):
            yield Member((*place, number), name, entry.pieces)


@dataclass(slots=True)
class _Bounds:
    """What is left of what an archive may hold."""

    members: int = field(default_factory=lambda: MEMBERS)
    size: int = field(default_factory=lambda: BYTES)

    def count(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise TooLarge(f"the archive holds more than {MEMBERS:,} files; unpack it by hand")

    def take(self, stream: IO[bytes], name: str) -> Iterator[bytes]:
        """A stream piece by piece: what an entry says of its size proves nothing."""
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            self.size -= len(chunk)
            if size > MEMBER or self.size < 0:
                raise TooLarge(
                    f"“{name}” unpacks to more than {min(MEMBER, BYTES) >> 20} MB, or the archive to "
                    f"more than {BYTES >> 20} MB; no disclosure is so large"
                )
            yield chunk


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    pieces: Callable[[], Iterator[bytes]]


def _entries(file: IO[bytes], bounds: _Bounds) -> Iterator[_Entry]:
    """Every file in an archive, in order; folders are none."""
    head = file.read(8)
    file.seek(0)
    kind = next((kind for mark, kind in _BY_TOOL.items() if head.startswith(mark)), None)
    with _told():
        yield from _of_tool(file, kind, bounds) if kind else _of_zip(file, bounds)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except RuntimeError as wrong:  # zipfile's word for a password
        raise _locked() from wrong
    except _BROKEN as wrong:
        raise DamagedFile(f"the archive is damaged ({wrong}); download it again") from wrong


def _locked() -> EncryptedFile:
    return EncryptedFile("the archive wants a password; unpack it and try again")


# ZIP ------------------------------------------------------------------------------------


def _of_zip(file: IO[bytes], bounds: _Bounds) -> Iterator[_Entry]:
    with unzipped(file) as held:
        for info in held.infolist():
            bounds.count()
            if not info.is_dir():
                yield _Entry(_label(_zip_name(info)), _reading(held, info, bounds))


def _reading(
    held: zipfile.ZipFile, info: zipfile.ZipInfo, bounds: _Bounds
) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        if info.flag_bits & _LOCKED:
            raise _locked()
        with _told(), held.open(info) as stream:
            yield from bounds.take(stream, info.filename)

    return pieces


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name in the encoding it was written in: Windows in China writes GBK and says nothing."""
    if info.flag_bits & _UNICODE:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _label(name: str) -> str:
    """A name without drive, root and way up; empty for what systems leave behind.

    >>> _label("../../etc/决算.xls"), _label("C:\\\\a\\\\b.pdf"), _label("__MACOSX/._b.pdf")
    ('etc/决算.xls', 'a/b.pdf', '')
    """
    parts = [part.strip() for part in re.sub(r"^[A-Za-z]:", "", name).replace("\\", "/").split("/")]
    kept = ["".join(c for c in part if c.isprintable()) for part in parts if part.strip(". ")]
    if any(part.startswith((".", "~$", "__MACOSX")) for part in kept):
        return ""
    return "/".join(kept)


# 7z and RAR -----------------------------------------------------------------------------


def _of_tool(file: IO[bytes], kind: str, bounds: _Bounds) -> Iterator[_Entry]:
    """The entries as a tar that bsdtar makes of the archive and nobody writes anywhere."""
    tool = shutil.which("bsdtar")
    if tool is None:
        raise ToolMissing(
            f"a {kind} archive: bsdtar opens it, and is not installed (Debian: libarchive-tools, "
            "Fedora: bsdtar, macOS has it); or unpack it and try again"
        )
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        shutil.copyfileobj(file, given)
        given.seek(0)
        command = [tool, "-cf", "-", "--format=pax", "@-"]
        environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        with subprocess.Popen(
            command, stdin=given, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as work:
            assert work.stdout is not None
            try:
                with tarfile.open(fileobj=work.stdout, mode="r|") as held:
                    for info in held:
                        bounds.count()
                        if info.isfile():
                            yield _Entry(_label(info.name), _streaming(held, info, bounds))
                work.stdout.read(_CHUNK)
                _ended(work.wait(_SECONDS), said)
            except tarfile.TarError:
                work.kill()
                _ended(work.wait(), said)
                raise
            finally:
                work.kill()


def _streaming(
    held: tarfile.TarFile, info: tarfile.TarInfo, bounds: _Bounds
) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        stream = held.extractfile(info)
        if stream is not None:
            yield from bounds.take(stream, info.name)

    return pieces


def _ended(status: int, said: IO[bytes]) -> None:
    """Raises what bsdtar complained of."""
    if status == 0:
        return
    said.seek(0)
    complaint = said.read(2000).decode("utf-8", "replace")
    if re.search("encrypt|passphrase|password", complaint, re.I):
        raise _locked()
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    raise DamagedFile(f"the archive is damaged ({'; '.join(lines[:2])}); download it again")
