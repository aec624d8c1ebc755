"""One crawl of a portal with everything that is wrong with portals: what is stored, what is told."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from extract.harvest import HarvestSummary, Manners, Source, harvest
from extract.harvest.events import Event
from tests.harvest.portal import MINE, OTHER, PDF, Answer, Site, serving

QUICK = Manners(delay=0.0, timeout=10.0, max_size=1, retries=2, backoff=0.05, longest_wait=0.2)
LOCAL = (f"{MINE}/32",)
MODIFIED = "Wed, 18 Aug 2021 08:00:00 GMT"


def source(site: Site, **told: object) -> Source:
    given = {
        "name": "local",
        "start": [site.url("/index.html")],
        "next": {"titles": ["下一页"]},
        "follow": {"titles": ["部门决算"], "links": [r"/a\d+\.html$"]},
        "documents": {"links": [r"\.(pdf|xls|txt)$"]},
    }
    return Source.model_validate(given | told)


def fetch(site: Site, store: Path, **asked: object) -> tuple[HarvestSummary, list[Event]]:
    told: list[Event] = []
    mine = source(site, **asked.pop("source", {}))  # type: ignore[arg-type]
    given = {"manners": QUICK, "allow_private": LOCAL, "progress": told.append} | asked
    return harvest([mine], store, **given), told  # type: ignore[arg-type]


def ledger(store: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (store / "harvest.jsonl").read_text().splitlines()]


def files(store: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in (store / "files").rglob("*.*"))


pytestmark = pytest.mark.slow

GOOD = {
    "/tagged.pdf": Answer(PDF + b"tagged", etag='"1"'),
    "/dated.pdf": Answer(PDF + b"dated", modified=MODIFIED),
    "/plain.pdf": Answer(PDF + b"plain"),
    "/copy.pdf": Answer(PDF + b"plain"),
    "/flaky.pdf": [Answer(status=503), Answer(status=500), Answer(PDF + b"flaky")],
    "/busy.pdf": [Answer(status=429, headers={"Retry-After": "1"}), Answer(PDF + b"busy")],
    "/moved.pdf": Answer(status=302, headers={"Location": "/elsewhere"}),
}
BAD = {
    "/gone.pdf": (Answer(b"", 404), "HTTP 404"),
    "/down.pdf": (Answer(b"", 503), "HTTP 503, 3 times"),
    "/soft.pdf": (Answer(b"<html>sorry</html>"), "web page in its place"),
    "/program.pdf": (Answer(b"MZ\x90\x00"), "no kind that holds accounts"),
    "/huge.pdf": (Answer(PDF + bytes(3 << 20)), "larger than --max-size"),
    "/endless.pdf": (Answer(PDF, endless=8), "larger than --max-size"),
    "/bomb.pdf": (
        Answer(gzip.compress(PDF + bytes(4 << 20)), headers={"Content-Encoding": "gzip"}),
        "larger than --max-size",
    ),
    "/slow.pdf": (Answer(PDF, wait=30), "no answer in time"),
    "/short.pdf": (Answer(PDF, lacks=10), "broke off|ResponseFailed|DownloadFailed"),
    "/secret/a.pdf": (Answer(PDF), "robots.txt forbids"),
    "/private.pdf": (
        Answer(status=302, headers={"Location": f"http://{OTHER}/a.pdf"}),
        f"{OTHER} is no public address",
    ),
    "/named.pdf": (
        Answer(status=302, headers={"Location": "http://localhost.localdomain/a.pdf"}),
        "is no host of local",
    ),
    "/number.pdf": (
        Answer(status=302, headers={"Location": "http://2130706434/a.pdf"}),
        "no public address|no such host",
    ),
    "/file.pdf": (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "HTTP 302"),
    "/round.pdf": (Answer(status=302, headers={"Location": "/round.pdf"}), "redirect"),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """The site after two harvests of it, with the store and what each told."""
    store = tmp_path_factory.mktemp("crawl") / "raw"
    with serving() as site:
        site.routes |= GOOD | {path: answer for path, (answer, _) in BAD.items()}
        site.routes["/elsewhere"] = Answer(PDF + b"moved", etag='"m"')
        site.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /secret/\n")
        links = [(path, f"某局2020年度部门决算{path}") for path in (*GOOD, *BAD)]
        onward = '<a href="/index_1.html">下一页</a><a href="javascript:go()">决算</a>'
        site.list(
            "/index.html", *links, ("/a1.html", "乙局2021年度部门决算"), tail=onward, etag='"i"'
        )
        loop = '<a href="/index.html">上一页</a><a href="/index_1.html">下一页</a>'
        site.list("/index_1.html", ("/a1.html", "乙局2021年度部门决算"), tail=loop)
        site.list("/a1.html", ("inner.xls", "附件"), ("/a1.html", "部门决算"), ("http://[", "决算"))
        site.routes["/inner.xls"] = Answer(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest")
        asked_of: dict[str, object] = {"source": {"hosts": [OTHER, "2130706434"]}}
        asked_of["manners"] = replace(QUICK, timeout=1.5)
        first = fetch(site, store, **asked_of)
        asked = list(site.asked)
        site.asked.clear()
        second = fetch(site, store, **asked_of)
        yield store, first, asked, second, list(site.asked)


def test_what_is_good_is_stored_once_under_its_hash(crawled):
    store, (summary, _), _, _, _ = crawled
    bodies = {b"tagged", b"dated", b"plain", b"flaky", b"busy", b"moved"}
    assert files(store) == sorted(
        [*(PDF + body for body in bodies), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"]
    )
    assert (summary.stored, summary.copies, summary.unchanged) == (7, 1, 0)
    assert summary.exit_code == 3


@pytest.mark.parametrize("path", BAD)
def test_what_is_bad_is_told_with_its_reason(crawled, path):
    _, (summary, _), _, _, _ = crawled
    [why] = [why for url, why in summary.failed.items() if url.endswith(path)]
    assert re.search(BAD[path][1], why), why


def test_nothing_else_failed(crawled):
    _, (summary, _), _, _, _ = crawled
    assert len(summary.failed) == len(BAD)


def test_the_ledger_says_where_each_came_from(crawled):
    store, *_ = crawled
    rows = {str(row["url"]).rpartition("/")[2]: row for row in ledger(store)}
    inner = rows["inner.xls"]
    assert str(inner["referrer"]).endswith("/a1.html")
    assert (inner["title"], inner["fiscal_year"], inner["source"]) == ("附件", 2021, "local")
    assert str(rows["moved.pdf"]["landed_at"]).endswith("/elsewhere")
    assert rows["tagged.pdf"]["headers"]["etag"] == '"1"'
    assert rows["dated.pdf"]["last_modified"] == "2021-08-18T08:00:00+00:00"
    assert rows["plain.pdf"]["sha256"] == rows["copy.pdf"]["sha256"]


def test_robots_are_asked_first_and_obeyed(crawled):
    _, _, asked, _, _ = crawled
    paths = [path for path, _ in asked]
    assert paths[0] == "/robots.txt"
    assert not [path for path in paths if path.startswith("/secret")]


def test_no_page_is_read_twice_though_they_link_in_circles(crawled):
    _, _, asked, _, _ = crawled
    paths = [path for path, _ in asked]
    assert [paths.count(page) for page in ("/index.html", "/index_1.html", "/a1.html")] == [1, 1, 1]


def test_what_fails_for_now_is_asked_again_and_what_is_gone_is_not(crawled):
    _, _, asked, _, _ = crawled
    paths = [path for path, _ in asked]
    assert [paths.count(p) for p in ("/flaky.pdf", "/down.pdf", "/gone.pdf")] == [3, 3, 1]


def test_a_second_harvest_stores_nothing_and_says_so(crawled):
    store, _, _, (summary, _), _ = crawled
    assert (summary.stored, summary.copies, summary.unchanged) == (0, 0, 8)
    assert len(ledger(store)) == 8


def test_what_is_known_is_asked_for_by_its_tag_or_date(crawled):
    _, _, _, _, asked = crawled
    said = dict(asked)
    assert said["/tagged.pdf"]["If-None-Match"] == '"1"'
    assert said["/dated.pdf"]["If-Modified-Since"] == MODIFIED
    assert said["/moved.pdf"]["If-None-Match"] == '"m"'
    assert said["/index.html"]["If-None-Match"] == '"i"'
    assert "If-None-Match" not in said["/plain.pdf"]


def test_no_queue_is_left_behind(crawled):
    store, *_ = crawled
    assert not (store / "job").exists()
