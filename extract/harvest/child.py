"""The process that crawls: ``python -m extract.harvest.child``.

The job is the first line on standard input, events are lines on standard output. When
standard input ends, the crawl does: whoever started it wants it to, or is no more.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import IO, Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response

from extract.errors import JuesuanError
from extract.harvest.events import Event, happened
from extract.harvest.job import Job, lay_down, settings, take_up
from extract.harvest.pipeline import store_of
from extract.harvest.spider import Portals
from extract.harvest.store import discard_job


def main() -> None:
    """Crawl, and tell about it."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as told:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what else is printed is no event
        job = Job.from_json(sys.stdin.buffer.readline())
        try:
            crawl(job, told)
        except JuesuanError as why:
            _write(told, Event("refused", reason=str(why), title=type(why).__name__))


def crawl(job: Job, told: IO[str]) -> None:
    """From taking up the queue to laying it down."""
    process = AsyncCrawlerProcess(dict(settings(job)))
    # A host whose rules cannot be fetched is told of by what was wanted there.
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    crawler = process.create_crawler(Portals)
    store_of(crawler)  # held from here on, the queue with it
    resumed = take_up(job)
    ended: list[str] = []

    def tell(event: Event) -> None:
        _write(told, event)

    def closed(reason: str) -> None:
        ended.append(reason)

    crawler.signals.connect(tell, signal=happened)
    crawler.signals.connect(closed, signal=signals.spider_closed)

    def stumbled(failure: Any, response: Response) -> None:
        why = f"juesuan made a mistake on it ({failure.type.__name__}: {failure.value})"
        _write(told, Event("failed", response.url, reason=why))

    crawler.signals.connect(stumbled, signal=signals.spider_error)
    process.crawl(
        crawler,
        sources={source.name: source for source in job.sources},
        since=date.fromisoformat(job.since) if job.since else None,
        sample=job.sample,
    )
    threading.Thread(target=_stop_at_end, args=(sys.stdin.fileno(), crawler), daemon=True).start()
    process.start()
    how = ended[0] if ended else "lost"
    if how == "shutdown":
        lay_down(job)
    else:
        discard_job(Path(job.store))
    _write(told, Event("end", reason=how, title="resumed" if resumed else ""))


def _stop_at_end(orders: int, crawler: Crawler) -> None:
    from twisted.internet import reactor

    while os.read(orders, 1):  # unbuffered: a daemon must hold no lock when the interpreter ends
        continue
    while True:  # it may just be beginning
        reactor.callFromThread(_stop, crawler)
        time.sleep(0.2)


def _stop(crawler: Crawler) -> None:
    if crawler.crawling and crawler.engine is not None:
        asyncio.ensure_future(crawler.stop_async())  # noqa: RUF006 — it ends with the loop


def _write(told: IO[str], event: Event) -> None:
    try:
        told.write(event.to_json() + "\n")
        told.flush()
    except BrokenPipeError:  # nobody listens any more; standard input says so too
        return


if __name__ == "__main__":
    main()
