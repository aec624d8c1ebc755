"""What is a portal, as data? schemas/sources/README.md is the grammar.

A source says where its lists begin, which links of a page lead to further pages and which
to documents. Patterns are regular expressions, sought anywhere; those for titles are sought
in the folded text of the link and of the links that led to its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Self, TypeVar
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from extract.errors import SchemaError
from extract.harvest.kinds import KINDS, WEB
from extract.locations import schemas

CENTURY = 2000
_PLACES = re.compile(r"\{(\w*)\}")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as wrong:
        raise ValueError(f"no regular expression: {wrong}") from wrong
    return text


def _web(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url} is no address that begins with http:// or https://")
    if unknown := set(_PLACES.findall(url)) - {"year", "page"}:
        raise ValueError(f"{url} has {{{unknown.pop()}}}; there are {{year}} and {{page}}")
    return url


def _kind(suffix: str) -> str:
    if f".{suffix}" not in KINDS:
        raise ValueError(f"no kind {suffix}; there are {', '.join(k[1:] for k in KINDS)}")
    return suffix


Pattern = Annotated[str, AfterValidator(_pattern)]
Web = Annotated[str, AfterValidator(_web)]
Kind = Annotated[str, AfterValidator(_kind)]
B = TypeVar("B", bound="_Spec")


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Links(_Spec):
    """Which links of a page are meant: all that agree with what is given."""

    links: list[Pattern] = []
    titles: list[Pattern] = []
    not_links: list[Pattern] = []
    not_titles: list[Pattern] = []
    within: str | None = None
    """A CSS selector: only links inside it."""

    def match(self, url: str, title: str) -> bool:
        """Whether a link with this address, under these folded titles, is meant."""
        return (
            (not self.links or found(self.links, url))
            and (not self.titles or found(self.titles, title))
            and not found(self.not_links, url)
            and not found(self.not_titles, title)
        )


class Follow(Links):
    """Links to pages that lie deeper; ``keep`` says that such a page is a document itself."""

    keep: bool = False
    depth: Annotated[int, Field(ge=1, le=9)] = 3


class Documents(Links):
    """Links to what is kept, and of which kinds."""

    kinds: list[Kind] = [kind[1:] for kind in KINDS if kind != WEB]


class Pages(_Spec):
    """The numbers that ``{page}`` stands for; the first page that is not there ends them."""

    first: int = 1
    last: int = 500

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError("pages: first is after last")
        return self


class _Common(_Spec):
    year: list[Pattern]
    dates: list[Pattern]


@cache
def common() -> _Common:
    """What sources share."""
    return _read(schemas() / "sources" / "common.yaml", _Common)


def _years() -> list[str]:
    return common().year


def _dates() -> list[str]:
    return common().dates


class Source(_Spec):
    """One portal, or one list of it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
    title: str | None = None
    start: Annotated[list[Web], Field(min_length=1)]
    years: list[int] = []
    pages: Pages = Pages()
    next: Links | None = None
    follow: Follow | None = None
    documents: Documents
    year: list[Pattern] = Field(default_factory=_years)
    dates: list[Pattern] = Field(default_factory=_dates)
    hosts: list[str] = []
    max_pages: Annotated[int, Field(ge=1)] = 5000

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.years and any("{year}" in url for url in self.start):
            raise ValueError("start has {year}, but there are no years")
        return self

    @property
    def beginnings(self) -> Iterator[str]:
        """The addresses to start at, ``{page}`` left in them."""
        for url in self.start:
            for year in self.years if "{year}" in url else [0]:
                yield url.replace("{year}", str(year))

    def is_host(self, host: str) -> bool:
        """Whether a host is one of this source, or below one."""
        mine = {_ascii(urlsplit(url).hostname or "") for url in self.start}
        mine |= {_ascii(each) for each in self.hosts}
        asked = _ascii(host)
        return any(asked == each or asked.endswith(f".{each}") for each in mine)

    def fiscal_year(self, title: str) -> int | None:
        """The year that folded titles name."""
        for pattern in self.year:
            if match := re.search(pattern, title):
                year = int(match[1])
                return year if len(match[1]) > 2 else year + CENTURY
        return None

    def is_wanted(self, title: str) -> bool:
        """Whether titles name one of the years, or none."""
        year = self.fiscal_year(title) if self.years else None
        return year is None or year in self.years


class _File(_Spec):
    sources: Annotated[list[Source], Field(min_length=1)]


def _ascii(host: str) -> str:
    """A host as it is asked for, be its name Chinese."""
    try:
        return host.lower().encode("idna").decode()
    except UnicodeError:
        return host.lower()


def found(patterns: Iterable[str], text: str) -> bool:
    """Whether any of the patterns stands in the text."""
    return any(re.search(pattern, text) for pattern in patterns)


def load(paths: Iterable[str | Path]) -> tuple[Source, ...]:
    """The sources that files describe. ``SchemaError`` says what is wrong with which."""
    told = [source for path in paths for source in _read(Path(path), _File).sources]
    names = [source.name for source in told]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SchemaError(f"two sources are named {twice[0]}; each needs a name of its own")
    return tuple(told)


def _read(path: Path, model: type[B]) -> B:
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
    try:
        return model.model_validate(told)
    except ValidationError as wrong:
        raise SchemaError(f"{path}: {_first(wrong)}; see schemas/sources/README.md") from wrong


def _first(wrong: ValidationError) -> str:
    error = wrong.errors()[0]
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])
