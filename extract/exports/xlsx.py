"""A workbook for Excel and LibreOffice: a sheet a form, and what is doubtful as comments on its cells."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from extract.errors import ExtraMissing
from extract.exports.sheets import Marked, Sheets
from extract.exports.source import Exportable, Source
from extract.stages.publish import Bucket, buckets, read_table
from extract.version import VERSION

SIGN = "juesuan export"
_EPOCH = datetime(2000, 1, 1)  # the same bytes whenever it is written
_ABOUT = (
    "部门决算 / Final accounts",
    "金额单位为元；有批注的单元格有存疑之处，全部见“findings”表。",
    "Amounts are yuan. A cell with a comment is in doubt; all findings stand in the sheet “findings”.",
)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

Told = Mapping[tuple[Any, ...], Mapping[str, Sequence[tuple[str, str]]]]
"""Severity and sentence of each finding, by row (doc_id, statement, variant, key) and column."""


def write(source: Source, path: Path) -> tuple[str, ...]:
    """Write the workbook; what is returned says what could not be written as it is."""
    with _workbook(path) as book:
        book.set_properties({"comments": f"{SIGN} {VERSION}", "created": _EPOCH})
        about, sheets = book.add_worksheet("说明"), Sheets(book)
        documents, findings = source.table("documents"), source.table("findings")
        sheets.add(documents, ((row, {}) for row in source.rows(documents)))
        for form in source.forms:
            sheets.add(form, _marked(source, form))
        sheets.add(findings, ((row, {}) for row in source.rows(findings)))
        for number, line in enumerate((*_ABOUT, *sheets.notes)):
            about.write_string(number, 0, line)
        about.set_column(0, 0, 110)
    return sheets.notes


def is_ours(path: Path) -> bool:
    """Whether an export made the workbook."""
    try:
        with zipfile.ZipFile(path) as parts:
            return SIGN.encode() in parts.read("docProps/core.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def _workbook(path: Path) -> Any:
    try:
        import xlsxwriter
    except ImportError as why:
        raise ExtraMissing(
            "workbooks need XlsxWriter, which is not installed: pip install 'juesuan[export]'"
        ) from why
    return xlsxwriter.Workbook(str(path), _OPTIONS)


def _marked(source: Source, form: Exportable) -> Iterator[Marked]:
    """The rows of a form, each with what is doubtful about its cells."""
    places = [form.names.index(name) for name in ("doc_id", "statement", "variant", "key")]
    for bucket in buckets(source.root, form.name):
        told = _told(source.root, bucket, form.name.removeprefix("forms/"))
        for row in source.part(form, bucket):
            yield row, told.get(tuple(row[at] for at in places), {})


def _told(root: Path, bucket: Bucket, form: str) -> Told:
    """The findings on cells of a form; one that names no column is told at the name."""
    wanted = ["doc_id", "statement", "variant", "key", "measure", "form", "severity", "message"]
    found = read_table(root, "findings", bucket, wanted)
    told: dict[tuple[Any, ...], dict[str, list[tuple[str, str]]]] = defaultdict(dict)
    for row in found.filter(pc.equal(found["form"], form)).to_pylist():
        place = (row["doc_id"], row["statement"], row["variant"], row["key"])
        sentences = told[place].setdefault(row["measure"] or "name", [])
        sentences.append((row["severity"], row["message"]))
    return told
