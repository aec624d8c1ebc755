"""One run at a time in an output directory, and who it is.

The lock is the kernel's: it ends with the process that held it, however that ended. What stands
beside it (process, host, since when) is told to whoever has to wait, and proves nothing.
"""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from extract.errors import OutputLocked
from extract.stages.publish.files import refused

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that holds, or held, an output directory."""

    pid: int
    host: str
    since: datetime

    @classmethod
    def this(cls) -> Owner:
        """The process we are."""
        return cls(os.getpid(), socket.gethostname(), datetime.now(UTC))

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since:%Y-%m-%d %H:%M:%S} UTC"

    def age(self, now: datetime) -> str:
        """For how long it has held it; a clock that was put back makes that nothing.

        >>> Owner(1, "a", datetime(2024, 5, 1, tzinfo=UTC)).age(datetime(2024, 5, 1, 1, tzinfo=UTC))
        '1:00:00'
        """
        held = timedelta(seconds=int((now - self.since).total_seconds()))
        return str(max(held, timedelta()))


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep every other run out of ``root``."""
    lock = FileLock(root / ".lock")
    with refused(root):
        root.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise OutputLocked(
                f"another run is writing in {root}{_told(owner(root))}; "
                "wait for it to end or choose another --out"
            ) from None
    try:
        if left := owner(root):
            log.warning("the run before did not end by itself: %s; its lock is void", left)
        with suppress(OSError):  # a courtesy; a full disk is told where something is lost by it
            _beside(root).write_text(json.dumps(asdict(Owner.this()), default=datetime.isoformat))
        yield
    finally:
        with suppress(OSError):
            os.unlink(_beside(root))  # noqa: PTH108 — no change to what is published
        lock.release()


def owner(root: Path) -> Owner | None:
    """Who says to hold ``root``; None where nobody does, or it cannot be made out."""
    try:
        told = json.loads(_beside(root).read_bytes())
        return Owner(int(told["pid"]), str(told["host"]), datetime.fromisoformat(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def holder(root: Path) -> Owner | None:
    """Who seems to be writing in ``root`` now. Asked without the lock, which a run may want."""
    found = owner(root)
    if found and found.host == socket.gethostname():
        try:
            os.kill(found.pid, 0)
        except ProcessLookupError:
            return None
        except PermissionError:  # it lives, and is another user's
            return found
    return found


def _told(found: Owner | None) -> str:
    return f": {found} ({found.age(datetime.now(UTC))})" if found else ""


def _beside(root: Path) -> Path:
    return root / ".lock.json"
