"""A Frictionless Data Package: CSV files, and a ``datapackage.json`` that says what each column is.

The panel bears the ColumnTypes of the Fiscal Data Package (1.0.0rc1, budget taxonomy). Its
``profile`` is that of any tabular package: the fiscal one is a draft that validators fetch
from the net.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from extract.datasets import Column
from extract.exports.csvs import write_table
from extract.exports.folder import sign, signed
from extract.exports.source import Exportable, Source
from extract.version import SCHEMA_VERSION, VERSION

KIND = "datapackage"
_TAXONOMY = "https://specs.frictionlessdata.io/taxonomies/fiscal/budgets.json"
_TYPES = {
    "bool": "boolean",
    "date": "date",
    "decimal(20,2)": "number",
    "decimal(24,6)": "number",
    "float32": "number",
    "float64": "number",
    "int8": "integer",
    "int16": "integer",
    "int32": "integer",
    "int64": "integer",
    "list<string>": "array",
    "list<struct>": "array",
    "string": "string",
    "timestamp": "datetime",
}
_OF_STATEMENTS = ["doc_id", "statement"]


def write(source: Source, folder: Path) -> tuple[str, ...]:
    """Write the package into ``folder``."""
    for table in source.tables:
        write_table(source, table, folder / _path(table), "utf-8")
    told = json.dumps(descriptor(source), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(told + "\n", encoding="utf-8")
    sign(folder, KIND)
    return ()


def is_ours(path: Path) -> bool:
    """Whether an export made the folder."""
    return signed(path, KIND)


def descriptor(source: Source) -> dict[str, Any]:
    """What ``datapackage.json`` says."""
    found = source.warehouse.ask("select distinct fiscal_year from panel order by 1").rows
    years = [year for (year,) in found]
    fiscal = {"start": f"{years[0]}-01-01", "end": f"{years[-1]}-12-31"} if years else None
    return {
        "name": "juesuan",
        "title": "部门决算 / Final accounts of Chinese public bodies",
        "description": "Amounts in yuan. A text that a spreadsheet would take for a formula has an apostrophe in front.",
        "profile": "tabular-data-package",
        "version": VERSION,
        "schema_version": SCHEMA_VERSION,
        "countryCode": "CN",
        "columnTypes": _TAXONOMY,
        **({"fiscalPeriod": fiscal} if fiscal else {}),
        "resources": [_resource(table) for table in source.tables],
    }


def _resource(table: Exportable) -> dict[str, Any]:
    return {
        "name": table.name.replace("/", "-"),
        "title": table.meaning,
        "profile": "tabular-data-resource",
        "path": _path(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            **_keys(table),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    """Texts are not required: an empty one is printed like none."""
    told: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type]}
    told["description"] = column.meaning
    if column.unit:
        told["unit"] = column.unit
    if fiscal := getattr(column, "fiscal", ""):
        told["columnType"] = fiscal
    if not column.nullable and told["type"] != "string":
        told["constraints"] = {"required": True}
    return told


def _keys(table: Exportable) -> dict[str, Any]:
    if table.name == "documents":
        return {"primaryKey": _OF_STATEMENTS}
    if not set(_OF_STATEMENTS) <= set(table.names):
        return {}
    whole = {"resource": "documents", "fields": _OF_STATEMENTS}
    return {"foreignKeys": [{"fields": _OF_STATEMENTS, "reference": whole}]}


def _path(table: Exportable) -> str:
    return f"data/{table.name}.csv"
