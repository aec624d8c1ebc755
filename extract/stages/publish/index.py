"""What OUT already holds: its documents, and the names under which each was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extract.afar import Mark
from extract.datasets import empty
from extract.stages.publish.entry import COLUMNS, Entry
from extract.stages.publish.files import Bucket, buckets, prefixes, read_table


@dataclass(frozen=True, slots=True)
class Index:
    """``entries`` by doc_id; ``sources`` is that dataset, ``names`` and ``found`` it both ways.

    ``marks`` are what servers said of documents that came from them.
    """

    entries: Mapping[str, Entry]
    sources: pa.Table
    names: Mapping[str, frozenset[str]]
    found: Mapping[str, frozenset[str]]
    marks: Mapping[tuple[str, str], Mark]

    def known(self, source: str, mark: Mark) -> str | None:
        """The document a source was when its server said the same of it."""
        if not mark:
            return None
        found = (d for d in sorted(self.found_at(source)) if self.marks.get((d, source)) == mark)
        return next(found, None)

    def names_of(self, doc_id: str) -> frozenset[str]:
        """The sources of one document."""
        return self.names.get(doc_id, frozenset())

    def found_at(self, source: str) -> frozenset[str]:
        """The documents of one source; more than one where a later revision was unreadable."""
        return self.found.get(source, frozenset())

    def sources_of(self, doc_ids: Collection[str]) -> list[dict[str, Any]]:
        """The rows of ``sources`` for these documents."""
        wanted = pa.array(sorted(doc_ids), pa.string())
        rows: list[dict[str, Any]] = self.sources.filter(
            pc.is_in(self.sources["doc_id"], value_set=wanted)
        ).to_pylist()
        return rows


def load(root: Path) -> Index:
    """Read the two datasets that say what is done."""
    entries: dict[str, Entry] = {}
    for bucket in buckets(root, "documents"):
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in read_table(root, "documents", bucket, COLUMNS).to_pylist():
            rows.setdefault(row["doc_id"], []).append(row)
        entries |= {d: Entry.of_rows(own, bucket.fiscal_year) for d, own in rows.items()}
    parts = [read_table(root, "sources", bucket) for bucket in buckets(root, "sources")]
    return indexed(entries, pa.concat_tables([empty("sources"), *parts]))


def documents_of(root: Path, fiscal_year: int) -> set[str]:
    """The documents of one year, by the column that names them."""
    parts = (
        read_table(root, "documents", Bucket(fiscal_year, prefix), ["doc_id"])
        for prefix in prefixes(root, ["documents"], fiscal_year)
    )
    return {doc_id for part in parts for doc_id in part["doc_id"].to_pylist()}


def indexed(entries: Mapping[str, Entry], sources: pa.Table) -> Index:
    """Look up ``sources`` from either side."""
    names: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    pairs = zip(sources["doc_id"].to_pylist(), sources["source"].to_pylist(), strict=True)
    for doc_id, source in pairs:
        names.setdefault(doc_id, set()).add(source)
        found.setdefault(source, set()).add(doc_id)
    afar = sources.filter(
        pc.or_(pc.is_valid(sources["etag"]), pc.is_valid(sources["last_modified"]))
    )
    marks = {
        (row["doc_id"], row["source"]): Mark(row["etag"], row["last_modified"], row["bytes"])
        for row in afar.to_pylist()
    }
    return Index(entries, sources, _frozen(names), _frozen(found), marks)


def _frozen(sets: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return {key: frozenset(members) for key, members in sets.items()}
