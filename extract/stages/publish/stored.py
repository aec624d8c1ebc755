"""What is published, read back as the readings it was made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from extract.datasets import DATASETS, NOUNS
from extract.errors import OutputError
from extract.model import Reading
from extract.stages.publish.files import (
    Bucket,
    buckets,
    read_some,
    read_table,
    same_contract,
)
from extract.stages.publish.tables import reading


def held(root: Path) -> Path:
    """``root``, if a run has written there."""
    if not any((root / name).is_dir() for name in ("documents", "runs")):
        raise OutputError(f"{root} holds no documents; `juesuan run … --out {root}` makes some")
    same_contract(root, DATASETS)
    return root


def readings(root: Path) -> Iterator[tuple[Reading, str]]:
    """Every document of ``root``, with the version of juesuan that read it."""
    return _readings(root, None)


def readings_of(root: Path, doc_ids: Collection[str]) -> Iterator[tuple[Reading, str]]:
    """Those of ``readings`` that are asked for."""
    return _readings(root, doc_ids)


def _readings(root: Path, wanted: Collection[str] | None) -> Iterator[tuple[Reading, str]]:
    for bucket in buckets(root, "documents"):
        some = None if wanted is None else [d for d in wanted if d.startswith(bucket.prefix)]
        about = _rows(root, "documents", bucket, some)
        if not about.num_rows:
            continue
        whole = {"documents": about} | {name: _rows(root, name, bucket, some) for name in NOUNS}
        rows = about.select(["doc_id", "version"]).to_pylist()
        for doc_id, version in {row["doc_id"]: row["version"] for row in rows}.items():
            mine = {
                name: table.filter(pc.equal(table["doc_id"], doc_id))
                for name, table in whole.items()
            }
            yield reading(mine, bucket.fiscal_year), version


def _rows(root: Path, name: str, bucket: Bucket, wanted: Sequence[str] | None) -> pa.Table:
    if wanted is None:
        return read_table(root, name, bucket)
    return read_some(root, name, bucket, wanted)


def columns(root: Path, name: str, wanted: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
    """Some columns of a dataset, file by file, each with its fiscal year."""
    for bucket in buckets(root, name):
        yield bucket.fiscal_year, read_table(root, name, bucket, wanted)
