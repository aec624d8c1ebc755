"""A finished reading as bytes: small enough for a pipe, complete enough to publish from.

The bytes are Arrow streams, one a dataset, one after the other; nothing in them is code.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from extract.datasets import schema
from extract.model import Reading
from extract.stages.publish.entry import Entry
from extract.stages.publish.tables import Tables, document_rows, tables
from extract.version import VERSION


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
    # Documents last: bytes that were cut off have none, and that is noticed.
    last_of_all = sorted(unpacked.tables.items(), key=lambda named: named[0] == "documents")
    about = {"fiscal_year": str(unpacked.fiscal_year), "size": str(unpacked.size or "")}
    for name, table in last_of_all:
        bare = pa.schema(
            [pa.field(field.name, field.type) for field in table.schema],
            metadata={"dataset": name, **about},
        )
        with pa.ipc.new_stream(sink, bare, options=options) as stream:
            stream.write_table(pa.Table.from_arrays(table.columns, schema=bare))
    return bytes(sink.getvalue())


def from_bytes(data: bytes) -> Unpacked:
    """What ``to_bytes`` was given."""
    source = pa.BufferReader(data)
    found: dict[str, pa.Table] = {}
    about: dict[bytes, bytes] = {}
    while source.tell() < len(data):
        table = pa.ipc.open_stream(source).read_all()
        about = table.schema.metadata
        name = about[b"dataset"].decode()
        found[name] = pa.Table.from_arrays(table.columns, schema=schema(name))
    if "documents" not in found:
        raise KeyError("documents")
    size = int(about[b"size"]) if about[b"size"] else None
    return Unpacked(found, int(about[b"fiscal_year"]), size)
