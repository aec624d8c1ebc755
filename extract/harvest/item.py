"""What a spider hands to the store: bytes, and how they were come by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response

_PRIVATE = {"set-cookie", "set-cookie2"}


@dataclass(slots=True)
class Harvested:
    """A Scrapy item. ``url`` is the address that was linked, ``landed_at`` where it redirected to."""

    url: str
    body: bytes
    fetched_at: datetime
    referrer: str | None = None
    title: str | None = None
    source: str | None = None
    fiscal_year: int | None = None
    published: date | None = None
    landed_at: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] | None = None
    """The kinds that are welcome; None for all but web pages."""

    @classmethod
    def of(
        cls,
        response: Response,
        *,
        title: str | None = None,
        referrer: str | None = None,
        source: str | None = None,
        fiscal_year: int | None = None,
        published: date | None = None,
        kinds: tuple[str, ...] | None = None,
    ) -> Harvested:
        """From a response of any spider; ``title`` is the text of the link."""
        asked = asked_for(response)
        headers = headers_of(response)
        sent = response.request.headers.get("Referer") if response.request else None
        return cls(
            url=asked,
            body=response.body,
            fetched_at=datetime.now(UTC).replace(microsecond=0),
            referrer=referrer or (sent.decode("latin-1") if sent else None),
            title=title or None,
            source=source,
            fiscal_year=fiscal_year,
            published=published,
            landed_at=response.url if response.url != asked else None,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            headers=headers,
            kinds=kinds,
        )


def asked_for(response: Response) -> str:
    """The address that was linked, before any redirect."""
    meta = response.request.meta if response.request else {}
    urls: list[str] = meta.get("redirect_urls", [])
    return urls[0] if urls else response.url


def headers_of(response: Response) -> dict[str, str]:
    """Its headers as text, without cookies: they are nobody's business."""
    told = {
        str(name).lower(): str(value) for name, value in response.headers.to_unicode_dict().items()
    }
    return {name: value for name, value in told.items() if name not in _PRIVATE}
