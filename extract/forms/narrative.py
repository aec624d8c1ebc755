"""What do sentences of the narrative look like, and which metric does each state?

schemas/facts holds phrase skeletons, one file a kind of section (schemas/facts/README.md is
their grammar). Here they are read, checked against the vocabulary of metrics, and made
into patterns; sentences are read by the stage ``narrate``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import Field, ValidationError, model_validator

from extract.errors import SchemaError
from extract.forms.catalogue import FORMS, catalogue
from extract.forms.spec import Folded, Spec
from extract.hanzi import fold
from extract.locations import schemas

S = TypeVar("S", bound=Spec)

Aspect = Literal[
    "level",
    "budget",
    "annual_budget",
    "actual",
    "prior",
    "share",
    "completion",
    "change",
    "change_percent",
    "budget_change",
    "budget_change_percent",
]
"""What of its subject a figure states."""

Unit = Literal["yuan", "percent", "count", "points"]
Period = Literal["current", "prior", "budget"]
Level = Literal["class", "group", "item"]

_CELL = re.compile(r"(?P<form>[a-z_]+)\[(?P<key>[\w.]+)\]\.(?P<measure>[a-z_]+)")
CODE = "code"
"""The key of a cell that stands for the 科目编码 a fact speaks of."""

_BUILT_IN = {"...": r"[^,;。:\d]{0,24}?", "{any}": r"[^,;。:]{0,40}?", "{n}": r"\d+"}
_MARKS = re.compile(r"<([^<>]*)>|\[([^\[\]]*)\]|\{([a-z]+)\}|\.\.\.")


class Cell(Spec):
    """A cell of a form that states the same as a metric."""

    form: str
    key: str
    measure: str


class Metric(Spec):
    """One slug of the facts dataset; ``cells`` print the same figure, the first before the others."""

    unit: Unit
    period: Period = "current"
    cells: list[str] = Field(default_factory=list)

    @cached_property
    def places(self) -> tuple[Cell, ...]:
        """``cells`` taken apart."""
        return tuple(map(_cell, self.cells))


class Count(Spec):
    """A number of things: told by its unit, or by a word in front where the unit is any."""

    metric: str
    units: list[str]
    words: list[str] = Field(default_factory=list)


class Subject(Spec):
    """What figures are said of. Without metrics it only keeps its figures from other subjects.

    ``under`` is the subject it must follow; ``part_of`` the one whose parts it is one of;
    ``share_of`` are metrics of which the share may be one, the first that is stated counts.
    """

    name: str
    says: list[str]
    seen: str | None = None
    metrics: dict[Aspect, str] = Field(default_factory=dict)
    counts: list[Count] = Field(default_factory=list)
    under: str | None = None
    code: str | None = None
    part_of: str | None = None
    share_of: list[str] = Field(default_factory=list)


class SectionSpec(Spec):
    """A section: the headings that open it, and what its sentences speak of."""

    section: str
    headings: list[str]
    silent: list[str] = Field(default_factory=list)
    """Headings below it under which figures are not those of the accounts."""
    holds: bool = False
    """Whether it lasts to the end of its part, whatever headings follow."""
    subjects: list[Subject] = Field(default_factory=list)
    coded: dict[Level, dict[Aspect, str]] = Field(default_factory=dict)
    in_reasons: list[str] = Field(default_factory=list)
    empty: Empty | None = None

    @model_validator(mode="after")
    def _names_agree(self) -> SectionSpec:
        names = {subject.name for subject in self.subjects}
        asked = {s.under for s in self.subjects} | {s.part_of for s in self.subjects} | {None}
        if unknown := (asked - {None} | set(self.in_reasons)) - names:
            raise ValueError(f"no subject {sorted(map(str, unknown))}")
        return self


class Grammar(Spec):
    """Words with which any sentence about money is built; all are skeletons."""

    slots: dict[str, list[str]]
    aspects: dict[Aspect, list[str]]
    shares: list[str]
    completions: list[str]
    up: list[str]
    down: list[str]
    same: list[str]
    hedges: list[str]
    risen: list[str]
    fallen: list[str]
    negations: list[str]
    more: list[str]
    less: list[str]
    equal: list[str]
    compared: list[str]
    reasons: list[str]
    purposes: list[str]
    goes_on: list[str]
    fillers: list[str]
    after_direction: list[str]
    listed: list[str]


class Residue(Spec):
    """What does not belong in a published text; patterns over folded text."""

    placeholders: list[str]
    instructions: list[str]
    slips: dict[str, str]
    titles: list[str]


class Empty(Spec):
    """How a section says that nothing was spent, and the cells of its form that would show it."""

    form: str
    key: str | None = None
    measures: list[str]
    says: list[str]


class Listed(Spec):
    """A section that is a list: of duties, offices, units, terms."""

    section: str
    headings: list[str]
    columns: list[Folded] = Field(default_factory=list)
    """Headings of the column of a table that lists the entries instead."""


@dataclass(frozen=True)
class Narrative:
    """All of schemas/facts."""

    grammar: Grammar
    sections: tuple[SectionSpec, ...]
    lists: tuple[Listed, ...]
    metrics: Mapping[str, Metric]
    residue: Residue

    @cached_property
    def by_slug(self) -> Mapping[str, SectionSpec]:
        """Sections by their slug."""
        return {one.section: one for one in self.sections}

    def any_of(self, skeletons: Iterable[str]) -> str:
        """A pattern that matches any of ``skeletons``, the longest first."""
        parts = sorted({self.pattern(one) for one in skeletons}, key=lambda p: (-len(p), p))
        return "(?:" + "|".join(parts) + ")"

    def pattern(self, text: str) -> str:
        """One skeleton as a regular expression over folded text.

        ``<a|b>`` may stand or not, ``[a|b]`` must, ``{slot}`` is a slot of the grammar, ``{n}``
        a number, ``...`` a few characters of the same clause, ``{any}`` all but punctuation.
        """
        made, at = "", 0
        for mark in _MARKS.finditer(text):
            made += re.escape(fold(text[at : mark.start()]))
            if mark[0] in _BUILT_IN:
                made += _BUILT_IN[mark[0]]
            elif mark[3]:
                made += self.any_of(self.grammar.slots[mark[3]])
            else:
                inner = "|".join(self.pattern(one) for one in (mark[1] or mark[2]).split("|"))
                made += f"(?:{inner})" + ("?" if mark[0][0] == "<" else "")
            at = mark.end()
        return made + re.escape(fold(text[at:]))


@cache
def narrative() -> Narrative:
    """What schemas/facts says, checked. ``SchemaError`` names what is wrong."""
    return load(schemas() / "facts")


def load(folder: Path) -> Narrative:
    """The skeletons of a folder."""
    grammar = _checked(Grammar, folder / "grammar.yaml")
    metrics = {
        name: _valid(Metric, folder / "metrics.yaml", said)
        for name, said in _read(folder / "metrics.yaml").items()
    }
    lists = tuple(
        _valid(Listed, folder / "lists.yaml", one) for one in _read(folder / "lists.yaml")
    )
    residue = _checked(Residue, folder / "residue.yaml")
    sections = []
    for path in sorted(folder.glob("*/*.yaml")):
        spec = _checked(SectionSpec, path)
        if unknown := _named(spec) - metrics.keys():
            raise SchemaError(f"{path}: no such metric {sorted(unknown)}")
        if spec.section != path.stem:
            raise SchemaError(f"{path}: the section calls itself {spec.section}")
        sections.append(spec)
    for name, metric in metrics.items():
        if complaint := _misplaced(metric):
            raise SchemaError(f"{folder / 'metrics.yaml'}: {name}: {complaint}")
    return Narrative(grammar, tuple(sections), lists, metrics, residue)


def _named(spec: SectionSpec) -> set[str]:
    coded = (metric for metrics in spec.coded.values() for metric in metrics.values())
    said = (m for s in spec.subjects for m in (*s.metrics.values(), *s.share_of))
    counted = (c.metric for s in spec.subjects for c in s.counts)
    return {*coded, *said, *counted}


def _misplaced(metric: Metric) -> str | None:
    for cell in metric.places:
        if cell.form not in FORMS:
            return f"no form {cell.form}"
        if cell.measure not in {m.name for m in catalogue().forms[cell.form].measures}:
            return f"{cell.form} has no measure {cell.measure}"
    return None


def _cell(text: str) -> Cell:
    found = _CELL.fullmatch(text)
    if found is None:
        raise SchemaError(f"“{text}” is not form[key].measure")
    return Cell(form=found["form"], key=found["key"], measure=found["measure"])


def _checked(model: type[S], path: Path) -> S:
    return _valid(model, path, _read(path))


def _valid(model: type[S], path: Path, said: Any) -> S:
    try:
        return model.model_validate(said)
    except ValidationError as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
