"""What other output directories hold, taken over into this one.

Every document of the ``shards`` is staged and named as if it had just been read, and published
in one go; what is the same already is left as it lies. So a merge that is killed is simply run
again. A document that several shards hold comes from the one that has its first name, as in a
single run; where two shards know a name for different documents, the later shard is right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from extract.datasets import PER_DOCUMENT, schema, table_of_rows
from extract.stages.publish.apply import IN_ORDER, rows_of, unite_history
from extract.stages.publish.entry import Entry
from extract.stages.publish.files import HISTORY, Bucket, buckets, read_table, write_table
from extract.stages.publish.index import Index
from extract.stages.publish.leaves import leaves
from extract.stages.publish.output import Output
from extract.stages.publish.package import Package, Unpacked, to_bytes
from extract.stages.publish.plan import Seen
from extract.stages.publish.tables import Tables
from extract.stages.publish.ties import untied


def take_over(
    output: Output, shards: Sequence[Output], tie: Callable[[Output], object] = lambda _: None
) -> tuple[int, int]:
    """Publish all that ``shards`` hold; how many documents are new or changed, and superseded.

    ``tie`` is done once all of it is staged: ties between documents are not taken over.
    """
    holders = _holders([shard.index for shard in shards])
    for number, shard in enumerate(shards):
        mine = {doc_id for doc_id, holder in holders.items() if holder == number}
        for package in _differing(output, shard, mine, live=holders.keys()):
            output.keep(package)
        output.seen |= _seen(shard.index)
    taken = len(output.staged)
    tie(output)
    superseded = output.publish()
    for shard in shards:
        _remember(output, shard.root / HISTORY)
        _keep_runs(output.root, shard.root)
    return taken, superseded


def _holders(indices: Sequence[Index]) -> Mapping[str, int]:
    """Document → the shard it is taken from."""
    ranked: dict[str, tuple[bool, str, int]] = {}
    for number, index in enumerate(indices):
        for doc_id, entry in index.entries.items():
            rank = (not entry.readable, min(index.names_of(doc_id), default=entry.source), number)
            ranked[doc_id] = min(ranked.get(doc_id, rank), rank)
    return {doc_id: number for doc_id, (_, _, number) in ranked.items()}


def _differing(
    output: Output, shard: Output, wanted: Collection[str], live: Collection[str]
) -> Iterator[Package]:
    """The documents ``wanted`` of a shard that ``output`` has not, or not so."""
    root = output.root
    named = shard.index.sources
    sizes = dict(zip(named["source"].to_pylist(), named["bytes"].to_pylist(), strict=True))
    for bucket in buckets(shard.root, "documents"):
        there = _by_document({name: read_table(shard.root, name, bucket) for name in PER_DOCUMENT})
        mine = sorted(there.keys() & wanted)
        year = bucket.fiscal_year
        here = _by_document({name: rows_of(root, name, year, mine) for name in PER_DOCUMENT})
        for doc_id in mine:
            if not _same(here.get(doc_id, {}), output.on_top(doc_id, year, there[doc_id])):
                yield _package(there[doc_id], bucket, sizes, live)


def _by_document(tables: Tables) -> Mapping[str, Tables]:
    """The rows of every dataset, document by document."""
    found: dict[str, dict[str, pa.Table]] = {}
    for name, table in tables.items():
        if not table.num_rows:
            continue
        rows, start = table.take(pc.sort_indices(table, [("doc_id", "ascending")])), 0
        runs = pc.run_end_encode(rows["doc_id"].combine_chunks())
        ends, doc_ids = runs.run_ends.to_pylist(), runs.values.to_pylist()
        for end, doc_id in zip(ends, doc_ids, strict=True):
            found.setdefault(doc_id, {})[name] = rows.slice(start, end - start)
            start = end
    return found


def _same(one: Tables, other: Tables) -> bool:
    """But for what only an output directory knows of a document."""
    one, other = untied(one), untied(other)
    return one.keys() == other.keys() and all(
        _bare(one[name]).equals(_bare(other[name])) for name in one
    )


def _bare(rows: pa.Table) -> pa.Table:
    about = [name for name in ("source", "supersedes") if "supersedes" in rows.column_names]
    return rows.drop_columns(about)


def _package(
    found: Tables, bucket: Bucket, sizes: Mapping[str, int | None], live: Collection[str]
) -> Package:
    """As the document would have come from whoever read it; what it superseded may live elsewhere."""
    rows = found["documents"].to_pylist()
    for row in rows:
        row["supersedes"] = None if row["supersedes"] in live else row["supersedes"]
    entry = Entry.of_rows(rows, bucket.fiscal_year)
    whole = {**found, "documents": table_of_rows("documents", rows)}
    packed = to_bytes(Unpacked(whole, bucket.fiscal_year, sizes.get(entry.source)))
    return Package(entry, packed)


def _seen(index: Index) -> dict[str, tuple[Seen, ...]]:
    """The names of a shard; the document that can be read before the one that no longer can."""
    seen: dict[str, list[Seen]] = {}
    for row in index.sources.to_pylist():
        seen.setdefault(row["source"], []).append(Seen(row["doc_id"], row["bytes"], row))
    return {
        source: tuple(sorted(found, key=lambda one: not index.entries[one.doc_id].readable))
        for source, found in seen.items()
    }


def _remember(output: Output, past: Path) -> None:
    """The history of a shard, but for what lives elsewhere."""
    live = output.index.entries.keys()
    held = [bucket for name in (*IN_ORDER, "sources") for bucket in buckets(past, name)]
    for year in sorted({bucket.fiscal_year for bucket in held}):
        whole = {name: _of_year(past, name, year) for name in (*IN_ORDER, "sources")}
        gone = {d for n in IN_ORDER for d in whole[n]["doc_id"].to_pylist()} - live
        rows = {name: _only(whole[name], gone) for name in IN_ORDER}
        cut = leaves({*output.history(year), *gone})
        unite_history(output.root, year, cut, rows, whole["sources"].to_pylist())


def _of_year(root: Path, name: str, year: int) -> pa.Table:
    parts = [read_table(root, name, b) for b in buckets(root, name) if b.fiscal_year == year]
    return pa.concat_tables([schema(name).empty_table(), *parts])


def _only(rows: pa.Table, doc_ids: Collection[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows["doc_id"], value_set=pa.array(sorted(doc_ids), pa.string())))


def _keep_runs(root: Path, shard: Path) -> None:
    """The runs of a shard, each once."""
    for bucket in buckets(shard, "runs"):
        kept = read_table(root, "runs", bucket).to_pylist()
        known = {row["run_id"] for row in kept}
        new = [r for r in read_table(shard, "runs", bucket).to_pylist() if r["run_id"] not in known]
        if new:
            write_table(root, "runs", bucket, table_of_rows("runs", [*kept, *new]))
