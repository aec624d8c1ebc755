"""What does a statement print, cell by cell, and how exactly?

Amounts are whole half-分 (yuan × 200), so that every half of a printed step is whole too.
A cell is printed, blank, or not there at all; which of the last two may count as zero is
asked here and nowhere else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from extract.amounts import UNITS, decimals
from extract.forms import catalogue, codes
from extract.model import Item

HALF_FEN = Decimal(200)
"""Half-分 in a yuan."""


class Cell(NamedTuple):
    """What names a cell within one variant."""

    form: str
    key: str
    measure: str


class Figure(NamedTuple):
    """A cell that is there: its value in half-分 (None: blank) and half its printed step."""

    value: int | None
    half: int
    item: Item


@dataclass
class Table:
    """One form in one variant. Keys with ``#`` and unmapped lines are ``loose`` rows: in no sum.

    ``strays`` are their figures by column, ``doubles`` rows that bear the key of a row before them, by key and seq.
    """

    form: str
    rows: dict[str, dict[str, Figure]] = field(default_factory=dict)
    printed: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    loose: dict[str, dict[str, Figure]] = field(default_factory=dict)
    doubles: dict[tuple[str, int], dict[str, Figure]] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    top: list[str] = field(default_factory=list)
    below: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def strays(self) -> Mapping[str, Sequence[int]]:
        """Figures, by column, that are in no sum."""
        strays: dict[str, list[int]] = defaultdict(list)
        for row in self.loose.values():
            for measure, figure in row.items():
                if figure.value:
                    strays[measure].append(figure.value)
        return strays

    @property
    def live(self) -> bool:
        """Whether it prints any amount."""
        return bool(self.printed)

    def arrange(self) -> None:
        """Find out which code stands below which; a code nobody printed is stepped over."""
        self.codes = sorted(key for key in self.rows if is_code(key))
        self.top, self.below = [], defaultdict(list)
        for code in self.codes:
            above = next(
                (code[:n] for n in range(len(code) - 2, 2, -2) if code[:n] in self.rows), None
            )
            (self.top if above is None else self.below[above]).append(code)

    def units_of(self, total: str) -> list[str]:
        """The rows of subordinate units that a total sums up: of 合计, or of a period."""
        front = "unit." if total == "total" else f"{total}.unit."
        return [key for key in self.rows if key.startswith(front)]

    def with_value(self, key: str, measure: str, value: int | None) -> Table:
        """The same with another value in one cell, as finely known as the others of the table."""
        row = dict(self.rows.get(key, {}))
        known = row.get(measure) or next(f for r in self.rows.values() for f in r.values())
        row[measure] = known._replace(value=value, half=known.half or self.half)
        return self.with_rows({**self.rows, key: row})

    def with_rows(
        self,
        rows: dict[str, dict[str, Figure]],
        doubles: dict[tuple[str, int], dict[str, Figure]] | None = None,
    ) -> Table:
        """The same with other rows."""
        table = replace(self, rows=rows, doubles=self.doubles if doubles is None else doubles)
        table.arrange()
        return table

    @property
    def half(self) -> int:
        """Half the finest step printed."""
        halves = [f.half for row in self.rows.values() for f in row.values() if f.half]
        return min(halves, default=1)

    def unprinted_parents(self) -> list[str]:
        """Codes above printed ones with figures that are not printed, though others of their level are."""
        lengths = {len(code) for code in self.codes}
        above = {
            key
            for code in self.codes
            if any(f.value for f in self.rows[code].values()) and (key := codes.parent(code))
        }
        return sorted(key for key in above - self.rows.keys() if len(key) in lengths)

    def without(self, loose: str) -> Table:
        """The same without a row that is in no sum."""
        return replace(self, loose={k: row for k, row in self.loose.items() if k != loose})

    def expecting(self, keys: Iterable[str]) -> Table:
        """The same with rows that should be there, all their cells absent."""
        return self.with_rows(self.rows | {key: {} for key in keys})


Ledger = Mapping[tuple[str, str], Table]
"""(form, variant) → its table."""


def ledger(items: Iterable[Item]) -> dict[tuple[str, str], Table]:
    """The tables of one statement."""
    grouped: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        grouped[item.form, item.variant].append(item)
    return {name: _table(name[0], cells) for name, cells in grouped.items()}


def may_be_left_out(form: str, measure: str) -> bool:
    """Whether publishers print the form without this column where nothing stands in it."""
    return measure in _optional(form)


@lru_cache(maxsize=1 << 14)
def yuan(half_fen: int) -> Decimal:
    """Half-分 as yuan.

    >>> yuan(300), yuan(1)
    (Decimal('1.50'), Decimal('0.005'))
    """
    return Decimal(half_fen * 5).scaleb(-3) if half_fen % 2 else Decimal(half_fen // 2).scaleb(-2)


def _table(form: str, items: list[Item]) -> Table:
    usual = _usual_decimals(items)
    table = Table(form)
    for item in items:
        figure = _figure(item, usual)
        if "#" in item.key or item.key.startswith("line."):
            table.loose.setdefault(item.key, {})[item.measure] = figure
            continue
        row = table.rows.setdefault(item.key, {})
        if item.measure in row:
            row = table.doubles.setdefault((item.key, item.seq), {})
        row[item.measure] = figure
        table.columns.add(item.measure)
        if figure.value is not None:
            table.printed.add(item.measure)
    table.arrange()
    return table


def _figure(item: Item, usual: int) -> Figure:
    if item.amount is None:
        return Figure(None, 0, item)
    return Figure(
        int(item.amount * HALF_FEN), _half_step(item.unit, max(_decimals(item.raw), usual)), item
    )


@cache
def _half_step(unit: str, places: int) -> int:
    # Amounts are kept to the 分: a finer print is not known more finely.
    return max(1, int(UNITS.get(unit, Decimal(1)).scaleb(-places) * HALF_FEN / 2))


def _usual_decimals(items: list[Item]) -> int:
    """The most common number of decimals: `25` beside `7.50` is 25.00 with its zeros dropped."""
    seen = Counter(n for item in items if item.amount is not None and (n := _decimals(item.raw)))
    return max(seen, key=lambda n: (seen[n], n), default=0)


def _decimals(raw: str) -> int:
    tail = len(raw) - raw.rfind(".") - 1
    # The common case, without folding: digits after the last point.
    if 0 < tail <= 6 and tail < len(raw) and raw.isascii() and raw[-tail:].isdigit():
        return tail
    return decimals(raw)


def is_code(key: str) -> bool:
    """Whether the key is a 科目编码 (economic ones have the lengths of functional ones)."""
    return codes.is_code(key, "functional")


@cache
def _optional(form: str) -> frozenset[str]:
    return frozenset(m.name for m in catalogue().forms[form].measures if m.optional)
