"""What is in OUT, ready to be looked up: read once, and again where a file is another.

The findings are one Arrow table in the order of the queue: the loudest first, then by year, agency
and place. A filter keeps some of them; where one stands is its rank in the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import reduce
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extract.model import Reading
from extract.stages.publish import columns, held
from extract.views.shelf import Listed, Published

PAGE = 50
"""Findings, documents or passages on one page."""
_FINDINGS = (
    *(
        "finding_id",
        "doc_id",
        "statement",
        "category",
        "severity",
        "form",
        "variant",
        "key",
        "measure",
    ),
    *("page", "suggested", "decided", "found_severity", "message", "message_en"),
)
_LOUDNESS = ("error", "warning", "info")
State = ("open", "decided", "notes", "all")
"""Which findings: above a note; decided on by people; notes; every one."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings are asked for; empty is any. ``agency`` is a part of the name, ``doc`` a doc_id."""

    state: str = "open"
    severity: str = ""
    category: str = ""
    agency: str = ""
    year: str = ""
    form: str = ""
    doc: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """That of an address."""
        told = {
            field.name: query[field.name].strip() for field in fields(cls) if field.name in query
        }
        found = cls(**told)
        return found if found.state in State else cls(**{**told, "state": "open"})

    @property
    def query(self) -> dict[str, str]:
        """What of it an address has to say."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {k: v for k, v in told.items() if v and (k, v) != ("state", "open")}


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of findings, how many there are, and by kind and severity how many under the rest of the filter."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    categories: Mapping[str, int]
    severities: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A section in which something was found, and the words around."""

    doc_id: str
    agency: str | None
    fiscal_year: int
    heading: str
    page: int | None
    before: str
    hit: str
    after: str


class Desk:
    """The documents and findings of one output directory."""

    def __init__(self, out: str | Path) -> None:
        self.root = held(Path(out))
        self._lock = Lock()
        self._stamp = ""
        self._shelf = Published(self.root)
        self._documents: dict[str, Listed] = {}
        self._findings = pa.table({})
        self.refresh()

    def refresh(self) -> None:
        """Read anew what is another than before; a look at the files where nothing is."""
        with self._lock:
            stamp = self._stamped()
            if stamp == self._stamp:
                return
            self._shelf = Published(self.root)
            self._documents = {}
            for one in self._shelf.listed:
                self._documents.setdefault(one.doc_id, one)
            self._findings = _ranked(self.root, self._documents)
            self._stamp = stamp

    @property
    def listed(self) -> tuple[Listed, ...]:
        """A line a statement."""
        return self._shelf.listed

    def reading(self, doc_id: str) -> Reading:
        """A document, whole. Raises ``KeyError``."""
        if doc_id not in self._documents:
            raise KeyError(doc_id)
        return self._shelf.reading(doc_id)

    def document_of(self, finding_id: str) -> str | None:
        """Which document a finding is of."""
        at = pc.index(self._findings["finding_id"], finding_id).as_py()
        return None if at < 0 else str(self._findings["doc_id"][at].as_py())

    def queue(self, by: Filter, page: int) -> Queue:
        """A page, from 1, of the findings that are asked for."""
        base = self._kept(by, but=("category", "severity"))
        found = self._kept(by)
        pages = max(1, -(-found.num_rows // PAGE))
        page = min(max(page, 1), pages)
        rows = found.slice((page - 1) * PAGE, PAGE).to_pylist()
        return Queue(
            rows, found.num_rows, page, pages, _counts(base, "category"), _counts(base, "severity")
        )

    def around(self, finding_id: str, by: Filter) -> tuple[str | None, str | None, int, int]:
        """Of what is asked for, the finding before this one, the one after, how many before, and of how many."""
        at = pc.index(self._findings["finding_id"], finding_id).as_py()
        kept = self._kept(by)
        ranks = kept["rank"].to_pylist()
        before = sum(rank < at for rank in ranks)
        after = before + (before < len(ranks) and ranks[before] == at)
        ids = kept["finding_id"]
        return (
            ids[before - 1].as_py() if before else None,
            ids[after].as_py() if after < len(ranks) else None,
            before,
            len(ranks),
        )

    def choices(self) -> Mapping[str, list[str]]:
        """The years and forms there are findings of."""
        years = sorted(set(self._findings["fiscal_year"].to_pylist()), reverse=True)
        forms = sorted(filter(None, set(pc.unique(self._findings["form"]).to_pylist())))
        return {"year": list(map(str, years)), "form": forms}

    def documents(self, agency: str, year: str, form: str) -> list[Listed]:
        """The statements of agencies of that name, of that year, that print that form."""
        return [
            one
            for one in self.listed
            if (not agency or agency in (one.agency or "") or agency in one.source)
            and (not year or str(one.fiscal_year) == year)
            and (not form or form in one.forms)
        ]

    def search(self, words: str) -> tuple[list[Passage], bool]:
        """Sections that hold all of the ``words``, and whether there are more than are given."""
        wanted = words.split()[:8]
        found: list[Passage] = []
        if not wanted:
            return [], False
        for year, table in columns(self.root, "sections", _SECTIONS):
            tests = [
                pc.or_(
                    pc.match_substring(table["text"], word),
                    pc.match_substring(table["heading"], word),
                )
                for word in wanted
            ]
            for row in table.filter(reduce(pc.and_, tests)).slice(0, PAGE + 1).to_pylist():
                about = self._documents.get(row["doc_id"])
                found.append(_passage(row, year, about.agency if about else None, wanted))
        ranked = sorted(found, key=lambda one: (-one.fiscal_year, one.agency or "", one.doc_id))
        return ranked[:PAGE], len(ranked) > PAGE

    def _kept(self, by: Filter, but: tuple[str, ...] = ()) -> pa.Table:
        table = self._findings
        tests = [_STATES[by.state](table)] if by.state in _STATES else []
        asked = {
            "severity": by.severity,
            "category": by.category,
            "form": by.form,
            "doc_id": by.doc,
        }
        tests += [pc.equal(table[n], v) for n, v in asked.items() if v and n not in but]
        if by.year:
            tests.append(
                pc.equal(
                    table["fiscal_year"],
                    int(by.year) if by.year.isdecimal() and len(by.year) < 5 else -1,
                )
            )
        if by.agency:
            tests.append(pc.match_substring(table["agency"], by.agency))
        return table.filter(reduce(pc.and_, tests)) if tests else table

    def _stamped(self) -> str:
        """Names, sizes and times of the files: looked at, not read."""
        paths = (
            path
            for name in ("documents", "findings")
            for path in sorted((self.root / name).glob("fiscal_year=*/*.parquet"))
        )
        return " ".join(f"{p}:{s.st_size}:{s.st_mtime_ns}" for p in paths if (s := p.stat()))


_STATES = {
    "open": lambda table: pc.not_equal(table["severity"], "info"),
    "decided": lambda table: pc.is_valid(table["decided"]),
    "notes": lambda table: pc.equal(table["severity"], "info"),
}
_SECTIONS = ("doc_id", "heading", "text", "page_from")
_AROUND = 60


def _ranked(root: Path, documents: Mapping[str, Listed]) -> pa.Table:
    """Every finding with its year and agency, in the order of the queue, ``rank`` from 0."""
    parts = []
    for year, table in columns(root, "findings", _FINDINGS):
        names = [_agency(documents.get(doc_id)) for doc_id in table["doc_id"].to_pylist()]
        # What is decided keeps its place: the next one is still the next.
        found = pc.coalesce(table["found_severity"], table["severity"]).to_pylist()
        loud = [_LOUDNESS.index(severity) for severity in found]
        parts.append(
            table.replace_schema_metadata(None)
            .append_column("fiscal_year", pa.array([year] * table.num_rows, pa.int32()))
            .append_column("agency", pa.array(names, pa.string()))
            .append_column("loudness", pa.array(loud, pa.int8()))
        )
    if not parts:
        blank = {name: pa.array([], pa.string()) for name in (*_FINDINGS, "agency")}
        return pa.table(
            {**blank, "fiscal_year": pa.array([], pa.int32()), "rank": pa.array([], pa.int64())}
        )
    whole = pa.concat_tables(parts)
    order = [("loudness", "ascending"), ("fiscal_year", "descending"), ("agency", "ascending")]
    order += [(name, "ascending") for name in ("doc_id", "statement", "form", "key", "finding_id")]
    whole = whole.take(pc.sort_indices(whole, order)).combine_chunks()
    return whole.append_column("rank", pa.array(range(whole.num_rows), pa.int64()))


def _agency(one: Listed | None) -> str:
    return (one.agency if one else None) or ""


def _counts(table: pa.Table, name: str) -> dict[str, int]:
    found = pc.value_counts(table[name]).to_pylist()
    return {one["values"]: one["counts"] for one in sorted(found, key=lambda one: -one["counts"])}


def _passage(row: Mapping[str, Any], year: int, agency: str | None, words: list[str]) -> Passage:
    text = row["text"]
    at, hit = next(((text.find(w), w) for w in words if w in text), (0, ""))
    return Passage(
        row["doc_id"],
        agency,
        year,
        row["heading"],
        row["page_from"],
        text[max(0, at - _AROUND) : at],
        hit,
        text[at + len(hit) : at + len(hit) + _AROUND],
    )
