"""What do the tables of a document state? From grids to items: recognise, then normalize."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.forms import catalogue
from extract.model import Finding, Grid, Item, OtherTable, Sheet
from extract.stages.normalize import Ignored, Normalized, Origin, normalize
from extract.stages.recognise import recognise
from extract.statements import statements


@dataclass(frozen=True, slots=True)
class Understood:
    """The forms among some grids, each with what it states, and the tables that are none.

    ``units`` are those of the statements after the first.
    """

    sheets: tuple[Sheet, ...]
    others: tuple[OtherTable, ...]
    normalized: tuple[Normalized, ...]
    units: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for one in self.normalized for item in one.items)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for one in self.normalized for finding in one.findings)

    @property
    def ignored(self) -> tuple[Ignored, ...]:
        return tuple(cell for one in self.normalized for cell in one.ignored)


def understood(grids: Sequence[Grid], doc_id: str) -> Understood:
    """What the grids of a document, in reading order, state."""
    known = catalogue()
    belongs, units = statements(grids, known)
    sheets: list[Sheet] = []
    others: list[OtherTable] = []
    normalized: list[Normalized] = []
    for number in range(len(units) + 1):
        mine = [grid for grid, its in zip(grids, belongs, strict=True) if its == number]
        found, beside = recognise(mine, known)
        found = tuple(replace(sheet, statement=number) for sheet in found) if number else found
        sheets += found
        others += (replace(other, statement=number) for other in beside)
        normalized += (
            normalize(
                sheet,
                known.forms[sheet.form],
                known.words,
                Origin(doc_id, number, _unit(sheet, found), stated=sheet.unit is not None),
            )
            for sheet in found
        )
    return Understood(tuple(sheets), tuple(others), tuple(normalized), units)


def _unit(sheet: Sheet, sheets: Sequence[Sheet]) -> str:
    """The unit of a form; where it states none, the one all other forms share, else 元."""
    shared = {one.unit for one in sheets if one.unit}
    return sheet.unit or (shared.pop() if len(shared) == 1 else "元")
