"""The spider: from the lists of each source to its documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import scrapy
from scrapy.http import HtmlResponse, Request, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from extract.hanzi import fold
from extract.harvest.events import Event, tell
from extract.harvest.item import Harvested, asked_for
from extract.harvest.kinds import KINDS, WEB, kind, suffix_of
from extract.harvest.links import Link
from extract.harvest.pages import Leads, leads
from extract.harvest.pipeline import store_of
from extract.harvest.reasons import reason
from extract.harvest.revisit import AS
from extract.harvest.spec import Source

Requests = Iterator[Request | Harvested]
_GONE, _NOT_MODIFIED = (404, 410), 304


class Portals(scrapy.Spider):
    """All sources of a harvest in one crawl; what is said in ``cb_kwargs`` survives on disk."""

    name = "juesuan"
    state: dict[str, Any]

    def __init__(
        self,
        sources: Mapping[str, Source],
        since: date | None = None,
        sample: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sources = sources
        self.since = since
        self.sample = sample
        self.robots_down: dict[str, int] = {}

    async def start(self) -> AsyncIterator[Request]:
        """Where each list begins."""
        for source in self.sources.values():
            for url in source.beginnings:
                first = source.pages.first
                ask = (
                    self._numbered(source, url, first, "")
                    if "{page}" in url
                    else self._page(source, url, trail=[], depth=0)
                )
                for request in self._once(ask):
                    yield request

    def page(
        self,
        response: Response,
        source: str,
        trail: list[str],
        depth: int,
        template: str | None = None,
        number: int = 0,
        before: str = "",
    ) -> Requests:
        """A list, or a page that a list led to."""
        mine = self.sources[source]
        of_kind = kind(response.body, response.url)
        if response.status == _NOT_MODIFIED:  # it was a file before, and is
            self._not_modified(response, source, trail)
            return
        if of_kind in KINDS and of_kind != WEB:  # a list may link the file itself
            if self._may_take(mine):
                yield self._item(response, mine, trail, None)
            return
        shown = _as_page(response, of_kind)
        if shown is None:
            tell(self.crawler, Event("failed", response.url, source, reason="it is no web page"))
            return
        tell(self.crawler, Event("page", response.url, source, " / ".join(trail)))
        found = leads(shown, mine, trail, depth, self.since)
        self._pass_over(source, found)
        if depth and mine.follow and mine.follow.keep:
            yield self._item(response, mine, trail, (WEB[1:],))
        yield from self._documents(response, mine, found.documents, trail)
        for link in found.deeper:
            if self._is_enough("followed", f"{source}/{depth}"):
                break
            yield from self._within_bounds(
                mine, self._page(mine, link.url, [*trail, link.text], depth + 1)
            )
        if found.all_older or self._has_enough(source, depth):
            return
        for link in found.onward:
            yield from self._within_bounds(mine, self._page(mine, link.url, trail, depth))
        if template and found.listed and found.digest != before and number < mine.pages.last:
            onward = self._numbered(mine, template, number + 1, found.digest)
            yield from self._within_bounds(mine, onward)

    def document(
        self,
        response: Response,
        source: str,
        trail: list[str],
        referrer: str,
        depth: int,
        day: str | None = None,
    ) -> Requests:
        """What a list calls a document; a page that comes instead may link it."""
        mine = self.sources[source]
        if response.status == _NOT_MODIFIED:
            self._not_modified(response, source, trail)
        elif kind(response.body, response.url) == WEB and _may_be_page(asked_for(response)):
            yield from self.page(response, source, trail, depth + 1)
        else:
            kinds = tuple(mine.documents.kinds)
            item = self._item(response, mine, trail, kinds)
            yield replace(item, referrer=referrer, published=_day(day))

    def failed(self, failure: Failure) -> Requests:
        """What could not be had, and why; that a list has no further page is no failure."""
        request: Request = failure.request
        told = request.cb_kwargs
        if isinstance(failure.value, HttpError):
            gone = failure.value.response.status in _GONE
            if (
                gone
                and told.get("template")
                and told["number"] > self.sources[told["source"]].pages.first
            ):
                return
        url = str(request.meta.get("redirect_urls", [request.url])[0])
        why = reason(failure.value, request, self.robots_down)
        trail = told.get("trail") or [""]
        tell(self.crawler, Event("failed", url, told.get("source", ""), trail[-1], why))
        yield from ()

    def _documents(
        self, page: Response, source: Source, found: tuple[Link, ...], trail: list[str]
    ) -> Requests:
        for link in found:
            for request in self._once(self._document(page, source, link, trail)):
                if self._may_take(source):
                    yield request

    def _document(self, page: Response, source: Source, link: Link, trail: list[str]) -> Request:
        return self._request(
            link.url,
            self.document,
            "document",
            source=source.name,
            trail=[*trail, link.text],
            referrer=page.url,
            depth=len(trail),
            day=link.day.isoformat() if link.day else None,
        )

    def _page(self, source: Source, url: str, trail: list[str], depth: int) -> Request:
        return self._request(url, self.page, "page", source=source.name, trail=trail, depth=depth)

    def _numbered(self, source: Source, template: str, number: int, before: str) -> Request:
        return self._request(
            template.replace("{page}", str(number)),
            self.page,
            "page",
            source=source.name,
            trail=[],
            depth=0,
            template=template,
            number=number,
            before=before,
        )

    def _request(self, url: str, callback: Any, role: str, **told: Any) -> Request:
        meta = {AS: role, "handle_httpstatus_list": [_NOT_MODIFIED]}
        return Request(
            url, callback, errback=self.failed, cb_kwargs=told, meta=meta, dont_filter=True
        )

    def _once(self, request: Request) -> Iterator[Request]:
        """Nothing is asked for twice, unless a redirect leads there: it is another's answer then."""
        asked: set[tuple[str, bytes]] = self.state.setdefault("asked", set())
        # Two sources may choose differently from one list; a document is the same to both.
        whose = request.cb_kwargs["source"] if request.meta[AS] == "page" else ""
        mark = (whose, self.crawler.request_fingerprinter.fingerprint(request))
        if mark not in asked:
            asked.add(mark)
            yield request

    def _within_bounds(self, source: Source, request: Request) -> Requests:
        pages = self.state.setdefault("pages", {})
        for once in self._once(request):
            pages[source.name] = pages.get(source.name, 0) + 1
            if pages[source.name] < source.max_pages:
                yield once
            elif pages[source.name] == source.max_pages:
                why = f"the source has more than {source.max_pages} pages; raise max_pages if it should"
                tell(self.crawler, Event("failed", once.url, source.name, reason=why))

    def _item(
        self, response: Response, source: Source, trail: list[str], kinds: tuple[str, ...] | None
    ) -> Harvested:
        return Harvested.of(
            response,
            title=trail[-1] if trail else None,
            source=source.name,
            fiscal_year=source.fiscal_year("/".join(map(fold, trail))),
            kinds=kinds,
        )

    def _may_take(self, source: Source) -> bool:
        """Whether the sample wants one more document of a source."""
        enough = self._is_enough("taken", source.name)
        if enough:
            tell(self.crawler, Event("passed", source=source.name, reason="sample"))
        return not enough

    def _has_enough(self, source: str, depth: int) -> bool:
        """Whether a list need not go on: documents, or pages that should have some, are enough."""
        met = (("taken", source), ("followed", f"{source}/{depth}"))
        most: int = max(self.state.get(what, {}).get(where, 0) for what, where in met)
        return self.sample is not None and most >= self.sample

    def _is_enough(self, what: str, where: str) -> bool:
        """Count one more, up to the sample; without one nothing is ever enough."""
        counts = self.state.setdefault(what, {})
        if self.sample is not None and counts.get(where, 0) >= self.sample:
            return True
        counts[where] = counts.get(where, 0) + 1
        return False

    def _not_modified(self, response: Response, source: str, trail: list[str]) -> None:
        url, words = asked_for(response), trail[-1] if trail else ""
        if url in store_of(self.crawler).hashes:
            tell(self.crawler, Event("unchanged", url, source, words))
        else:
            tell(self.crawler, Event("passed", url, source, words, "older"))

    def _pass_over(self, source: str, found: Leads) -> None:
        for why, count in (("older", found.older), ("elsewhere", found.elsewhere)):
            if count:
                tell(self.crawler, Event("passed", source=source, reason=why, count=count))


def _as_page(response: Response, of_kind: str | None) -> TextResponse | None:
    """A response as a page; servers that declare nothing of use still send pages."""
    if isinstance(response, TextResponse):
        return response
    if of_kind == WEB:
        return response.replace(cls=HtmlResponse)
    return None


def _may_be_page(url: str) -> bool:
    """Whether an address does not itself promise a file."""
    suffix = suffix_of(url)
    return suffix == WEB or suffix not in KINDS


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
