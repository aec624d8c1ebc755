"""A finished reading as bytes: small enough for a pipe, complete enough to publish from.

The bytes are Arrow streams, one a dataset, one after the other, and a hash over them: a disk
that spoils a staged file is not believed. Nothing in them is code.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pyarrow as pa

from extract.datasets import schema
from extract.model import Reading
from extract.stages.publish.entry import Entry
from extract.stages.publish.tables import Tables, document_rows, tables
from extract.version import SCHEMA_VERSION, VERSION


@dataclass(frozen=True, slots=True)
class Package:
    """One document ready to be published; ``sizes`` are those of its files, where they were fetched."""

    entry: Entry
    data: bytes
    seconds: float = 0.0
    sizes: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a package holds; ``size`` is that of the source."""

    tables: Tables
    fiscal_year: int
    size: int | None


_DIGEST = 16


def pack(reading: Reading, version: str = VERSION) -> Package:
    """Everything a reading says, in the columns of the datasets."""
    year = reading.identity.fiscal_year
    size = reading.bytes if reading.sha256 else None
    entry = Entry.of_rows(document_rows(reading, version), year)
    return Package(entry, to_bytes(Unpacked(tables(reading, version), year, size)), reading.seconds)


def to_bytes(unpacked: Unpacked) -> bytes:
    """The tables without the descriptions of their columns, which ``schemas/`` knows."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    about = {
        "fiscal_year": str(unpacked.fiscal_year),
        "size": str(unpacked.size or ""),
        "schema_version": SCHEMA_VERSION,
    }
    for name, table in unpacked.tables.items():
        bare = pa.schema(
            [pa.field(field.name, field.type) for field in table.schema],
            metadata={"dataset": name, **about},
        )
        with pa.ipc.new_stream(sink, bare, options=options) as stream:
            stream.write_table(pa.Table.from_arrays(table.columns, schema=bare))
    content = bytes(sink.getvalue())
    return content + _digest(content)


def from_bytes(data: bytes) -> Unpacked:
    """What ``to_bytes`` was given. Raises ``ValueError`` where the bytes are others."""
    content, digest = data[:-_DIGEST], data[-_DIGEST:]
    if digest != _digest(content):
        raise ValueError("its bytes are not those that were written")
    source = pa.BufferReader(content)
    found: dict[str, pa.Table] = {}
    about: dict[bytes, bytes] = {}
    while source.tell() < len(content):
        table = pa.ipc.open_stream(source).read_all()
        about = table.schema.metadata
        name = about[b"dataset"].decode()
        if about[b"schema_version"].decode() != SCHEMA_VERSION:
            raise ValueError("it was staged under another version of the contract")
        found[name] = pa.Table.from_arrays(table.columns, schema=schema(name))
    size = int(about[b"size"]) if about[b"size"] else None
    return Unpacked(found, int(about[b"fiscal_year"]), size)


def size_of(data: bytes) -> int | None:
    """The size of the source, without looking at the rest."""
    size = pa.ipc.open_stream(pa.BufferReader(data)).schema.metadata[b"size"]
    return int(size) if size else None


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()
