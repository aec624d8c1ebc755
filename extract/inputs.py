"""Which files does an INPUT stand for?

A file that is named is always tried, whatever it is. In a folder or an archive only what is
likely to be a document counts: by the end of its name (a folder's pictures too), or because its
bytes begin as a PDF or an XML spreadsheet; CSV may be anything and is read where it is named.
Hidden files and a project's own papers (README, CHANGELOG, LICENSE) do not. Of a raw store
(``provenance``) what each address gave last counts, under its address. Files that are one
disclosure by their names (``companions``) are one task.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, TextIO

from extract.afar import UNMARKED, Mark, expanded, fetched, is_url, mark, opened, plain
from extract.companions import together
from extract.errors import DriverMissing, InputError, NoInput, ToolMissing, UnreadableFile
from extract.identifiers import of_members
from extract.provenance import Fetched, Origins, is_store, load
from extract.shards import Shard, own

_SUFFIXES = {
    *(".pdf", ".txt", ".md", ".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"),
    *(".docx", ".doc", ".wps", ".rtf", ".odt"),
    *(".html", ".htm", ".mhtml", ".mht", ".zip", ".7z", ".rar"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
}
_PACKED = {".zip", ".7z", ".rar"}
_HEAD = 1024  # within which the mark of a PDF stands
_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
_PAPERS = ("readme", "changelog", "license", "licence")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or a file in an archive: then ``place`` says where and ``name`` what it is called there.

    ``sha256`` is None where its bytes cannot be had, or are not had yet: then ``mark`` is what the
    server of a URL says of it. ``refused`` says why an archive is not opened.
    """

    path: str
    sha256: str | None
    bytes: int | None
    place: tuple[int, ...] = ()
    name: str = ""
    is_pdf: bool = False
    refused: InputError | None = None
    mark: Mark = UNMARKED
    found: tuple[Fetched, ...] = ()

    @property
    def source(self) -> str:
        """The path as it is published, bytes that are no UTF-8 shown as �, passwords not at all; of a raw store
        the address."""
        return self.names[0][0]

    @property
    def names(self) -> tuple[tuple[str, Fetched | None], ...]:
        """Every name it goes under, and what is known of how it was found."""
        path = shown(self.path)
        inside = f"/{self.name}" if self.place else ""
        found = [(each.url + inside, each) for each in self.found]
        return tuple(found) or ((path + inside, None),)


@dataclass(frozen=True, slots=True)
class Task:
    """One disclosure to be read: a file, or several that are one."""

    parts: tuple[Part, ...]

    @property
    def source(self) -> str:
        """The name it is published under; of several files the one with the forms, the last."""
        return self.parts[-1].source

    @property
    def sha256(self) -> str | None:
        """As in the contract; None where not all bytes can be had."""
        hashes = [part.sha256 for part in self.parts if part.sha256]
        return of_members(hashes) if len(hashes) == len(self.parts) else None

    @property
    def is_afar(self) -> bool:
        """Whether its bytes are had only where it is read."""
        return self.sha256 is None and any(is_url(part.path) for part in self.parts)

    def fetched(self, data: Sequence[bytes]) -> Task:
        """The same, now that its bytes are there."""
        return Task(
            tuple(
                replace(part, sha256=hashlib.sha256(held).hexdigest(), bytes=len(held))
                for part, held in zip(self.parts, data, strict=True)
            )
        )

    @property
    def bytes(self) -> int | None:
        """Of all files together."""
        sizes = [part.bytes for part in self.parts if part.bytes is not None]
        return sum(sizes) if sizes else None

    @property
    def doc_id(self) -> str:
        """As in the contract; without bytes the name has to do."""
        return (self.sha256 or hashlib.sha256(self.source.encode()).hexdigest())[:16]


def shown(path: str) -> str:
    """A path as text: bytes that are no UTF-8 are shown as �, passwords not at all."""
    return os.fsencode(plain(path)).decode("utf-8", "replace")


def find(inputs: Iterable[str], stdin: TextIO, shard: Shard | None = None) -> list[str]:
    """Every path the inputs stand for, once and in order; ``-`` is a list on ``stdin``.

    Of a ``shard``, its own among them: perhaps none.
    """
    given = list(_listed(inputs, stdin))
    found = sorted({_normal(path) for each in given for path in _expanded(each)})
    if not found:
        where = ", ".join(given) or "an empty list"
        raise NoInput(
            f"nothing to read in {where}: no PDF, picture, Excel, Word, HTML or text file"
        )
    return found if shard is None else own(shard, found, given)


def with_companions(paths: Sequence[str], known: Iterable[str]) -> list[str]:
    """``paths`` with those of the ``known`` ones that are one disclosure with them, and are still there.

    Forms may have been read before their narrative arrived, or the other way round.
    """
    given = set(paths)
    folders = {PurePosixPath(path).parent for path in given}
    near = {
        name
        for name in known
        if name not in given
        and PurePosixPath(name).parent in folders
        and (is_url(name) or Path(name).is_file())
    }
    groups = together(sorted(given | near)) if near else []
    joined = given.union(*(group for group in groups if given.intersection(group)))
    # Only of those few are servers asked.
    return sorted(name for name in joined if name in given or _is_there(name))


def _is_there(name: str) -> bool:
    if not is_url(name):
        return True
    try:
        mark(name)
    except (OSError, InputError, DriverMissing):
        return False
    return True


def tasks(paths: Sequence[str]) -> Iterator[Task]:
    """The disclosures at ``paths``, as the files are now: those in archives, and those of several files."""
    origins = Origins()
    labels = origins.labels(paths)
    for group in together(list(labels)):
        held = [list(_parts(labels[name], origins)) for name in group]
        if all(len(parts) == 1 and not parts[0].place for parts in held):
            yield from _joined([parts[0] for parts in held])
            continue
        for parts in held:
            named = {part.name: part for part in parts}
            for names in together(list(named)):
                yield from _joined([named[name] for name in names])


def task(path: str) -> Task:
    """The file at ``path`` as one disclosure."""
    if is_url(path):
        return Task((_afar(path),))
    try:
        with Path(path).open("rb") as file:
            is_pdf = b"%PDF-" in file.read(_HEAD)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256")
            return Task((Part(path, digest.hexdigest(), file.tell(), is_pdf=is_pdf),))
    except OSError:  # the reader tries again and says why
        return Task((Part(path, None, None),))


def content(given: Task) -> tuple[bytes, ...]:
    """The bytes of each of its files. Raises a subclass of ``InputError``."""
    return tuple(map(_bytes, given.parts))


def _bytes(part: Part) -> bytes:
    if part.refused is not None:
        raise part.refused
    try:
        if not part.place:
            return fetched(part.path) if is_url(part.path) else Path(part.path).read_bytes()
        from extract.readers import archive  # the process that only hands out work seldom needs it

        with _opened(part.path) as file:
            return archive.member(file, part.place)
    except DriverMissing as why:  # here, not where the run was started
        raise ToolMissing(str(why)) from why
    except OSError as why:
        raise UnreadableFile(plain(f"cannot be opened: {why.strerror or why}")) from why


def _joined(parts: list[Part]) -> Iterator[Task]:
    """One task; but two PDFs have each their own pages, and a file that cannot be had its own error."""
    if len(parts) > 1 and (
        sum(p.is_pdf for p in parts) > 1 or any(p.sha256 is None and not p.mark for p in parts)
    ):
        yield from (Task((part,)) for part in parts)
    else:
        yield Task(tuple(parts))


def _parts(path: str, origins: Origins) -> Iterator[Part]:
    """The documents in an archive; any other file, or an archive that gives none, is one itself."""
    found = origins.of(path)
    whole = [replace(part, found=found) for part in task(path).parts]
    try:
        inside = _inside(path) if _is_archive(path) else []
        yield from [replace(part, found=found) for part in inside] or whole
    except InputError as why:
        yield replace(whole[0], refused=why)
    except OSError:  # gone since; the reader says so
        yield from whole


def _inside(path: str) -> list[Part]:
    from extract.readers import archive

    parts: dict[str, Part] = {}
    with _opened(path) as file:
        for member in archive.walk(file, _is_wanted):
            digest, size, head = hashlib.sha256(), 0, b""
            for piece in member.pieces():  # never all of it: this process has more to remember
                digest.update(piece)
                size += len(piece)
                head = head or piece[:_HEAD]
            name = member.name if member.name not in parts else f"{member.name}#{len(parts)}"
            is_pdf = b"%PDF-" in head
            parts[name] = Part(path, digest.hexdigest(), size, member.place, name, is_pdf)
    return list(parts.values())


def _is_archive(path: str) -> bool:
    """Whether a file is one of documents, and not an Office file; at a URL its name has to say so."""
    if is_url(path):
        return PurePosixPath(path).suffix.lower() in _PACKED
    try:
        with Path(path).open("rb") as file:
            if not file.read(8).startswith(_ARCHIVES):
                return False
            from extract.readers import archive

            file.seek(0)
            return archive.is_archive(file)
    except OSError:
        return False


def _opened(path: str) -> AbstractContextManager[IO[bytes]]:
    return opened(path) if is_url(path) else Path(path).open("rb")


def _afar(url: str) -> Part:
    is_pdf = PurePosixPath(url).suffix.lower() == ".pdf"
    try:
        return Part(url, None, None, is_pdf=is_pdf, mark=mark(url))
    except (OSError, InputError):  # who fetches it tries again and says why
        return Part(url, None, None, is_pdf=is_pdf)


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in _SUFFIXES and not path.stem.lower().startswith(_PAPERS)


def _normal(path: str) -> str:
    return path if is_url(path) else os.path.normpath(path)


def _listed(inputs: Iterable[str], stdin: TextIO) -> Iterator[str]:
    for one in inputs:
        if one == "-":
            yield from filter(None, (line.rstrip("\r\n") for line in stdin))
        else:
            yield one


def _expanded(given: str) -> Iterable[str]:
    if is_url(given):
        return expanded(given, _is_shown)
    if Path(given).is_dir():
        return _in_folder(given)
    if not os.path.lexists(given) and glob.has_magic(given):
        matches = glob.glob(given, recursive=True)  # noqa: PTH207 — may be absolute
        return [path for match in matches for path in _expanded(match)]
    return [given]


def _is_shown(url: str) -> bool:
    """A document by its name, and nowhere hidden."""
    return _is_wanted(url) and not any(part.startswith(".") for part in url.split("/"))


def _in_folder(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        if is_store(where):
            yield from (str(Path(where) / file) for file in load(Path(where)).by_file)
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(where, name)  # noqa: PTH118 — names may be no UTF-8, and are many
            if not name.startswith(".") and _is_document(Path(path)):
                yield path


def _is_document(path: Path) -> bool:
    if not path.is_file() or path.stem.lower().startswith(_PAPERS):
        return False
    return path.suffix.lower() in _SUFFIXES or _begins_as_one(path)


def _begins_as_one(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            is_markup = head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<")
            return b"%PDF-" in head or (is_markup and _SPREADSHEET in head)
    except OSError:
        return False
