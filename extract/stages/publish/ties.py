"""What ties to other documents say of a document, taken out of its tables and put into them.

Everything else a document holds follows from its own bytes. These rows follow from what else is
published, so they are kept apart: they are compared without, and history is without them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from extract.datasets import dataset, empty, table_of_rows
from extract.forms.rules import is_between
from extract.stages.publish.tables import Tables

TIED = ("checks", "findings")
"""The datasets that hold such rows; ``documents`` counts the second."""

_LEVELS = ("error", "warning", "info")
_FAILED = "failed"


def untied(found: Tables) -> Tables:
    """The tables of any number of documents without them."""
    return _counted(found, {name: _only(found[name], False) for name in TIED if name in found})


def tied(found: Tables, coming: Tables) -> Tables:
    """The tables of a document with these in place of those it had."""
    made = {}
    for name in TIED:
        own = _only(found[name], False) if name in found else empty(name)
        made[name] = _sorted(name, pa.concat_tables([own, coming[name]]))
    return _counted(found, made)


def ties_of(found: Tables) -> Tables:
    """Those a document has."""
    return {name: _only(found[name], True) if name in found else empty(name) for name in TIED}


def _only(rows: pa.Table, between: bool) -> pa.Table:
    chosen = [is_between(rule) == between for rule in rows["rule"].to_pylist()]
    return rows if all(chosen) else rows.filter(pa.array(chosen, pa.bool_()))


def _sorted(name: str, rows: pa.Table) -> pa.Table:
    """In the dataset's order, as they are sorted where they are made."""
    keys = zip(*(rows[column].to_pylist() for column in dataset(name).order), strict=True)
    ranks = [tuple((value is not None, value) for value in key) for key in keys]
    return rows.take(pa.array(sorted(range(len(ranks)), key=ranks.__getitem__), pa.int64()))


def _counted(found: Tables, anew: Mapping[str, pa.Table]) -> Tables:
    """``found`` with other checks and findings, which its documents count."""
    whole = {**found, **anew}
    if "findings" in anew and "documents" in found:
        told = anew["findings"].select(["doc_id", "statement", "severity"]).to_pylist()
        many: Counter[tuple[Any, ...]] = Counter(
            (one["doc_id"], one["statement"], one["severity"]) for one in told
        )
        rows = [_row(row, many) for row in found["documents"].to_pylist()]
        whole["documents"] = table_of_rows("documents", rows)
    return {name: rows for name, rows in whole.items() if rows.num_rows or name not in anew}


def _row(row: dict[str, object], many: Counter[tuple[Any, ...]]) -> dict[str, object]:
    counts = {level: many[row["doc_id"], row["statement"], level] for level in _LEVELS}
    loud = counts["error"] or counts["warning"]
    status = row["status"] if row["status"] == _FAILED else "flagged" if loud else "clean"
    return {**row, **{f"findings_{level}": n for level, n in counts.items()}, "status": status}
