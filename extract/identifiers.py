"""Names of checks and findings that stay the same from run to run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def fingerprint(*parts: object) -> str:
    """16 hex digits that stand for ``parts``; None and the empty string are different parts.

    >>> fingerprint("a", None) == fingerprint("a", ""), len(fingerprint())
    (False, 16)
    """
    return hashlib.sha256("\x1f".join(map(repr, parts)).encode()).hexdigest()[:16]


def of_members(hashes: Iterable[str]) -> str:
    """The hash of a disclosure by those of its files: of one its own, of several that of them all, sorted.

    >>> of_members(["ab"]), of_members(["ab", "cd"]) == of_members(["cd", "ab"])
    ('ab', True)
    """
    given = sorted(hashes)
    return given[0] if len(given) == 1 else hashlib.sha256("".join(given).encode()).hexdigest()
