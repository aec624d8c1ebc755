"""What does each printed cell of a form state?

A sheet becomes items: a key, a measure, an amount in yuan, and the ink they were read
from. Every printed cell of the body is used, ignored with a reason, or a finding. A blank
is kept as a blank: it is not a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.forms import Form, Vocabulary
from extract.model import Finding, Item, Sheet
from extract.stages.normalize import coded, findings, lines, periods, units
from extract.stages.normalize.entries import Entry, Ignored, Origin, left_over
from extract.stages.normalize.findings import remarked
from extract.stages.normalize.items import itemize

__all__ = ["Ignored", "Normalized", "Origin", "normalize", "remarked"]


@dataclass(frozen=True, slots=True)
class Normalized:
    """A form's items, what was doubtful in reading them, and what was left out and why."""

    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]


def normalize(sheet: Sheet, form: Form, words: Vocabulary, origin: Origin) -> Normalized:
    """The items of one sheet; ``origin`` says whose they are and in what unit."""
    entries, ignored = _read(sheet, form, words)
    numbered = _numbered(entries)
    items, doubts = itemize(numbered, sheet, form, origin)
    doubts += findings.lost_title(sheet, form, origin)
    doubts += findings.wrong_title(sheet, form, origin)
    doubts += findings.lost_headers(sheet, form, origin)
    doubts += findings.unknown_headings(sheet, form, origin)
    doubts += findings.unstated_unit(items, form, origin)
    doubts += findings.odd_entries(numbered, form, origin)
    doubts += findings.unaccounted(sheet, left_over(sheet, numbered, form, words, ignored), origin)
    return Normalized(tuple(items), tuple(doubts), tuple(ignored))


def _read(sheet: Sheet, form: Form, words: Vocabulary) -> tuple[list[Entry], list[Ignored]]:
    if any(table.by_unit for table in sheet.tables):
        return units.read(sheet, form, words)
    if form.keyed_by == "period":
        return periods.read(sheet, form, words)
    if form.keyed_by == "lines":
        return lines.read(sheet, form, words)
    return coded.read(sheet, form, words)


def _numbered(entries: Sequence[Entry]) -> list[Entry]:
    """One number a key in printed order; a key printed again gets ``#2``."""
    return list(_distinct(entries))


def _distinct(entries: Sequence[Entry]) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for seq, entry in enumerate(entries):
        seen[entry.key] = times = seen.get(entry.key, 0) + 1
        yield entry.numbered(seq, times)
