"""Carrying out a plan. Each step may be done again: a run killed half-way is simply repeated.

What goes to history is copied before anything is taken away. In each bucket ``documents``
comes after all that it vouches for; ``sources`` come last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extract.datasets import PER_DOCUMENT, table_of_rows
from extract.stages.publish.files import HISTORY, Bucket, read_table, write_table
from extract.stages.publish.plan import Addition, Naming, Plan
from extract.stages.publish.staging import Staging
from extract.stages.publish.tables import Tables

# `documents` stands first in the contract and is written last.
IN_ORDER = (*PER_DOCUMENT[1:], PER_DOCUMENT[0])


def apply(plan: Plan, root: Path, staging: Staging) -> None:
    """Make ``root`` as the plan says, with the documents that are staged."""
    remember(plan, root)
    coming, leaving = _coming(plan), _leaving(plan, kept=False)
    for bucket in sorted(coming.keys() | leaving.keys()):
        additions = coming.get(bucket, [])
        gone = leaving.get(bucket, set()) | {one.doc_id for one in additions}
        found = [titled(staging.tables(one.doc_id), one) for one in additions]
        for name in IN_ORDER:
            merge(root, name, bucket, gone, [each[name] for each in found if name in each])
    rename(plan, root)


def remember(plan: Plan, root: Path) -> None:
    """Copy what is superseded into history, in the same layout."""
    for bucket, doc_ids in sorted(_leaving(plan, kept=True).items()):
        for name in IN_ORDER:
            rows = _only(read_table(root, name, bucket), doc_ids)
            # Done before, if the rows are gone already: then history's own stay.
            merge(root / HISTORY, name, bucket, set(rows["doc_id"].to_pylist()), [rows])


def merge(
    root: Path, name: str, bucket: Bucket, gone: Collection[str], coming: Iterable[pa.Table]
) -> None:
    """A bucket's rows without the documents ``gone``, and with what is ``coming``."""
    before = read_table(root, name, bucket)
    after = pa.concat_tables([_without(before, gone), *coming])
    after = after.take(pc.sort_indices(after, [("doc_id", "ascending")]))
    if not after.equals(before):
        write_table(root, name, bucket, after)


def titled(found: Tables, addition: Addition) -> Tables:
    """The tables with what only OUT knows of a document: its first name, its predecessor."""
    rows = [
        row | {"source": addition.source, "supersedes": addition.supersedes}
        for row in found["documents"].to_pylist()
    ]
    return {**found, "documents": table_of_rows("documents", rows)}


def rename(plan: Plan, root: Path) -> None:
    """The sources of every document touched; names taken over go to history first."""
    for bucket, former in sorted(_by_bucket(plan.former).items()):
        unite_sources(root / HISTORY, bucket, [naming.row for naming in former])
    coming, leaving = _by_bucket(plan.sources), _leaving(plan, kept=False)
    for bucket in sorted(coming.keys() | leaving.keys()):
        rows = coming.get(bucket, [])
        gone = leaving.get(bucket, set()) | {naming.row["doc_id"] for naming in rows}
        _replace_sources(root, bucket, gone, rows)


def unite_sources(root: Path, bucket: Bucket, rows: Iterable[Mapping[str, Any]]) -> None:
    """Beside the sources a bucket has."""
    coming = [Naming(bucket.fiscal_year, dict(row)) for row in rows]
    _replace_sources(root, bucket, set(), coming)


def _replace_sources(
    root: Path, bucket: Bucket, gone: Collection[str], coming: Iterable[Naming]
) -> None:
    before = read_table(root, "sources", bucket)
    rows = {(row["doc_id"], row["source"]): row for row in _without(before, gone).to_pylist()}
    rows |= {(naming.row["doc_id"], naming.row["source"]): naming.row for naming in coming}
    after = table_of_rows("sources", list(rows.values()))
    if not after.equals(before):
        write_table(root, "sources", bucket, after)


def _coming(plan: Plan) -> Mapping[Bucket, list[Addition]]:
    grouped: dict[Bucket, list[Addition]] = {}
    for one in plan.add:
        grouped.setdefault(Bucket.of(one.doc_id, one.fiscal_year), []).append(one)
    return grouped


def _leaving(plan: Plan, *, kept: bool) -> Mapping[Bucket, set[str]]:
    """Documents that leave each bucket; only those for history if ``kept``."""
    grouped: dict[Bucket, set[str]] = {}
    for one in plan.remove:
        if one.kept or not kept:
            grouped.setdefault(Bucket.of(one.doc_id, one.fiscal_year), set()).add(one.doc_id)
    return grouped


def _by_bucket(namings: Iterable[Naming]) -> Mapping[Bucket, list[Naming]]:
    grouped: dict[Bucket, list[Naming]] = {}
    for one in namings:
        grouped.setdefault(Bucket.of(one.row["doc_id"], one.fiscal_year), []).append(one)
    return grouped


def _only(rows: pa.Table, doc_ids: Collection[str]) -> pa.Table:
    return rows.filter(_is_in(rows, doc_ids))


def _without(rows: pa.Table, doc_ids: Collection[str]) -> pa.Table:
    return rows.filter(pc.invert(_is_in(rows, doc_ids)))


def _is_in(rows: pa.Table, doc_ids: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(rows["doc_id"], value_set=pa.array(sorted(doc_ids), pa.string()))
