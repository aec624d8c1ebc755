"""The files of OUT: where they lie, and how one is swapped in whole.

A dataset is cut by fiscal year and by leading hex digits of ``doc_id``, as ``leaves`` says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract.datasets import schema
from extract.errors import OutputError, SchemaMismatch
from extract.version import SCHEMA_VERSION

HISTORY = "history"
_ALL = "all"
_BESIDE = ".part"
_YEAR = re.compile(r"fiscal_year=(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """Which file of a dataset a document's rows are in; without ``prefix`` it is all of the year."""

    fiscal_year: int
    prefix: str

    def path(self, root: Path, name: str) -> Path:
        """The bucket's file in the dataset ``name``."""
        return _folder(root, name, self.fiscal_year) / f"{self.prefix or _ALL}.parquet"


def buckets(root: Path, name: str) -> Iterator[Bucket]:
    """The buckets of one dataset, in order."""
    for path in sorted((root / name).glob("fiscal_year=*/*.parquet")):
        if year := _YEAR.fullmatch(path.parent.name):
            yield Bucket(int(year[1]), _prefix(path))


def paths(root: Path, name: str) -> list[Path]:
    """The files of one dataset, in the order of their buckets."""
    return [bucket.path(root, name) for bucket in sorted(buckets(root, name))]


def prefixes(root: Path, names: Iterable[str], fiscal_year: int) -> set[str]:
    """Which files of a year any of these datasets has."""
    folders = (_folder(root, name, fiscal_year) for name in names)
    return {_prefix(path) for folder in folders for path in folder.glob("*.parquet")}


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


def read_some(root: Path, name: str, bucket: Bucket, doc_ids: Collection[str]) -> pa.Table:
    """The rows of these documents: of a file sorted by them, only the groups that hold any."""
    path, wanted = bucket.path(root, name), schema(name)
    if not doc_ids or not path.exists():
        return wanted.empty_table()
    with _unreadable(path), pq.ParquetFile(path) as file:
        if file.schema_arrow.names != wanted.names:
            return read_table(root, name, bucket)  # which says so
        held = [
            n for n in range(file.num_row_groups) if _holds(file.metadata.row_group(n), doc_ids)
        ]
        found = file.read_row_groups(held)
    found = found.filter(pc.is_in(found["doc_id"], pa.array(sorted(doc_ids), pa.string())))
    return pa.Table.from_arrays(found.columns, schema=wanted)


def _holds(group: pq.RowGroupMetaData, doc_ids: Collection[str]) -> bool:
    """Whether rows of any of the documents may lie in a group;."""
    told = next(
        (
            column.statistics
            for column in map(group.column, range(group.num_columns))
            if column.path_in_schema == "doc_id"
        ),
        None,
    )
    if told is None or not told.has_min_max:
        return True
    return any(told.min <= doc_id <= told.max for doc_id in doc_ids)


def write_table(root: Path, name: str, bucket: Bucket, rows: pa.Table) -> None:
    """Swap in a bucket's rows: always the same bytes for the same rows, no file for none."""
    path = bucket.path(root, name)
    if not write_parquet(path, rows):
        remove(path)


def write_parquet(path: Path, rows: pa.Table) -> bool:
    """Whether there is such a file now: none is written for no rows, and a former one is left."""
    data = _parquet(rows)
    if data is None:
        return False
    write_bytes(path, data)
    return True


def write_bytes(path: Path, data: bytes | pa.Buffer) -> None:
    """All of it or nothing: written beside, flushed to the disk, swapped in."""
    _write_beside(path, data)
    _swap_in(path)


def _parquet(rows: pa.Table) -> pa.Buffer | None:
    if not rows.num_rows:
        return None
    sink = pa.BufferOutputStream()
    pq.write_table(rows.combine_chunks(), sink, compression="zstd", row_group_size=1 << 16)
    return sink.getvalue()


def _write_beside(path: Path, data: bytes | pa.Buffer) -> None:
    beside = _beside(path)
    with refused(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            remove(beside)
            raise


def _swap_in(path: Path) -> None:
    with refused(path):
        try:
            _beside(path).replace(path)
        except OSError:
            remove(_beside(path))
            raise


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{_BESIDE}")


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


def raw_table(root: Path, name: str, bucket: Bucket) -> pa.Table:
    """A bucket's rows in the columns they were written in; none where it has no file."""
    path = bucket.path(root, name)
    return _read(path, None) if path.exists() else schema(name).empty_table()


def versions(root: Path, names: Iterable[str]) -> frozenset[str]:
    """Under which versions of the contract these datasets were written."""
    firsts = (next((root / name).glob("fiscal_year=*/*.parquet"), None) for name in names)
    return frozenset(_version(path) for path in firsts if path is not None)


def all_versions(root: Path, names: Sequence[str]) -> frozenset[str]:
    """Under which versions these datasets, and what is history of them, were written."""
    return versions(root, names) | versions(root / HISTORY, names)


def same_contract(root: Path, names: tuple[str, ...]) -> None:
    """Refuse an output directory that was written under another contract."""
    for written in sorted(all_versions(root, names) - {SCHEMA_VERSION}):
        older = written.isdecimal() and int(written) < int(SCHEMA_VERSION)
        raise SchemaMismatch(
            f"{root} was written under schema_version {written}, this juesuan writes {SCHEMA_VERSION}; "
            + (
                f"`juesuan migrate {root}` brings it to that"
                if older
                else "install a later juesuan, or choose another --out and read the documents again"
            )
        )


def _version(path: Path) -> str:
    told: bytes = (_read_schema(path).metadata or {}).get(b"schema_version", b"none")
    return told.decode()


def _folder(root: Path, name: str, fiscal_year: int) -> Path:
    return root / name / f"fiscal_year={fiscal_year}"


def _prefix(path: Path) -> str:
    return "" if path.stem == _ALL else path.stem


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
