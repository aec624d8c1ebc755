"""One document from bytes to what it states: the stages in order, in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from extract import traces
from extract.contest import Contest, Settled, settled
from extract.forms import catalogue
from extract.geometry import displayed
from extract.model import (
    USUAL,
    Document,
    Finding,
    Further,
    Grid,
    Identity,
    Item,
    Ocr,
    OtherCell,
    OtherTable,
    Reading,
    Region,
    Sheet,
    Way,
)
from extract.readers import pdf
from extract.readers import read as read_bytes
from extract.stages.identify import identify, unit_of
from extract.stages.locate import locate
from extract.stages.narrate import Narrated, narrate
from extract.stages.normalize import Ignored, remarked
from extract.stages.recognise import elsewhere
from extract.stages.reconcile import proof, reconcile
from extract.stages.tabulate import AUTO, tabulate
from extract.understanding import understood


def read(data: bytes, source: str, way: Way = USUAL, *, beside: Sequence[bytes] = ()) -> Reading:
    """All that one document yields, read in that way.

    ``beside`` are files that are one disclosure with it. Raises a subclass of ``InputError``
    where nothing can be read.
    """
    made = stages(data, way.engine, way.ocr, beside, narrative=way.narrative)
    reading = replace(_as_made(made, source), way=way, bytes=sum(map(len, (data, *beside))))
    told = _narrated(made) if way.narrative else Narrated()
    checks, doubts = reconcile(
        made.items,
        facts=told.facts,
        text_layer=made.document.text_layer,
        forms_found=reading.forms_due,
        fiscal_year=made.identity.fiscal_year,
        province=made.identity.province,
    )
    findings = (*made.findings, *told.findings, *doubts)
    items = proof(made.items, checks, findings)
    return replace(
        reading,
        items=items,
        checks=checks,
        findings=findings,
        facts=told.facts,
        sections=told.sections,
    )


def _narrated(made: Made) -> Narrated:
    # The text speaks of the first statement: of the department, or of the unit that publishes.
    own = [item for item in made.items if item.statement == 0]
    return narrate(made.document, made.grids, made.identity, own)


def _as_made(made: Made, source: str) -> Reading:
    """What the stages up to normalize made of it, not yet judged."""
    return Reading(
        sha256=made.document.sha256,
        source=source,
        media_type=made.document.media_type,
        identity=made.identity,
        text_layer=made.document.text_layer,
        pages=len(made.document.pages),
        unit=unit_of(made.regions),
        forms_found=_forms(made, 0),
        forms_other=_others(made, 0),
        further=tuple(
            Further(unit, _unit(made, at), _forms(made, at), _others(made, at))
            for at, unit in enumerate(made.units, start=1)
        ),
        items=made.items,
        findings=made.findings,
        other_tables=tuple(_other_cells(made)),
    )


def _forms(made: Made, statement: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.form for s in made.sheets if s.statement == statement))


def _others(made: Made, statement: int) -> tuple[str, ...]:
    mine = (other for other in made.others if other.statement == statement)
    return tuple(dict.fromkeys(filter(None, map(_name, mine))))


def _unit(made: Made, statement: int) -> str | None:
    """The unit that all forms of a statement state."""
    units = {sheet.unit for sheet in made.sheets if sheet.statement == statement}
    return units.pop() if len(units) == 1 else None


def _name(other: OtherTable) -> str | None:
    """What to call a table that is none of the nine: its slug, else its title, if it has one of its own."""
    if other.known_as or catalogue().named_by(other.title):
        return other.known_as
    return other.title or None


TRACED = ("read", "locate", "tabulate", "normalize", "narrate", "reconcile")
"""The stages ``trace`` can show."""


def trace(
    data: bytes, source: str, stage: str, *, ocr: Ocr = "auto", beside: Sequence[bytes] = ()
) -> str:
    """What one stage of ``TRACED`` made of the document, as lines to read."""
    if stage == "reconcile":
        reading = read(data, source, Way(ocr=ocr), beside=beside)
        return "\n".join(traces.verdicts(reading.checks, reading.findings))
    made = stages(data, ocr=ocr, beside=beside)
    match stage:
        case "read":
            shown = traces.pages(made.document)
        case "locate":
            shown = traces.regions(made.regions)
        case "tabulate":
            shown = chain(traces.grids(made.grids), map(_contested, made.contests))
        case "normalize":
            cells = traces.items(made.sheets, made.others, made.items, made.findings, made.ignored)
            shown = chain(traces.identity(made.identity), cells)
        case "narrate":
            told = _narrated(made)
            shown = traces.narrated(told.sections, told.facts, told.findings)
        case _:
            raise ValueError(f"no stage {stage}; there are {', '.join(TRACED)}")
    return "\n".join(shown)


@dataclass(frozen=True, slots=True)
class Made:
    """What each stage up to normalize made of a document."""

    document: Document
    regions: tuple[Region, ...]
    grids: tuple[Grid, ...]
    sheets: tuple[Sheet, ...]
    others: tuple[OtherTable, ...]
    identity: Identity
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    contests: tuple[Contest, ...] = ()
    units: tuple[str, ...] = ()
    """Whose the statements after the first are."""


def stages(
    data: bytes,
    engine: str = AUTO,
    ocr: Ocr = "auto",
    beside: Sequence[bytes] = (),
    *,
    narrative: bool = True,
) -> Made:
    """The stages from read to normalize; ``engine`` auto lets the engines compete for what is in doubt."""
    document = read_bytes(data, ocr, beside, prose=narrative)
    drawn = next(filter(pdf.sniff, (data, *beside)), data)  # the one file whose tables have places
    regions = tuple(locate(document))
    grids = tuple(tabulate(region, drawn, engine) for region in regions)
    identity = identify(document, regions)
    if engine == AUTO:
        done = settled(grids, drawn, document.doc_id)
    else:
        done = Settled(grids, understood(grids, document.doc_id), ())
    made = done.understood
    return Made(
        document,
        regions,
        done.grids,
        made.sheets,
        made.others,
        identity,
        made.items,
        (
            *remarked(document.remarks, document.doc_id, 0),
            *made.findings,
            *_away(document, identity),
        ),
        made.ignored,
        done.contests,
        made.units,
    )


def _away(document: Document, identity: Identity) -> list[Finding]:
    """That a 决算 says its forms are in another file."""
    said = elsewhere(document, catalogue().words) if _is_account(identity) else None
    return [said] if said else []


def _is_account(identity: Identity) -> bool:
    return identity.kind is not None and identity.kind.endswith("决算")


def _contested(one: Contest) -> str:
    """A contest in a line."""
    pages = ", ".join(map(str, one.pages))
    doubts = "; ".join(
        f"{name}: {d.lost and 'headings lost, '}{d.unaccounted} unaccounted, {d.failed} failed"
        for name, d in one.doubts
    )
    return f"contest for {one.form} (page {pages}): {doubts}; {one.winner} stays"


def _other_cells(made: Made) -> list[OtherCell]:
    return [
        OtherCell(
            made.document.doc_id,
            other.statement,
            number,
            other.title,
            other.known_as,
            cell.row,
            cell.column,
            cell.rows,
            cell.columns,
            cell.text,
            other.grid.region.page.number,
            *(
                displayed(cell.box, other.grid.region.page)
                if cell.box
                else (None, None, None, None)
            ),
        )
        for number, other in enumerate(made.others)
        for cell in other.grid.cells
    ]
