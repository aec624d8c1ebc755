"""An output directory, held by one run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from extract.datasets import DATASETS, PER_DOCUMENT, empty
from extract.model import Repair, Way
from extract.stages.publish.apply import OnTop, apply
from extract.stages.publish.changes import Changes, changes
from extract.stages.publish.entry import Entry
from extract.stages.publish.files import (
    HISTORY,
    Bucket,
    prefixes,
    read_table,
    same_contract,
    sweep,
)
from extract.stages.publish.index import Index, documents_of, load
from extract.stages.publish.lock import locked
from extract.stages.publish.package import Package
from extract.stages.publish.plan import Plan, Seen, decide
from extract.stages.publish.staging import Staging
from extract.stages.publish.swap import sweep_swaps
from extract.stages.publish.tables import Tables
from extract.version import VERSION

Reason = Literal["new", "failed", "version", "way"]
"""Why a document is read: not known, failed before, read by another version or in another way."""


def as_staged(_doc_id: str, _year: int, found: Tables) -> Tables:
    """Nothing on top."""
    return found


@dataclass(slots=True)
class Output:
    """What is published, what waits to be, and under which names this run saw documents."""

    root: Path
    staging: Staging
    index: Index
    staged: dict[str, Entry] = field(default_factory=dict)
    seen: dict[str, tuple[Seen, ...]] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    on_top: OnTop = as_staged

    @classmethod
    @contextmanager
    def open(cls, root: Path, on_top: OnTop = as_staged) -> Iterator[Output]:
        """Hold ``root``; first finish what a killed run had begun."""
        with locked(root):
            same_contract(root, DATASETS)
            staging = Staging.of(root)
            for folder in (staging.folder, root / "runs" / "fiscal_year=0"):
                sweep(folder)
            sweep_swaps(root)
            plan = staging.written_down() or Plan()
            if plan:
                apply(plan, root, staging, on_top)
                staging.strike_out()
            output = cls(root, staging, load(root), changes=changes(plan), on_top=on_top)
            output._take_up()
            yield output

    @classmethod
    def look(cls, root: Path) -> Output:
        """``root`` as it stands, to be looked at: nothing is locked, and nothing may be kept."""
        same_contract(root, DATASETS)
        output = cls(root, Staging.of(root), load(root))
        for _, entry, _ in output.staging.found():
            if entry is not None and entry.version == VERSION:
                output.staged[entry.doc_id] = entry
        return output

    def name(
        self, source: str, doc_id: str, size: int | None, told: Mapping[str, Any] | None = None
    ) -> None:
        """This run saw ``doc_id`` under the name ``source``; ``told`` is what else ``sources`` says."""
        self.seen[source] = (Seen(doc_id, size, dict(told or {})),)

    def done(self, doc_id: str, repair: Repair | None = None, way: Way | None = None) -> bool:
        """Whether this version has read the document already, and could; in this way, and mended it so."""
        return self.wanting(doc_id, repair, way) is None

    def wanting(
        self, doc_id: str, repair: Repair | None = None, way: Way | None = None
    ) -> Reason | None:
        """Why the document is to be read; None: it was."""
        entry = self.staged.get(doc_id) or self.index.entries.get(doc_id)
        if entry is None:
            return "new"
        if not entry.readable:
            return "failed"
        if entry.version != VERSION:
            return "version"
        if repair not in (None, entry.repair) or not (way is None or entry.read_in(way)):
            return "way"
        return None

    def shunned(self, doc_id: str, way: Way) -> bool:
        """Whether reading the document in this way has cost this version its process before."""
        entry = self.staged.get(doc_id) or self.index.entries.get(doc_id)
        if entry is None or not entry.quarantined or entry.version != VERSION:
            return False
        return entry.read_in(way)

    def keep(self, package: Package) -> None:
        """A document is finished; it survives a kill from here on."""
        self.staging.keep(package)
        self.staged[package.entry.doc_id] = package.entry

    def coming(self) -> tuple[dict[str, Entry], dict[str, Entry]]:
        """What will be published once ``publish`` was called; and what that takes the place of, as it was."""
        self._forget(self._nameless())
        leaving = {one.doc_id for one in decide(self.index, self.staged, self.seen).remove}
        after = {
            doc_id: entry
            for doc_id, entry in {**self.index.entries, **self.staged}.items()
            if doc_id in self.staged or doc_id not in leaving
        }
        known = self.index.entries.keys() & (leaving | self.staged.keys())
        return after, {doc_id: self.index.entries[doc_id] for doc_id in known}

    @property
    def moves(self) -> bool:
        """Whether ``publish`` would bring a document or take one away."""
        after, leaving = self.coming()
        return bool(self.staged or leaving.keys() - after.keys())

    def tables_of(self, doc_id: str) -> Tables:
        """A document as it waits to be published, or is."""
        if doc_id in self.staged:
            return self._waiting(doc_id)
        year = self.index.entries[doc_id].fiscal_year
        found = {name: _rows_of(self.root, name, year, [doc_id]) for name in PER_DOCUMENT}
        return {name: rows for name, rows in found.items() if rows.num_rows}

    def rows_of(
        self, name: str, doc_ids: Collection[str], wanted: Sequence[str] | None = None
    ) -> Iterator[pa.Table]:
        """The rows of one dataset, or some columns of them, of some documents, part by part."""
        published: dict[int, list[str]] = {}
        for doc_id in sorted(doc_ids):
            if doc_id in self.staged:
                if (rows := self._waiting(doc_id).get(name)) is not None:
                    yield rows if wanted is None else rows.select(list(wanted))
            else:
                published.setdefault(self.index.entries[doc_id].fiscal_year, []).append(doc_id)
        for year, mine in sorted(published.items()):
            yield _rows_of(self.root, name, year, mine, wanted)

    def _waiting(self, doc_id: str) -> Tables:
        """What is staged of a document, with what is to be put on top."""
        year = self.staged[doc_id].fiscal_year
        return self.on_top(doc_id, year, self.staging.tables(doc_id))

    def amend(self, doc_id: str, found: Tables) -> None:
        """Stage a document with other tables."""
        self.keep(self.staging.repacked(self.of(doc_id), found))

    def publish(self) -> int:
        """Merge what waits into the datasets; how many revisions were superseded."""
        self._forget(self._nameless())
        plan = decide(self.index, self.staged, self.seen, self.history)
        if plan:
            self.staging.write_down(plan)
            apply(plan, self.root, self.staging, self.on_top)
            self.staging.strike_out()
            self._forget(set(self.staged))
            self.index = load(self.root)
            self.changes += changes(plan)
        return plan.superseded

    def of(self, doc_id: str) -> Entry:
        """A document that waits to be published, or is."""
        return self.staged.get(doc_id) or self.index.entries[doc_id]

    def history(self, fiscal_year: int) -> set[str]:
        """The documents of a year that are history."""
        return documents_of(self.root / HISTORY, fiscal_year)

    def _nameless(self) -> set[str]:
        """Left by an earlier run, and since replaced by another file of the same name."""
        named = {what.doc_id for found in self.seen.values() for what in found}
        return self.staged.keys() - named - self.index.entries.keys()

    def _forget(self, doc_ids: set[str]) -> None:
        self.staging.discard(doc_ids)
        for doc_id in doc_ids:
            del self.staged[doc_id]

    def _take_up(self) -> None:
        """Take over what an earlier run left waiting, unless it is out of date."""
        for entry, size in self.staging.waiting():
            if entry.version == VERSION and not self.done(entry.doc_id):
                self.staged[entry.doc_id] = entry
                self.seen[entry.source] = (Seen(entry.doc_id, size),)
            else:
                self.staging.discard([entry.doc_id])


def _rows_of(
    root: Path, name: str, year: int, doc_ids: Collection[str], wanted: Sequence[str] | None = None
) -> pa.Table:
    """Rows of some documents of a year."""
    parts = (
        read_table(root, name, Bucket(year, prefix), wanted)
        for prefix in sorted(prefixes(root, [name], year))
        if any(doc_id.startswith(prefix) for doc_id in doc_ids)
    )
    chosen = pa.array(sorted(doc_ids), pa.string())
    found = [part.filter(pc.is_in(part["doc_id"], value_set=chosen)) for part in parts]
    shape = empty(name) if wanted is None else empty(name).select(list(wanted))
    return pa.concat_tables([shape, *found])
