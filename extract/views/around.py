"""The rows of a form near a cell in doubt, as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.model import Finding, Item
from extract.views.equations import heading

ROWS = 3
"""Rows shown above and below the one in doubt."""
Table = Sequence[tuple[str, Mapping[str, Item]]]
"""Each row of a form: its key, and its cells by measure."""


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row near the finding; ``marked`` are the measures in doubt."""

    key: str
    name: str
    page: int | None
    cells: Mapping[str, str]
    marked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Around:
    """Some rows of a form, and the headings of its columns by measure."""

    form: str
    variant: str
    unit: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]


def around(finding: Finding, table: Table) -> Around | None:
    """The rows of ``table``, the finding's form, around it; None where it names no row."""
    here = {
        (key, measure) for form, key, measure in doubted(finding) if key and form == finding.form
    }
    if not table or not here:
        return None
    keys = [key for key, _ in table]
    named = {key for key, _ in here}
    at = min(_position(keys, key) for key in named & {finding.key or ""} or named)
    first = max(0, at - ROWS)
    rows = [_row(key, cells, here) for key, cells in table[first : at + ROWS + 1]]
    measures = list(dict.fromkeys(measure for _, cells in table for measure in cells))
    for key in sorted(named - set(keys)):  # rows that are not there, where they should be
        if 0 <= (place := _position(keys, key) - first) <= len(rows):
            rows.insert(place, Row(key, "", None, {}, frozenset(measures)))
    form = finding.form or ""
    unit = next(cell.unit for cell in table[0][1].values())
    headings = {measure: heading(form, measure) for measure in measures}
    return Around(form, finding.variant, unit, headings, tuple(rows))


def doubted(finding: Finding) -> set[tuple[str, str, str]]:
    """The cells to mark: the one named, else all that are as likely as the likeliest."""
    if finding.form and finding.key and (finding.measure or not finding.suspects):
        return {(finding.form, finding.key, finding.measure or "")}
    best = max((suspect.score for suspect in finding.suspects), default=0.0)
    return {(s.form, s.key, s.measure) for s in finding.suspects if s.score > best * 0.99}


def _position(keys: Sequence[str], key: str) -> int:
    """Where a row stands; of one that is not there, where it would."""
    if key in keys:
        return keys.index(key)
    return next((n for n, other in enumerate(keys) if other > key and other.isdigit()), len(keys))


def _row(key: str, cells: Mapping[str, Item], doubted: set[tuple[str, str]]) -> Row:
    first = next(iter(cells.values()))
    whole = (key, "") in doubted
    return Row(
        key,
        first.name,
        first.page,
        {measure: cell.raw for measure, cell in cells.items()},
        frozenset(m for m in cells if whole or (key, m) in doubted),
    )
