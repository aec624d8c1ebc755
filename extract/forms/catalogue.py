"""All forms at once, and which of them a caption names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from extract.errors import SchemaError
from extract.forms.spec import Form, OtherForm, Spec, Vocabulary
from extract.hanzi import fold, near
from extract.locations import schemas

S = TypeVar("S", bound=Spec)

FORMS = (
    "income_expenditure_summary",
    "income",
    "expenditure",
    "fiscal_appropriation_summary",
    "general_budget_expenditure",
    "general_budget_basic_expenditure",
    "three_public",
    "government_fund",
    "state_capital",
)
"""Short names of the nine forms, in the order the Ministry's template prints them."""

BY_UNIT = "by_unit"
"""The cut whose rows are subordinate units."""

PRIOR = "prior"
"""The cut that is last year's form once more."""

CUTS = frozenset(
    {BY_UNIT, PRIOR, "general_public_budget", "government_fund", "fiscal_appropriation"}
)
"""Every cut in which a form is printed beside the standard one."""

NUMBER = r"[A-Za-z\u4e00-\u9fff]{0,5}\d{1,2}(?:-\d{1,2})?表"
"""A number that a form bears: 公开01表, 财决01-1表, Z01表."""

# “附表1”, “附件2”, “公开01表”, “一、”, “（三）”, “1.” in front of a title; “（续表）”, “（万元）” behind it.
_NUMBERED = re.compile(
    rf"^(?:-|#+|\*+)?(?:附件\d*(?:-\d+)?[:.、]?|附\d+[:.、]|附?表\d*(?:-\d+)?[:.、]?|{NUMBER}|[(]?[一二三四五六七八九十\d]+[)]?[、.:)]|[(][一二三四五六七八九十\d]+[)])+"
)
_TAIL = re.compile(
    r"(?:[(](?:续表?|\d+|续\d+|(?:金额)?(?:单位:)?[^)]{0,3}元|[^)]*年度?|(?:公开|财决)?(?:表\d+|\d+表))[)]"
    r"|\*+|:|。|;|公开\d+表|续表?)+$"
)
_YEAR = re.compile(r"^\d{4}年度?")
_BRACKET = re.compile(r"[(]([^()]{2,30})[)]$")
_ACCOUNT = "决算"
_TITLED = ("表", "情况", ")")


@dataclass(frozen=True, slots=True)
class Title:
    """What a caption names: one of the nine (``other`` False) or a known other form.

    ``variant`` is the cut in which it prints the form, which ``stays`` though it stand alone.
    """

    name: str
    other: bool
    wording: str
    variant: str = ""
    stays: bool = False


@dataclass(frozen=True)
class _Worded:
    """Titles by a wording each, longest first."""

    titles: tuple[tuple[str, Title], ...]

    @cached_property
    def endings(self) -> tuple[str, ...]:
        """The wordings, for the one question most lines are asked."""
        return tuple(wording for wording, _ in self.titles)


@dataclass(frozen=True)
class Catalogue:
    """The nine forms, the known others, and the words they share."""

    forms: Mapping[str, Form]
    others: tuple[OtherForm, ...]
    words: Vocabulary
    titles: tuple[Title, ...]

    def named_by(self, caption: str) -> Title | None:
        """The form whose title ends ``caption``; the longest wording wins.

        In front of it may stand a number, a year, an agency, but no word that makes it
        another title: 项目支出决算表 is not 支出决算表.
        """
        text = title_text(caption)
        if not text.endswith(_TITLED):
            return self._untitled.get(text)
        of_units = next((end for end in self.words.by_unit if text.endswith(end)), "")
        text = text.removesuffix(of_units)
        title = self._ending(text, self._worded) or self._ending(self._reduced(text), self.reduced)
        if title is None and _ACCOUNT in text:
            title = self._ending(self._bare(text), self.bare)
        if title is None or title.other or not of_units:
            return title
        return replace(title, variant=BY_UNIT, stays=True)

    @cached_property
    def _untitled(self) -> Mapping[str, Title]:
        """The wordings that do not say that they name a table, such as 关于空表的说明."""
        return {t.wording: t for t in self.titles if not t.wording.endswith(_TITLED)}

    @cached_property
    def reduced(self) -> _Worded:
        """Every wording of an account without the words that make no other title, longest first.

        三公经费支出情况表 would come down to the title of a plan.
        """
        found: dict[str, Title] = {}
        for title in self.titles:
            if _ACCOUNT in title.wording:
                found.setdefault(self._reduced(title.wording), title)
        return _Worded(tuple(sorted(found.items(), key=lambda one: -len(one[0]))))

    @cached_property
    def bare(self) -> _Worded:
        """Every wording of an account without what says that it is one: for captions that say so elsewhere.

        2016年部门决算公开收支总体情况表 has no 决算 where the title is expected.
        """
        found: dict[str, Title] = {}
        for title in self.titles:
            if _ACCOUNT in title.wording:
                found.setdefault(self._bare(title.wording), title)
        return _Worded(tuple(sorted(found.items(), key=lambda one: -len(one[0]))))

    def _bare(self, text: str) -> str:
        text = self._reduced(text)
        for word in self.words.says_account:
            text = text.replace(word, "")
        return text

    def _ending(self, text: str, worded: _Worded) -> Title | None:
        """The title with which a text ends, unless the words before make it another."""
        if not text.endswith(worded.endings):
            return None
        ending, title = next((e, t) for e, t in worded.titles if text.endswith(e))
        before = text[: -len(ending)].rstrip("、和及与")
        return None if before.endswith(tuple(self.words.changes_title)) else title

    @cached_property
    def _worded(self) -> _Worded:
        return _Worded(tuple((title.wording, title) for title in self.titles))

    def _reduced(self, text: str) -> str:
        """A title in the plainest words: 收支决算总表 and 收入支出决算总体情况表 are one."""
        behind = _BRACKET.search(text)
        if behind and not behind[1].endswith(tuple(self.words.changes_title)):
            text = text[: behind.start()]
        for word, plain in self.words.same_title.items():
            text = text.replace(word, plain)
        return text

    def nearly_named_by(self, caption: str) -> Title | None:
        """The form whose title the whole caption is but for one letter; None where two fit.

        预 is never a misread 决: budgets have the same tables.
        """
        text = _YEAR.sub("", title_text(caption))
        alike = [
            title
            for title in self.titles
            if near(text, title.wording) and text.count("预") == title.wording.count("预")
        ]
        return alike[0] if len({title.name for title in alike}) == 1 else None


def title_text(caption: str) -> str:
    """A caption folded, without its number and without marks behind it."""
    return _TAIL.sub("", _NUMBERED.sub("", fold(caption)))


@cache
def catalogue() -> Catalogue:
    """What schemas/forms says, checked."""
    folder = schemas() / "forms"
    words = _checked(Vocabulary, folder / "vocabulary.yaml", _load(folder / "vocabulary.yaml"))
    forms = {name: _form(folder / f"{name}.yaml", name, words) for name in FORMS}
    path = folder / "other.yaml"
    others = tuple(_checked(OtherForm, path, entry) for entry in _load(path))
    return Catalogue(forms, others, words, _titles(forms.values(), others))


def _titles(forms: Iterable[Form], others: Iterable[OtherForm]) -> tuple[Title, ...]:
    """Every wording, longest first."""
    titles = [_title(form, wording) for form in forms for wording in _wordings(form)]
    titles += [Title(o.name, True, t) for o in others for t in o.titles]
    return tuple(sorted(titles, key=lambda title: -len(title.wording)))


def _wordings(form: Form) -> list[str]:
    return list(dict.fromkeys([*form.titles, *(t for cut in form.cuts for t in cut.titles)]))


def _title(form: Form, wording: str) -> Title:
    cut = form.cut_of(wording)
    return (
        Title(form.name, False, wording, cut.variant, cut.stays)
        if cut
        else Title(form.name, False, wording)
    )


def _form(path: Path, name: str, words: Vocabulary) -> Form:
    form = _checked(Form, path, _load(path))
    if form.name != name:
        raise SchemaError(f"{path}: the form calls itself {form.name}, the file {name}")
    return form.model_copy(update={"same_words": words.same_words, "asides": words.asides})


def _checked(model: type[S], path: Path, data: Any) -> S:
    try:
        return model.model_validate(data)
    except ValidationError as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
