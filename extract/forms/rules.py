"""What must add up in a 决算, as schemas/rules states it.

A rule is one linear relation between cells, written in the forms' own words
(``[income.total] = [income.current_year] + …``); schemas/rules/README.md is its grammar.
Here it is only read and checked against the forms; whether it holds is asked by the
stage ``reconcile``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from extract.errors import SchemaError
from extract.forms.catalogue import CUTS, FORMS, catalogue
from extract.forms.codes import is_code
from extract.forms.regions import provinces
from extract.forms.spec import Form, Spec
from extract.locations import schemas

S = TypeVar("S", bound=Spec)

Each = Literal["rows", "codes", "classes", "parents"]
Kind = Literal["equality", "inequality"]
Sense = Literal[1, 0, -1]

ROW, BELOW, TOP, UNITS = "row", "below", "top", "units"
"""Keys that stand for rows instead of naming one."""

_SPREAD = {BELOW, TOP, UNITS}

LAST_YEAR, SUBORDINATES = "last_year", "subordinates"
BESIDE = frozenset({LAST_YEAR, SUBORDINATES})
"""Cuts that are other documents: the accounts of the year before, those of all subordinate units."""

_SENSES: dict[str, Sense] = {">=": 1, "=": 0, "<=": -1}
_TERM = re.compile(
    r"(?P<sign>[+-]?)\s*(?:(?P<form>[a-z_]+)?(?:@(?P<cut>[a-z_]*))?\[(?P<key>[\w.]+)\](?:\.(?P<column>[a-z_]+))?"
    r"|(?P<measure>[a-z_]+))\s*"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A signed cell, or rows of cells; None is the form, the measure or the cut at hand."""

    sign: int
    form: str | None
    key: str
    measure: str | None
    cut: str | None = None


@dataclass(frozen=True)
class Rule:
    """``total`` equals the signed sum of ``parts``, or is at least (``sense`` 1) or at most (-1) that.

    It is asked only where the form of its total prints all of ``columns``.
    """

    id: str
    kind: Kind
    sense: Sense
    forms: tuple[str, ...]
    each: Each | None
    measures: tuple[str, ...] | Literal["all"]
    total: Term
    parts: tuple[Term, ...]
    when: tuple[Term, ...]
    unless: tuple[Term, ...]
    zh: str
    en: str
    columns: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The total, then the parts."""
        return (self.total, *self.parts)

    @cached_property
    def ties(self) -> bool:
        """Whether it sets one form against another, or one cut of it."""
        return any(term.form or term.cut is not None for term in self.terms)

    @cached_property
    def beside(self) -> str | None:
        """The other documents it sets this one against; None: none."""
        cuts = {term.cut for term in self.terms} & BESIDE
        return next(iter(cuts)) if cuts else None

    @cached_property
    def spreads(self) -> bool:
        """Whether its parts are rows as they happen to be printed."""
        return any(part.key in _SPREAD for part in self.parts)

    @cached_property
    def sums(self) -> bool:
        """Whether its total is made of several rows or lines."""
        return len(self.parts) > 1 or self.spreads

    @cached_property
    def speaks_of(self) -> frozenset[str]:
        """The forms it is asked of."""
        return frozenset(self.forms).union(
            term.form for term in (*self.terms, *self.when, *self.unless) if term.form
        )


class From(Spec):
    """A province that has a form since a year of its own."""

    province: str
    since: int


class Until(Spec):
    """A province that went without a form up to a year."""

    province: str
    until: int


class ExpectedForm(Spec):
    """A form of a 决算, and which years and provinces print it (``since`` 0: all)."""

    model_config = ConfigDict(populate_by_name=True)

    form: str
    since: int = 0
    earlier: list[From] = Field(default=[], alias="in")
    not_in: list[Until] = Field(default=[])
    within: list[str] = Field(default=[])
    alone: bool = False

    def is_due(self, fiscal_year: int, province: str | None, printed: Container[str]) -> bool:
        """Whether a 决算 of that year (0: unknown) and province that prints ``printed`` should have it."""
        since = next((e.since for e in self.earlier if e.province == province), self.since)
        spared = any(e.province == province and fiscal_year <= e.until for e in self.not_in)
        held = any(other in printed for other in self.within)
        return since <= fiscal_year and not spared and not held


class _RuleSpec(Spec):
    id: str
    forms: list[str] = Field(default_factory=list)
    each: Each | None = None
    measures: list[str] | Literal["all"] = Field(default_factory=list)
    says: str
    when: list[str] = Field(default_factory=list)
    unless: list[str] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)
    zh: str
    en: str


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of one document, in the order of file names and lines. ``SchemaError`` names what is wrong."""
    return tuple(rule for rule in load(schemas() / "rules") if rule.beside is None)


@cache
def rules_between() -> tuple[Rule, ...]:
    """The rules that set a document against others."""
    return tuple(rule for rule in load(schemas() / "rules") if rule.beside is not None)


def is_between(rule: str) -> bool:
    """Whether a ``rule`` of checks or findings sets a document against others.

    >>> is_between("years.balance"), is_between("levels.total")
    (True, False)
    """
    return rule.startswith(_BETWEEN)


_BETWEEN = ("years.", "subordinates.")


@cache
def expected_forms() -> tuple[ExpectedForm, ...]:
    """Which forms a 决算 prints."""
    path = schemas() / "rules" / "expected_forms.yaml"
    expected = _read(path, TypeAdapter(list[ExpectedForm]))
    if unknown := {entry.form for entry in expected} - set(FORMS):
        raise SchemaError(f"{path}: no such form {sorted(unknown)}")
    told = {each.province for entry in expected for each in entry.earlier}
    told |= {each.province for entry in expected for each in entry.not_in}
    if unknown := told - provinces():
        raise SchemaError(f"{path}: no such province {sorted(unknown)}")
    held = {name for entry in expected for name in entry.within}
    if unknown := held - {other.name for other in catalogue().others}:
        raise SchemaError(f"{path}: no such other form {sorted(unknown)}")
    return tuple(expected)


def load(folder: Path) -> tuple[Rule, ...]:
    """The rules of a folder, each checked against the forms it names."""
    found: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "expected_forms.yaml":
            continue
        for spec in _read(path, TypeAdapter(list[_RuleSpec])):
            try:
                rule = _rule(spec)
            except SchemaError as wrong:
                raise SchemaError(f"{path}: {spec.id}: {wrong}") from wrong
            if rule.id in found:
                raise SchemaError(f"{path}: {rule.id} is stated twice")
            found[rule.id] = rule
    return tuple(found.values())


def _rule(spec: _RuleSpec) -> Rule:
    total, parts, sense = relation(spec.says)
    rule = Rule(
        id=spec.id,
        kind="inequality" if sense else "equality",
        sense=sense,
        forms=tuple(spec.forms),
        each=spec.each,
        measures=spec.measures if isinstance(spec.measures, str) else tuple(spec.measures),
        total=total,
        parts=parts,
        when=tuple(_one(text) for text in spec.when),
        unless=tuple(_one(text) for text in spec.unless),
        zh=spec.zh,
        en=spec.en,
        columns=tuple(spec.columns),
    )
    for complaint in _complaints(rule):
        raise SchemaError(complaint)
    return rule


def relation(says: str) -> tuple[Term, tuple[Term, ...], Sense]:
    """Total, parts and sense of a relation. What else stands left of the sign changes sides.

    >>> total, parts, sense = relation("closing = opening + income - spent")
    >>> total.measure, [(part.sign, part.measure) for part in parts], sense
    ('closing', [(1, 'opening'), (1, 'income'), (-1, 'spent')], 0)
    """
    sides = re.fullmatch(r"([^<>=]+)([<>]?=)([^<>=]+)", says)
    if sides is None:
        raise SchemaError(f"“{says}” does not have one =, >= or <=")
    left, sign, right = sides.groups()
    total, *rest = _terms(left)
    moved = [replace(term, sign=-term.sign) for term in rest]
    parts = (*_terms(right), *moved)
    if total.sign < 0 or total.key in _SPREAD:
        raise SchemaError(f"“{says}”: the first term must be one cell, not subtracted")
    return total, parts, _SENSES[sign]


def _one(text: str) -> Term:
    terms = _terms(text)
    if len(terms) != 1:
        raise SchemaError(f"“{text}” is not one line")
    return terms[0]


def _terms(side: str) -> tuple[Term, ...]:
    """The terms of one side. ``SchemaError`` where it is not a sum."""
    terms: list[Term] = []
    at, side = 0, side.strip()
    while at < len(side):
        found = _TERM.match(side, at)
        if found is None or bool(found["sign"]) != bool(terms):
            raise SchemaError(f"“{side}” cannot be read from “{side[at:]}” on")
        sign = -1 if found["sign"] == "-" else 1
        column = found["column"] or found["measure"]
        terms.append(Term(sign, found["form"], found["key"] or ROW, column, found["cut"]))
        at = found.end()
    if not terms:
        raise SchemaError("one side is empty")
    return tuple(terms)


def _complaints(rule: Rule) -> Iterator[str]:
    """What the rule names that is not there."""
    terms = rule.terms
    if unknown := {f for f in (*rule.forms, *(t.form for t in terms)) if f} - set(FORMS):
        yield f"no such form {sorted(unknown)}"
        return
    if not rule.forms and not all(term.form for term in (*terms, *rule.when, *rule.unless)):
        yield "a term names no form, and there is no `forms`"
        return
    if any(t.key in (ROW, BELOW) for t in terms) != (rule.each is not None):
        yield "[row] and [below] go with `each`"
    if (rule.beside is not None) != is_between(rule.id):
        yield f"ids that begin with {' or '.join(_BETWEEN)} go with terms @{' or @'.join(sorted(BESIDE))}"
    if rule.total.cut in BESIDE:
        yield "its total is a cell of the document itself"
    if unknown := {t.cut for t in (*terms, *rule.when, *rule.unless) if t.cut} - CUTS - BESIDE:
        yield f"no such cut {sorted(unknown)}"
    if any(t.measure is None for t in terms) != bool(rule.measures):
        yield "terms without a measure go with `measures`"
    for form in (catalogue().forms[name] for name in rule.forms or FORMS):
        wrong = set(rule.columns) - {measure.name for measure in form.measures}
        if wrong and (rule.forms or rule.total.form == form.name):
            yield f"{form.name} has no measure {sorted(wrong)}"
        for term in (*terms, *rule.when, *rule.unless):
            if term.form in (None, form.name) and (rule.forms or term.form):
                yield from _unknown(term, form, rule.measures)


def _unknown(term: Term, form: Form, measures: Sequence[str]) -> Iterator[str]:
    known = {measure.name for measure in form.measures}
    asked = {term.measure} if term.measure else set(() if measures == "all" else measures)
    if wrong := asked - known:
        yield f"{form.name} has no measure {sorted(wrong)}"
    if (
        term.key not in {ROW, *_SPREAD}
        and term.key not in _keys(form)
        and not _coded(term.key, form)
    ):
        yield f"{form.name} has no line {term.key}"


def _keys(form: Form) -> set[str]:
    lines = {line.key for side in form.sides for line in side.lines}
    total = {"total"} if form.keyed_by == "functional" else set()
    return lines | total | set(form.totals) | set(form.keys)


def _coded(key: str, form: Form) -> bool:
    system: Literal["functional", "economic"] = (
        "economic" if form.keyed_by == "economic" else "functional"
    )
    return form.keyed_by != "period" and is_code(key, system)


def _read(path: Path, shape: TypeAdapter[list[S]]) -> list[S]:
    try:
        return shape.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
