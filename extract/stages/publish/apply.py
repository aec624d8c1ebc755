"""Carrying out a plan. Each step may be done again: a run killed half-way is simply repeated.

What goes to history is copied before anything is taken away. In each region ``documents``
comes after all that it vouches for; ``sources`` come last. The files of a dataset and year change in
one step, however many they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extract.datasets import PER_DOCUMENT, empty, table_of_rows
from extract.stages.publish.files import (
    HISTORY,
    Bucket,
    prefixes,
    read_table,
)
from extract.stages.publish.leaves import Leaves, Region, leaf_of, leaves, overlap, regions
from extract.stages.publish.plan import Addition, Naming, Plan
from extract.stages.publish.staging import Staging
from extract.stages.publish.swap import Swap, sweep_swaps
from extract.stages.publish.tables import Tables
from extract.stages.publish.ties import untied

OnTop = Callable[[str, int, Tables], Tables]
"""doc_id, fiscal year, and what is staged of the document → what is published of it."""

# `documents` stands first in the contract and is written last.
IN_ORDER = (*PER_DOCUMENT[1:], PER_DOCUMENT[0])


def apply(plan: Plan, root: Path, staging: Staging, on_top: OnTop) -> None:
    """Make ``root`` as the plan says, with the documents that are staged and what is to be put ``on_top``."""
    remember(plan, root)
    coming, leaving = _coming(plan), _leaving(plan, kept=False)
    for year in sorted(coming.keys() | leaving.keys()):
        additions, gone = coming.get(year, {}), leaving.get(year, set())
        cut = _cut(plan.leaves, year)
        present = prefixes(root, IN_ORDER, year)
        dealt: dict[str, list[Addition]] = defaultdict(list)
        for one in additions.values():
            dealt[leaf_of(cut, one.doc_id)].append(one)
        swaps = [Swap(root, root, name, year) for name in IN_ORDER]
        for region in regions(cut, present, additions.keys() | gone):
            mine = [one for leaf in region.leaves for one in dealt[leaf]]
            found = [
                titled(on_top(one.doc_id, year, staging.tables(one.doc_id)), one) for one in mine
            ]
            for swap in swaps:
                new = [each[swap.name] for each in found if swap.name in each]
                merge(swap, region, gone | {one.doc_id for one in mine}, new)
        for swap in swaps:
            swap.commit()
    rename(plan, root)
    sweep_swaps(root)


def remember(plan: Plan, root: Path) -> None:
    """Copy what is superseded into history, in the same layout."""
    for year, doc_ids in sorted(_leaving(plan, kept=True).items()):
        # Done before, if the rows are gone already: then history's own stay.
        found = untied({name: rows_of(root, name, year, doc_ids) for name in IN_ORDER})
        unite_history(root, year, _cut(plan.former_leaves, year), found, ())


def unite_history(
    root: Path, year: int, cut: Leaves, found: Tables, named: Iterable[Mapping[str, Any]]
) -> None:
    """``found`` and the sources ``named`` beside what history has of a year; its own rows of them give way."""
    past = root / HISTORY
    found = {name: found.get(name, empty(name)) for name in IN_ORDER}
    there = {doc_id for rows in found.values() for doc_id in rows["doc_id"].to_pylist()}
    swaps = [Swap(root, past, name, year) for name in IN_ORDER]
    for region in regions(cut, prefixes(past, IN_ORDER, year), there):
        for swap in swaps:
            rows = found[swap.name]
            merge(swap, region, set(rows["doc_id"].to_pylist()), [rows])
    for swap in swaps:
        swap.commit()
    _unite_sources(root, year, cut, list(named))


def _unite_sources(root: Path, year: int, cut: Leaves, named: Sequence[Mapping[str, Any]]) -> None:
    past = root / HISTORY
    swap = Swap(root, past, "sources", year)
    mine = {row["doc_id"] for row in named}
    for region in regions(cut, prefixes(past, ["sources"], year), mine):
        kept = rows_of(past, "sources", year, mine).to_pylist()
        rows = {_place(row): row for row in (*kept, *named)}
        merge(swap, region, mine, [_sources(rows.values())])
    swap.commit()


def merge(swap: Swap, region: Region, gone: Collection[str], coming: Iterable[pa.Table]) -> None:
    """A region's rows without the documents ``gone``, and with what of ``coming`` is its own."""
    tree, name, year = swap.tree, swap.name, swap.fiscal_year
    former = [read_table(tree, name, Bucket(year, prefix)) for prefix in region.former]
    new = pa.concat_tables([empty(name), *coming])
    for leaf in region.leaves:
        before = read_table(tree, name, Bucket(year, leaf))
        known = {*gone, *pc.unique(before["doc_id"]).to_pylist()} if former else set()
        old = [
            _without(_beginning(rows, leaf), known)
            for prefix, rows in zip(region.former, former, strict=True)
            if overlap(prefix, leaf)
        ]
        after = pa.concat_tables([_without(before, gone), *old, _beginning(new, leaf)])
        after = after.take(pc.sort_indices(after, [("doc_id", "ascending")]))
        if not after.equals(before):
            swap.put(leaf, after)
    for prefix in region.former:
        swap.drop(prefix)


def titled(found: Tables, addition: Addition) -> Tables:
    """The tables with what only OUT knows of a document: its first name, its predecessor."""
    rows = [
        row | {"source": addition.source, "supersedes": addition.supersedes}
        for row in found["documents"].to_pylist()
    ]
    return {**found, "documents": table_of_rows("documents", rows)}


def rename(plan: Plan, root: Path) -> None:
    """The sources of every document touched; names taken over go to history first."""
    for year, former in sorted(_by_year(plan.former).items()):
        cut = _cut(plan.former_leaves, year)
        _unite_sources(root, year, cut, [naming.row for naming in former])
    coming, leaving = _by_year(plan.sources), _leaving(plan, kept=False)
    for year in sorted(coming.keys() | leaving.keys()):
        rows = {_place(naming.row): naming.row for naming in coming.get(year, [])}
        gone = leaving.get(year, set()) | {row["doc_id"] for row in rows.values()}
        present = prefixes(root, ["sources"], year)
        swap = Swap(root, root, "sources", year)
        for region in regions(_cut(plan.leaves, year), present, gone):
            merge(swap, region, gone, [_sources(rows.values())])
        swap.commit()


def _place(row: Mapping[str, str]) -> tuple[str, str]:
    return row["doc_id"], row["source"]


def _sources(rows: Iterable[Mapping[str, object]]) -> pa.Table:
    return table_of_rows("sources", list(rows))


def _cut(planned: Mapping[str, list[str]], year: int) -> Leaves:
    """The files of a year; a year of which the plan says nothing is not cut."""
    return frozenset(planned[str(year)]) if str(year) in planned else leaves(())


def rows_of(root: Path, name: str, year: int, doc_ids: Collection[str]) -> pa.Table:
    """The rows of some documents, wherever in the year they lie."""
    holding = [
        prefix
        for prefix in sorted(prefixes(root, [name], year))
        if any(doc_id.startswith(prefix) for doc_id in doc_ids)
    ]
    parts = [read_table(root, name, Bucket(year, prefix)) for prefix in holding]
    found: list[pa.Table] = []
    known: set[str] = set()
    for rows in (_only(part, doc_ids) for part in parts):
        found.append(_without(rows, known))
        known |= set(rows["doc_id"].to_pylist())
    return pa.concat_tables([empty(name), *found])


def _coming(plan: Plan) -> Mapping[int, dict[str, Addition]]:
    grouped: dict[int, dict[str, Addition]] = {}
    for one in plan.add:
        grouped.setdefault(one.fiscal_year, {})[one.doc_id] = one
    return grouped


def _leaving(plan: Plan, *, kept: bool) -> Mapping[int, set[str]]:
    """Documents that leave each year; only those for history if ``kept``."""
    grouped: dict[int, set[str]] = {}
    for one in plan.remove:
        if one.kept or not kept:
            grouped.setdefault(one.fiscal_year, set()).add(one.doc_id)
    return grouped


def _by_year(namings: Iterable[Naming]) -> Mapping[int, list[Naming]]:
    grouped: dict[int, list[Naming]] = {}
    for one in namings:
        grouped.setdefault(one.fiscal_year, []).append(one)
    return grouped


def _beginning(rows: pa.Table, prefix: str) -> pa.Table:
    return rows.filter(pc.starts_with(rows["doc_id"], prefix)) if prefix else rows


def _only(rows: pa.Table, doc_ids: Collection[str]) -> pa.Table:
    return rows.filter(_is_in(rows, doc_ids))


def _without(rows: pa.Table, doc_ids: Collection[str]) -> pa.Table:
    return rows.filter(pc.invert(_is_in(rows, doc_ids))) if doc_ids and rows.num_rows else rows


def _is_in(rows: pa.Table, doc_ids: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(rows["doc_id"], value_set=pa.array(sorted(doc_ids), pa.string()))
