"""Which figures of a document are drawn, and how? ``schemas/charts.yaml`` says it.

Each chart comes with the table of what it shows, in yuan. Only a whole series is drawn: a chart
of budget and outturn wants both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from markupsafe import Markup
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from extract.errors import SchemaError
from extract.forms import catalogue
from extract.forms.catalogue import FORMS
from extract.forms.spec import Spec
from extract.lang import Lang
from extract.locations import schemas
from extract.model import Item, Reading
from extract.views import svg

_WAN = Decimal(10_000)


class Said(Spec):
    """A text in both languages."""

    en: str
    zh: str

    def say(self, lang: Lang) -> str:
        """In one of them."""
        return self.zh if lang == "zh" else self.en


class Series(Spec):
    """One bar of each group: a measure, a key, or a metric."""

    says: Said
    measure: str | None = None
    key: str | None = None
    metric: str | None = None


class Origin(Spec):
    """Where the figures stand: in the rows of one ``level`` of a form, in its ``measures``, or in facts."""

    series: list[Series]
    form: str | None = None
    level: int | None = None
    measures: list[str] = Field(default_factory=list)
    facts: bool = False

    @model_validator(mode="after")
    def _is_one_of_three(self) -> Origin:
        if (self.form is None) != self.facts or (self.level is None) != (
            self.facts or bool(self.measures)
        ):
            raise ValueError("wants form and level, form and measures, or facts")
        if self.form is not None and self.form not in FORMS:
            raise ValueError(f"no form {self.form}")
        wanted = "metric" if self.facts else "key" if self.measures else "measure"
        if any(getattr(one, wanted) is None for one in self.series):
            raise ValueError(f"each series wants its {wanted}")
        return self


class ChartSpec(Spec):
    """A chart, as ``schemas/charts.yaml`` has it."""

    name: str
    title: Said
    most: int
    of: list[Origin]


@dataclass(frozen=True, slots=True)
class Line:
    """A group of bars: ``key`` is the 科目编码 or the measure; ``amounts`` in yuan, one a series."""

    key: str
    name: str
    amounts: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and its table; ``left_out`` lines were the smallest."""

    name: str
    title: str
    series: tuple[str, ...]
    lines: tuple[Line, ...]
    left_out: int
    drawing: Markup


def charts(reading: Reading, lang: Lang) -> tuple[Chart, ...]:
    """Those the document has figures for, in amounts of its first statement."""
    return tuple(made for spec in specs() if (made := _chart(spec, reading, lang)) is not None)


@cache
def specs() -> tuple[ChartSpec, ...]:
    """The charts there are. Raises ``SchemaError``."""
    path = schemas() / "charts.yaml"
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(TypeAdapter(list[ChartSpec]).validate_python(read))
    except (OSError, yaml.YAMLError, ValidationError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong


def _chart(spec: ChartSpec, reading: Reading, lang: Lang) -> Chart | None:
    for origin in spec.of:
        lines = [line for line in _lines(origin, reading) if any(line.amounts)]
        whole = all(
            any(line.amounts[n] is not None for line in lines) for n in range(len(origin.series))
        )
        if lines and whole:
            return _drawn(spec, origin, lines, lang)
    return None


def _drawn(spec: ChartSpec, origin: Origin, lines: Sequence[Line], lang: Lang) -> Chart:
    ranked = sorted(lines, key=lambda line: -max(abs(a or Decimal(0)) for a in line.amounts))
    kept = {id(line) for line in ranked[: spec.most]}
    shown = tuple(line for line in lines if id(line) in kept)
    series = tuple(one.says.say(lang) for one in origin.series)
    rows = [
        svg.Bar(
            line.name,
            tuple(amount or Decimal(0) for amount in line.amounts),
            tuple("–" if a is None else f"{a / _WAN:,.2f} 万元" for a in line.amounts),
        )
        for line in shown
    ]
    title = spec.title.say(lang)
    drawing = svg.bars(rows, title, series)
    return Chart(spec.name, title, series, shown, len(lines) - len(shown), drawing)


def _lines(origin: Origin, reading: Reading) -> Iterator[Line]:
    if origin.facts:
        return _stated(origin, reading)
    cells: dict[tuple[str, str], Item] = {}
    for item in reading.items:
        if (item.form, item.variant, item.statement) == (origin.form, "", 0):
            cells.setdefault((item.key, item.measure), item)
    return _measured(origin, cells) if origin.measures else _coded(origin, cells)


def _coded(origin: Origin, cells: Mapping[tuple[str, str], Item]) -> Iterator[Line]:
    rows = {
        key: cell for (key, _), cell in cells.items() if cell.code and cell.level == origin.level
    }
    for key, first in rows.items():
        found = (cells.get((key, one.measure or "")) for one in origin.series)
        yield Line(key, first.name, tuple(cell.amount if cell else None for cell in found))


def _measured(origin: Origin, cells: Mapping[tuple[str, str], Item]) -> Iterator[Line]:
    labels = {m.name: m.label for m in catalogue().forms[origin.form or ""].measures}
    for measure in origin.measures:
        found = (cells.get((one.key or "", measure)) for one in origin.series)
        yield Line(measure, labels[measure], tuple(cell.amount if cell else None for cell in found))


def _stated(origin: Origin, reading: Reading) -> Iterator[Line]:
    stated: dict[tuple[str | None, str | None], dict[str, Any]] = {}
    metrics = [one.metric or "" for one in origin.series]
    for fact in reading.facts:
        if fact.metric in metrics and fact.statement == 0 and fact.code:
            stated.setdefault((fact.code, fact.name), {}).setdefault(fact.metric, fact.value)
    for (code, name), values in stated.items():
        yield Line(code or "", name or code or "", tuple(values.get(m) for m in metrics))
