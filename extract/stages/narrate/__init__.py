"""What does the narrative of a document say?

Running text becomes parts and sections, the sentences of the sections become facts: one
number each, with its subject, its sign and its page (schemas/facts). Words that a template
left in, sentences that contradict themselves and names of others are findings. A figure
whose meaning is not plain states nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.forms.narrative import narrative
from extract.model import Document, Fact, Finding, Grid, Identity, Item, Section
from extract.stages.narrate.facts import facts_of
from extract.stages.narrate.findings import once
from extract.stages.narrate.flat import contradicted
from extract.stages.narrate.lists import entries
from extract.stages.narrate.names import headings, misnamed
from extract.stages.narrate.outline import Part, is_heading, outline
from extract.stages.narrate.prose import paragraphs
from extract.stages.narrate.residue import left_in, said_empty, slips
from extract.stages.narrate.sentences import read

__all__ = ["Narrated", "narrate"]

_STATEMENT = 0


@dataclass(frozen=True, slots=True)
class Narrated:
    """All that was read outside the tables."""

    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()


def narrate(
    document: Document, grids: Sequence[Grid], identity: Identity, items: Sequence[Item]
) -> Narrated:
    """Sections of every document; facts of accounts alone, for a budget states other years' money.

    ``grids`` are all its tables, ``items`` what the forms among them state.
    """
    parts = outline(paragraphs(document, [grid.region for grid in grids], is_heading))
    sections = tuple(_section(document, number, part, grids) for number, part in enumerate(parts))
    if not _accounts(identity, items):
        return Narrated(sections)
    year = identity.fiscal_year
    said = [(p.slug, read(p.slug, p.paragraphs, year)) for p in _speaking(parts) if p.slug]
    told = facts_of(document.doc_id, said, items)
    doubts = (
        *told.findings,
        *headings(document.doc_id, parts, identity),
        *misnamed(document.doc_id, parts, identity),
        *left_in(document.doc_id, parts),
        *slips(document.doc_id, parts),
        *contradicted(document.doc_id, parts),
        *said_empty(document.doc_id, parts, items),
    )
    return Narrated(sections, told.facts, once(doubts))


def _accounts(identity: Identity, items: Sequence[Item]) -> bool:
    return identity.kind.endswith("决算") if identity.kind else bool(items)


def _speaking(parts: Sequence[Part]) -> list[Part]:
    """The parts whose sentences state what schemas/facts knows."""
    return [part for part in parts if part.slug in narrative().by_slug and not part.silent]


def _section(document: Document, number: int, part: Part, grids: Sequence[Grid]) -> Section:
    first, last = part.pages
    return Section(
        doc_id=document.doc_id,
        statement=_STATEMENT,
        seq=number,
        part=part.part,
        section=part.slug,
        heading=part.heading,
        text="\n".join(one.text for one in part.paragraphs),
        page_from=first,
        page_to=last,
        entries=tuple(entries(part, grids)) if part.listed else (),
    )
