"""The ways to ask for a harvest, and what an interruption leaves."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from filelock import FileLock

from extract.errors import ExtraMissing, OutputError, OutputLocked
from extract.harvest import harvest
from tests.harvest.portal import PDF, Answer, Site, serving
from tests.harvest.test_crawl import LOCAL, QUICK, fetch, files, ledger, source


@pytest.fixture
def site():
    with serving() as portal:
        yield portal


def entries(site: Site, count: int, **answer: object) -> list[tuple[str, str]]:
    for n in range(count):
        site.routes[f"/{n}.pdf"] = Answer(PDF + b"%d" % n, **answer)  # type: ignore[arg-type]
    return [(f"/{n}.pdf", f"某局{2010 + n}年度部门决算") for n in range(count)]


def test_a_changed_document_is_fetched_again_and_the_old_one_kept(site, tmp_path):
    site.list("/index.html", *entries(site, 1, etag='"old"'))
    fetch(site, tmp_path)
    site.routes["/0.pdf"] = Answer(PDF + b"new", etag='"new"')
    summary, _ = fetch(site, tmp_path)
    assert (summary.stored, summary.unchanged) == (1, 0)
    assert files(tmp_path) == [PDF + b"0", PDF + b"new"]


def test_a_tag_that_changes_with_nothing_else_is_remembered(site, tmp_path):
    site.list("/index.html", *entries(site, 1, etag='"one"'))
    fetch(site, tmp_path)
    site.routes["/0.pdf"] = Answer(PDF + b"0", etag='"two"')
    assert fetch(site, tmp_path)[0].unchanged == 1
    site.asked.clear()
    assert fetch(site, tmp_path)[0].unchanged == 1
    assert dict(site.asked)["/0.pdf"]["If-None-Match"] == '"two"'


def test_numbered_pages_end_where_there_is_no_further_one(site, tmp_path):
    for number in (1, 2, 3):
        site.list(f"/list/{number}", (f"/{number}.pdf", "部门决算"))
        site.routes[f"/{number}.pdf"] = Answer(PDF + b"%d" % number)
    summary, _ = fetch(site, tmp_path, source={"start": [site.url("/list/{page}")]})
    assert (summary.pages, summary.stored, summary.failed) == (3, 3, {})


def test_a_portal_that_repeats_its_last_page_for_ever_is_left(site, tmp_path):
    site.routes["/0.pdf"] = Answer(PDF)
    for number in range(1, 20):
        site.list(f"/list/{number}", ("/0.pdf", "部门决算"))
    assert fetch(site, tmp_path, source={"start": [site.url("/list/{page}")]})[0].pages == 2


def test_pages_without_end_are_bounded(site, tmp_path):
    for number in range(1, 20):
        site.list(f"/list/{number}", (f"/a{number}.html", "部门决算"))
    asked = {"start": [site.url("/list/{page}")], "max_pages": 5, "follow": None}
    asked |= {"documents": {"links": [r"\.html$"]}}
    summary, _ = fetch(site, tmp_path, source=asked)
    assert any("max_pages" in why for why in summary.failed.values())
    assert site.times["/list/6"] == 0


def test_years_fill_the_start_and_choose_among_titles(site, tmp_path):
    links = entries(site, 12)
    site.list("/2020/", *links)
    site.list("/2021/", *links)
    years = {"start": [site.url("/{year}/")], "years": [2020, 2021]}
    assert fetch(site, tmp_path, source=years)[0].stored == 2
    assert sorted(row["fiscal_year"] for row in ledger(tmp_path)) == [2020, 2021]


def test_since_passes_over_what_is_older_by_the_list_or_by_the_server(site, tmp_path):
    rows = [("/new.pdf", "甲局部门决算 2024-08-01"), ("/old.pdf", "乙局部门决算 2022-08-01")]
    site.list(
        "/index.html", *rows, ("/undated.pdf", "丙局部门决算"), ("/fresh.pdf", "丁局部门决算")
    )
    since = "Mon, 01 Jan 2024 00:00:00 GMT"
    site.routes |= {
        "/new.pdf": Answer(PDF + b"new"),
        "/old.pdf": Answer(PDF + b"old"),
        "/undated.pdf": Answer(PDF + b"undated", modified=since),
        "/fresh.pdf": Answer(PDF + b"fresh"),
    }
    summary, _ = fetch(site, tmp_path, since=date(2024, 1, 1))
    assert files(tmp_path) == [PDF + b"fresh", PDF + b"new"]
    assert summary.passed == {"older": 2}
    assert site.times["/old.pdf"] == 0
    assert fetch(site, tmp_path)[0].stored == 2


def test_two_sources_may_choose_from_one_list(site, tmp_path):
    site.list("/index.html", *entries(site, 2))
    by_year = [
        source(site, name=f"y{year}", documents={"titles": [str(year)]}) for year in (2010, 2011)
    ]
    assert harvest(by_year, tmp_path, manners=QUICK, allow_private=LOCAL).stored == 2


def test_a_sample_is_so_many_documents_of_each_source(site, tmp_path):
    site.list("/index.html", *entries(site, 9))
    summary, _ = fetch(site, tmp_path, sample=4)
    assert (summary.stored, summary.passed) == (4, {"sample": 5})
    assert fetch(site, tmp_path)[0].stored == 5


def test_a_sample_reads_no_more_pages_than_it_needs(site, tmp_path):
    for number in range(1, 9):
        site.list(f"/list/{number}", *((f"/a{number}{n}.html", "部门决算") for n in range(9)))
        for n in range(9):
            site.list(f"/a{number}{n}.html", (f"/{number}{n}.pdf", "附件"))
            site.routes[f"/{number}{n}.pdf"] = Answer(PDF + b"%d%d" % (number, n))
    summary, _ = fetch(site, tmp_path, sample=2, source={"start": [site.url("/list/{page}")]})
    assert summary.stored == 2
    assert summary.pages == 3


def test_a_mistake_on_one_page_costs_that_page(site, tmp_path):
    site.list("/index.html", *entries(site, 1))
    summary, _ = fetch(site, tmp_path, source={"follow": {"within": "div["}})
    assert "mistake" in next(iter(summary.failed.values()))


def test_a_page_may_be_the_document(site, tmp_path):
    site.list("/index.html", ("/a1.html", "部门决算"))
    site.list("/a1.html", tail="<table><tr><td>收入决算表</td></tr></table>")
    follow = {"titles": ["部门决算"], "keep": True}
    summary, _ = fetch(site, tmp_path, source={"follow": follow})
    assert (summary.stored, "收入决算表".encode() in files(tmp_path)[0]) == (1, True)


def test_a_list_may_link_the_file_and_a_file_may_be_a_page(site, tmp_path):
    site.list("/index.html", ("/a1.html", "部门决算"), ("/show?id=1", "附件"))
    site.routes["/a1.html"] = Answer(PDF + b"a file after all", etag='"a"')
    site.list("/show?id=1", ("/b.pdf", "附件"))
    site.routes["/b.pdf"] = Answer(PDF + b"b")
    documents = {"titles": ["附件"]}
    summary, _ = fetch(site, tmp_path, source={"documents": documents})
    assert (summary.stored, summary.failed) == (2, {})
    assert not (tmp_path / "pages").exists()
    summary, _ = fetch(site, tmp_path, source={"documents": documents})
    assert (summary.stored, summary.unchanged) == (0, 2)
    assert site.asked[-1][1].get("If-None-Match", '"a"') == '"a"'


def test_rules_that_cannot_be_had_allow_nothing(site, tmp_path):
    site.list("/index.html", *entries(site, 1))
    site.routes["/robots.txt"] = Answer(b"", 503)
    summary, _ = fetch(site, tmp_path)
    assert summary.exit_code == 4
    assert "robots.txt answers 503" in next(iter(summary.failed.values()))


def test_a_host_is_left_the_pause_its_rules_ask_for(site, tmp_path):
    site.list("/index.html", *entries(site, 3))
    site.routes["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 1\n")
    fetch(site, tmp_path, manners=replace(QUICK, longest_wait=5.0))
    pauses = [after - before for before, after in pairwise(site.moments[1:])]
    assert min(pauses) > 0.45  # Scrapy varies a pause by half


def test_nothing_private_is_asked_for_without_leave(site, tmp_path):
    site.list("/index.html", *entries(site, 1))
    by_name = site.url("/index.html").replace("127.0.0.1", "localhost")
    starts = {"start": [site.url("/index.html"), by_name]}
    summary, _ = fetch(site, tmp_path, allow_private=False, source=starts)
    assert len([why for why in summary.failed.values() if "no public address" in why]) == 2
    assert (summary.exit_code, site.asked) == (4, [])


def test_a_host_that_cannot_show_who_it_is_is_not_believed_without_leave(tmp_path):
    with serving(self_signed(tmp_path)) as site:
        site.list("/index.html", *entries(site, 1))
        summary, _ = fetch(site, tmp_path / "raw")
        [why] = summary.failed.values()
        assert "certificate" in why
        assert site.asked == []
        summary, _ = fetch(site, tmp_path / "raw", manners=replace(QUICK, verify=False))
        assert (summary.stored, summary.failed) == (1, {})


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1)
    ).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    (folder / "pem").write_bytes(secret + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pem")
    return context


def test_patterns_that_find_nothing_are_told(site, tmp_path):
    site.list("/index.html", ("/news.html", "要闻"))
    summary, _ = fetch(site, tmp_path)
    assert (summary.found_nothing, summary.exit_code) == (True, 6)


def test_a_store_that_cannot_be_written_ends_the_crawl(site, tmp_path):
    site.list("/index.html", *entries(site, 3))
    fetch(site, tmp_path, sample=1)
    for folder in (tmp_path / "files").iterdir():
        [kept] = folder.iterdir()
        kept.unlink()
        folder.rmdir()
    (tmp_path / "files").rmdir()
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(OutputError, match="cannot write"):
        fetch(site, tmp_path)


def test_two_harvests_exclude_each_other(site, tmp_path):
    with FileLock(tmp_path / ".lock"), pytest.raises(OutputLocked, match="another harvest"):
        fetch(site, tmp_path)


def test_without_scrapy_the_message_names_the_extra(site, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "scrapy", None)
    with pytest.raises(ExtraMissing, match=r"juesuan\[harvest\]"):
        harvest([source(site)], tmp_path)


# The command -----------------------------------------------------------------------


@pytest.fixture
def command(site, tmp_path):
    """Start ``juesuan harvest`` on the site."""
    told = {"sources": [source(site).model_dump(exclude_defaults=True)]}
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump(told, allow_unicode=True))

    def start(*more: str) -> subprocess.Popen[str]:
        words = ["harvest", "sources.yaml", "--allow-private", "--delay", "0", *more]
        return subprocess.Popen(
            [sys.executable, "-m", "extract.cli", *words],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def test_the_command_tells_what_is_new_and_what_is_not(command, site, tmp_path):
    site.list("/index.html", *entries(site, 2))
    told, log = (first := command()).communicate(timeout=30)
    assert first.returncode == 0, log
    assert "documents   2: 2 new, 0 unchanged" in told
    assert log.count("stored  http") == 2
    told, log = (second := command("--json")).communicate(timeout=30)
    assert (second.returncode, log) == (0, "")
    assert json.loads(told)["unchanged"] == 2
    assert "nothing new" in command().communicate(timeout=30)[0]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_interrupted_goes_on_where_it_was(command, site, tmp_path, number):
    links = entries(site, 16, wait=0.15)
    site.list("/index.html", *links[:8], tail='<a href="/more.html">下一页</a>')
    site.list("/more.html", *links[8:])
    running = command()
    _until(lambda: sum(path.endswith(".pdf") for path, _ in list(site.asked)) >= 4)
    running.send_signal(number)
    told, log = running.communicate(timeout=30)
    assert running.returncode == 130, log
    assert "interrupted" in told
    kept = len(files(tmp_path / "raw"))
    assert 0 < kept < 16
    told, log = (again := command("--json")).communicate(timeout=30)
    assert again.returncode == 0, log
    assert (json.loads(told)["resumed"], json.loads(told)["stored"]) == (True, 16 - kept)
    assert {site.times[path] for path, _ in links} == {1}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are told by /proc")
@pytest.mark.parametrize("whom", ["parent", "crawl"])
def test_a_kill_loses_nothing_that_was_stored(command, site, tmp_path, whom):
    links = entries(site, 12, wait=0.15, etag='"x"')
    site.list("/index.html", *links)
    running = command()
    _until(lambda: (tmp_path / "raw" / "harvest.jsonl").exists())
    _until(lambda: len(ledger(tmp_path / "raw")) >= 3)
    [crawl] = _children(running.pid)
    os.kill(running.pid if whom == "parent" else crawl, signal.SIGKILL)
    running.communicate(timeout=30)
    _until(lambda: not Path(f"/proc/{crawl}").exists())  # it ends with its parent
    kept = len(ledger(tmp_path / "raw"))
    told, log = (again := command("--json")).communicate(timeout=30)
    assert again.returncode == 0, log
    summary = json.loads(told)
    if whom == "parent":  # the crawl hears of it, and ends in order
        assert (summary["stored"], summary["resumed"]) == (12 - kept, True)
    else:
        assert (summary["documents"], summary["unchanged"], summary["resumed"]) == (12, kept, False)
    assert files(tmp_path / "raw") == sorted(PDF + b"%d" % n for n in range(12))


def _until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in told.split()]
