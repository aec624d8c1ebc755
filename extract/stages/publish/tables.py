"""One reading as the tables of every dataset, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

import pyarrow as pa

from extract.coverage import Coverage, by_form
from extract.datasets import (
    FORM_DATASETS,
    NOUNS,
    dataset,
    table_of_rows,
    to_records,
    to_table,
)
from extract.forms.catalogue import FORMS
from extract.hanzi import fold
from extract.model import Further, Identity, Item, Reading, Severity, Way

Row = dict[str, Any]
Tables = Mapping[str, pa.Table]

_LOUD: tuple[Severity, ...] = ("error", "warning")


def tables(reading: Reading, version: str) -> Tables:
    """The rows of each dataset that has any."""
    made = {"documents": table_of_rows("documents", document_rows(reading, version))}
    made |= {name: to_table(name, getattr(reading, name)) for name in NOUNS}
    made |= {name: wide(name, reading) for name in FORM_DATASETS}
    return {name: table for name, table in made.items() if table.num_rows}


def reading(found: Tables, fiscal_year: int) -> Reading:
    """The reading these tables were made of; ``tables(reading(t)) == t``."""
    row, *others = sorted(found["documents"].to_pylist(), key=lambda row: row["statement"])
    nouns: dict[str, Any] = {name: to_records(name, found[name]) for name in NOUNS if name in found}
    return Reading(
        sha256=row["sha256"] or "",
        source=row["source"],
        media_type=row["media_type"],
        identity=Identity(
            row["title"],
            row["agency"],
            row["kind"],
            fiscal_year,
            row["region_code"],
            row["province"],
            row["city"],
            row["county"],
            row["published"],
        ),
        text_layer=row["text_layer"],
        pages=row["pages"],
        unit=row["unit"],
        forms_found=tuple(row["forms_found"]),
        forms_other=tuple(row["forms_other"]),
        further=tuple(
            Further(
                one["agency"], one["unit"], tuple(one["forms_found"]), tuple(one["forms_other"])
            )
            for one in others
        ),
        error=row["error"],
        reproduce=row["reproduce"],
        repair=row["repair"] or "suggest",
        decisions=row["decisions"],
        way=way_of(row),
        **nouns,
    )


def document_rows(reading: Reading, version: str) -> list[Row]:
    """What ``documents`` says of it: a row a statement."""
    return [
        document_row(part, version, statement)
        for statement, part in enumerate([_first(reading), *_others(reading)])
    ]


def _first(reading: Reading) -> Reading:
    return _of(reading, 0) if reading.further else reading


def _others(reading: Reading) -> Iterator[Reading]:
    """The other units' statements, each as if it were alone; a region is known of the first."""
    for statement, one in enumerate(reading.further, start=1):
        yield replace(
            _of(reading, statement),
            identity=replace(reading.identity, agency=one.agency),
            unit=one.unit,
            forms_found=one.forms_found,
            forms_other=one.forms_other,
        )


def _of(reading: Reading, statement: int) -> Reading:
    items = tuple(item for item in reading.items if item.statement == statement)
    findings = tuple(one for one in reading.findings if one.statement == statement)
    return replace(reading, items=items, findings=findings)


def document_row(reading: Reading, version: str, statement: int = 0) -> Row:
    """What ``documents`` says of one statement."""
    covered = by_form(reading.items)
    all_forms = sum(covered.values(), Coverage())
    return dict.fromkeys(dataset("documents").names) | {
        "doc_id": reading.doc_id,
        "statement": statement,
        "sha256": reading.sha256 or None,
        "source": reading.source,
        "media_type": reading.media_type,
        "title": reading.identity.title,
        "agency": reading.identity.agency,
        "agency_id": agency_id(reading.identity.agency),
        "kind": reading.identity.kind,
        "region_code": reading.identity.region_code,
        "province": reading.identity.province,
        "city": reading.identity.city,
        "county": reading.identity.county,
        "published": reading.identity.published,
        "unit": reading.unit,
        "pages": reading.pages,
        "text_layer": reading.text_layer,
        "status": status(reading),
        "error": reading.error,
        "reproduce": reading.reproduce,
        "forms_found": reading.forms_found,
        "forms_other": reading.forms_other,
        "items": len(reading.items),
        "amounts": all_forms.amounts,
        **{f"findings_{level}": _count(reading, level) for level in ("error", "warning", "info")},
        "proven": all_forms.share,
        "proven_twice": all_forms.share_twice,
        "mended": sum(item.mended for item in reading.items),
        **(asdict(reading.way) if reading.way and _says_way(reading) else {}),
        "repair": reading.repair if reading.error is None else None,
        "decisions": reading.decisions,
        "coverage": [{"form": form} | asdict(covered[form]) for form in FORMS if form in covered],
        "version": version,
    }


def _says_way(reading: Reading) -> bool:
    return reading.error is None or reading.reproduce is not None


def way_of(row: Row) -> Way | None:
    """How a document was to be read, as its row says; None where it does not, though it was read."""
    if row["error"] is None and row["engine"] is None:
        return None
    return Way(**{f.name: row[f.name] for f in fields(Way) if row[f.name] is not None})


def status(reading: Reading) -> str:
    """Failed, flagged or clean."""
    if reading.error is not None:
        return "failed"
    return "flagged" if any(f.severity in _LOUD for f in reading.findings) else "clean"


def agency_id(agency: str | None) -> str | None:
    """The same for every spelling of a name that folds to the same characters."""
    if agency is None:
        return None
    return hashlib.sha256(fold(agency).encode()).hexdigest()[:12]


def wide(name: str, reading: Reading) -> pa.Table:
    """One row a key of one form, one column a measure."""
    columns = dataset(name).names
    rows: dict[tuple[Any, ...], Row] = {}
    further = dict(enumerate((one.agency for one in reading.further), start=1))
    for item in reading.items:
        if f"forms/{item.form}" == name:
            place = (item.statement, item.variant, item.seq, item.key)
            if place not in rows:
                rows[place] = dict.fromkeys(columns) | _head(
                    item, further.get(item.statement, reading.identity.agency)
                )
            if item.measure in columns:
                rows[place][item.measure] = item.amount
    return table_of_rows(name, list(rows.values()))


def _head(item: Item, agency: str | None) -> Row:
    shared = ("doc_id", "statement", "variant", "seq", "key", "code", "level", "name")
    return {column: getattr(item, column) for column in shared} | {"agency": agency}


def _count(reading: Reading, severity: str) -> int:
    return sum(finding.severity == severity for finding in reading.findings)
