"""Which files does an INPUT stand for?

A file that is named is always tried, whatever it is. In a folder only what is likely to be
a document counts: ``*.pdf``, ``*.txt``, ``*.md``, pictures (``*.png``, ``*.jpg``, ``*.tif``), and
any other file whose bytes begin as a PDF; hidden files and a project's own papers (README, CHANGELOG, LICENSE) do not.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from extract.errors import NoInput

_SUFFIXES = {".pdf", ".txt", ".md", ".png", ".jpg", ".jpeg", ".tif", ".tiff"}
_PAPERS = ("readme", "changelog", "license", "licence")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Task:
    """One document to be read. ``sha256`` is None where its bytes cannot be had."""

    path: str
    sha256: str | None
    bytes: int | None

    @property
    def source(self) -> str:
        """The path as it is published: bytes that are no UTF-8 are shown as �."""
        return os.fsencode(self.path).decode("utf-8", "replace")

    @property
    def doc_id(self) -> str:
        """As in the contract; without bytes the name has to do."""
        return (self.sha256 or hashlib.sha256(self.source.encode()).hexdigest())[:16]


def find(inputs: Iterable[str], stdin: TextIO) -> list[str]:
    """Every path the inputs stand for, once and in order; ``-`` is a list on ``stdin``."""
    given = list(_listed(inputs, stdin))
    found = sorted({os.path.normpath(path) for each in given for path in _expanded(each)})
    if not found:
        where = ", ".join(given) or "an empty list"
        raise NoInput(
            f"nothing to read in {where}: no *.pdf, *.txt, *.md, *.png, *.jpg or *.tif file"
        )
    return found


def task(path: str) -> Task:
    """The document at ``path`` as it is now."""
    try:
        with Path(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return Task(path, digest.hexdigest(), file.tell())
    except OSError:  # the reader tries again and says why
        return Task(path, None, None)


def _listed(inputs: Iterable[str], stdin: TextIO) -> Iterator[str]:
    for one in inputs:
        if one == "-":
            yield from filter(None, (line.rstrip("\r\n") for line in stdin))
        else:
            yield one


def _expanded(given: str) -> Iterable[str]:
    if Path(given).is_dir():
        return _in_folder(given)
    if not os.path.lexists(given) and glob.has_magic(given):
        matches = glob.glob(given, recursive=True)  # noqa: PTH207 — may be absolute
        return [path for match in matches for path in _expanded(match)]
    return [given]


def _in_folder(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(where, name)  # noqa: PTH118 — names may be no UTF-8, and are many
            if not name.startswith(".") and _is_document(Path(path)):
                yield path


def _is_document(path: Path) -> bool:
    if not path.is_file() or path.stem.lower().startswith(_PAPERS):
        return False
    return path.suffix.lower() in _SUFFIXES or _begins_as_pdf(path)


def _begins_as_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError:
        return False
