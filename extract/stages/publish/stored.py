"""What is published, read back as the readings it was made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
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
        yield from _held_in(root, bucket)


def readings_of(root: Path, doc_ids: Collection[str]) -> Iterator[tuple[Reading, str]]:
    """Those of ``readings`` that are asked for."""
    for bucket in buckets(root, "documents"):
        if mine := [doc_id for doc_id in doc_ids if doc_id.startswith(bucket.prefix)]:
            yield from _held_in(root, bucket, mine)


def reading_of(root: Path, doc_id: str) -> Reading:
    """One document of ``root``, from the files that hold it. Raises ``KeyError``."""
    for found, _ in readings_of(root, [doc_id]):
        return found
    raise KeyError(doc_id)


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that lie in one file of each dataset; ``stamp`` is another where any of these changed."""

    root: Path
    bucket: Bucket

    @property
    def name(self) -> str:
        """One for each part of an output directory."""
        return f"{self.bucket.fiscal_year}/{self.bucket.prefix or 'all'}"

    @property
    def stamp(self) -> str:
        """Sizes and times of its files: looked at, not read."""
        paths = (self.bucket.path(self.root, name) for name in ("documents", *NOUNS))
        found = ((path.stat() if path.exists() else None) for path in paths)
        return " ".join(f"{s.st_size}.{s.st_mtime_ns}" if s else "-" for s in found)

    def readings(self) -> Iterator[Reading]:
        """Its documents."""
        return (reading for reading, _ in _held_in(self.root, self.bucket))


def parts(root: Path) -> Iterator[Part]:
    """All documents of ``root``, as they lie."""
    return (Part(root, bucket) for bucket in buckets(root, "documents"))


def _held_in(
    root: Path, bucket: Bucket, wanted: Sequence[str] | None = None
) -> Iterator[tuple[Reading, str]]:
    about = _rows(root, "documents", bucket, wanted)
    if not about.num_rows:
        return
    whole = {"documents": about} | {name: _rows(root, name, bucket, wanted) for name in NOUNS}
    rows = about.select(["doc_id", "version"]).to_pylist()
    for doc_id, version in {row["doc_id"]: row["version"] for row in rows}.items():
        mine = {
            name: table.filter(pc.equal(table["doc_id"], doc_id)) for name, table in whole.items()
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
