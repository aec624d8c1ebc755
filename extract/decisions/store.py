"""The folder ``OUT/decisions``: read whenever asked, and only ever added to.

A line is written in one piece and flushed to the disk, under a lock of the folder's own, so that
people may decide while a run holds OUT. A last line that a kill cut off says nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pydantic import ValidationError

from extract.decisions.row import Decision, mark
from extract.errors import OutputError

FOLDER = "decisions"
_DOCUMENT = re.compile(r"[0-9a-f]{16}")
_PATIENCE = 30.0
"""Seconds to wait for another decision to be written."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of one output directory."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.root / FOLDER

    def documents(self) -> list[str]:
        """The doc_ids on which anything was decided, in order."""
        found = (path.stem for path in self.folder.glob("*.jsonl"))
        return sorted(stem for stem in found if _DOCUMENT.fullmatch(stem))

    def of(self, doc_id: str) -> tuple[Decision, ...]:
        """All that was decided on a document, undone or not, in the order it was decided."""
        path = self._path(doc_id)
        try:
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return ()
        except OSError as why:
            raise OutputError(f"cannot read {path}: {why.strerror or why}") from why
        found = []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found.append(Decision.model_validate_json(line))
            except ValidationError as why:
                if number == len(lines):  # no line feed: a kill cut it off
                    break
                told = why.errors()[0]
                where = ".".join(map(str, told["loc"])) or "it"
                raise OutputError(
                    f"{path}, line {number} is no decision ({where}: {told['msg']}); mend the line or delete it"
                ) from None
        return tuple(found)

    def mark(self, doc_id: str) -> str | None:
        """What ``documents.decisions`` is to say of the document."""
        return mark(self.of(doc_id))

    def add(self, rows: Sequence[Decision]) -> None:
        """Write decisions down; from here on they are not lost."""
        for row in rows:
            self._append(self._path(row.doc_id), [row])

    def unite(self, rows: Iterable[Decision]) -> None:
        """Take over decisions of another directory, each once, in the order of their time."""
        coming: dict[str, list[Decision]] = {}
        for row in rows:
            coming.setdefault(row.doc_id, []).append(row)
        for doc_id, new in sorted(coming.items()):
            known = self.of(doc_id)
            ids = {row.decision_id for row in known}
            fresh = [row for row in new if row.decision_id not in ids]
            if fresh and not known:
                self._append(self._path(doc_id), fresh)
            elif fresh:
                self._rewrite(doc_id, sorted((*known, *fresh), key=lambda row: row.at))

    def _path(self, doc_id: str) -> Path:
        if not _DOCUMENT.fullmatch(doc_id):
            raise OutputError(f"{doc_id} is no doc_id")
        return self.folder / f"{doc_id}.jsonl"

    def _append(self, path: Path, rows: Sequence[Decision]) -> None:
        data = b"".join(row.model_dump_json().encode() + b"\n" for row in rows)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (
                FileLock(self.root / ".decisions.lock", timeout=_PATIENCE),
                path.open("ab+") as file,
            ):
                before = path.read_bytes()
                whole = _whole(before)
                file.truncate(whole)  # what a kill cut off
                os.write(file.fileno(), (b"\n" if before[:whole][-1:] > b"\n" else b"") + data)
                os.fsync(file.fileno())
        except OSError as why:
            raise OutputError(
                f"cannot write {path}: {why.strerror or why}; nothing was decided"
            ) from why

    def _rewrite(self, doc_id: str, rows: Sequence[Decision]) -> None:
        path = self._path(doc_id)
        beside = path.with_name(f".{path.name}.part")
        try:
            with FileLock(self.root / ".decisions.lock", timeout=_PATIENCE):
                with beside.open("wb") as file:
                    file.writelines(row.model_dump_json().encode() + b"\n" for row in rows)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(path)
        except OSError as why:
            beside.unlink(missing_ok=True)
            raise OutputError(f"cannot write {path}: {why.strerror or why}") from why


def _whole(data: bytes) -> int:
    """How many bytes make lines that can be read; an editor may have left out the last line feed."""
    start = data.rfind(b"\n") + 1
    try:
        Decision.model_validate_json(data[start:])
    except ValidationError:
        return start
    return len(data)
