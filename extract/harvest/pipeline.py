"""The item pipeline: what a spider yields as ``Harvested`` goes to the raw store.

For spiders you have already::

    # settings.py
    ITEM_PIPELINES = {"extract.harvest.pipeline.StorePipeline": 300}
    JUESUAN_STORE = "raw"

    # in a callback that has a document for its response
    from extract.harvest.item import Harvested
    yield Harvested.of(response, title="某局2024年度部门决算")

Other items pass through. What is no document, or not of the item's ``kinds``, is dropped
with a reason; the rest of the crawl goes on. ``juesuan run raw`` reads the store.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from extract.errors import OutputError
from extract.harvest.events import Event, tell
from extract.harvest.item import Harvested
from extract.harvest.kinds import WEB, kind
from extract.harvest.store import Store, locked

STORE = "JUESUAN_STORE"
_open: dict[Path, Store] = {}
_held = ExitStack()


class StorePipeline:
    """``JUESUAN_STORE`` names the folder."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.store = store_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """As Scrapy builds its pipelines."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Keep the bytes and where they came from."""
        if not isinstance(item, Harvested):
            return item
        suffix = kind(item.body, item.url if item.landed_at is None else item.landed_at)
        if why := unwelcome(suffix, item.kinds):
            tell(self.crawler, _event("failed", item, reason=why))
            raise DropItem(f"{item.url}: {why}", log_level="DEBUG")
        try:
            outcome = self.store.keep(item, suffix or "")
        except OutputError as why_not:
            give_up(self.crawler, why_not)
            raise DropItem(str(why_not)) from why_not
        tell(self.crawler, _event(outcome, item))
        return item


def unwelcome(suffix: str | None, kinds: tuple[str, ...] | None) -> str | None:
    """Why a file of this kind is not kept; None where it is."""
    if suffix is None:
        return "its bytes are of no kind that holds accounts"
    if kinds is None:
        return "the portal sends a web page in its place" if suffix == WEB else None
    if suffix[1:] in kinds:
        return None
    if suffix == WEB:
        return "the portal sends a web page in its place"
    return f"it is {suffix[1:]}; the source keeps {', '.join(kinds)}"


def store_of(crawler: Crawler) -> Store:
    """The store of a crawl. One process holds it until it ends, for all its crawls."""
    folder = crawler.settings.get(STORE)
    if not folder:
        raise NotConfigured(f"the setting {STORE} names no folder")
    root = Path(folder).resolve()
    if root not in _open:
        _held.enter_context(locked(root))
        _open[root] = Store.open(root)
    return _open[root]


def give_up(crawler: Crawler, why: OutputError) -> None:
    """The store cannot be written: nothing more is fetched."""
    tell(crawler, Event("refused", reason=str(why), title=type(why).__name__))
    if crawler.engine is not None and crawler.spider is not None:
        crawler.engine.close_spider(crawler.spider, "store")


def _event(what: Any, item: Harvested, reason: str = "") -> Event:
    return Event(
        what,
        url=item.url,
        source=item.source or "",
        title=item.title or "",
        reason=reason,
        size=len(item.body),
    )
