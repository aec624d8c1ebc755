"""What does a page link to, under which words, and of which day?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urldefrag, urlsplit

from parsel import Selector
from scrapy.http import TextResponse
from w3lib.url import safe_url_string

_NODES = "a[href], area[href], iframe[src], embed[src], object[data]"
_ROW = "string(ancestor::*[self::li or self::tr or self::dd or self::dt or self::p][1])"
_LONG = 300
"""A row of more letters is a page laid out as a table, and holds other entries' days."""


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute address, the words of the link, and the day its row names."""

    url: str
    text: str
    day: date | None = None


def links(response: TextResponse, dates: Sequence[str], within: str | None = None) -> list[Link]:
    """Every link of a page to the web, once and in order; ``within`` a CSS selector."""
    parts = response.css(within) if within else [response.selector]
    found: dict[str, Link] = {}
    for part in parts:
        for node in part.css(_NODES):
            if url := _url(response, node):
                link = Link(url, _text(node), _day(node, url, dates))
                before = found.get(url)
                # A picture and a title often lead to one place: the words are the title's.
                if before is None or len(before.text) < len(link.text):
                    found[url] = link
    return list(found.values())


def day_in(text: str, dates: Sequence[str]) -> date | None:
    """The first day a text names.

    >>> day_in("公开 [2021-08-18]", [r"(\\d{4})-(\\d\\d)-(\\d\\d)"])
    datetime.date(2021, 8, 18)
    """
    for pattern in dates:
        for match in re.finditer(pattern, text):
            try:
                return date(*map(int, match.groups()))
            except (ValueError, TypeError):  # 2021-13-45 is a number
                continue
    return None


def _url(response: TextResponse, node: Selector) -> str | None:
    told = next(_attributes(node), "").strip()
    try:
        url = urldefrag(response.urljoin(told)).url
        if not told or urlsplit(url).scheme not in ("http", "https"):
            return None
        return safe_url_string(url, encoding=response.encoding)
    except ValueError:  # no address: http://[, a port of letters
        return None


def _attributes(node: Selector) -> Iterator[str]:
    return (node.attrib[name] for name in ("href", "src", "data") if name in node.attrib)


def _text(node: Selector) -> str:
    """Lists cut long titles off; the attribute has them whole."""
    shown = _spaced("".join(node.css("::text").getall()))
    whole = _spaced(node.attrib.get("title", ""))
    return whole if len(whole) >= len(shown) else shown


def _day(node: Selector, url: str, dates: Sequence[str]) -> date | None:
    row = _spaced(node.xpath(_ROW).get() or "")
    return (
        day_in(_spaced("".join(node.css("::text").getall())), dates)
        or (day_in(row, dates) if len(row) <= _LONG else None)
        or day_in(url, dates)
    )


def _spaced(text: str) -> str:
    """In one line, and without what would write to a terminal what it likes."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
