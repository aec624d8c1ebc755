"""What stands between the spider and the network: who may be asked, and how patiently.

``Gate`` sees every request, redirected ones and those for robots.txt too; that a name leads to a
permitted address is the resolver's to see to (``resolver``). ``Backoff`` waits longer each time.
"""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Request, Response

from extract.harvest import resolver
from extract.harvest.addresses import Permit, literal

ROBOTS, ROBOT = "/robots.txt", "juesuan"
_NOTHING = b"User-agent: *\nDisallow: /\n"
_OVERLOADED = {429, 503}
_BROKEN = 500
BACKOFF = "JUESUAN_BACKOFF"
LONGEST = "JUESUAN_LONGEST_WAIT"


class Gate:
    """Lets only http and https to permitted addresses and to a source's own hosts pass."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.permit = Permit.of(crawler.settings.getlist(resolver.PERMIT))
        self.delays: dict[str, float] = {}
        """By host, the pause its robots.txt asks for."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Gate:
        """As Scrapy builds its middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse before anything is sent."""
        parts = urlsplit(request.url)
        host = (parts.hostname or "").lower()
        if parts.scheme not in ("http", "https") or not host:
            raise IgnoreRequest(f"{request.url} is no web address")
        number = literal(host)
        if number is not None and not self.permit.allows(number):
            raise IgnoreRequest(private(host, number))
        source = getattr(self.crawler.spider, "sources", {}).get(request.cb_kwargs.get("source"))
        if source is not None and not source.is_host(host):
            raise IgnoreRequest(
                f"it leads to {host}, which is no host of {source.name}; add it to hosts if it should be"
            )

    def process_response(self, request: Request, response: Response) -> Response:
        """What came from an address that is not permitted is not looked at."""
        if response.ip_address is not None and not self.permit.allows(str(response.ip_address)):
            raise IgnoreRequest(private(urlsplit(request.url).hostname or "", response.ip_address))
        if _is_robots(request) and (response.status >= _BROKEN or response.status in _OVERLOADED):
            # RFC 9309: rules that cannot be had allow nothing.
            down = getattr(self.crawler.spider, "robots_down", {})
            down[urlsplit(request.url).netloc] = response.status
            return response.replace(body=_NOTHING)
        netloc = urlsplit(request.url).netloc
        if _is_robots(request):
            rules = Protego.parse(response.body.decode("utf-8", "replace"))
            self.delays[netloc] = rules.crawl_delay(ROBOT) or 0.0
        # What a host asks for bounds what its speed alone would allow.
        if (asked := self.delays.get(netloc, 0.0)) and (slot := slot_of(self.crawler, request)):
            slot.delay = max(slot.delay, min(asked, self.crawler.settings.getfloat(LONGEST)))
        return response


class Backoff(RetryMiddleware):
    """Retries as Scrapy's, after a wait that doubles, or as long as the server asks for."""

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Wait before what is to be asked again."""
        answer = super().process_response(request, response)
        if isinstance(answer, Request):
            if response.status in _OVERLOADED:
                self._slow_down(request)
            await self._wait(answer, _asked(response))
        return answer

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """Wait likewise; a refused address stays refused, and a bad certificate bad."""
        host = urlsplit(request.url).hostname
        if isinstance(exception, CannotResolveHostError) and host in resolver.refused:
            return None
        if is_untrusted(exception):
            return None
        answer = super().process_exception(request, exception)
        if isinstance(answer, Request):
            await self._wait(answer, None)
        return answer

    async def _wait(self, again: Request, asked: float | None) -> None:
        base = self.crawler.settings.getfloat(BACKOFF)
        longest = self.crawler.settings.getfloat(LONGEST)
        doubled = base * 2 ** (again.meta["retry_times"] - 1) * random.uniform(0.5, 1.5)
        left = min(longest, doubled if asked is None else max(asked, base))
        while left > 0 and self.crawler.crawling:  # a run that is stopped waits for no one
            await asyncio.sleep(min(left, 0.25))
            left -= 0.25

    def _slow_down(self, request: Request) -> None:
        """The whole host has too much to do, not this one address."""
        slot = slot_of(self.crawler, request)
        if slot is not None:
            longest = self.crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
            base = self.crawler.settings.getfloat(BACKOFF)
            slot.delay = min(max(slot.delay * 2, base), longest)


def slot_of(crawler: Crawler, request: Request) -> Any:
    """Where Scrapy keeps the pause between two requests to a host."""
    slots = crawler.engine.downloader.slots if crawler.engine is not None else {}
    return slots.get(request.meta.get("download_slot", ""))


def is_untrusted(why: BaseException) -> bool:
    """Whether a host could not show that it is the one it says to be."""
    return any(sign in repr(why) for sign in ("certificate verify failed", "VerificationError"))


def private(host: str, address: object) -> str:
    """Why a host is not spoken to."""
    where = f"{host} is" if host == str(address) else f"{host} resolves to {address},"
    return f"{where} no public address; --allow-private lets it"


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt")) and urlsplit(request.url).path == ROBOTS


def _asked(response: Response) -> float | None:
    """The seconds a server asks to be left alone for."""
    told = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if told.isdigit():
        return float(told)
    try:
        when = parsedate_to_datetime(told)
    except ValueError:
        return None
    when = when.replace(tzinfo=when.tzinfo or UTC)
    return max((when - datetime.now(UTC)).total_seconds(), 0.0)
