"""The output directories of runs over shards, made one that nobody can tell from a single run's."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from extract.decisions import Decisions
from extract.errors import JuesuanError
from extract.neighbours import tie
from extract.settling import on_top, settle
from extract.shards import Shard
from extract.stages.publish import Output, held, shards_read, take_over
from extract.summary import Course, FailOn, RunSummary, summarize

log = logging.getLogger(__name__)


def merged(
    out: str | Path, shards: Iterable[str | Path], *, fail_on: FailOn | None = None
) -> RunSummary:
    """Take over into ``out`` what ``shards`` hold; what ``juesuan merge`` does."""
    started = datetime.now(UTC)
    roots = _distinct(Path(out), list(map(Path, shards)))
    if absent := ", ".join(map(str, _absent(chain.from_iterable(map(shards_read, roots))))):
        log.warning("juesuan: no shard %s among them; merge again when it is read", absent)
    kept = Decisions(Path(out))
    with ExitStack() as stack:
        parts = [stack.enter_context(Output.open(root, on_top(root))) for root in roots]
        for part in parts:
            part.publish()  # what a killed run had finished
        output = stack.enter_context(Output.open(Path(out), on_top(Path(out))))
        for theirs in map(Decisions, roots):
            kept.unite(row for doc_id in theirs.documents() for row in theirs.of(doc_id))
        taken, superseded = take_over(output, parts, _settled_and_tied)
        about = {
            doc_id for part in parts for doc_id in part.index.entries
        } & output.index.entries.keys()
        course = Course(
            out=str(out),
            executor="merge",
            jobs=1,
            repair="suggest",
            sources=sum(len(part.index.found) for part in parts),
            read=taken,
            unchanged=len(about) - taken,
            superseded=superseded,
            started=started,
            finished=datetime.now(UTC),
            interrupted=False,
        )
        return summarize(course, map(output.of, about), fail_on)


def _settled_and_tied(output: Output) -> None:
    settle(output)
    tie(output)


def _distinct(out: Path, shards: Sequence[Path]) -> list[Path]:
    """The folders of shards, each once, as they are held by runs."""
    roots = {root.resolve(): held(root) for root in shards}
    if out.resolve() in roots:
        raise JuesuanError(f"{out} cannot be merged into itself; name another OUT")
    return list(roots.values())


def _absent(read: Iterable[str]) -> Iterator[Shard]:
    """The parts of the last splitting that nobody has read."""
    known = {Shard.parse(text) for text in read}
    for count in sorted({shard.of for shard in known}):
        wanted = {Shard(number, count) for number in range(1, count + 1)}
        yield from sorted(wanted - known, key=lambda shard: shard.number)
