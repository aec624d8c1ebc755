"""What is in a warehouse: datasets, two tables of schemas/, and views; how a connection gets them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from extract.datasets import DATASETS, Column, dataset
from extract.forms.agencies import body_of
from extract.forms.cofog import cofog
from extract.stages.publish import HISTORY
from extract.stages.publish import columns as published
from extract.warehouse.stock import CLOCKS, PAST, columns, datasets, sql_name
from extract.warehouse.views import views

Kind = Literal["dataset", "history", "key", "view"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name in SQL, what it is, and its columns."""

    name: str
    kind: Kind
    meaning: str
    columns: tuple[Column, ...]


_AGENCIES = (
    Column(name="doc_id", type="string", meaning="The document"),
    Column(name="statement", type="int16", meaning="The statement set within it"),
    Column(name="agency", type="string", meaning="Name as printed"),
    Column(name="agency_id", type="string", meaning="Its slug"),
    Column(name="body_id", type="string", meaning="agency_id of the body's last name"),
    Column(name="body", type="string", meaning="The body's last name, folded"),
)
_COFOG = (
    Column(name="code", type="string", meaning="类 or 款 of the functional classification"),
    Column(name="since", type="int16", meaning="First fiscal year in which it is this"),
    Column(name="until", type="int16", meaning="Last fiscal year in which it is this"),
    Column(name="cofog", type="string", nullable=True, meaning="Division or group of COFOG"),
    Column(name="name", type="string", nullable=True, meaning="What COFOG calls it"),
    Column(name="certainty", type="string", meaning="certain, likely or split"),
    Column(name="note", type="string", meaning="Why, and what belongs elsewhere"),
)


def contents() -> tuple[Table, ...]:
    """Every table, the datasets first."""
    return (
        *(
            Table(sql_name(name), "dataset", dataset(name).meaning, columns(name))
            for name in DATASETS
        ),
        *(
            Table(
                sql_name(f"{HISTORY}/{name}"),
                "history",
                f"Superseded: {dataset(name).meaning}",
                columns(name),
            )
            for name in PAST
        ),
        Table("agencies", "key", "Which body each statement is of (schemas/agencies).", _AGENCIES),
        Table("cofog", "key", "What 类 and 款 are in COFOG (schemas/codes/cofog.yaml).", _COFOG),
        *(Table(v.name, "view", v.meaning, tuple(v.columns)) for v in views().values()),
    )


def fill(connection: Any, root: Path, *, copied: bool) -> None:
    """Show a DuckDB connection the tables of ``root``, or (``copied``) put their rows into it."""
    for one in ("forms", HISTORY):
        connection.execute(f"create schema {one}")
    for name, rows in _sources(root):
        if copied and name in CLOCKS:
            continue
        # An Arrow table by a name no SQL would use; the view or table bears the real one.
        connection.register(f"arrow/{name}", rows)
        what = "table" if copied else "view"
        connection.execute(f'create {what} {sql_name(name)} as select * from "arrow/{name}"')
        if copied:
            connection.unregister(f"arrow/{name}")
    for view in views().values():
        connection.execute(f"create view {view.name} as {view.sql}")


def _sources(root: Path) -> Iterator[tuple[str, Any]]:
    for name in (*DATASETS, *(f"{HISTORY}/{past}" for past in PAST)):
        yield name, datasets(root, name)
    yield "agencies", agencies(root)
    yield "cofog", functions()


def agencies(root: Path) -> pa.Table:
    """The body of each statement whose agency is known."""
    wanted = ["doc_id", "statement", "agency", "agency_id", "province", "city"]
    rows = []
    for _, part in published(root, "documents", wanted):
        for row in part.to_pylist():
            province, city = row.pop("province"), row.pop("city")
            if row["agency"] is not None:
                name = body_of(row["agency"], province, city).name
                rows.append({**row, "body_id": _slug(name), "body": name})
    return _table(_AGENCIES, sorted(rows, key=lambda row: (row["doc_id"], row["statement"])))


def functions() -> pa.Table:
    """The COFOG of 类 and 款."""
    known = cofog()
    return _table(
        _COFOG,
        [
            {
                **function.model_dump(),
                "code": code,
                "name": known.names[function.cofog].en if function.cofog else None,
            }
            for code, function in known.codes.items()
        ],
    )


def _slug(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _table(described: Iterable[Column], rows: list[dict[str, Any]]) -> pa.Table:
    kinds: Mapping[str, pa.DataType] = {"string": pa.string(), "int16": pa.int16()}
    shape = pa.schema([(column.name, kinds[column.type]) for column in described])
    return pa.Table.from_pylist(rows, schema=shape)
