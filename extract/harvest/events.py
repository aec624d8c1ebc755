"""What happens in a harvest, one thing a line: the words between the crawl and who watches it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

What = Literal["page", "stored", "copy", "unchanged", "passed", "failed", "refused", "end"]


@dataclass(frozen=True, slots=True)
class Event:
    """``passed`` over: older, beyond the sample, elsewhere; ``refused``: the store cannot be used."""

    what: What
    url: str = ""
    source: str = ""
    title: str = ""
    reason: str = ""
    size: int = 0
    file: str = ""
    count: int = 1

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str | bytes) -> Event:
        """As it was written; fields of a later version are left aside."""
        told = json.loads(line)
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in told.items() if name in known})


happened = object()
"""The Scrapy signal; receivers take ``event``."""


def tell(crawler: Crawler, event: Event) -> None:
    """Let those who watch the crawl know, and count it in its stats."""
    if crawler.stats is not None:
        crawler.stats.inc_value(f"juesuan/{event.what}", event.count)
    crawler.signals.send_catch_log(signal=happened, event=event)
