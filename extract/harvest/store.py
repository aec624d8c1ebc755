"""The raw store: every file once, under the hash of its bytes, and a ledger of where it came from.

    STORE/files/ab/ab12….pdf   what was fetched, never changed
    STORE/harvest.jsonl        a line each time an address gave something new
    STORE/pages/               lists that carry an ETag or a date, so that a next run can ask whether they changed
    STORE/job/                 the queue of a harvest that was interrupted

A file is whole before the ledger names it, so a kill at any moment leaves a store that is right.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from extract.errors import OutputError, OutputLocked
from extract.harvest.item import Harvested
from extract.provenance import FILES, LEDGER, Provenance, load

Outcome = Literal["stored", "copy", "unchanged"]
Validators = tuple[str | None, str | None]
PAGES, JOB = "pages", "job"


@dataclass
class Store:
    """A raw store, open to be added to."""

    root: Path
    known: Provenance
    hashes: dict[str, str]
    """By address, what it gave last."""
    validators: dict[str, Validators]

    @classmethod
    def open(cls, root: Path) -> Store:
        """Take up what is there; a line that a kill cut off is taken out."""
        with writing(root):
            (root / FILES).mkdir(parents=True, exist_ok=True)
            _whole_lines(root / LEDGER)
        known = load(root)
        hashes = {url: met.sha256 for url, met in known.current.items()}
        return cls(root, known, hashes, dict(known.validators))

    def keep(self, item: Harvested, suffix: str) -> Outcome:
        """Keep what an address gave: new bytes, known bytes under a new address, or nothing new."""
        digest = hashlib.sha256(item.body).hexdigest()
        file = self._held(digest) or f"{FILES}/{digest[:2]}/{digest}{suffix}"
        mine = (item.etag, item.last_modified)
        fresh = not (self.root / file).exists()
        if not fresh and self.hashes.get(item.url) == digest:
            if self.validators.get(item.url) != mine:  # or each run would fetch it again
                self._note(item, digest, file)
            return "unchanged"
        with writing(self.root):
            if fresh:
                _write(self.root / file, item.body)
        self._note(item, digest, file)
        return "stored" if fresh else "copy"

    def asks(self, url: str) -> Validators | None:
        """ETag and Last-Modified of what is held of an address; None where nothing is."""
        met = self.known.current.get(url)
        held = self.validators.get(url)
        if held is None or met is None or not any(held) or not (self.root / met.file).exists():
            return None
        return held

    def page(self, url: str) -> tuple[dict[str, Any], bytes] | None:
        """A list as it was when it was last met, with its headers."""
        path = self._page(url)
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            told = json.loads(head)
        except (OSError, ValueError):
            return None
        return (told, body) if told.get("url") == url else None

    def keep_page(self, url: str, told: Mapping[str, Any], body: bytes) -> None:
        """Keep a list to compare with; the one before is of no further use."""
        head = json.dumps({"url": url, **told}, ensure_ascii=False).encode()
        with writing(self.root):
            _write(self._page(url), head + b"\n" + body)

    def _held(self, digest: str) -> str | None:
        """These bytes, whatever the end of the name under which they came first."""
        there = (self.root / FILES / digest[:2]).glob(f"{digest}.*")
        return next((path.relative_to(self.root).as_posix() for path in there), None)

    def _note(self, item: Harvested, digest: str, file: str) -> None:
        modified = _time(item.last_modified)
        row = {
            "url": item.url,
            "sha256": digest,
            "bytes": len(item.body),
            "file": file,
            "fetched_at": item.fetched_at.isoformat(),
            "referrer": item.referrer,
            "title": item.title,
            "source": item.source,
            "fiscal_year": item.fiscal_year,
            "published": item.published.isoformat() if item.published else None,
            "landed_at": item.landed_at,
            "etag": item.etag,
            "last_modified": modified.isoformat() if modified else None,
            "last_modified_raw": item.last_modified,
            "headers": dict(item.headers),
        }
        line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        with writing(self.root), (self.root / LEDGER).open("ab") as ledger:
            ledger.write(line)
            ledger.flush()
            os.fsync(ledger.fileno())
        self.hashes[item.url] = digest
        self.validators[item.url] = (item.etag, item.last_modified)

    def _page(self, url: str) -> Path:
        name = hashlib.sha256(url.encode()).hexdigest()
        return self.root / PAGES / name[:2] / name


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep every other harvest out of ``root``."""
    lock = FileLock(root / ".lock")
    with writing(root):
        root.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise OutputLocked(
                f"another harvest is writing in {root}; wait for it to end or choose another --store"
            ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Say so when the operating system does not let the store be written."""
    try:
        yield
    except OSError as why:
        raise OutputError(
            f"cannot write in {root}: {why.strerror or why}; what was stored before is whole. "
            "Make room or choose another --store, then run again"
        ) from why


def discard_job(root: Path) -> None:
    """A queue that cannot be trusted; what was stored is asked for again, and not fetched again."""
    shutil.rmtree(root / JOB, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _whole_lines(ledger: Path) -> None:
    with ledger.open("a+b") as file:
        file.seek(0)
        data = file.read()
        if data and not data.endswith(b"\n"):
            file.truncate(data.rfind(b"\n") + 1)


def _time(told: str | None) -> datetime | None:
    try:
        when = parsedate_to_datetime(told) if told else None
    except ValueError:
        return None
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC) if when else None
