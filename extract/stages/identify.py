"""Whose document is it, of which kind and year? As the document itself says.

The cover says it in any order and over any number of lines; forms repeat it in their
captions (“部门：…”, “2020年度”), which speak where there is no cover. What a template
prints in place of a name (某某局, XX单位) names nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from extract.amounts import unit_in
from extract.forms import catalogue
from extract.forms.regions import place_of
from extract.geometry import lines
from extract.hanzi import fold, tidy
from extract.model import Document, Identity, Line, Page, Region
from extract.published import published

_COVER = 12  # lines, before the table of contents
_PAGES = 3  # a cover may stand behind a blank or nearly empty page
_CONTENTS = re.compile(r"^(?:目录|第一部分|第一章|一、|contents)")
_PLAINLY = re.compile(r"^(?:第一部分|第一章|一、)(?P<name>.{3,}?)(?:部门|单位|基本)?概况$")
_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d|[二一][〇○零0九][〇○零一二三四五六七八九壹贰叁\d]{2})年(?P<whole>度?)(?!(?:\d{1,2}|[一二三四五六七八九十]{1,2})月)"
)
_NUMERALS = str.maketrans("〇○零一二三四五六七八九壹贰叁", "000123456789123")
_TRADE = "(?!编审|评审|审核|审查|管理|绩效)"  # 预算评审中心 is an agency
_KIND = re.compile(rf"(?P<whose>部门|单位|政府|财政)(?:收支|财务)?(?P<what>决算|预算){_TRADE}")
_BARE_KIND = re.compile(r"年度?(?P<what>决算|预算)|(?P<open>决算|预算)(?:公开|说明|信息)")
_LABELLED = re.compile(
    r"^(?:预算主管部门|编制部门|编制单位|主管部门|部门名称|单位名称|填报单位|公开部门|公开单位|部门|单位):(?P<name>.+)"
)
_OFF = re.compile(r"(?:公开\d+表|金额单位|单位:|预算代码|(?:19|20)\d\d年度?).*$")
# “某局2022年度收入支出决算总表”
_IN_FRONT = re.compile(r"^(?P<name>[^\d:，。,]{4,40}?)(?:19|20)\d\d年度?[^\d。]{2,40}表$")
_LONGEST = 100  # characters; no office has half as long a name
_LEVEL = re.compile(r"(?:省|市|县|区|州|旗)级$")
# Marks of the registry and of the portal that stand around a title, and dates.
_NOISE = re.compile(
    r"^(?:(?:监督)?索引号.*|保密审查.*|部门主要负责人.*|批复时间.*|公开(?:时间|日期).*|发布(?:时间|日期|机构).*|"
    r"(?:成文|发文|公布|公示|更新|生成)(?:时间|日期|机构|字号).*|(?:信息|文章|稿件)?来源:.*|"
    r"(?:浏览|阅读|点击|访问)(?:次数|量|数).*|(?:信息)?(?:分类|主题词|文号|名称|有效性|责任编辑|编辑|作者):.*|"
    r"[【(\[]?(?:字号|字体|大中小|打印|关闭|分享|收藏|纠错|返回).*|(?:您)?(?:的)?(?:当前|所在)位置.*|首页[>»-].*|"
    r"附件\d*:?|附表\d*:?|[-—\d]+|(?:19|20)\d\d[-./年]\d{1,2}(?:[-./月]\d{1,2}日?|月)|"
    r"[〇○零一二三四五六七八九十壹贰叁]+年[一二三四五六七八九十]+月(?:[一二三四五六七八九十]+日)?)$"
)
_NOBODY = re.compile(r"[X×✕☓*x_]{2,}|某某|[○〇]{2,}|\.{3,}|…|^(?:本|各)?(?:部门|单位)(?:名称)?$")


def identify(document: Document, regions: Sequence[Region]) -> Identity:
    """Title, agency, kind and fiscal year; what is not said stays None (the year: 0)."""
    cover = list(_cover(document))
    folded = [fold(line) for line in cover]
    captions = [fold(text) for region in regions for text in region.captions]
    joined = "".join(folded)
    named = _agency(folded, captions) or _of_contents(document)
    is_one = named and len(named) <= _LONGEST and not _NOBODY.search(named)
    agency = _as_printed(named) if named and is_one else None
    place = place_of(agency or "")
    year = _year(joined) or _commonest_year(captions)
    opening = (fold(text) for text in islice(_first_lines(document), 3 * _COVER))
    return Identity(
        title="".join(tidy(line) for line in cover) or None,
        agency=agency,
        kind=_kind(joined) or _kind("".join(captions)),
        fiscal_year=year,
        region_code=place.code if place else None,
        province=place.province if place else None,
        city=place.city if place else None,
        county=place.county if place else None,
        published=published(opening, year),
    )


def unit_of(regions: Sequence[Region]) -> str | None:
    """The unit all tables declare; None where they differ or say none."""
    declared = {unit for region in regions for text in region.captions if (unit := unit_in(text))}
    return declared.pop() if len(declared) == 1 else None


def unit_above(captions: Sequence[str]) -> str | None:
    """The unit a form is of, as the lines above it say: labelled, or in front of the year and the title."""
    folded = [fold(text) for text in reversed(captions)]
    label = next((name for text in folded if (name := _labelled(text))), None)
    if label is not None:
        return _as_printed(label)
    found = next((found for text in folded if (found := _IN_FRONT.match(text))), None)
    return _as_printed(found["name"]) if found else None


# The cover ----------------------------------------------------------------------------


def _cover(document: Document) -> Iterator[str]:
    """The first lines, up to the table of contents, the first form or the first table."""
    count = 0
    for text in _first_lines(document):
        folded = fold(text)
        if not folded or _NOISE.match(folded):
            continue
        if count == _COVER or _CONTENTS.match(folded) or (count and len(folded) > 60):
            return
        if catalogue().named_by(text) is not None:
            return
        yield text
        count += 1


def _first_lines(document: Document) -> Iterator[str]:
    """Lines before anything else; running heads are not the cover's own."""
    pages = [page for page in document.pages if page.words or page.blocks]
    heads = {text for page in pages[1:6] for text in _edges(page)}
    for page in pages[:_PAGES]:
        if page.blocks:
            yield from _before_tables(page)
        else:
            yield from (line.text for line in lines(page.words) if fold(line.text) not in heads)
        if page.rulings:
            return


def _before_tables(page: Page) -> Iterator[str]:
    """The first lines of a text; a table in front of all lines is a registry's."""
    said = False
    for block in page.blocks[: 4 * _COVER]:
        if isinstance(block, Line):
            said = True
            yield block.text
        elif said:
            return


def _edges(page: Page) -> Iterator[str]:
    """The first and the last line of a page, folded."""
    printed = lines(page.words)
    yield from (fold(line.text) for line in (printed[:1] + printed[-1:]))


def _of_contents(document: Document) -> str | None:
    """The name in the heading of the first part (“第一部分 某局概况”)."""
    every = islice((fold(text) for text in _first_lines(document)), 6 * _COVER)
    return next((found["name"] for text in every if (found := _PLAINLY.match(text))), None)


# The agency ---------------------------------------------------------------------------


def _agency(cover: Sequence[str], captions: Sequence[str]) -> str | None:
    for text in cover:
        if name := _labelled(text):
            return name
    said = Counter(name for text in captions if (name := _labelled(text)))
    written = _written(cover)
    if written and (not said or written in said):
        return written
    return said.most_common(1)[0][0] if said else None


def _labelled(text: str) -> str | None:
    found = _LABELLED.match(text)
    name = _OFF.sub("", found["name"]).strip(":、,") if found else ""
    return name if len(name) > 2 and unit_in(f"单位:{name}") is None else None


def _written(cover: Sequence[str]) -> str | None:
    """The agency named on the cover: what is left of “2020年度某局部门决算” without year and kind."""
    joined = "".join(cover)
    kind = _KIND.search(joined) or re.search(f"(?:决算|预算){_TRADE}", joined)
    if kind is None:
        return None
    name = _LEVEL.sub("", _YEAR.sub("", joined[: kind.start()]))
    name = re.sub(r"^(?:附件\d*:?|关于)|(?:附件\d*:|的)$", "", name)
    return name or _below(cover)


def _below(cover: Sequence[str]) -> str | None:
    """The agency on a line below the kind."""
    at = next((i for i, text in enumerate(cover) if re.search("决算|预算", text)), len(cover))
    below = (_YEAR.sub("", text) for text in cover[at + 1 :])
    return next((text for text in below if len(text) > 3 and not re.search(r"\d|:", text)), None)


def _as_printed(name: str) -> str:
    """Folding made brackets narrow; between Chinese characters they are printed wide."""
    return name.replace("(", "（").replace(")", "）")


# Kind and year ------------------------------------------------------------------------


def _kind(text: str) -> str | None:
    found = _KIND.search(text)
    if found is not None:
        whose = "政府" if found["whose"] == "财政" else found["whose"]
        return whose + found["what"]
    bare = _BARE_KIND.search(text)
    return f"部门{bare['what'] or bare['open']}" if bare else None


def _year(text: str) -> int:
    """The year of which is said “年度”; else the first that is not part of a date."""
    found = sorted(_YEAR.finditer(text), key=lambda year: not year["whole"])
    return int(found[0]["year"].translate(_NUMERALS)) if found else 0


def _commonest_year(captions: Sequence[str]) -> int:
    years = Counter(year for text in captions if len(text) < 30 and (year := _year(text)))
    return years.most_common(1)[0][0] if years else 0
