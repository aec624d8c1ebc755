"""Which program this is, and under which data contract it writes."""

from __future__ import annotations

VERSION = "0.1.0"
"""Stands in ``documents.version``; a document read by another version is read again."""

SCHEMA_VERSION = "2"
"""Version of the data contract; stands in the metadata of every Parquet file.

It is raised whenever a column comes, goes or changes: ``since`` in schemas/datasets says which came
with it, and ``juesuan migrate`` gives them to what was written before."""
