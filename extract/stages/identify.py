"""Whose document is it, of which kind and year? As the document itself says.

The cover says it in any order and over any number of lines; forms repeat it in their
captions (“部门：…”, “2020年度”), which speak where there is no cover.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from extract.amounts import unit_in
from extract.geometry import lines
from extract.hanzi import fold, tidy
from extract.model import Document, Identity, Line, Region

_COVER = 12  # lines, before the table of contents
_CONTENTS = re.compile(r"^(?:目录|第一部分|一、|contents)")
_YEAR = re.compile(r"((?:19|20)\d\d|[二一][〇○零0九][〇○零一二三四五六七八九\d]{2})年度?")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_KIND = re.compile(r"(部门|单位|政府|财政)(?:收支|财务)?(决算|预算)")
_LABELLED = re.compile(
    r"^(?:预算主管部门|编制部门|编制单位|主管部门|部门名称|单位名称|填报单位|公开部门|公开单位|部门|单位):(?P<name>.+)"
)
_OFF = re.compile(r"(?:公开\d+表|金额单位|单位:|预算代码|(?:19|20)\d\d年度?).*$")
_LEVEL = re.compile(r"(?:省|市|县|区|州|旗)级$")


def identify(document: Document, regions: Sequence[Region]) -> Identity:
    """Title, agency, kind and fiscal year; what is not said stays None (the year: 0)."""
    cover = list(_cover(document))
    folded = [fold(line) for line in cover]
    captions = [fold(text) for region in regions for text in region.captions]
    joined = "".join(folded)
    return Identity(
        title="".join(tidy(line) for line in cover) or None,
        agency=_agency(folded, captions),
        kind=_kind(joined) or _kind("".join(captions)),
        fiscal_year=_year(joined) or _commonest_year(captions),
    )


def unit_of(regions: Sequence[Region]) -> str | None:
    """The unit all tables declare; None where they differ or say none."""
    declared = {unit for region in regions for text in region.captions if (unit := unit_in(text))}
    return declared.pop() if len(declared) == 1 else None


def _cover(document: Document) -> Iterator[str]:
    """The first lines, up to the table of contents or the first table."""
    count = 0
    for text in _first_lines(document):
        folded = fold(text)
        if not folded:
            continue
        if count == _COVER or _CONTENTS.match(folded) or (count and len(folded) > 60):
            return
        yield text
        count += 1


def _first_lines(document: Document) -> Iterator[str]:
    for page in document.pages:
        if page.number is None:
            for block in page.blocks[: 4 * _COVER]:
                if not isinstance(block, Line):
                    return
                yield block.text
        elif page.words:
            yield from (line.text for line in lines(page.words))
            return


def _agency(cover: Sequence[str], captions: Sequence[str]) -> str | None:
    for text in cover:
        if name := _labelled(text):
            return name
    said = Counter(name for text in captions if (name := _labelled(text)))
    written = _written("".join(cover))
    if written and (not said or written in said):
        return written
    return said.most_common(1)[0][0] if said else None


def _labelled(text: str) -> str | None:
    found = _LABELLED.match(text)
    name = _OFF.sub("", found["name"]).strip(":、,") if found else ""
    return name if len(name) > 2 and unit_in(text) != name else None


def _written(cover: str) -> str | None:
    """The agency named on the cover: what is left of “2020年度某某局部门决算” without year and kind."""
    kind = re.search(r"(?:部门|单位|财政)?(?:决算|预算)", cover)
    if kind is None:
        return None
    name = _LEVEL.sub("", _YEAR.sub("", cover[: kind.start()]))
    return re.sub(r"(?:附件\d*:?|关于)", "", name) or None


def _kind(text: str) -> str | None:
    found = _KIND.search(text)
    return f"{'政府' if found[1] == '财政' else found[1]}{found[2]}" if found else None


def _year(text: str) -> int:
    found = _YEAR.search(text)
    return int(found[1].translate(_NUMERALS)) if found else 0


def _commonest_year(captions: Sequence[str]) -> int:
    years = Counter(year for text in captions if len(text) < 30 and (year := _year(text)))
    return years.most_common(1)[0][0] if years else 0
