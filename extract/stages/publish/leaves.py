"""Into which files is a year of a dataset cut?

One file holds a year until it has more than ``MOST`` documents; then its documents are dealt out
by the next hex digit of ``doc_id``, and so on. So a new document rewrites one bounded file however
many there are, and few documents make few files. The cut depends on the documents alone, not on
the order in which they came: the same documents are the same files.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

MOST = 512
"""Documents in one file."""

_DIGITS = "0123456789abcdef"
_LONGEST = 16  # that of a doc_id

Leaves = frozenset[str]
"""The leading digits of each file; each doc_id begins with exactly one of them."""


def leaves(doc_ids: Iterable[str]) -> Leaves:
    """The files for these documents.

    >>> sorted(leaves(["0a", "1b"]))
    ['']
    """
    return frozenset(_cut(sorted(doc_ids), ""))


def leaf_of(cut: Leaves, doc_id: str) -> str:
    """The file that holds ``doc_id``."""
    return next(doc_id[:n] for n in range(_LONGEST + 1) if doc_id[:n] in cut)


def overlap(one: str, other: str) -> bool:
    """Whether a document may begin with both."""
    return one.startswith(other) or other.startswith(one)


@dataclass(frozen=True, slots=True)
class Region:
    """Files that are rewritten together: those there will be, and those they take the place of."""

    leaves: tuple[str, ...]
    former: tuple[str, ...]


def regions(cut: Leaves, present: Collection[str], doc_ids: Iterable[str]) -> list[Region]:
    """What is to be rewritten where ``doc_ids`` change and ``present`` files are there."""
    former = sorted(set(present) - cut)
    touched = {leaf_of(cut, doc_id) for doc_id in doc_ids}
    touched |= {leaf for leaf in cut for old in former if overlap(leaf, old)}
    grouped: dict[str, list[str]] = {}
    for leaf in sorted(touched):
        top = min([leaf, *(old for old in former if leaf.startswith(old))], key=len)
        grouped.setdefault(top, []).append(leaf)
    return [
        Region(tuple(inside), tuple(old for old in former if old.startswith(top)))
        for top, inside in grouped.items()
    ]


def _cut(doc_ids: Sequence[str], prefix: str) -> list[str]:
    if len(doc_ids) <= MOST or len(prefix) == _LONGEST:
        return [prefix]
    bounds = [bisect_left(doc_ids, prefix + digit) for digit in _DIGITS] + [len(doc_ids)]
    return [
        leaf
        for digit, start, end in zip(_DIGITS, bounds, bounds[1:], strict=False)
        for leaf in _cut(doc_ids[start:end], prefix + digit)
    ]
