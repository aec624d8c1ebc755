"""The files of OUT: where they lie, and how one is swapped in whole.

A dataset is cut by fiscal year and by the first two hex digits of ``doc_id``: at most 256
files a year, so that one new document rewrites a few megabytes even among hundreds of
thousands, and a folder of five documents makes no more than five files a dataset.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extract.datasets import schema
from extract.errors import OutputError, SchemaMismatch
from extract.version import SCHEMA_VERSION

HISTORY = "history"
_PREFIX = 2
_BESIDE = ".part"
_YEAR = re.compile(r"fiscal_year=(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """Which file of a dataset a document's rows are in."""

    fiscal_year: int
    prefix: str

    @classmethod
    def of(cls, doc_id: str, fiscal_year: int) -> Bucket:
        """Where ``doc_id`` belongs."""
        return cls(fiscal_year, doc_id[:_PREFIX])

    def path(self, root: Path, name: str) -> Path:
        """The bucket's file in the dataset ``name``."""
        return root / name / f"fiscal_year={self.fiscal_year}" / f"{self.prefix}.parquet"


def buckets(root: Path, name: str) -> Iterator[Bucket]:
    """The buckets of one dataset, in order."""
    for path in sorted((root / name).glob("fiscal_year=*/*.parquet")):
        if year := _YEAR.fullmatch(path.parent.name):
            yield Bucket(int(year[1]), path.stem)


def read_table(
    root: Path, name: str, bucket: Bucket, columns: Sequence[str] | None = None
) -> pa.Table:
    """A bucket's rows, of all ``columns`` or some; none where it has no file."""
    path = bucket.path(root, name)
    wanted = schema(name)
    if columns is not None:
        wanted = pa.schema([wanted.field(column) for column in columns])
    if not path.exists():
        return wanted.empty_table()
    found = _read(path, wanted.names if columns is not None else None)
    if found.schema.names != wanted.names:
        raise SchemaMismatch(f"{path} has not the columns of {name}; move it away and run again")
    return pa.Table.from_arrays(found.columns, schema=wanted)


def write_table(root: Path, name: str, bucket: Bucket, rows: pa.Table) -> None:
    """Swap in a bucket's rows: always the same bytes for the same rows, no file for none."""
    path = bucket.path(root, name)
    if rows.num_rows:
        sink = pa.BufferOutputStream()
        pq.write_table(rows.combine_chunks(), sink, compression="zstd", row_group_size=1 << 16)
        write_bytes(path, sink.getvalue())
    else:
        remove(path)


def write_bytes(path: Path, data: bytes | pa.Buffer) -> None:
    """All of it or nothing: written beside, flushed to the disk, swapped in."""
    beside = path.with_name(f".{path.name}{_BESIDE}")
    with refused(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            remove(beside)
            raise


def sweep(folder: Path) -> None:
    """Take away what a killed run was just writing there."""
    for half in sorted(folder.glob(f".*{_BESIDE}")):
        remove(half)


def remove(path: Path) -> None:
    """Delete a file that may be gone already, and its folder if nothing else is in it."""
    with refused(path):
        try:
            path.unlink()
            path.parent.rmdir()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError:
            if path.exists():
                raise


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Say so when the operating system does not let ``path`` be written."""
    try:
        yield
    except OSError as why:
        raise OutputError(
            f"cannot write {path}: {why.strerror or why}; what was published before is whole. "
            "Make room or choose another --out, then run again"
        ) from why


def same_contract(root: Path, names: tuple[str, ...]) -> None:
    """Refuse an output directory that was written under another contract."""
    for name in names:
        path = next((root / name).glob("fiscal_year=*/*.parquet"), None)
        if path is None:
            continue
        written = (_read_schema(path).metadata or {}).get(b"schema_version", b"none").decode()
        if written != SCHEMA_VERSION:
            raise SchemaMismatch(
                f"{path} was written under schema_version {written}, this juesuan writes "
                f"{SCHEMA_VERSION}; choose another --out and read the documents again"
            )


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table:
    with _unreadable(path), pq.ParquetFile(path) as file:
        return file.read(None if columns is None else list(columns))


def _read_schema(path: Path) -> pa.Schema:
    with _unreadable(path):
        return pq.read_schema(path)


@contextmanager
def _unreadable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowInvalid) as why:
        raise OutputError(f"cannot read {path}: {why}; move it away and run again") from why
