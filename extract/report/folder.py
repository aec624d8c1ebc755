"""A page for each document of a run, and the index: what changed is written, the rest is left.

A document is written again where its rows, its file, the language or this program's pages are
others than they were; what is gone is taken away, but only what this program wrote. A page
that costs its process is written once more without clippings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from extract.errors import InputError
from extract.lang import Lang
from extract.locations import schemas
from extract.model import Reading
from extract.report.index import index
from extract.report.page import TEMPLATES, page
from extract.stages.publish import Part, parts, write_bytes
from extract.version import VERSION
from extract.views import html
from extract.views.originals import Originals
from extract.views.shelf import Published

MANIFEST = ".report.json"
DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the pages; ``index`` is the first to open."""

    index: str
    written: int
    unchanged: int
    removed: int
    unseen: int

    def to_dict(self) -> dict[str, Any]:
        """Field by field."""
        return asdict(self)


Mark = tuple[str, str, str]
"""What a page was made of: a hash of its rows, the state of its file, and the name of that."""


@dataclass(slots=True)
class Manifest:
    """What was written: of each part of OUT its stamp, of each document what it was made of."""

    look: str = ""
    stamps: dict[str, str] = field(default_factory=dict)
    documents: dict[str, dict[str, Mark]] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path, look: str) -> Manifest:
        """That of ``folder``; an empty one where there is none, or pages looked otherwise."""
        try:
            told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            found = cls(**told)
            found.documents = {
                part: {doc_id: (mark[0], mark[1], mark[2]) for doc_id, mark in held.items()}
                for part, held in found.documents.items()
            }
        except (OSError, ValueError, TypeError, AttributeError, IndexError):
            return cls(look)
        return found if found.look == look else cls(look, pages=found.pages)


def report(
    out: str | Path,
    output: str | Path | None = None,
    *,
    lang: Lang = "en",
    files: Iterable[str | Path] = (),
    pictures: bool = True,
    jobs: int | None = None,
) -> Written:
    """The pages of ``out`` in ``output`` (``out``/report), by ``jobs`` processes or this one.

    ``files`` are folders where documents are looked for besides where they were. Raises ``OutputError``.
    """
    shelf = Published(out)
    folder = Path(output) if output is not None else shelf.root / "report"
    before = Manifest.load(folder, _look(lang, pictures))
    now = Manifest(before.look)
    originals = Originals(files) if pictures else None
    made = _Pages(folder, lang, originals, jobs)
    try:
        for part in parts(shelf.root):
            _part(part, before, now, made)
    finally:
        made.close()
    now.pages = [*index(shelf.listed, folder, lang), *_names(now)]
    removed = _remove(folder, set(before.pages) - set(now.pages))
    write_bytes(folder / MANIFEST, json.dumps(asdict(now)).encode())
    total = sum(map(len, now.documents.values()))
    return Written(
        str(folder / "index.html"), made.written, total - made.written, removed, made.unseen
    )


def _part(part: Part, before: Manifest, now: Manifest, made: _Pages) -> None:
    """The pages of a part; of one that is as it was only the files are looked at, not the rows."""
    known = before.documents.get(part.name, {})
    now.stamps[part.name] = part.stamp
    if before.stamps.get(part.name) == now.stamps[part.name] and all(
        made.stands(doc_id, mark) for doc_id, mark in known.items()
    ):
        now.documents[part.name] = known
        return
    now.documents[part.name] = {}
    for reading in part.readings():
        mark = made.mark(reading)
        if known.get(reading.doc_id) != mark or not made.stands(reading.doc_id, mark):
            made.write(reading)
        now.documents[part.name][reading.doc_id] = mark


class _Pages:
    """The pages of documents in a folder, made by ``jobs`` processes."""

    def __init__(
        self, folder: Path, lang: Lang, originals: Originals | None, jobs: int | None
    ) -> None:
        self.written = self.unseen = 0
        self._folder, self._lang, self._jobs = folder, lang, jobs
        self._originals = originals
        self._waiting: list[tuple[Reading, Future[str]]] = []
        self._pool = None if jobs is None else _pool(jobs)

    def mark(self, reading: Reading) -> Mark:
        """What the page is made of: another where it would be another."""
        rows = sha256(repr(reading).encode("utf-8", "replace")).hexdigest()[:24]
        return (rows, self._file(reading.source), reading.source)

    def stands(self, doc_id: str, mark: Mark) -> bool:
        """Whether the page is there, and the file it was drawn from as it was."""
        _, file, source = mark
        return self._path(doc_id).is_file() and self._file(source) == file

    def write(self, reading: Reading) -> None:
        """The page of a document, now or before ``close`` returns."""
        self.written += 1
        if self._pool is None:
            self._put(reading, _made(*self._asked(reading)))
            return
        self._waiting.append((reading, self._pool.submit(_made, *self._asked(reading))))
        if len(self._waiting) > 4 * (self._jobs or 1):
            self._take()

    def close(self) -> None:
        """Wait for all pages."""
        while self._waiting:
            self._take()
        if self._pool is not None:
            self._pool.shutdown()

    def _take(self) -> None:
        reading, made = self._waiting.pop(0)
        try:
            self._put(reading, made.result())
        except BrokenProcessPool:
            lost, self._waiting = [reading, *(one for one, _ in self._waiting)], []
            for one in lost:  # one of them did it
                self._put(one, self._alone(one))
            self._pool = _pool(self._jobs or 1)

    def _alone(self, reading: Reading) -> str:
        """The page made by a process of its own; without clippings if that is lost too."""
        try:
            with _pool(1) as pool:
                return pool.submit(_made, *self._asked(reading)).result()
        except BrokenProcessPool:
            return _made(reading, (), self._lang, "drawing its pages cost a process")

    def _asked(self, reading: Reading) -> tuple[Reading, Sequence[bytes], Lang, str | None]:
        files, why = self._files(reading)
        self.unseen += why is not None
        return reading, files, self._lang, why

    def _file(self, source: str) -> str:
        return self._originals.mark(source) if self._originals else ""

    def _files(self, reading: Reading) -> tuple[Sequence[bytes], str | None]:
        if self._originals is None:
            return (), None
        try:
            return self._originals.files(reading), None
        except InputError as why:
            return (), str(why)

    def _put(self, reading: Reading, text: str) -> None:
        write_bytes(self._path(reading.doc_id), text.encode("utf-8", "replace"))

    def _path(self, doc_id: str) -> Path:
        return self._folder / DOCUMENTS / f"{doc_id}.html"


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _made(reading: Reading, files: Sequence[bytes], lang: Lang, why: str | None) -> str:
    return page(reading, files, lang, unseen=why, home="../index.html")


def _look(lang: Lang, pictures: bool) -> str:
    """What all pages depend on: another where they would look otherwise."""
    told = sha256(f"{VERSION} {lang} {pictures}".encode())
    package = Path(__file__).parent
    folders = (package, TEMPLATES, Path(html.__file__).parent, Path(html.__file__).parent / "pages")
    ours = (p for folder in folders for p in sorted(folder.iterdir()) if p.is_file())
    for path in (*ours, schemas() / "charts.yaml", schemas() / "lang" / "zh.yaml"):
        told.update(path.read_bytes())
    return told.hexdigest()[:24]


def _names(now: Manifest) -> list[str]:
    return [f"{DOCUMENTS}/{doc_id}.html" for held in now.documents.values() for doc_id in held]


def _remove(folder: Path, gone: Iterable[str]) -> int:
    """Take pages away that this program wrote and nobody needs."""
    removed = 0
    for name in sorted(gone):
        if Path(name).is_absolute() or ".." in Path(name).parts or not name.endswith(".html"):
            continue
        with suppress(OSError):
            (folder / name).unlink()
            removed += 1
    return removed
