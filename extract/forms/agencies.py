"""Which body published it, whatever its name was that year? schemas/agencies, and nothing guessed.

A name goes on as another where ``renames.yaml`` says so. A place named with the province in
front and without is one place. Everything else that differs is another body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import AfterValidator, TypeAdapter, ValidationError

from extract.errors import SchemaError
from extract.forms.spec import Spec
from extract.hanzi import fold
from extract.locations import schemas

_BEHIND = re.compile(r"[(][^()]*[)]$")

How = Literal["renamed", "reorganised"]
"""The same body under another name; or its functions, with some that came or went."""


class Rename(Spec):
    """One name, or (``ending``) the end of one, that goes on as another ``since`` a fiscal year."""

    before: Annotated[str, AfterValidator(fold)]
    after: Annotated[str, AfterValidator(fold)]
    ending: bool = False
    since: int
    how: How
    seen: str

    def apply(self, name: str) -> str | None:
        """The folded ``name`` as it goes on; None where this is not about it."""
        if name == self.before:
            return self.after
        if self.ending and name.endswith(self.before):
            return name.removesuffix(self.before) + self.after
        return None


class Body(NamedTuple):
    """``name`` at the end of its line, folded, and ``kept``: as far as nothing but the name changed."""

    name: str
    kept: str


def body_of(agency: str, province: str | None = None, city: str | None = None) -> Body:
    """Who goes by the name ``agency`` in a place.

    >>> body_of("湖南省株洲市环境保护局", "湖南省", "株洲市")
    Body(name='株洲市生态环境局', kept='株洲市环境保护局')
    """
    name = _placed(fold(agency), province, city)
    return Body(followed(name, renames()), followed(name, renames(), ("renamed",)))


def followed(
    name: str, by: Iterable[Rename], how: tuple[How, ...] = ("renamed", "reorganised")
) -> str:
    """The folded ``name`` at the end of its line. No name is met twice: a ring ends where it began."""
    told, met = [one for one in by if one.how in how], {name}
    while after := next((n for one in told if (n := one.apply(name)) not in (None, *met)), None):
        met.add(after)
        name = after
    return name


def _placed(name: str, province: str | None, city: str | None) -> str:
    """Without a province in front of a city that is in it."""
    within = name.removeprefix(province or "")
    return within if city and city != province and within.startswith(city) else name


def unit_name(name: str) -> str:
    """A unit as it is looked up: without what brackets add, and a department's own office as the department.

    >>> unit_name("某区财政局（本级）"), unit_name("某中心（下属事业单位）")
    ('某区财政局', '某中心')
    """
    bare = fold(name)
    while (cut := _BEHIND.sub("", bare)) != bare and cut:
        bare = cut
    ends = (word for word in _words().itself if bare.endswith(word) and bare != word)
    return bare.removesuffix(next(ends, ""))


class _Words(Spec):
    itself: list[Annotated[str, AfterValidator(fold)]]


@cache
def _words() -> _Words:
    path = schemas() / "agencies" / "vocabulary.yaml"
    try:
        return _Words.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong


@cache
def renames() -> tuple[Rename, ...]:
    """What schemas/agencies says, later years last. ``SchemaError`` names what is wrong."""
    return load(schemas() / "agencies" / "renames.yaml")


def load(path: Path) -> tuple[Rename, ...]:
    """The renames of one file; a name that goes on as two is refused."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = [{_FIELDS.get(key, key): value for key, value in row.items()} for row in told]
        found = TypeAdapter(list[Rename]).validate_python(rows)
    except (OSError, yaml.YAMLError, ValidationError, AttributeError, TypeError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
    names = [one.before for one in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise SchemaError(f"{path}: {'、'.join(sorted(twice))} goes on as two names")
    return tuple(sorted(found, key=lambda one: (one.ending, -len(one.before), one.since)))


# `from` is a word of Python's own.
_FIELDS = {"from": "before", "to": "after"}
