"""Which part of a run is this machine's?

A disclosure belongs to shard i of n by its name alone, so that every machine knows its own without
asking another, and without reading what is not its own: SHA-256 of the name, its first eight
bytes as a number, modulo n, plus one. The name is the path from the deepest folder that all
INPUTs lie in, so that it does not matter where that is mounted; of files that are one disclosure
it is what their names share, also before all of them are there; of an archive that of the archive.
"""

from __future__ import annotations

import glob
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

from extract.afar import base, is_url
from extract.companions import families
from extract.errors import JuesuanError

_WRITTEN = re.compile(r"([0-9]+)/([0-9]+)")
_BYTES = 8


@dataclass(frozen=True, slots=True)
class Shard:
    """Number ``number`` of ``of``, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """As it is written.

        >>> Shard.parse("2/8")
        Shard(number=2, of=8)
        """
        written = _WRITTEN.fullmatch(text)
        shard = cls(*map(int, written.groups())) if written else cls(0, 0)
        if not 1 <= shard.number <= shard.of:
            raise JuesuanError(
                f"{text} is no shard; it is i/n with i from 1 to n: 1/4, 2/4, 3/4, 4/4"
            )
        return shard

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def of_paths(self, paths: Sequence[str], folders: Iterable[str]) -> list[str]:
        """Its own among ``paths``, found in ``folders``; both whole, and ``/`` between their parts."""
        above = shared([folder.split("/") for folder in folders])
        names = ["/".join(path.split("/")[above:]) for path in paths]
        told = zip(paths, families(names), strict=True)
        return [path for path, family in told if self.holds(family)]

    def holds(self, name: str) -> bool:
        """Whether the disclosure of that name is its own, however the system spells its accents."""
        data = unicodedata.normalize("NFC", name).encode("utf-8", "surrogateescape")
        return int.from_bytes(sha256(data).digest()[:_BYTES]) % self.of == self.number - 1


def own(shard: Shard, found: Sequence[str], given: Iterable[str]) -> list[str]:
    """Of the paths and URLs ``found``, those of the shard, given what they were found in."""
    whole = {path: _whole(path) for path in found}
    folders = [base(one) if is_url(one) else _whole(_folder(one)) for one in given]
    mine = set(shard.of_paths(list(whole.values()), folders))
    return [path for path in found if whole[path] in mine]


def _whole(path: str) -> str:
    return path if is_url(path) else os.path.abspath(path)  # noqa: PTH100 — links stay as they are


def _folder(given: str) -> str:
    """Where what is given lies; of a pattern, the part that is none."""
    if Path(given).is_dir():
        return given
    parts = given.split("/")
    plain = parts[:-1]
    if not os.path.lexists(given):
        plain = list(takewhile(lambda part: not glob.has_magic(part), plain))
    return "/".join(plain) or ("/" if given.startswith("/") else ".")


def shared(places: Sequence[Sequence[str]]) -> int:
    """With how many parts all of them begin.

    >>> shared([["", "mnt", "a", "x"], ["", "mnt", "b"]])
    2
    """
    return sum(1 for _ in takewhile(lambda parts: len(set(parts)) == 1, zip(*places, strict=False)))
