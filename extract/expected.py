"""Whose accounts are there, of those that should be?

A list names agencies and years; each is looked up among the published documents by its name,
folded as everywhere. A budget is no account, and a document without any of the forms no answer.
Where nothing is found, the names most like it are told: the list may spell it otherwise.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

import pyarrow.compute as pc

from extract.errors import ListError
from extract.hanzi import fold, near
from extract.stages.publish import columns, held

State = Literal["complete", "incomplete", "missing"]
"""All forms due are there; some are not; no account is."""

AGENCY, YEAR = "agency", "fiscal_year"
_ACCOUNTS = "决算"


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of the list, and what was found of it.

    Of several documents the one with most forms speaks; ``documents`` names all, it first.
    ``proven`` is the share of its amounts.
    """

    agency: str
    fiscal_year: int
    state: State
    documents: tuple[str, ...] = ()
    forms: int = 0
    forms_missing: tuple[str, ...] = ()
    proven: float | None = None
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The whole list, and the accounts that nobody expected."""

    expected: tuple[Expected, ...]
    unexpected: tuple[tuple[str, int], ...]

    def count(self, state: State) -> int:
        """How many lines of the list came out so."""
        return sum(one.state == state for one in self.expected)

    def to_dict(self) -> dict[str, Any]:
        """Field by field, with the counts."""
        counts = {state: self.count(state) for state in ("complete", "incomplete", "missing")}
        unexpected = [{AGENCY: agency, YEAR: year} for agency, year in self.unexpected]
        return asdict(self) | {"counts": counts, "unexpected": unexpected}

    def to_csv(self) -> str:
        """A line for each of the list; what is several is parted by spaces."""
        sink = io.StringIO()
        rows = csv.writer(sink, lineterminator="\n")
        rows.writerow([field.name for field in fields(Expected)])
        for one in self.expected:
            rows.writerow([_cell(value) for value in asdict(one).values()])
        return sink.getvalue()


def look_up(out: str | Path, listed: str | Path) -> Found:
    """Each line of the CSV file ``listed`` (agency, fiscal_year) among the documents of ``out``."""
    root = held(Path(out))
    wanted = list(dict.fromkeys(read_list(Path(listed))))
    accounts = _accounts(root)
    asked = {(fold(agency), year) for agency, year in wanted}
    others = sorted(key for key in accounts if key not in asked)
    names = {key: documents[0]["agency"] for key, documents in accounts.items()}
    return Found(
        tuple(_line(agency, year, accounts, names, others) for agency, year in wanted),
        tuple((names[key], key[1]) for key in others),
    )


def read_list(path: Path) -> Iterator[tuple[str, int]]:
    """Agency and year, line by line. Raises ``ListError``, naming the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {AGENCY, YEAR} <= set(rows.fieldnames or ()):
                raise ListError(f"{path}: its first line must name the columns {AGENCY},{YEAR}")
            for row in rows:
                yield _entry(path, rows.line_num, row)
    except (OSError, UnicodeDecodeError, csv.Error) as why:
        raise ListError(f"{path}: cannot be read as CSV in UTF-8: {why}") from why


def _entry(path: Path, line: int, row: Mapping[str, str | None]) -> tuple[str, int]:
    agency, year = (row[AGENCY] or "").strip(), (row[YEAR] or "").strip()
    if not agency or not (year.isdecimal() and len(year) == 4):
        raise ListError(f"{path}, line {line}: wants an agency and a year of four digits")
    return agency, int(year)


Key = tuple[str, int]
Accounts = Mapping[Key, Sequence[Mapping[str, Any]]]


def _accounts(root: Path) -> Accounts:
    """The documents that are accounts, by folded name and year, the fullest first."""
    wanted = ["doc_id", "agency", "kind", "forms_found", "amounts", "proven"]
    found: dict[Key, list[dict[str, Any]]] = {}
    lost = _missing_forms(root)
    for year, table in columns(root, "documents", wanted):
        for row in table.to_pylist():
            if row["agency"] and row["forms_found"] and _ACCOUNTS in (row["kind"] or _ACCOUNTS):
                row["missing"] = lost.get(row["doc_id"], ())
                found.setdefault((fold(row["agency"]), year), []).append(row)
    for documents in found.values():
        documents.sort(key=lambda d: (-len(d["forms_found"]), -d["amounts"], d["doc_id"]))
    return found


def _missing_forms(root: Path) -> Mapping[str, tuple[str, ...]]:
    """The forms that reconciliation missed, document by document."""
    found: dict[str, set[str]] = {}
    for _, table in columns(root, "findings", ["doc_id", "category", "form"]):
        told = table.filter(pc.equal(table["category"], "missing_form"))
        for row in told.to_pylist():
            found.setdefault(row["doc_id"], set()).add(row["form"])
    return {doc_id: tuple(sorted(forms)) for doc_id, forms in found.items()}


def _line(
    agency: str, year: int, accounts: Accounts, names: Mapping[Key, str], others: Iterable[Key]
) -> Expected:
    documents = accounts.get((fold(agency), year))
    if documents is None:
        alike = tuple(
            names[key] for key in others if key[1] == year and _alike(fold(agency), key[0])
        )
        return Expected(agency, year, "missing", nearest=alike)
    best = documents[0]
    return Expected(
        agency,
        year,
        "incomplete" if best["missing"] else "complete",
        documents=tuple(document["doc_id"] for document in documents),
        forms=len(best["forms_found"]),
        forms_missing=best["missing"],
        proven=best["proven"],
    )


def _alike(one: str, other: str) -> bool:
    """One letter apart, or one inside the other.

    >>> _alike("清河县财政局", "河北省清河县财政局"), _alike("清河县财政局", "清河县教育局")
    (True, False)
    """
    return near(one, other) or one in other or other in one


def _cell(value: Any) -> Any:
    match value:
        case tuple():
            return " ".join(value)
        case float():
            return f"{value:.4f}"
        case _:
            return value
