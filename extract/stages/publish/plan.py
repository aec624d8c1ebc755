"""What is to change in OUT: decided once, written down, and then carried out however often.

A new revision takes over the names under which it was found. A document left without a
name is superseded. A revision that cannot be read takes over nothing: the last readable
one stays, and the failure stands beside it until the file is mended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from extract.afar import Mark
from extract.datasets import dataset
from extract.stages.publish.entry import Entry
from extract.stages.publish.index import Index
from extract.stages.publish.leaves import leaves

Row = dict[str, Any]
Was = Literal["new", "changed", "same"]
"""What a document is beside what is published: same, if it cannot be read for the same reason."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A staged document, and what its ``documents`` row is to say of its past."""

    doc_id: str
    fiscal_year: int
    source: str
    supersedes: str | None
    was: Was = "new"


@dataclass(frozen=True, slots=True)
class Removal:
    """A document that leaves a year, for history if ``kept``."""

    doc_id: str
    fiscal_year: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Naming:
    """A row of ``sources``, and the year in which it stands."""

    fiscal_year: int
    row: Row


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it. ``sources`` replace those of their documents; ``former`` go to history.

    ``leaves`` and ``former_leaves`` say year by year into which files what is published then, and
    what is history then, is cut.
    """

    add: tuple[Addition, ...] = ()
    remove: tuple[Removal, ...] = ()
    sources: tuple[Naming, ...] = ()
    former: tuple[Naming, ...] = ()
    leaves: Mapping[str, list[str]] = field(default_factory=dict)
    former_leaves: Mapping[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.sources or self.former)

    @property
    def superseded(self) -> int:
        """How many documents go to history."""
        return sum(removal.kept for removal in self.remove)

    def to_json(self) -> bytes:
        """As it is written down."""
        return json.dumps(asdict(self), ensure_ascii=False, default=datetime.isoformat).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Plan:
        """As it was written down."""
        told = json.loads(data)
        return cls(
            add=tuple(Addition(**entry) for entry in told["add"]),
            remove=tuple(Removal(**entry) for entry in told["remove"]),
            sources=tuple(_naming(entry) for entry in told["sources"]),
            former=tuple(_naming(entry) for entry in told["former"]),
            leaves=told["leaves"],
            former_leaves=told["former_leaves"],
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """Which document a source turned out to be, its size if it has one, and what is ``told`` of it and how it was found."""

    doc_id: str
    bytes: int | None
    told: Row = field(default_factory=dict)

    @property
    def mark(self) -> Mark:
        """What its server says of it."""
        return Mark(self.told.get("etag"), self.told.get("last_modified"), self.bytes)


Found = Mapping[str, tuple[Seen, ...]]
"""Source → its document; and where a later revision could not be read, that one too."""


def decide(
    index: Index,
    staged: Mapping[str, Entry],
    seen: Found,
    history: Callable[[int], Collection[str]] = lambda _: (),
) -> Plan:
    """What publishing ``staged`` changes, given under which names documents were seen.

    ``history`` gives the documents that are history already, of one year.
    """
    after = {**index.entries, **staged}
    finished = {
        s: tuple(what for what in found if what.doc_id in after) for s, found in seen.items()
    }
    taken = _taken_over(index, after, finished)
    alive = {what.doc_id for found in finished.values() for what in found}
    orphans = _orphans(index, taken, alive | staged.keys())
    moved = {d for d in staged if _was(index, d) not in (None, staged[d].fiscal_year)}
    named = {
        what.doc_id
        for source, found in finished.items()
        for what in found
        if source not in index.names_of(what.doc_id)
        or (what.mark and what.mark != index.marks.get((what.doc_id, source)))
    }
    plan = Plan(
        add=tuple(_addition(index, staged[d], taken, orphans) for d in sorted(staged)),
        remove=tuple(_removal(index.entries[d], d in orphans) for d in sorted(orphans | moved)),
        sources=_sources(index, after, finished, taken, (named | moved | taken.keys()) - orphans),
        former=_former(index, taken),
    )
    return replace(plan, leaves=_leaves(plan, index), former_leaves=_former_leaves(plan, history))


def _leaves(plan: Plan, index: Index) -> Mapping[str, list[str]]:
    """How the files of each year are cut that the plan touches."""
    touched = {addition.fiscal_year for addition in plan.add}
    touched |= {one.fiscal_year for one in plan.remove}
    touched |= {naming.fiscal_year for naming in plan.sources}
    after: dict[int, set[str]] = {year: set() for year in touched}
    for entry in index.entries.values():
        if entry.fiscal_year in after:
            after[entry.fiscal_year].add(entry.doc_id)
    for one in plan.remove:
        after[one.fiscal_year].discard(one.doc_id)
    for addition in plan.add:
        after[addition.fiscal_year].add(addition.doc_id)
    return {str(year): sorted(leaves(after[year])) for year in sorted(after)}


def _former_leaves(
    plan: Plan, history: Callable[[int], Collection[str]]
) -> Mapping[str, list[str]]:
    leaving: dict[int, set[str]] = {naming.fiscal_year: set() for naming in plan.former}
    for one in plan.remove:
        if one.kept:
            leaving.setdefault(one.fiscal_year, set()).add(one.doc_id)
    return {str(y): sorted(leaves({*history(y), *leaving[y]})) for y in sorted(leaving)}


Taken = Mapping[str, Mapping[str, str]]
"""Document → the names it loses → the document that takes each."""


def _taken_over(index: Index, after: Mapping[str, Entry], seen: Found) -> Taken:
    taken: dict[str, dict[str, str]] = {}
    for source, found in seen.items():
        for what in found:
            if after[what.doc_id].readable:
                for other in index.found_at(source) - {each.doc_id for each in found}:
                    taken.setdefault(other, {})[source] = what.doc_id
    return taken


def _orphans(index: Index, taken: Taken, alive: set[str]) -> set[str]:
    """Documents that lost their last name, and are not among those just seen."""
    return {d for d in taken if d not in alive and not index.names_of(d) - taken[d].keys()}


def _was(index: Index, doc_id: str) -> int | None:
    """The year a document is published under."""
    before = index.entries.get(doc_id)
    return before.fiscal_year if before else None


def _addition(index: Index, entry: Entry, taken: Taken, orphans: set[str]) -> Addition:
    before = index.entries.get(entry.doc_id)
    fathers = [
        index.entries[d]
        for d in sorted(orphans)
        if entry.doc_id in taken[d].values() and index.entries[d].sha256
    ]
    # What it took the place of is the last revision that could be read, if any could.
    father = next(iter(sorted(fathers, key=lambda old: not old.readable)), None)
    known = (before.supersedes if before else None) or entry.supersedes
    return Addition(
        doc_id=entry.doc_id,
        fiscal_year=entry.fiscal_year,
        source=before.source if before else entry.source,
        supersedes=father.doc_id if father else known,
        was=_was_before(before, entry),
    )


def _was_before(before: Entry | None, now: Entry) -> Was:
    if before is None:
        return "new"
    told = replace(now, source=before.source, supersedes=before.supersedes)
    return "same" if not now.readable and told == before else "changed"


def _removal(entry: Entry, superseded: bool) -> Removal:
    """A path that could not be opened was never a revision: nothing of it is kept."""
    return Removal(entry.doc_id, entry.fiscal_year, superseded and entry.sha256 is not None)


def _sources(
    index: Index,
    after: Mapping[str, Entry],
    seen: Found,
    taken: Taken,
    touched: set[str],
) -> tuple[Naming, ...]:
    """Every source that the ``touched`` documents have from now on."""
    rows = {
        (row["doc_id"], row["source"]): row
        for row in index.sources_of(touched)
        if row["source"] not in taken.get(row["doc_id"], {})
    }
    blank = dict.fromkeys(dataset("sources").names)
    for source, found in seen.items():
        for what in found:
            if what.doc_id in touched:
                own = {"doc_id": what.doc_id, "source": source, "bytes": what.bytes}
                row = rows.get((what.doc_id, source), blank)
                if row is blank or what.mark:
                    rows[what.doc_id, source] = row | what.told | own
    return tuple(Naming(after[d].fiscal_year, row) for (d, _), row in sorted(rows.items()))


def _former(index: Index, taken: Taken) -> tuple[Naming, ...]:
    """The rows of names taken over from documents that were more than an unopened path."""
    return tuple(
        Naming(index.entries[row["doc_id"]].fiscal_year, row)
        for row in index.sources_of(taken.keys())
        if row["source"] in taken[row["doc_id"]] and index.entries[row["doc_id"]].sha256
    )


def _naming(told: Mapping[str, Any]) -> Naming:
    row = dict(told["row"])
    for column in dataset("sources").columns:
        if column.type == "timestamp" and row[column.name]:
            row[column.name] = datetime.fromisoformat(row[column.name])
    return Naming(told["fiscal_year"], row)
