"""Inputs at URLs: which they are, that they are fetched where they are read, and when not at all."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import pyarrow.parquet as pq
import pytest

from extract import afar
from extract.afar import Mark, base, is_url, mark
from extract.errors import EXIT_USAGE, DriverMissing, NoInput, TooLarge, UnreadableFile
from extract.executors import Limits, Processes, Serial
from extract.inputs import content, find, tasks, with_companions
from extract.model import Way
from extract.pipeline import run
from extract.quarantine import command
from extract.shards import Shard
from tests import making
from tests.cli.test_cli import QUICK, juesuan
from tests.making import text, tree

NOTHING = io.StringIO()


def packed(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, member in members.items():
            archive.writestr(f"{name}.txt", member)
    return data.getvalue()


FILES = {
    "a.txt": text("甲局", 2020, c201="1.00"),
    "deep/b.txt": text("乙局", 2021, c202="-2.00"),
    "deep/copy of a.txt": text("甲局", 2020, c201="1.00"),
    "damaged.txt": text("DAMAGED"),
    "某局2020年度决算公开说明.txt": text("丙局", 2020, c201="3.00"),
    "两.zip": packed(c=text("丁局", 2020, c201="4.00"), d=text("戊局", 2020, c201="5.00")),
    "README.md": b"no document",
    ".hidden/e.txt": b"hidden",
    "table.csv": b"1,2",
}
DOCUMENTS = sorted(set(FILES) - {"README.md", ".hidden/e.txt", "table.csv"})


@pytest.fixture
def there() -> Iterator[str]:
    """The files in a store that is nowhere on the disk."""
    files = fsspec.filesystem("memory")
    for name, data in FILES.items():
        files.pipe_file(f"/in/{name}", data)
    yield "memory://in"
    files.rm("/", recursive=True)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The same files in a folder."""
    for name, data in FILES.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "in"


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder and notes what is asked for."""

    asked: list[str]

    def log_message(self, *_: object) -> None:
        self.asked.append(f"{self.command} {self.path}")


@pytest.fixture
def web(here) -> Iterator[tuple[str, list[str]]]:
    """The same files at a web server, and what was asked of it."""
    asked: list[str] = []
    handler = type("_Handler", (Handler,), {"asked": asked})
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *given: handler(*given, directory=str(here))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def read(given: str, out: str, executor=None):
    return run([given], out, executor=executor or Serial(), read=making.read)


def rows(out: str, name: str) -> list[dict[str, object]]:
    return [row for part in sorted(Path(out, name).rglob("*.parquet"))
            for row in pq.ParquetFile(part).read().to_pylist()]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("s3://b/k", True),
        ("HTTP://h/", True),
        ("zip::s3://b/k.zip", True),
        ("/mnt/a://b", False),
        ("C:/x", False),
        ("a:b", False),
    ],
)
def test_a_url_has_a_scheme(given, url):
    assert is_url(given) is url


def test_a_folder_stands_for_what_is_likely_a_document(there):
    assert find([there], NOTHING) == [f"{there}/{name}" for name in DOCUMENTS]
    assert find([f"{there}/"], NOTHING) == find([there], NOTHING)


def test_a_glob_matches_and_a_name_is_tried_whatever_it_is(there):
    assert find([f"{there}/*/*.txt"], NOTHING) == [
        f"{there}/.hidden/e.txt", f"{there}/deep/b.txt", f"{there}/deep/copy of a.txt"
    ]  # fmt: skip
    assert find([f"{there}/table.csv"], NOTHING) == [f"{there}/table.csv"]
    with pytest.raises(NoInput):
        find([f"{there}/*.pdf"], NOTHING)


def test_in_a_web_address_a_question_mark_is_no_pattern():
    assert find(["http://h/a.jsp?id=[5]"], NOTHING) == ["http://h/a.jsp?id=[5]"]
    assert base("http://h/d/a.jsp?id=5") == "http://h/d"


@pytest.mark.parametrize(
    ("given", "why"),
    [("s3://b/k.pdf", "s3fs"), ("oss://b/k/*.pdf", "ossfs"), ("nosuch://b/k.pdf", "nosuch://")],
)
def test_a_missing_driver_is_named(given, why):
    with pytest.raises(DriverMissing, match=why) as told:
        find([given], NOTHING)
    assert told.value.exit_code == EXIT_USAGE


def test_the_command_names_it_too(tmp_path):
    ended = juesuan("run", "s3://bucket/folder", "--out", tmp_path / "out")
    assert (ended.returncode, "s3fs" in ended.stderr) == (2, True)


def test_nothing_is_fetched_before_it_is_read(there, monkeypatch):
    monkeypatch.setattr("extract.inputs.fetched", lambda url: pytest.fail(f"{url} was fetched"))
    found = [each for each in tasks(find([f"{there}/*.txt"], NOTHING)) if each.is_afar]
    assert [each.sha256 for each in found] == [None] * 3
    monkeypatch.undo()
    assert content(found[0]) == (FILES["a.txt"],)


def bare(out: str) -> dict[str, object]:
    """All datasets, but for where the documents lie."""
    found: dict[str, object] = dict(tree(Path(out), without=("runs", "documents", "sources")))
    for name in ("documents", "sources"):
        found[name] = [
            row
            | {"source": str(row["source"]).rpartition("in/")[2]}
            | dict.fromkeys(("etag", "last_modified"))
            for row in rows(out, name)
        ]
    return found


def test_what_is_read_there_is_what_is_read_here(there, here):
    told = [read("in", "here"), read(there, "there")]
    assert [(one.documents, one.failed, one.sources) for one in told] == [(6, 1, 7)] * 2
    assert bare("there") == bare("here")


def test_any_executor_gives_the_same_bytes(web, monkeypatch):
    url, _ = web
    read(f"{url}/deep/*.txt", "serial")
    read(f"{url}/deep/*.txt", "processes", Processes(2, Limits()))
    assert tree(Path("serial")) == tree(Path("processes"))
    assert len(rows("serial", "documents")) == 2


def test_what_did_not_change_is_not_fetched_again(web, here):
    url, asked = web
    assert read(f"{url}/deep/", "out").read == 2
    before = tree(Path("out"))
    asked.clear()
    told = read(f"{url}/deep/", "out")
    assert (told.read, told.unchanged) == (0, 2)
    assert not [line for line in asked if line.startswith("GET") and line.endswith("txt")]
    assert tree(Path("out")) == before
    (here / "deep" / "b.txt").write_bytes(text("乙局", 2021, c202="2.50"))
    told = read(f"{url}/deep/", "out")
    assert (told.read, told.unchanged, told.superseded) == (1, 1, 1)


def test_two_urls_of_one_document_are_two_sources_of_it(there, here):
    for _ in range(2):
        read(f"{there}/**/*a.txt", "out")
    assert [row["source"] for row in rows("out", "documents")] == [f"{there}/a.txt"]
    assert [row["source"] for row in rows("out", "sources")] == [f"{there}/a.txt", f"{there}/deep/copy of a.txt"]  # fmt: skip


def test_what_touches_a_file_and_not_its_bytes_is_noted(there, here):
    read(f"{there}/a.txt", "out")
    [first] = rows("out", "sources")
    fsspec.filesystem("memory").pipe_file("/in/a.txt", FILES["a.txt"])
    assert read(f"{there}/a.txt", "out").read == 1
    [second] = rows("out", "sources")
    assert second["doc_id"] == first["doc_id"]
    assert second["last_modified"] > first["last_modified"]
    assert read(f"{there}/a.txt", "out").read == 0


def test_a_url_with_nothing_there_is_a_row_that_says_so(web, here):
    url, _ = web
    told = read(f"{url}/gone.txt", "out")
    assert told.exit_code == 4
    [row] = rows("out", "documents")
    assert row["sha256"] is None
    (here / "gone.txt").write_bytes(text("己局", 2020, c201="1.00"))
    assert read(f"{url}/gone.txt", "out").failed == 0
    assert [row["status"] for row in rows("out", "documents")] == ["clean"]


def test_what_cost_its_process_is_left_alone_until_it_changes(web, here):
    url, _ = web
    (here / "crash.txt").write_bytes(text("CRASH"))
    executor = Processes(1, Limits())
    assert read(f"{url}/crash.txt", "out", executor).quarantined == 1
    [row] = rows("out", "documents")
    assert f"{url}/crash.txt" in str(row["reproduce"])
    assert read(f"{url}/crash.txt", "out", executor).read == 0
    (here / "crash.txt").write_bytes(text("庚局", 2020, c201="10.00"))
    assert read(f"{url}/crash.txt", "out", executor).quarantined == 0


def test_a_file_larger_than_any_disclosure_is_refused(there, monkeypatch):
    monkeypatch.setattr(afar, "MOST", 10)
    [task] = tasks([f"{there}/a.txt"])
    with pytest.raises(TooLarge):
        content(task)


def test_a_password_is_not_published():
    [task] = tasks(["http://me:secret@127.0.0.1:1/a.pdf"])
    assert task.source == "http://127.0.0.1:1/a.pdf"
    with pytest.raises(UnreadableFile) as told:
        content(task)
    assert "secret" not in str(told.value)
    assert "secret" not in command(task, Way(), "suggest")


def test_files_that_are_one_disclosure_are_one_there_too(there):
    files = fsspec.filesystem("memory")
    files.pipe_file("/in/某局2020年度决算公开表.xls", b"x")
    [task] = tasks(find([f"{there}/某局*"], NOTHING))
    assert [part.name or part.path.rpartition("/")[2] for part in task.parts] == [
        "某局2020年度决算公开说明.txt", "某局2020年度决算公开表.xls"
    ]  # fmt: skip


def test_shards_of_a_url_are_those_of_the_folder(there, here):
    for number in (1, 2, 3):
        afar_ = [url.removeprefix(f"{there}/") for url in find([there], NOTHING, Shard(number, 3))]
        assert afar_ == [
            path.removeprefix("in/") for path in find(["in"], NOTHING, Shard(number, 3))
        ]


def test_a_mark_is_told_however_a_driver_calls_it(there):
    found = mark(f"{there}/a.txt")
    assert found
    assert found.bytes == len(FILES["a.txt"])
    assert not Mark(bytes=5)
    at = datetime(2021, 1, 1, 0, 0, 0, 123000, tzinfo=UTC)
    assert afar._when(at.timestamp()) == afar._when(at) == at
    assert afar._when("Fri, 01 Jan 2021 00:00:00 GMT") == at.replace(microsecond=0)
    assert afar._when("yesterday") is None


def test_a_document_at_a_url_is_read_by_the_library(web, here):
    import extract

    url, _ = web
    (here / "quick.md").write_bytes(QUICK.read_bytes())
    assert len(extract.extract(f"{url}/quick.md").items) == len(extract.extract(QUICK).items)


def test_the_second_file_of_a_disclosure_may_come_in_a_later_run_there_too(there, monkeypatch):
    files = fsspec.filesystem("memory")
    files.pipe_file("/in/某局2020年度决算公开表.xls", b"x")
    late, early = f"{there}/某局2020年度决算公开表.xls", f"{there}/某局2020年度决算公开说明.txt"
    asked: list[str] = []

    def counted(url: str) -> Mark:
        asked.append(url)
        return mark(url)

    monkeypatch.setattr("extract.inputs.mark", counted)
    known = [early, f"{there}/a.txt", f"{there}/deep/b.txt"]
    assert with_companions([late], known) == sorted([early, late])
    assert asked == [early]  # of a thousand others that were found there no server is asked
    files.rm_file("/in/某局2020年度决算公开说明.txt")
    assert with_companions([late], known) == [late]
