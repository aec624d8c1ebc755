"""What is published, read back as the readings it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from extract.datasets import DATASETS, NOUNS
from extract.errors import OutputError
from extract.model import Reading
from extract.stages.publish.files import buckets, read_table, same_contract
from extract.stages.publish.tables import reading


def held(root: Path) -> Path:
    """``root``, if a run has written there, under the present contract."""
    same_contract(held_by_any(root), DATASETS)
    return root


def held_by_any(root: Path) -> Path:
    """``root``, if a run has written there, under whatever contract."""
    if not any((root / name).is_dir() for name in ("documents", "runs")):
        raise OutputError(f"{root} holds no documents; `juesuan run … --out {root}` makes some")
    return root


def readings(root: Path) -> Iterator[tuple[Reading, str]]:
    """Every document of ``root``, with the version of juesuan that read it."""
    for bucket in buckets(root, "documents"):
        whole = {name: read_table(root, name, bucket) for name in ("documents", *NOUNS)}
        rows = whole["documents"].select(["doc_id", "version"]).to_pylist()
        for doc_id, version in {row["doc_id"]: row["version"] for row in rows}.items():
            mine = {
                name: table.filter(pc.equal(table["doc_id"], doc_id))
                for name, table in whole.items()
            }
            yield reading(mine, bucket.fiscal_year), version


def columns(root: Path, name: str, wanted: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
    """Some columns of a dataset, file by file, each with its fiscal year."""
    for bucket in buckets(root, name):
        yield bucket.fiscal_year, read_table(root, name, bucket, wanted)
