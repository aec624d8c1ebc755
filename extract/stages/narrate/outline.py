"""Which parts and sections has the narrative, whatever way they are numbered?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from extract.forms import catalogue
from extract.forms.narrative import narrative
from extract.hanzi import fold
from extract.stages.narrate.prose import Paragraph

_PART = re.compile(r"第[一二三四五六七八九十\d]+(?:部分|章)[:、]?")
_STYLES = (  # outermost first; a heading's depth is its style's place
    _PART,
    re.compile(r"[一二三四五六七八九十]{1,3}[、.:,]"),
    re.compile(r"[(][一二三四五六七八九十]{1,3}[)][、.]?"),
    re.compile(r"\d{1,2}(?:[、,]|\.(?!\d))"),
    re.compile(r"[(]\d{1,2}[)][、.]?"),
)
_UNNUMBERED = 1
_LEAD = re.compile(r"^(?:关于)?(?:\d{4}年度?)?(?:本?(?:部门|单位))?(?:关于)?")
_FORMS = re.compile(r"^[^,;。:]{2,40}(?:部门|单位)决算(?:报|公开)?表$")
_LEADERS = re.compile(r"(?:[.·…]{2,}|-{2,})\d*$")
_HEADINGS_END = ("情况", "说明", "报告", "解释", "职责", "职能", "设置", "构成")
_STOPS = "。:;,"
_LONG = 40


@dataclass
class Part:
    """A heading with what stands below it, up to the next heading."""

    part: str | None
    slug: str | None
    heading: str
    depth: int
    opened: Paragraph
    known: bool
    holds: bool = False
    silent: bool = False
    listed: bool = False
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def pages(self) -> tuple[int | None, int | None]:
        """The first and the last page."""
        last = self.paragraphs[-1] if self.paragraphs else self.opened
        return self.opened.pieces[0][1], last.pieces[-1][1]


class Known(NamedTuple):
    """What a heading of schemas/facts opens."""

    slug: str
    pattern: re.Pattern[str]
    holds: bool
    listed: bool


@cache
def known_headings() -> tuple[Known, ...]:
    """Headings of lists, then of sections; the most particular first."""
    words = narrative()
    lists = [
        Known(one.section, re.compile(words.any_of(one.headings)), holds=True, listed=True)
        for one in words.lists
    ]
    sections = [
        Known(one.section, re.compile(words.any_of(one.headings)), one.holds, listed=False)
        for one in words.sections
    ]
    return (*lists, *sections)


@cache
def _silent(slug: str) -> re.Pattern[str] | None:
    spec = narrative().by_slug.get(slug)
    return re.compile(narrative().any_of(spec.silent)) if spec and spec.silent else None


def outline(paragraphs: Iterable[Paragraph]) -> list[Part]:
    """Every heading with its text, in order; the table of contents is left out."""
    open_: list[Part] = []
    parts: list[Part] = []
    part: str | None = None
    waiting = False
    for paragraph in paragraphs:
        if waiting and _is_title(paragraph):
            parts[-1].opened = Paragraph((*parts[-1].opened.pieces, *paragraph.pieces))
            part = parts[-1].heading = parts[-1].opened.text
            parts[-1].part = part
            _name(parts[-1], open_)
            waiting = False
            continue
        waiting = False
        found = _heading(paragraph, open_)
        if found is None:
            if parts:
                parts[-1].paragraphs.append(paragraph)
            continue
        heading, rest, depth = found
        while open_ and open_[-1].depth >= depth:
            open_.pop()
        opens = depth == 0 and (_PART.match(heading.folded) or _heads_forms(heading.folded))
        if opens:
            part = heading.text
        made = Part(part, None, heading.text, depth, heading, known=False)
        _name(made, open_)
        open_.append(made)
        parts.append(made)
        if rest is not None:
            made.paragraphs.append(rest)
        waiting = bool(opens)
    return _without_contents(parts)


def _heading(
    paragraph: Paragraph, open_: Sequence[Part]
) -> tuple[Paragraph, Paragraph | None, int] | None:
    """The heading a paragraph is or begins with, what follows it, and its depth."""
    text = _LEADERS.sub("", paragraph.folded)
    depth, start = depth_of(text)
    said = text[start:].rstrip(_STOPS)
    if depth is None and _heads_forms(said):
        return paragraph, None, 0
    if depth == 0:
        short = len(said) <= _LONG + 20 and not set(said) & set(_STOPS)
        return (paragraph, None, 0) if short else None
    held = next((one for one in open_ if one.holds), None)
    listed = any(one.known and one.holds and one.depth < (depth or 9) for one in open_)
    if depth is None:
        if held is not None or not _stands_alone(said):
            return None
        known = _known(said)
        return paragraph, None, 0 if known and known.holds and not known.listed else _UNNUMBERED
    plain = not set(said) & set(_STOPS) and 0 < len(said) <= _LONG
    if held is not None and held.depth < depth:
        silent = _silent(held.slug) if held.slug else None
        inner = silent is not None and plain and (depth <= 2 or silent.fullmatch(said))
        return (paragraph, None, depth) if inner else None
    if _known(said) or (plain and depth <= 2 and not listed):
        return paragraph, None, depth
    return _run_in(paragraph, text, start, depth)


def _run_in(
    paragraph: Paragraph, text: str, start: int, depth: int
) -> tuple[Paragraph, Paragraph | None, int] | None:
    """A known heading with its text on the same line: “八、…情况说明：无”."""
    stop = next((at for at in range(start, min(len(text), start + _LONG)) if text[at] in _STOPS), 0)
    if not stop or not _known(text[start:stop]) or not text[stop + 1 :]:
        return None
    return _cut(paragraph, 0, stop), _cut(paragraph, stop + 1, len(paragraph.folded)), depth


def _cut(paragraph: Paragraph, start: int, end: int) -> Paragraph:
    return Paragraph(((paragraph.printed(start, end), paragraph.page(start)),))


def depth_of(text: str) -> tuple[int | None, int]:
    """How deep a folded line is numbered, and where its text begins; None where it is not."""
    dash = len(text) - len(text.lstrip("-"))  # of a list in Markdown
    for depth, style in enumerate(_STYLES):
        if found := style.match(text, dash):
            return depth, found.end()
    return None, 0


def is_heading(text: str) -> bool:
    """Whether a folded line by itself is a numbered heading of schemas/facts, or heads the forms."""
    depth, start = depth_of(text)
    if depth is None:
        heads = _heads_forms(text) or _titles_form(text) or _stands_alone(text)
        return len(text) <= _LONG and heads
    return _known(text[start:].rstrip(_STOPS)) is not None


def _stands_alone(text: str) -> bool:
    """Whether a heading of schemas/facts needs no number: words like 机关运行经费 end many a line."""
    return text.endswith(_HEADINGS_END) and _known(text) is not None


def _heads_forms(text: str) -> bool:
    return _FORMS.search(text) is not None


def _titles_form(text: str) -> bool:
    return "表" in text and catalogue().named_by(text) is not None


@lru_cache(maxsize=1 << 12)  # every line is asked, as the end of a paragraph and as the next
def _known(said: str) -> Known | None:
    if not said or _titles_form(said):
        return None
    for text in dict.fromkeys((said, _LEAD.sub("", said))):
        for one in known_headings():
            if one.pattern.fullmatch(text):
                return one
    return None


def _name(part: Part, open_: Sequence[Part]) -> None:
    """What section the heading opens or goes on with."""
    text = _LEADERS.sub("", part.opened.folded)
    said = text[depth_of(text)[1] :].rstrip(_STOPS)
    above = [one for one in open_ if one is not part]
    held = next((one for one in above if one.holds), None)
    found = None if held is not None else _known(said)
    if found is not None:
        part.slug, part.known, part.holds = found.slug, True, found.holds
        part.listed = found.listed
        return
    if above:
        part.slug = above[-1].slug
        pattern = _silent(part.slug) if part.slug else None
        part.silent = above[-1].silent or bool(pattern and pattern.fullmatch(said))


def _is_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph below “第三部分” is the rest of that heading."""
    text = paragraph.folded
    plain = depth_of(text)[0] is None and not set(text) & set(_STOPS)
    return plain and len(text) <= _LONG and not _titles_form(text)


def _without_contents(parts: Sequence[Part]) -> list[Part]:
    """Headings without text that come again are the table of contents; titles of forms are none."""
    last = {_same(one): at for at, one in enumerate(parts)}
    return [
        one
        for at, one in enumerate(parts)
        if one.paragraphs
        or (last[_same(one)] == at and catalogue().named_by(_LEADERS.sub("", one.heading)) is None)
    ]


def _same(one: Part) -> str:
    """What two printings of one heading share."""
    text = _LEADERS.sub("", fold(one.heading)).lstrip("-")
    if one.depth == 0 and (number := _PART.match(text)):
        return number[0].rstrip(":、")
    return one.slug if one.known and one.slug else text
