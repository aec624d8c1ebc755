"""One document from bytes to what it states: the stages in order, in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from extract import traces
from extract.forms import catalogue
from extract.model import (
    Document,
    Finding,
    Grid,
    Identity,
    Item,
    Ocr,
    OtherCell,
    OtherTable,
    Reading,
    Region,
    Sheet,
)
from extract.readers import read as read_bytes
from extract.stages.identify import identify, unit_of
from extract.stages.locate import locate
from extract.stages.normalize import Ignored, Origin, normalize
from extract.stages.recognise import recognise
from extract.stages.reconcile import proof, reconcile
from extract.stages.tabulate import tabulate

_STATEMENT = 0  # several units in one file are not told apart yet


def read(data: bytes, source: str, *, engine: str = "ruled", ocr: Ocr = "auto") -> Reading:
    """All that one document yields. Raises a subclass of ``InputError`` where nothing can be read."""
    made = stages(data, engine, ocr)
    checks, doubts = reconcile(
        made.items,
        text_layer=made.document.text_layer,
        forms_found=[sheet.form for sheet in made.sheets],
        fiscal_year=made.identity.fiscal_year,
    )
    findings = (*made.findings, *doubts)
    return Reading(
        sha256=made.document.sha256,
        source=source,
        media_type=made.document.media_type,
        identity=made.identity,
        text_layer=made.document.text_layer,
        pages=len(made.document.pages),
        bytes=len(data),
        unit=unit_of(made.regions),
        forms_found=tuple(dict.fromkeys(sheet.form for sheet in made.sheets)),
        forms_other=tuple(dict.fromkeys(o.known_as for o in made.others if o.known_as)),
        items=proof(made.items, checks, findings),
        checks=checks,
        findings=findings,
        other_tables=tuple(_other_cells(made)),
        ocr=ocr,
    )


TRACED = ("read", "locate", "tabulate", "normalize", "narrate", "reconcile")
"""The stages ``trace`` can show."""


def trace(data: bytes, source: str, stage: str, *, ocr: Ocr = "auto") -> str:
    """What one stage of ``TRACED`` made of the document, as lines to read."""
    if stage == "reconcile":
        reading = read(data, source, ocr=ocr)
        return "\n".join(traces.verdicts(reading.checks, reading.findings))
    made = stages(data, ocr=ocr)
    match stage:
        case "read":
            shown = traces.pages(made.document)
        case "locate":
            shown = traces.regions(made.regions)
        case "tabulate":
            shown = traces.grids(made.grids)
        case "normalize":
            cells = traces.items(made.sheets, made.others, made.items, made.findings, made.ignored)
            shown = chain(traces.identity(made.identity), cells)
        case "narrate":
            return "narrate is not built yet: no sentence is read"
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


def stages(data: bytes, engine: str = "ruled", ocr: Ocr = "auto") -> Made:
    """The stages from read to normalize."""
    document = read_bytes(data, ocr)
    regions = tuple(locate(document))
    grids = tuple(tabulate(region, data, engine) for region in regions)
    sheets, others = recognise(grids, catalogue())
    identity = identify(document, regions)
    known = catalogue()
    normalized = [
        normalize(
            sheet,
            known.forms[sheet.form],
            known.words,
            Origin(
                document.doc_id, _STATEMENT, _unit(sheet, sheets), stated=sheet.unit is not None
            ),
        )
        for sheet in sheets
    ]
    return Made(
        document,
        regions,
        grids,
        sheets,
        others,
        identity,
        tuple(item for one in normalized for item in one.items),
        tuple(finding for one in normalized for finding in one.findings),
        tuple(cell for one in normalized for cell in one.ignored),
    )


def _unit(sheet: Sheet, sheets: Sequence[Sheet]) -> str:
    """The unit of a form; where it states none, the one all other forms share, else 元."""
    shared = {one.unit for one in sheets if one.unit}
    return sheet.unit or (shared.pop() if len(shared) == 1 else "元")


def _other_cells(made: Made) -> list[OtherCell]:
    return [
        OtherCell(
            made.document.doc_id,
            _STATEMENT,
            number,
            other.title,
            other.known_as,
            cell.row,
            cell.column,
            cell.rows,
            cell.columns,
            cell.text,
            other.grid.region.page.number,
            *(cell.box or (None, None, None, None)),
        )
        for number, other in enumerate(made.others)
        for cell in other.grid.cells
    ]
