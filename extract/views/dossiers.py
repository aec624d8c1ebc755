"""What does one need to act on a finding? Everything about it, from the reading it is in.

Where it stands and who published it, the identities that speak for it with every figure,
the cell in doubt and those that might be it instead, and the rows around. Amounts are in
yuan; ``shown`` beside them is the same in the printed unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.model import Check, Finding, Item, Reading
from extract.views.around import Around, around
from extract.views.citations import Place, place
from extract.views.equations import Figure, Relation, box_of, equation, heading, money

Where = tuple[int, str, str]
"""A form of a document: its statement, name and variant."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One finding and what belongs to it; ``cell`` is None where none can be told."""

    finding: Finding
    place: Place
    relations: tuple[Relation, ...]
    cell: Figure | None
    proposal: str | None
    others: tuple[Figure, ...]
    around: Around | None


def dossiers(reading: Reading) -> Iterator[Dossier]:
    """One for each finding of the document, in its order."""
    book = Book(reading)
    return (book.dossier(finding) for finding in reading.findings)


class Book:
    """A reading, to look up cells, rows and checks."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.checks = {check.check_id: check for check in reading.checks}
        self.names = {item.key: item.name for item in reading.items}
        self.cells: dict[tuple[int, tuple[str, str, str, str]], Item] = {}
        self.rows: dict[Where, dict[tuple[int, str], dict[str, Item]]] = {}
        self._tables: dict[Where, Sequence[tuple[str, Mapping[str, Item]]]] = {}
        self.firsts: dict[tuple[Where, str], Item] = {}
        for item in sorted(reading.items, key=lambda item: item.seq):
            sheet = (item.statement, item.form, item.variant)
            self.cells.setdefault((item.statement, item.place), item)
            self.firsts.setdefault((sheet, item.key), item)
            rows = self.rows.setdefault(sheet, {})
            rows.setdefault((item.seq, item.key), {})[item.measure] = item

    def dossier(self, finding: Finding) -> Dossier:
        """Everything about one finding."""
        sheet = (finding.statement, finding.form or "", finding.variant)
        cell = self._cell(finding)
        suspects = [
            self.figure(
                (finding.statement, s.form, finding.variant), s.key, s.measure, score=s.score
            )
            for s in finding.suspects
        ]
        named = (finding.form, finding.key, finding.measure or "")
        unit = cell.unit if cell else self._unit(sheet)
        proposal = None if finding.suggested is None else money(finding.suggested, unit)
        return Dossier(
            finding=finding,
            place=self._place(finding),
            relations=tuple(
                self.relation(self.checks[name]) for name in finding.evidence if name in self.checks
            ),
            cell=cell,
            proposal=proposal,
            others=tuple(s for s in suspects if (s.form, s.key, s.measure) != named),
            around=around(finding, self._table(sheet)),
        )

    def figure(
        self,
        sheet: Where,
        key: str,
        measure: str,
        *,
        score: float | None = None,
        sign: int | None = None,
    ) -> Figure:
        """A cell as it now stands; of one that is not there, what its name says."""
        statement, form, variant = sheet
        item = self.cells.get((statement, (form, variant, key, measure)))
        row = item or self.firsts.get((sheet, key))
        unit = row.unit if row else self._unit(sheet)
        return Figure(
            form,
            key,
            measure,
            row=row.name if row else self.names.get(key, key),
            column=heading(form, measure),
            page=row.page if row else None,
            raw=item.raw if item else None,
            unit=unit,
            amount=item.amount if item else None,
            shown="" if item is None or item.amount is None else money(item.amount, unit),
            score=score,
            sign=sign,
            box=box_of(item) if item else None,
        )

    def relation(self, check: Check) -> Relation:
        """An identity with the figures it was evaluated on."""
        total = self.figure((check.statement, check.form, check.variant), check.key, check.measure)
        parts = tuple(
            self.figure(
                (check.statement, part.form, part.variant), part.key, part.measure, sign=part.sign
            )
            for part in check.parts
        )
        return Relation(
            check.check_id,
            check.rule,
            check.kind,
            check.verdict,
            total,
            parts,
            check.sum,
            check.difference,
            check.tolerance,
            equation(check, total, parts),
        )

    def _cell(self, finding: Finding) -> Figure | None:
        if finding.form is None or finding.key is None or finding.measure is None:
            return None
        sheet = (finding.statement, finding.form, finding.variant)
        return self.figure(sheet, finding.key, finding.measure)

    def _unit(self, sheet: Where) -> str:
        rows = self._table(sheet)
        return next((cell.unit for _, cells in rows for cell in cells.values()), "元")

    def _table(self, sheet: Where) -> Sequence[tuple[str, Mapping[str, Item]]]:
        if sheet not in self._tables:
            rows = self.rows.get(sheet, {})
            self._tables[sheet] = [(key, cells) for (_, key), cells in rows.items()]
        return self._tables[sheet]

    def _place(self, finding: Finding) -> Place:
        return place(self.reading, finding.statement, finding.form, finding.variant, finding.page)
