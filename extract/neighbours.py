"""Which documents speak of each other, and what do they say? Asked before anything is published.

A document is tied to that of the same body and kind one year earlier, and a department's to
those of the units its narrative lists. Which of several accounts of a year counts is what the panel
says: the one with most forms. Asked anew is what comes or changes now, and what was tied to it or
to what goes; only documents whose ties come out otherwise are published again. So what is
published follows from the documents that are there, in whatever order they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from extract.datasets import to_records, to_table
from extract.forms import catalogue
from extract.forms.agencies import body_of, unit_name
from extract.forms.narrative import CODE, narrative
from extract.overlay import unsettled
from extract.stages.publish import TIED, Entry, Output, Tables, tied, ties_of
from extract.stages.reconcile import Account, Neighbours, beside, needed

_AT_A_TIME = 128
"""Documents whose figures are held at a time."""

_ACCOUNTS, _DEPARTMENT, _UNIT = "决算", "部门决算", "单位决算"
_LISTED = "units"


def tie(output: Output, *, everything: bool = False) -> int:
    """Stage every document whose ties are not what it has; how many were published before.

    ``everything``: not only those that what is staged, or goes, may concern.
    """
    if not everything and not output.moves:
        return 0
    links = Links.of(output, everything=everything)
    touched = links.touched(everything=everything)
    again = 0
    wanted = iter(sorted(touched, key=links.place))
    while some := list(islice(wanted, _AT_A_TIME)):
        desk = _Desk(output, links)
        again += sum(_tie(desk, doc_id, figures) for doc_id, figures in _read(desk, some))
    return again


class Who(NamedTuple):
    """Whose accounts, as far as nothing but a name changed, and of which kind."""

    name: str
    kind: str | None


@dataclass(frozen=True)
class Links:
    """The accounts that will be there, and who speaks of whom."""

    there: Mapping[str, Entry]
    fresh: frozenset[str]
    gone: Mapping[str, Entry]
    by_year: Mapping[tuple[Who, int], str]
    units: Mapping[tuple[str, int], str]
    listed: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, output: Output, *, everything: bool) -> Links:
        """What ``output`` will hold once it has published."""
        after, gone = output.coming()
        there = {doc_id: entry for doc_id, entry in after.items() if _is_account(entry)}
        fresh = frozenset(output.staged)
        by_year: dict[tuple[Who, int], str] = {}
        units: dict[tuple[str, int], str] = {}
        for doc_id in sorted(there, key=lambda one: _fullness(there[one])):
            entry = there[doc_id]
            by_year.setdefault((_who(entry), entry.fiscal_year), doc_id)
            if entry.kind == _UNIT:
                units.setdefault((unit_name(entry.agency or ""), entry.fiscal_year), doc_id)
        gone = {doc_id: entry for doc_id, entry in gone.items() if _is_account(entry)}
        years = {
            entry.fiscal_year
            for doc_id, entry in (*gone.items(), *there.items())
            if everything or doc_id in gone or doc_id in fresh
        }
        # What a year brings touches the next one too. No list is read where no unit's accounts can be meant.
        asked = {year for _, year in units} & {*years, *(year + 1 for year in years)}
        asked |= {entry.fiscal_year for entry in gone.values() if entry.kind == _UNIT}
        return cls(there, fresh, gone, by_year, units, _lists(output, there, asked))

    def last_year(self, doc_id: str) -> str | None:
        """The accounts one year earlier."""
        entry = self.there[doc_id]
        return self.by_year.get((_who(entry), entry.fiscal_year - 1))

    def subordinates(self, doc_id: str) -> tuple[str, ...]:
        """The accounts of its units that are there."""
        year = self.there[doc_id].fiscal_year
        found = (self.units.get((name, year)) for name in self.listed.get(doc_id, ()))
        return tuple(sorted({one for one in found if one is not None}))

    def is_whole(self, doc_id: str) -> bool:
        """Whether the accounts of all its units are there."""
        names = self.listed.get(doc_id, ())
        return bool(names) and len(self.subordinates(doc_id)) == len(names)

    def touched(self, *, everything: bool) -> set[str]:
        """The accounts whose ties may be others than they were."""
        if everything:
            return set(self.there)
        moved = [self.there[one] for one in self.fresh & self.there.keys()]
        moved += self.gone.values()
        found = set(self.fresh & self.there.keys())
        bodies = {(_who(entry), entry.fiscal_year + 1) for entry in moved}
        found |= {d for d, e in self.there.items() if (_who(e), e.fiscal_year) in bodies}
        named = {(unit_name(e.agency or ""), e.fiscal_year) for e in moved if e.kind == _UNIT}
        return found | {
            doc_id
            for doc_id, names in self.listed.items()
            if any((name, self.there[doc_id].fiscal_year) in named for name in names)
        }

    def place(self, doc_id: str) -> tuple[str, int, str]:
        """Bodies together, and their years in order."""
        entry = self.there[doc_id]
        return _who(entry).name, entry.fiscal_year, doc_id


def _is_account(entry: Entry) -> bool:
    return bool(
        entry.readable
        and entry.forms
        and entry.fiscal_year
        and entry.agency
        and (entry.kind or _ACCOUNTS).endswith(_ACCOUNTS)
    )


def _fullness(entry: Entry) -> tuple[int, int, str]:
    return -entry.forms, -entry.amounts, entry.doc_id


def _who(entry: Entry) -> Who:
    return Who(_kept(entry.agency or "", entry.province, entry.city), entry.kind)


@cache
def _kept(agency: str, province: str | None, city: str | None) -> str:
    return body_of(agency, province, city).kept


def _lists(
    output: Output, there: Mapping[str, Entry], years: set[int]
) -> Mapping[str, tuple[str, ...]]:
    """The units that each department of some years lists, each once."""
    departments = {d for d, e in there.items() if e.fiscal_year in years and e.kind == _DEPARTMENT}
    listed: dict[str, tuple[str, ...]] = {}
    wanted = ["doc_id", "statement", "section", "entries"]
    for found in output.rows_of("sections", departments, wanted):
        for row in found.filter(pc.equal(found["section"], _LISTED)).to_pylist():
            if row["statement"] == 0:
                names = (unit_name(name) for name in row["entries"])
                listed[row["doc_id"]] = tuple(dict.fromkeys(filter(None, names)))
    return listed


# Figures --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """The account of a document, those of its neighbours, and the ``ties`` it has."""

    own: Account
    others: Neighbours
    ties: Tables


class _Desk:
    """The documents at hand; what waits to be published is unpacked once."""

    def __init__(self, output: Output, links: Links) -> None:
        self.output, self.links = output, links
        self._unpacked: dict[str, Tables] = {}

    def tables_of(self, doc_id: str) -> Tables:
        """All a document holds."""
        if doc_id not in self._unpacked:
            self._unpacked[doc_id] = self.output.tables_of(doc_id)
        return self._unpacked[doc_id]

    def rows_of(self, name: str, doc_ids: Collection[str]) -> Iterator[pa.Table]:
        """Their rows of one dataset."""
        staged = [doc_id for doc_id in sorted(doc_ids) if doc_id in self.output.staged]
        for doc_id in staged:
            if (rows := self.tables_of(doc_id).get(name)) is not None:
                yield rows
        yield from self.output.rows_of(name, set(doc_ids) - set(staged))


def _read(desk: _Desk, some: Sequence[str]) -> Iterator[tuple[str, Figures]]:
    """What is needed of some documents and of all they are tied to."""
    links = desk.links
    wanted = {*some, *(one for doc_id in some for one in _others(links, doc_id))}
    items = _by_document(map(_needed_items, desk.rows_of("items", wanted)))
    # Sentences are held against a year before only.
    speaking = {one for one in some if links.last_year(one)}
    speaking |= {last for one in some if (last := links.last_year(one))}
    facts = _by_document(map(_first_statement, desk.rows_of("facts", speaking)))
    accounts = {
        doc_id: Account(
            doc_id,
            0,
            to_records("items", items[doc_id]) if doc_id in items else (),
            to_records("facts", facts[doc_id]) if doc_id in facts else (),
            links.there[doc_id].text_layer,
        )
        for doc_id in wanted
    }
    there = {name: _by_document(desk.rows_of(name, some)) for name in TIED}
    for doc_id in some:
        ties = ties_of({name: rows[doc_id] for name, rows in there.items() if doc_id in rows})
        found = to_table("findings", unsettled(to_records("findings", ties["findings"])))
        ties = {**ties, "findings": found}
        last = links.last_year(doc_id)
        units = tuple(accounts[one] for one in links.subordinates(doc_id))
        department = links.there[doc_id].kind == _DEPARTMENT
        others = Neighbours(
            accounts[last] if last else None,
            units if department else None,
            links.is_whole(doc_id),
        )
        yield doc_id, Figures(accounts[doc_id], others, ties)


def _others(links: Links, doc_id: str) -> tuple[str, ...]:
    last = links.last_year(doc_id)
    return (*((last,) if last else ()), *links.subordinates(doc_id))


def _first_statement(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.equal(rows["statement"], 0))


def _needed_items(rows: pa.Table) -> pa.Table:
    """The cells of standard forms that any tie looks at."""
    plain = _first_statement(rows)
    plain = plain.filter(pc.equal(plain["variant"], ""))
    keys = _keys()
    whole = [form for form, named in keys.items() if named is None]
    chosen = pc.is_in(plain["form"], value_set=pa.array(whole, pa.string()))
    for form, named in keys.items():
        if named is not None:
            of_form = pc.equal(plain["form"], form)
            of_keys = pc.is_in(plain["key"], value_set=pa.array(sorted(named), pa.string()))
            chosen = pc.or_(chosen, pc.and_(of_form, of_keys))
    return plain.filter(chosen)


@cache
def _keys() -> Mapping[str, frozenset[str] | None]:
    """The keys of each form that a tie, or a sentence, looks at; None: all."""
    keys: dict[str, set[str] | None] = {
        form: None if named is None else set(named) for form, named in needed().items()
    }
    for metric in narrative().metrics.values():
        for place in metric.places:
            known = keys.setdefault(place.form, set())
            if place.key == CODE:
                keys[place.form] = None
            elif known is not None:
                known.add(place.key)
    forms = catalogue().forms
    return {
        form: None if named is None else frozenset(named)
        for form, named in keys.items()
        if form in forms
    }


def _by_document(parts: Iterable[pa.Table]) -> Mapping[str, pa.Table]:
    found: dict[str, list[pa.Table]] = defaultdict(list)
    for rows in parts:
        for doc_id in pc.unique(rows["doc_id"]).to_pylist():
            found[doc_id].append(rows.filter(pc.equal(rows["doc_id"], doc_id)))
    return {doc_id: pa.concat_tables(mine) for doc_id, mine in found.items()}


def _tie(desk: _Desk, doc_id: str, figures: Figures) -> bool:
    """Stage the document where its ties are others; whether it was published before."""
    checks, findings = beside(figures.own, figures.others)
    new = {"checks": to_table("checks", checks), "findings": to_table("findings", findings)}
    if all(rows.equals(figures.ties[name]) for name, rows in new.items()):
        return False
    again = doc_id not in desk.output.staged
    desk.output.amend(doc_id, tied(desk.tables_of(doc_id), new))
    return again
