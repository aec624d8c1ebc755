"""Where is the file a published document was read from?

Under the name it was read by, from this folder or one of those given; in an archive; in a raw
store, under its address; beside the files that are one disclosure with it. Only bytes that
hash to the document are ever given out, so a name may lie without harm.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from extract.afar import is_url
from extract.errors import InputError
from extract.inputs import Task, content, tasks, with_companions
from extract.model import Reading
from extract.provenance import LEDGER, Fetched, is_store, load
from extract.views.pictures import NoPicture

_SIBLINGS = 2000  # files of a folder that are looked at for companions


class Originals:
    """The files of documents; ``folders`` are where else to look, raw stores among them."""

    def __init__(self, folders: Iterable[str | Path] = ()) -> None:
        self._folders = (Path(), *map(Path, folders))
        self._known: dict[tuple[str, int, int], Mapping[str, Task]] = {}
        self._ledgers: dict[tuple[str, int, int], Mapping[str, Fetched]] = {}

    def files(self, reading: Reading) -> tuple[bytes, ...]:
        """The bytes of each of its files. Raises ``NoPicture``."""
        for path in self._candidates(reading.source):
            found = self._tasks(path).get(reading.sha256)
            if found is not None:
                try:
                    return content(found)
                except InputError as why:
                    raise NoPicture(f"{reading.source} {why}") from why
        where = "raw store it was fetched to" if is_url(reading.source) else "folder it is in"
        raise NoPicture(
            f"{reading.source} is not found, or no longer what was read; name the {where} with --files"
        )

    def mark(self, source: str) -> str:
        """What changes where the file read as ``source`` comes, goes or changes; cheap to ask."""
        for path in self._candidates(source):
            return f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}"
        return ""

    def _candidates(self, source: str) -> Iterator[Path]:
        """The files it may be, or be in."""
        if is_url(source):
            yield from self._stored(source)
            return
        for folder in self._folders:
            path = folder / source
            yield from (one for one in (path, *path.parents) if one.is_file())
        names = [part for part in Path(source).parts[-3:] if part not in (os.sep, "..")]
        for folder in self._folders[1:]:
            for count in range(1, len(names) + 1):
                if (path := folder.joinpath(*names[-count:])).is_file():
                    yield path

    def _stored(self, url: str) -> Iterator[Path]:
        """What the raw stores hold under an address, or under that of the archive it is in."""
        ends = [n for n, letter in enumerate(url) if letter == "/"]
        for folder in filter(is_store, self._folders):
            held = self._ledger(folder)
            for address in (url, *(url[:end] for end in reversed(ends))):
                if (found := held.get(address)) and (path := folder / found.file).is_file():
                    yield path

    def _ledger(self, folder: Path) -> Mapping[str, Fetched]:
        """What a store holds by address; read again where it has grown."""
        stat = (folder / LEDGER).stat()
        key = (str(folder), stat.st_size, stat.st_mtime_ns)
        if key not in self._ledgers:
            self._ledgers[key] = load(folder).current
        return self._ledgers[key]

    def _tasks(self, path: Path) -> Mapping[str, Task]:
        """What can be read from a file, by hash; once for each state of it."""
        stat = path.stat()
        key = (str(path), stat.st_size, stat.st_mtime_ns)
        if key not in self._known:
            try:
                self._known[key] = _by_hash([str(path)]) | _by_hash(_with_siblings(path))
            except (InputError, OSError):
                self._known[key] = {}
        return self._known[key]


def _by_hash(paths: Sequence[str]) -> dict[str, Task]:
    return {task.sha256: task for task in tasks(paths) if task.sha256}


def _with_siblings(path: Path) -> list[str]:
    """The file and those that may be one disclosure with it; none where there is no such."""
    near = [str(one) for one, _ in zip(path.parent.iterdir(), range(_SIBLINGS), strict=False)]
    found = with_companions([str(path)], near)
    return found if len(found) > 1 else []
