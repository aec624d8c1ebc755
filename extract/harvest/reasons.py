"""Why could an address not be had? In words for the person who wrote the sources."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError

from extract.harvest import resolver
from extract.harvest.middleware import is_untrusted, private

_ROBOTS = "Forbidden by robots.txt"


def reason(why: BaseException | None, request: Request, robots_down: Mapping[str, int]) -> str:
    """One clause."""
    parts = urlsplit(request.url)
    tries = request.meta.get("retry_times", 0)
    again = f", {tries + 1} times" if tries else ""
    host = parts.hostname or ""
    match why:
        case HttpError():
            return f"HTTP {why.response.status}{again}"
        case CannotResolveHostError() if host in resolver.refused:
            return private(host, resolver.refused[host])
        case CannotResolveHostError():
            return f"no such host {host}{again}"
        case DownloadTimeoutError():
            return f"no answer in time{again}"
        case DownloadCancelledError():
            return "larger than --max-size allows"
        case DownloadConnectionRefusedError():
            return f"{parts.netloc} refuses connections{again}"
        case BaseException() if is_untrusted(why):
            return f"the certificate of {parts.netloc} is not one to trust; --insecure accepts it"
        case ResponseDataLossError():
            return f"the answer broke off{again}"
        case IgnoreRequest() if str(why) == _ROBOTS:
            return _robots(parts.netloc, robots_down)
        case IgnoreRequest() if "exceeded" in str(why):
            return "larger than --max-size allows once unpacked"
        case IgnoreRequest():
            return str(why)
        case _:
            return f"{type(why).__name__}: {why}{again}".strip(": ")


def _robots(netloc: str, down: Mapping[str, int]) -> str:
    if netloc in down:
        return f"{netloc}/robots.txt answers {down[netloc]}, and what it forbids is not known"
    return f"{netloc}/robots.txt forbids it"
