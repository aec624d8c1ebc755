"""An output directory of an earlier contract, made one of the present.

All of it is written anew in a folder of its own, which then has a mark that it is complete; only then
one dataset after the other takes the place of the former one, each in one step. A migration that is
killed before the mark has changed nothing; after it, the next goes on where it stopped. Meanwhile no
run writes there: files of two versions are refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extract.coverage import by_form
from extract.datasets import DATASETS, FORM_DATASETS, NOUNS, empty, table_of_rows
from extract.errors import OutputError, SchemaMismatch
from extract.forms.catalogue import FORMS
from extract.stages.publish.exchange import clear, take_the_place
from extract.stages.publish.files import (
    HISTORY,
    Bucket,
    all_versions,
    buckets,
    raw_table,
    versions,
    write_bytes,
    write_table,
)
from extract.stages.publish.former import renewed
from extract.stages.publish.leaves import Leaves, leaf_of, leaves, overlap
from extract.stages.publish.lock import locked
from extract.stages.publish.staging import Staging
from extract.stages.publish.tables import Row, Tables, reading, wide
from extract.version import SCHEMA_VERSION

FOLDER = ".migrating"
OLDEST = "1"
_MARK = "complete"


def migrate(root: Path) -> frozenset[str]:
    """Bring ``root`` to the present contract; the versions it held before, none where it holds nothing.

    Raises ``OutputLocked``, ``OutputError`` where a run died while it published, and ``SchemaMismatch``
    where there is something of a later version, or of none.
    """
    with locked(root):
        found = all_versions(root, DATASETS)
        _known(root, found)
        beside = root / FOLDER
        if not (beside / _MARK).exists():
            clear(beside)
            if found <= {SCHEMA_VERSION}:
                return found
            _nothing_under_way(root)
            for tree in (root, root / HISTORY):
                _rewrite(tree, beside / "new" / tree.relative_to(root))
            _runs(root, beside / "new")
            write_bytes(beside / _MARK, b"")
        _take_places(root, beside)
        clear(beside)
    return found


def _known(root: Path, found: frozenset[str]) -> None:
    known = {str(n) for n in range(int(OLDEST), int(SCHEMA_VERSION) + 1)}
    if strange := sorted(found - known):
        raise SchemaMismatch(
            f"{root} was written under schema_version {', '.join(strange)}, of which this juesuan knows "
            f"nothing: it knows {OLDEST} to {SCHEMA_VERSION}; install a later juesuan"
        )


def _nothing_under_way(root: Path) -> None:
    """What waits to be published is read again; what was being published only its own version can end."""
    staging = Staging.of(root)
    if staging.plan_path.exists():
        raise OutputError(
            f"the juesuan that wrote {root} died while it published; run that version once more, which "
            "finishes it, then migrate"
        )
    for path in sorted(staging.folder.glob("*.arrow")):
        path.unlink()


def _take_places(root: Path, beside: Path) -> None:
    for folder in sorted({name.split("/")[0] for name in DATASETS} | {HISTORY}):
        new, place, aside = beside / "new" / folder, root / folder, beside / "old" / folder
        tree, names = (place, DATASETS) if folder == HISTORY else (root, _in_folder(folder))
        if versions(tree, names) == {SCHEMA_VERSION}:
            continue
        if new.exists():
            take_the_place(new, place, aside)
        elif place.exists():  # a dataset that nothing of is left in
            aside.parent.mkdir(exist_ok=True)
            place.rename(aside)


def _in_folder(folder: str) -> tuple[str, ...]:
    return tuple(name for name in DATASETS if name.split("/")[0] == folder)


def _rewrite(old: Path, new: Path) -> None:
    """Every document of a tree, file by file as they are cut today."""
    places: dict[int, list[Bucket]] = defaultdict(list)
    for bucket in {b for name in (*NOUNS, "documents", "sources") for b in buckets(old, name)}:
        places[bucket.fiscal_year].append(bucket)
    for year, held in sorted(places.items()):
        documents = {d for b in held for d in raw_table(old, "documents", b)["doc_id"].to_pylist()}
        cut = leaves(documents)
        for leaf in sorted(cut):
            near = [b for b in sorted(held) if overlap(b.prefix, leaf)]
            for name, rows in _renewed(old, near, leaf, cut).items():
                write_table(new, name, Bucket(year, leaf), rows)


def _renewed(old: Path, near: list[Bucket], leaf: str, cut: Leaves) -> Tables:
    """One file of each dataset. What derives from items is made of them again."""
    found = {
        name: pa.concat_tables(
            [empty(name), *(renewed(name, raw_table(old, name, b)) for b in near)]
        )
        for name in ("documents", *NOUNS, "sources")
    }
    found = {name: _of_leaf(rows, leaf, cut) for name, rows in found.items()}
    rows: list[Row] = []
    forms: dict[str, list[pa.Table]] = {name: [] for name in FORM_DATASETS}
    for own in _one_by_one(found["documents"]):
        mine = {name: _of_document(found[name], own[0]["doc_id"]) for name in NOUNS}
        made = reading({"documents": table_of_rows("documents", own), **mine}, 0)
        for row in own:
            items = [item for item in made.items if item.statement == row["statement"]]
            covered = by_form(items)
            rows.append(
                row
                | {
                    "mended": sum(item.mended for item in items),
                    "coverage": [
                        {"form": form} | asdict(covered[form]) for form in FORMS if form in covered
                    ],
                }
            )
        for name, tables in forms.items():
            tables.append(wide(name, made))
    return {
        **{name: _sorted(found[name]) for name in (*NOUNS, "sources")},
        **{name: _sorted(pa.concat_tables([empty(name), *t])) for name, t in forms.items()},
        "documents": table_of_rows("documents", rows),
    }


def _one_by_one(documents: pa.Table) -> Iterator[list[Row]]:
    """The rows of each document."""
    grouped: dict[str, list[Row]] = {}
    for row in documents.to_pylist():
        grouped.setdefault(row["doc_id"], []).append(row)
    yield from grouped.values()


def _of_leaf(rows: pa.Table, leaf: str, cut: Leaves) -> pa.Table:
    mine = [leaf_of(cut, doc_id) == leaf for doc_id in rows["doc_id"].to_pylist()]
    return rows.filter(pa.array(mine, pa.bool_()))


def _of_document(rows: pa.Table, doc_id: str) -> pa.Table:
    return rows.filter(pc.equal(rows["doc_id"], doc_id))


def _sorted(rows: pa.Table) -> pa.Table:
    """By document; the rows of each keep their order."""
    return rows.take(pc.sort_indices(rows, [("doc_id", "ascending")]))


def _runs(old: Path, new: Path) -> None:
    """Those of a month in one file."""
    months: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for bucket in buckets(old, "runs"):
        for row in renewed("runs", raw_table(old, "runs", bucket)).to_pylist():
            months[f"{row['started']:%Y-%m}"].append(row)
    for month, rows in months.items():
        write_table(new, "runs", Bucket(0, month), table_of_rows("runs", rows))
