"""Where do the files of a raw store come from?

A harvest leaves a folder of files named by their hash, and beside it a ledger: one JSON
object a line, one line each time an address gave something it had not given before. The
last content of an address is current; what it gave earlier stays in the store and is
history. Here the ledger is only read; a last line that a kill cut off says nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from extract.errors import UnreadableFile

LEDGER = "harvest.jsonl"
FILES = "files"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: ``file`` is its path in the store, ``title`` the text of the link."""

    url: str
    sha256: str
    bytes: int
    file: str
    fetched_at: datetime
    referrer: str | None = None
    title: str | None = None
    etag: str | None = None
    last_modified: datetime | None = None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Fetched:
        """A line of the ledger."""
        return cls(
            url=row["url"],
            sha256=row["sha256"],
            bytes=row["bytes"],
            file=row["file"],
            fetched_at=datetime.fromisoformat(row["fetched_at"]),
            referrer=row.get("referrer"),
            title=row.get("title"),
            etag=row.get("etag"),
            last_modified=_time(row.get("last_modified")),
        )

    @property
    def columns(self) -> dict[str, Any]:
        """What the dataset ``sources`` says of it."""
        return {
            "referrer": self.referrer,
            "link_title": self.title,
            "retrieved_at": self.fetched_at,
            "etag": self.etag,
            "last_modified": self.last_modified,
        }


@dataclass(frozen=True)
class Provenance:
    """``current`` is the last content of each address, as it was when first met."""

    current: Mapping[str, Fetched]
    validators: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """ETag and Last-Modified as an address last gave them."""

    @cached_property
    def by_file(self) -> Mapping[str, tuple[Fetched, ...]]:
        """The addresses whose current content each file is, in the order of the alphabet."""
        found: dict[str, list[Fetched]] = {}
        for url in sorted(self.current):
            found.setdefault(self.current[url].file, []).append(self.current[url])
        return {file: tuple(each) for file, each in found.items()}


def is_store(folder: str | Path) -> bool:
    """Whether a harvest wrote ``folder``."""
    return (Path(folder) / LEDGER).is_file()


def load(root: Path) -> Provenance:
    """The ledger of the store at ``root``; an empty one where there is none."""
    current: dict[str, Fetched] = {}
    validators: dict[str, tuple[str | None, str | None]] = {}
    for row in _rows(root / LEDGER):
        met = Fetched.of_row(row)
        before = current.get(met.url)
        if before is None or before.sha256 != met.sha256:
            current[met.url] = met
        validators[met.url] = (met.etag, row.get("last_modified_raw"))
    return Provenance(current, validators)


class Origins:
    """The ledgers of the stores in which files lie, each read once."""

    def __init__(self) -> None:
        self._stores: dict[Path, Provenance] = {}

    def of(self, path: str) -> tuple[Fetched, ...]:
        """Where a file was found; nothing for one that lies in no store."""
        where = Path(path)
        if len(where.parts) < 3 or where.parts[-3] != FILES:
            return ()
        root = where.parents[2]
        if not is_store(root):
            return ()
        if root not in self._stores:
            self._stores[root] = load(root)
        return self._stores[root].by_file.get(where.relative_to(root).as_posix(), ())

    def labels(self, paths: Sequence[str]) -> dict[str, str]:
        """What to call each file where names tell which are one disclosure: page and link text."""
        said = {path: _label(path, self.of(path)) for path in paths}
        held = Counter(said.values())
        return {(name if held[name] == 1 else path): path for path, name in said.items()}


def _label(path: str, found: Sequence[Fetched]) -> str:
    """Link texts are names as a person gave them; those of files are a publisher's numbers."""
    if not found:
        return path
    first = found[0]
    suffix = PurePosixPath(path).suffix
    title = (first.title or PurePosixPath(first.url).name).replace("/", "_")
    return f"{first.referrer or first.url}/{title.removesuffix(suffix)}{suffix}"


def _rows(path: Path) -> Iterable[Mapping[str, Any]]:
    if not path.exists():
        return
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            yield json.loads(line)
        except ValueError as why:
            if number == len(lines):  # no line feed: a kill cut it off
                return
            raise UnreadableFile(f"{path}, line {number} is no JSON; mend or delete it") from why


def _time(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
