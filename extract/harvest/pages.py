"""Where does a page lead? To documents, to pages that lie deeper, and to its continuation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from scrapy.http import TextResponse

from extract.hanzi import fold
from extract.harvest.links import Link, links
from extract.harvest.spec import Links, Source


@dataclass(frozen=True, slots=True)
class Leads:
    """What a page links to, each link once, as the first that it can be."""

    documents: tuple[Link, ...]
    deeper: tuple[Link, ...]
    onward: tuple[Link, ...]
    older: int = 0
    elsewhere: int = 0

    @property
    def listed(self) -> int:
        """How many entries of the list count."""
        return len(self.documents) + len(self.deeper)

    @property
    def all_older(self) -> bool:
        """Whether nothing on the page is recent enough, so that those after it are not either."""
        return self.older > 0 and self.listed == 0

    @property
    def digest(self) -> str:
        """Tells whether a next page is this one again."""
        urls = "\n".join(link.url for link in (*self.documents, *self.deeper))
        return hashlib.sha256(urls.encode()).hexdigest()[:16]


def leads(
    response: TextResponse, source: Source, trail: Sequence[str], depth: int, since: date | None
) -> Leads:
    """The links of a page that ``source`` means; ``trail`` are the texts that led to it."""
    met: dict[str, str] = {}
    picked: dict[str, list[Link]] = {"documents": [], "deeper": [], "onward": []}
    older = elsewhere = 0
    follow = source.follow if source.follow and depth < source.follow.depth else None
    rules: tuple[tuple[str, Links | None], ...] = (
        ("documents", source.documents),
        ("deeper", follow),
        ("onward", source.next),
    )
    for role, rule in rules:
        if rule is None:
            continue
        for link in links(response, source.dates, rule.within):
            said = [fold(link.text)] if role == "onward" else [*map(fold, (*trail, link.text))]
            title = "/".join(said)
            if link.url in met or link.url == response.url or not rule.match(link.url, title):
                continue
            if role != "onward" and not source.is_wanted(title):
                continue
            met[link.url] = role
            if not source.is_host((urlsplit(link.url).hostname or "").lower()):
                elsewhere += 1
            elif role != "onward" and since and link.day and link.day < since:
                older += 1
            else:
                picked[role].append(link)
    documents, deeper, onward = (tuple(picked[role]) for role, _ in rules)
    return Leads(documents, deeper, onward, older, elsewhere)
