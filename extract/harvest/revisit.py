"""Has an address changed since? Asked of the server, by ETag and date, instead of fetching it again.

A document that did not change is told as 304 and needs nothing more. Of a list the links are
needed all the same, so the page as it was takes the place of the empty answer.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Literal

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

from extract.errors import OutputError
from extract.harvest.item import headers_of
from extract.harvest.kinds import WEB, kind
from extract.harvest.pipeline import give_up, store_of

AS = "juesuan_revisit"
SINCE = "JUESUAN_SINCE"
Role = Literal["page", "document"]
_DONE, _NOT_MODIFIED = 200, 304
_KEPT = ("content-type", "etag", "last-modified")


class Revisit:
    """Requests whose meta says ``AS`` are asked conditionally."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.store = store_of(crawler)
        since = crawler.settings.get(SINCE)
        self.since = date.fromisoformat(since) if since else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Revisit:
        """As Scrapy builds its middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Say what is held already."""
        url = _asked(request)
        match request.meta.get(AS):
            case "page":
                held = self.store.page(url)
                told = (held[0].get("etag"), held[0].get("last-modified")) if held else None
                etag, modified = told or self.store.asks(url) or (None, None)
            case "document":
                etag, modified = self.store.asks(url) or (None, self._oldest(url))
            case _:
                return
        if etag:
            request.headers["If-None-Match"] = etag
        if modified:
            request.headers["If-Modified-Since"] = modified

    def process_response(self, request: Request, response: Response) -> Response:
        """A list that did not change is as it was; one that did is kept to compare with."""
        if request.meta.get(AS) != "page":
            return response
        url = _asked(request)
        if response.status == _NOT_MODIFIED and (held := self.store.page(url)):
            told, body = held
            headers = {name: told[name] for name in _KEPT if told.get(name)}
            sent = {name.encode(): value.encode() for name, value in headers.items()}
            shape = responsetypes.from_args(headers=sent, url=response.url, body=body)
            return shape(
                response.url,
                status=_DONE,
                headers=headers,
                body=body,
                request=request,
                flags=["unchanged"],
                ip_address=response.ip_address,
            )
        headers = headers_of(response)
        dated = headers.get("etag") or headers.get("last-modified")
        if response.status == _DONE and dated and kind(response.body, response.url) == WEB:
            try:
                told = {name: headers[name] for name in _KEPT if name in headers}
                self.store.keep_page(url, told, response.body)
            except OutputError as why:
                give_up(self.crawler, why)
        return response

    def _oldest(self, url: str) -> str | None:
        """Of what is new to the store only that counts which changed since the day asked for."""
        if self.since is None or url in self.store.hashes:
            return None
        return format_datetime(datetime.combine(self.since, time(), UTC), usegmt=True)


def _asked(request: Request) -> str:
    return str(request.meta.get("redirect_urls", [request.url])[0])
