"""The store for spiders that are not ours, and what a terminal shows."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.harvest.portal import PDF, Answer, serving

SPIDER = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess
from extract.harvest.item import Harvested


class Mine(scrapy.Spider):
    name = "mine"
    start_urls = [sys.argv[1]]

    def parse(self, response):
        for link in response.css("a"):
            yield response.follow(link, self.file, cb_kwargs={"words": link.css("::text").get()})

    def file(self, response, words):
        yield {"another": "item"}
        yield Harvested.of(response, title=words)


process = CrawlerProcess({
    "ITEM_PIPELINES": {"extract.harvest.pipeline.StorePipeline": 300},
    "JUESUAN_STORE": "raw",
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
})
crawler = process.create_crawler(Mine)
process.crawl(crawler)
process.start()
stats = crawler.stats.get_stats()
print(stats["juesuan/stored"], stats["juesuan/failed"], stats["item_scraped_count"])
"""


def test_a_spider_one_already_has_fills_the_store(tmp_path):
    (tmp_path / "mine.py").write_text(SPIDER)
    with serving() as site:
        site.list("/", ("/a.pdf", "甲局决算"), ("/b.pdf", "乙局决算"))
        site.routes |= {"/a.pdf": Answer(PDF), "/b.pdf": Answer(b"<html>sorry</html>")}
        ended = subprocess.run(
            [sys.executable, "mine.py", site.url("/")],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ended.stdout.split(), ended.stderr) == (["1", "1", "3"], "")
        [row] = map(json.loads, (tmp_path / "raw" / "harvest.jsonl").read_text().splitlines())
        assert (row["title"], row["referrer"]) == ("甲局决算", site.url("/"))
        assert (tmp_path / "raw" / row["file"]).read_bytes() == PDF


def test_a_terminal_shows_how_far_it_is_and_what_failed(tmp_path):
    with serving() as site:
        site.list("/", ("/a.pdf", "甲局决算"), ("/gone.pdf", "乙局决算"))
        site.routes["/a.pdf"] = Answer(PDF)
        told = {"name": "x", "start": [site.url("/")], "documents": {"links": [r"\.pdf$"]}}
        (tmp_path / "s.yaml").write_text(json.dumps({"sources": [told]}))
        shown, terminal = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "extract.cli", "harvest", "s.yaml", "--allow-private"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=terminal,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "160"},
        ) as ended:
            os.close(terminal)
            seen = _all(shown)
            assert ended.wait(30) == 3
        assert "1 new" in seen
        assert "gone.pdf  HTTP 404" in seen


def _all(shown: int) -> str:
    seen = b""
    try:
        while part := os.read(shown, 1 << 12):
            seen += part
    except OSError:  # the other end is closed
        pass
    os.close(shown)
    return seen.decode("utf-8", "replace")


def test_without_a_store_the_pipeline_says_so():
    code = (
        "from scrapy.utils.test import get_crawler\n"
        "from extract.harvest.pipeline import store_of\n"
        "store_of(get_crawler())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert "JUESUAN_STORE names no folder" in ended.stderr
    assert not Path("raw").exists()
