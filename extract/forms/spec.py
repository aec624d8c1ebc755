"""Typed, frozen, strict: one model a shape of YAML in schemas/forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from extract.hanzi import fold, near, unnumbered

Folded = Annotated[str, AfterValidator(fold)]
"""A wording, kept as it is compared."""


# 1, (1), 1栏, and 1=2+3 over a column of sums
_NUMBER = re.compile(r"[(]?(\d{1,2})[)]?栏?(?:=.*)?")
_FEW, _MANY = 3, 4
_BEHIND = re.compile(r"[(]([^()]+)[)]$")
_LEFT = 3  # letters a label must keep
# 2023, 2023年度, and in front of a heading: 2023年度决算数, but not 2023年初
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?")
_OF_YEAR = re.compile(r"((?:19|20)\d\d)(?:$|年度?(?![初末]))")
_RATIO = re.compile(r"[-+]?[\d,]+(?:\.\d+)?[%‰]")
_UNIT = re.compile(r"[(]?(?:计量|数量)?单位:[(]?([^()]+)[)]*")


class Spec(BaseModel):
    """Strict and frozen: a misspelt field is an error, not a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Measure(Spec):
    """A column of a form. Each of ``headings`` is a set of labels that together name it."""

    name: str
    headings: list[list[Folded]]
    side: str | None = None
    optional: bool = False
    """Not printed by all; where it is not, there is nothing in it."""
    instead_of: str | None = None
    """Printed by some in place of another measure, of which it is a part."""
    count: bool = False
    """A plain number, of vehicles or journeys: no amount of money."""

    @property
    def label(self) -> str:
        """What to call the column: the first of its headings that stands alone."""
        alone = (names[0] for names in self.headings if len(names) == 1)
        return next(alone, "".join(self.headings[0]))


class LineSpec(Spec):
    """A line of a summary form; ``under`` says which line must stand above it."""

    key: str
    labels: list[Folded]
    under: str | None = None


class Side(Spec):
    """One half of a summary form; ``classes`` adds a line for each 类 of that code system."""

    name: str
    headings: list[Folded]
    lines: list[LineSpec]
    classes: Literal["functional"] | None = None


class Cut(Spec):
    """Titles under which a form is printed a second time, in another cut.

    Where no other title of the form stands in a document, the form is the standard one all the
    same; one that ``stays`` is never that.
    """

    variant: Literal["general_public_budget", "government_fund", "fiscal_appropriation"]
    titles: list[Folded]
    stays: bool = False


class Form(Spec):
    """One of the nine forms."""

    name: str
    title: str
    titles: list[Folded]
    keyed_by: Literal["functional", "economic", "lines", "period"]
    measures: list[Measure]
    orders: list[list[str]]
    keys: dict[str, list[Folded]] = {}
    totals: dict[str, list[Folded]] = {}
    sides: list[Side] = []
    passed_over: list[Folded] = []
    """Headings of columns, or labels of lines, that some publishers print and no measure holds.

    Of a column that several labels tell apart, all of them, with strokes between.
    """
    cuts: list[Cut] = []
    understood: list[Folded] = []
    """Words of the title that add nothing to a label of the form: 政府性基金 in 本年政府性基金收入."""
    column_totals: dict[Folded, str] = {}
    """Columns that say again what the rows are, and the key of what stands in them on the row of the total."""
    same_words: dict[Folded, Folded] = {}
    """As the vocabulary has them."""
    asides: list[Folded] = []
    """As the vocabulary has them."""

    @model_validator(mode="after")
    def _names_agree(self) -> Form:
        names = [m.name for m in self.measures]
        if len(set(names)) < len(names):
            raise ValueError("a measure is listed twice")
        for order in self.orders:
            if unknown := set(order) - set(names):
                raise ValueError(f"orders name unknown measures {sorted(unknown)}")
        if unknown := {m.instead_of for m in self.measures if m.instead_of} - set(names):
            raise ValueError(f"instead_of names unknown measures {sorted(unknown)}")
        return self

    @property
    def counts(self) -> frozenset[str]:
        """The measures that are no money."""
        return frozenset(measure.name for measure in self.measures if measure.count)

    def cut_of(self, title: str) -> Cut | None:
        """The cut that a folded title names; None for a title of the standard form."""
        return next((cut for cut in self.cuts if title in cut.titles), None)

    def item(self, text: str) -> str | None:
        """The measure a label names by itself, as where measures are printed down the page."""
        label = line_label(text)
        exact = next((m.name for m in self.measures if [label] in m.headings), None)
        if exact or label in self.passed_over:
            return exact
        return self._items.get((self.plainly(label),))

    @cached_property
    def _items(self) -> Mapping[tuple[str, ...], str]:
        return _sure((names, m.name) for m in self.measures for names in self.plain_headings(m))

    def plain_headings(self, measure: Measure) -> Sequence[tuple[str, ...]]:
        """What names a measure, in the plainest words."""
        return self._plain_headings[measure.name]

    @cached_property
    def _plain_headings(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        return {
            m.name: [tuple(map(self.plainly, names)) for names in m.headings] for m in self.measures
        }

    def plainly(self, label: str) -> str:
        """A folded label in the plainest words: what it says besides makes no other label.

        It stands for another only where exactly one of the form comes down to the same.
        """
        return _plain(label, *self._words)

    @cached_property
    def _words(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
        return tuple(self.understood), tuple(self.same_words.items()), tuple(self.asides)

    def total(self, text: str, words: Vocabulary) -> str | None:
        """The key of the total that a folded text names."""
        text = text.rstrip(":")
        totals = self.totals or {"total": words.total}
        exact = next((key for key, labels in totals.items() if text in labels), None)
        return exact or self._totals.get(self.plainly(text))

    @cached_property
    def _totals(self) -> Mapping[str, str]:
        return _sure((self.plainly(t), key) for key, labels in self.totals.items() for t in labels)

    def period(self, text: str) -> str | None:
        """The period that a text states by itself; a year may stand in front."""
        label = undated(fold(text))
        return next((key for key, names in self.keys.items() if label in names), None)

    def passes_over(self, heading: str) -> bool:
        """Whether a column under ``heading`` (its labels, top down, with strokes between) is left out."""
        labels = set(heading.split("/"))
        if heading.rpartition("/")[2] in self.column_totals:
            return True
        return any(labels.issuperset(entry.split("/")) for entry in self.passed_over)

    def heads(self, label: str) -> bool:
        """Whether a folded label is a heading of this form, of a measure or a period."""
        measures = (names for measure in self.measures for names in measure.headings)
        return any(label in names for names in (*measures, *self.keys.values()))

    def passes_over_line(self, text: str) -> bool:
        """Whether a line labelled ``text`` is left out."""
        return line_label(text) in self.passed_over

    def side(self, name: str) -> Side:
        """The half called ``name``."""
        return next(s for s in self.sides if s.name == name)


class Vocabulary(Spec):
    """Words that mean the same in every form."""

    code: list[Folded]
    code_alone: list[Folded]
    code_levels: list[list[Folded]]
    name: list[Folded]
    label: list[Folded]
    line_no: list[Folded]
    column_no: list[Folded]
    total: list[Folded]
    changes_title: list[Folded]
    same_title: dict[Folded, Folded]
    says_account: list[Folded]
    same_heading: dict[Folded, Folded]
    same_words: dict[Folded, Folded]
    asides: list[Folded]
    behind_heading: list[Folded]
    notes: list[Folded]
    units: list[Folded]
    by_unit: list[Folded]
    elsewhere: list[Folded]
    plans: list[Folded]
    years: list[Folded]
    ratios: list[Folded]
    other_units: list[Folded]

    def plain_heading(self, heading: str) -> str:
        """A folded heading in the words the forms are described in.

        What it says besides, that it is an account, makes no other heading: 基本支出决算数.
        """
        heading = self.same_heading.get(heading, heading)
        behind = next((end for end in self.behind_heading if heading.endswith(end)), "")
        whole = heading.removesuffix(behind)
        return whole if len(whole) >= _MANY and whole != heading else heading

    def heads_keys(self, text: str) -> bool:
        """Whether a folded text heads a column of codes or names; words may stand before 科目编码."""
        levels = (name for names in self.code_levels for name in names)
        return text in {*self.label, *levels, *self.code_alone} or text.endswith(
            (*self.code, *self.name)
        )

    def numbers_columns(self, found: Sequence[str]) -> bool:
        """Whether the folded texts of a row number the columns: 栏次 1 2 3 …

        Such a row satisfies 合计 = 出国 + 用车 + 接待 exactly (7 = 1 + 3 + 3): it must never be read as figures.
        """
        known = (*self.column_no, *self.line_no)
        others = [text for text in found if text not in known and any(c.isalnum() for c in text)]
        numbers = [match for text in others if (match := _NUMBER.fullmatch(text))]
        rest = [text for text in others if not _NUMBER.fullmatch(text)]
        steps = [int(match[1]) for match in numbers]
        if not steps or any(text[0].isdigit() or text in self.total for text in rest):
            return False
        if any(not self._is_or_nears(text, known) for text in rest):
            # Under words of no known meaning only a long count is sure to be one.
            return _counts(steps) and len(steps) >= _MANY
        named = any(text in known for text in found)
        return named or (_counts(steps) and (len(steps) >= _FEW or bool(rest)))

    def _is_or_nears(self, text: str, known: Sequence[str]) -> bool:
        return self.heads_keys(text) or any(len(word) > 1 and near(text, word) for word in known)

    def states_years(self, found: Sequence[str]) -> bool:
        """Whether the folded texts of a row are years: 年度 2023 2023 …, or 2021 2022 2023 over the columns."""
        others = [text for text in found if text not in self.years]
        years = [int(match[1]) for text in others if (match := _YEAR.fullmatch(text))]
        rest = [text for text in others if not _YEAR.fullmatch(text)]
        if not years or not all(map(self.heads_keys, rest)):
            return False
        steps = {later - before for before, later in pairwise(years)}
        return len(others) < len(found) or steps in ({1}, {-1})

    def states_ratio(self, heading: str) -> bool:
        """Whether a folded heading or label is that of percentages."""
        return any(word in heading for word in self.ratios)

    def counts_otherwise(self, caption: str) -> bool:
        """Whether a caption states a unit that is none of money: 单位：%."""
        found = _UNIT.fullmatch(fold(caption))
        return found is not None and found[1] in self.other_units


K = TypeVar("K")


def _sure(pairs: Iterable[tuple[K, str]]) -> dict[K, str]:
    """What each of some wordings means; those that mean two things are left out."""
    meant: dict[K, set[str]] = {}
    for wording, name in pairs:
        meant.setdefault(wording, set()).add(name)
    return {wording: names.pop() for wording, names in meant.items() if len(names) == 1}


@lru_cache(maxsize=1 << 14)
def _plain(
    text: str,
    understood: tuple[str, ...],
    same: tuple[tuple[str, str], ...],
    asides: tuple[str, ...],
) -> str:
    text = text.removeprefix("其中:")
    behind = _BEHIND.search(text)
    if behind and behind[1].startswith(asides):
        text = text[: behind.start()]
    for word in understood:
        rest = text.replace(word, "")
        text = rest if len(rest) >= _LEFT else text
    for word, plain in same:
        text = text.replace(word, plain)
    return text


def line_label(text: str) -> str:
    """The label of a line, folded, without its number and 其中.

    >>> line_label("（1）公务用车购置费"), line_label("其中：公务用车运行费")
    ('公务用车购置费', '公务用车运行费')
    """
    return unnumbered(unnumbered(fold(text)).removeprefix("其中:")).rstrip(":")


def is_ratio(text: str) -> bool:
    """Whether a folded text is a percentage, as ``12.5%`` is."""
    return _RATIO.fullmatch(text) is not None


def year_of(heading: str) -> int | None:
    """The year a folded heading begins with or is.

    >>> year_of("2023年度决算数"), year_of("2023"), year_of("2080505")
    (2023, 2023, None)
    """
    found = _OF_YEAR.match(heading)
    return int(found[1]) if found else None


def undated(heading: str) -> str:
    """A folded heading without the year in front."""
    return _OF_YEAR.sub("", heading)


def _counts(steps: Sequence[int]) -> bool:
    """Whether numbers go up one by one; 1 to 6 over 预算数 may be followed by 1 to 6 over 决算数."""
    return (len(steps) > 1 or steps == [1]) and all(
        later == before + 1 or (later == 1 and before >= _FEW) for before, later in pairwise(steps)
    )


class OtherForm(Spec):
    """A form that is recognised and kept whole, not mapped."""

    name: str
    titles: list[Folded]
