"""What would a run read, and why? Everything up to the reading itself, and nothing is written."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extract.inputs import Task, find, tasks, with_companions
from extract.model import USUAL, Repair, Way
from extract.shards import Shard
from extract.stages.publish import Output

WHY = {
    "new": "not read before",
    "revision": "another file stood under this name",
    "failed": "could not be read before",
    "version": "another version read it",
    "way": "it was read in another way",
    "retry": "in quarantine, and --retry",
    "done": "read before",
    "copy": "the same bytes as another input",
    "quarantine": "in quarantine: reading it cost a process",
}
"""Each reason, in words."""

_LEFT = frozenset({"done", "copy", "quarantine"})


@dataclass(frozen=True, slots=True)
class Planned:
    """A document among the inputs, and why it would be read, or not."""

    source: str
    doc_id: str
    bytes: int | None
    reason: str

    @property
    def to_read(self) -> bool:
        """Whether the run would read it."""
        return self.reason not in _LEFT


@dataclass(frozen=True, slots=True)
class DryRun:
    """All of them, in the order in which they would be met."""

    out: str
    documents: tuple[Planned, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many for each reason."""
        return Counter(one.reason for one in self.documents)

    def to_dict(self) -> dict[str, Any]:
        """Field by field, with the counts."""
        to_read = sum(one.to_read for one in self.documents)
        return asdict(self) | {"to_read": to_read, "counts": dict(sorted(self.counts.items()))}


def dry_run(
    inputs: Iterable[str | Path],
    out: str | Path,
    *,
    repair: Repair = "suggest",
    way: Way = USUAL,
    retry: bool = False,
    shard: Shard | None = None,
) -> DryRun:
    """What ``pipeline.run`` would do with the same arguments.

    A file at a URL is known by what its server says of it, for its bytes are not fetched.
    """
    paths = find(map(str, inputs), sys.stdin, shard)
    output = Output.look(Path(out))
    paths = with_companions(paths, output.index.found)
    return DryRun(str(out), tuple(_planned(paths, output, repair, way, retry)))


def _planned(
    paths: list[str], output: Output, repair: Repair, way: Way, retry: bool
) -> Iterator[Planned]:
    met: set[str] = set()
    for found in tasks(paths):
        reason = "copy" if found.doc_id in met else _reason(found, output, repair, way, retry)
        met.add(found.doc_id)
        yield Planned(found.source, found.doc_id, found.bytes, reason)


def _reason(found: Task, output: Output, repair: Repair, way: Way, retry: bool) -> str:
    if found.is_afar:
        known = {output.index.known(part.source, part.mark) for part in found.parts}
        doc_id = (known.pop() if len(known) == 1 else None) or found.doc_id
    else:
        doc_id = found.doc_id
    wanting = output.wanting(doc_id, repair, way)
    if wanting is None:
        return "done"
    if wanting == "new" and any(output.index.found_at(part.source) for part in found.parts):
        return "revision"
    if output.shunned(doc_id, way):
        return "retry" if retry else "quarantine"
    return wanting
