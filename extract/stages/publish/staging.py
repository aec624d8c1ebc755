"""Finished documents that wait to be published: one file each, and the plan under way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from extract.stages.publish.entry import Entry
from extract.stages.publish.files import remove, write_bytes
from extract.stages.publish.package import Package, Unpacked, from_bytes, size_of, to_bytes
from extract.stages.publish.plan import Plan
from extract.stages.publish.tables import Tables

FOLDER = ".staged"


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder beside the datasets that no reader of Parquet looks into."""

    folder: Path

    @classmethod
    def of(cls, root: Path) -> Staging:
        """The staging folder of an output directory."""
        return cls(root / FOLDER)

    def keep(self, package: Package) -> None:
        """From here on the document is not lost."""
        write_bytes(self._path(package.entry.doc_id), package.data)

    def tables(self, doc_id: str) -> Tables:
        """What a staged document holds."""
        return from_bytes(self._path(doc_id).read_bytes()).tables

    def repacked(self, entry: Entry, found: Tables) -> Package:
        """A document with other tables; what is staged of it keeps the size of its source."""
        path = self._path(entry.doc_id)
        size = size_of(path.read_bytes()) if path.exists() else None
        anew = Entry.of_rows(found["documents"].to_pylist(), entry.fiscal_year)
        return Package(anew, to_bytes(Unpacked(found, entry.fiscal_year, size)))

    def waiting(self) -> Iterator[tuple[Entry, int | None]]:
        """Documents an earlier run finished and did not publish, with their sizes."""
        for path, entry, size in self.found():
            if entry is None:  # spoilt: the document is read again
                remove(path)
            else:
                yield entry, size

    def found(self) -> Iterator[tuple[Path, Entry | None, int | None]]:
        """Every staged file; without an entry where nothing can be made of it."""
        for path in sorted(self.folder.glob("*.arrow")):
            try:
                found = from_bytes(path.read_bytes())
                rows = found.tables["documents"].to_pylist()
                entry = Entry.of_rows(rows, found.fiscal_year)
            except (pa.ArrowException, OSError, KeyError, ValueError):
                yield path, None, None
                continue
            yield path, entry if entry.doc_id == path.stem else None, found.size

    def discard(self, doc_ids: Iterable[str]) -> None:
        """They are published, or no longer wanted."""
        for doc_id in doc_ids:
            remove(self._path(doc_id))

    def write_down(self, plan: Plan) -> None:
        """From here on the plan will be carried out, by this run or by the next."""
        write_bytes(self.plan_path, plan.to_json())

    def written_down(self) -> Plan | None:
        """The plan a run did not finish."""
        path = self.plan_path
        return Plan.from_json(path.read_bytes()) if path.exists() else None

    def strike_out(self) -> None:
        """The plan is carried out."""
        remove(self.plan_path)

    @property
    def plan_path(self) -> Path:
        """Where the plan stands while it is carried out."""
        return self.folder / "plan.json"

    def _path(self, doc_id: str) -> Path:
        return self.folder / f"{doc_id}.arrow"
