"""Structured logs: what a run says on standard error, one JSON object a line.

Workers are processes of their own; they learn of it by the environment.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

_ASKED = "JUESUAN_LOG_FORMAT"
_JSON = "json"


@contextmanager
def as_json() -> Iterator[None]:
    """In this process, and in those it starts meanwhile."""
    root, before = logging.getLogger(), os.environ.get(_ASKED)
    had = list(root.handlers)
    os.environ[_ASKED] = _JSON
    as_asked()
    try:
        yield
    finally:
        root.handlers[:] = had
        logging.captureWarnings(False)
        if before is None:
            del os.environ[_ASKED]


def as_asked() -> None:
    """Set up the logs of this process, if they were asked for; asked twice, once."""
    root = logging.getLogger()
    if os.environ.get(_ASKED) != _JSON or any(
        isinstance(h.formatter, Lines) for h in root.handlers
    ):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root.addHandler(handler)
    logging.captureWarnings(True)


def event(name: str, **told: Any) -> str:
    """One line: when, what, and what belongs to it."""
    return _line(datetime.now(UTC), "info", name, told)


class Lines(logging.Formatter):
    """A record of a library, or of ours, as such a line."""

    def format(self, record: logging.LogRecord) -> str:
        """See ``logging.Formatter``."""
        told = {"logger": record.name, "message": record.getMessage(), "process": record.process}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        when = datetime.fromtimestamp(record.created, UTC)
        return _line(when, record.levelname.lower(), "log", told)


def _line(when: datetime, level: str, name: str, told: dict[str, Any]) -> str:
    head = {"time": when.isoformat(timespec="milliseconds"), "level": level, "event": name}
    return json.dumps(head | told, ensure_ascii=False, default=str)
