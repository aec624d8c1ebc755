"""What the raw store keeps, and how a run reads it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import run
from extract.errors import UnreadableFile
from extract.harvest import Harvested
from extract.harvest.kinds import KINDS, kind
from extract.harvest.store import Store
from extract.inputs import tasks
from extract.provenance import LEDGER, load

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
QUICK = CASES / "wangyue-2021-markdown" / "wangyue-2021.md"
OTHER = CASES / "zhuzhou-2020-ocr" / "zhuzhou-2020.txt"
AT = datetime(2024, 8, 1, tzinfo=UTC)


def item(url: str, body: bytes, **told: object) -> Harvested:
    return Harvested(url, body, AT, **told)  # type: ignore[arg-type]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from([b"1", b"2", b"3"]),
            st.sampled_from([".doc", ".xls"]),
        )
    )
)
def test_the_store_holds_each_content_once_and_what_each_address_gave_last(tmp_path_factory, given):
    root = tmp_path_factory.mktemp("store")
    store = Store.open(root)
    met: list[bytes] = []
    last: dict[str, bytes] = {}
    for url, body, suffix in given:
        fresh = body not in met
        same = last.get(url) == body
        expected = "stored" if fresh else "unchanged" if same else "copy"
        assert store.keep(item(url, body), suffix) == expected
        met.append(body)
        last[url] = body
    current = load(root).current
    assert {url: (root / at.file).read_bytes() for url, at in current.items()} == last
    assert len(list((root / "files").rglob("*.*"))) == len(set(met))
    again = Store.open(root)
    assert all(again.keep(item(u, b), ".txt") == "unchanged" for u, b in last.items())


@given(st.integers(min_value=1, max_value=400))
def test_a_line_that_a_kill_cut_off_is_taken_out_and_the_rest_stands(tmp_path_factory, lost):
    root = tmp_path_factory.mktemp("store")
    store = Store.open(root)
    for url in "ab":
        store.keep(item(url, url.encode()), ".txt")
    data = (root / LEDGER).read_bytes()
    cut = min(lost, len(data.splitlines()[1]))
    (root / LEDGER).write_bytes(data[:-cut])
    assert set(load(root).current) >= {"a"}
    again = Store.open(root)
    again.keep(item("b", b"b"), ".txt")
    assert set(load(root).current) == {"a", "b"}


def test_a_broken_line_inside_is_told(tmp_path):
    Store.open(tmp_path).keep(item("a", b"a"), ".txt")
    with (tmp_path / LEDGER).open("a") as file:
        file.write("no json\n{}\n")
    with pytest.raises(UnreadableFile, match="line 2"):
        load(tmp_path)


def test_a_file_that_was_deleted_is_fetched_again(tmp_path):
    Store.open(tmp_path).keep(item("a", b"a", etag='"1"'), ".txt")
    [kept] = (tmp_path / "files").rglob("*.txt")
    assert Store.open(tmp_path).asks("a") == ('"1"', None)
    kept.unlink()
    again = Store.open(tmp_path)
    assert again.asks("a") is None
    assert again.keep(item("a", b"a"), ".txt") == "stored"


@pytest.mark.parametrize(
    "path", sorted(p for p in CASES.glob("*/*.*") if p.suffix in (*KINDS, ".md")), ids=str
)
def test_what_juesuan_reads_is_of_a_kind_that_is_kept(path):
    told = kind(path.read_bytes(), f"https://a.example/download/{path.name}")
    assert told == {".md": ".txt", ".htm": ".html", ".mht": ".mhtml"}.get(path.suffix, path.suffix)


@given(st.binary(max_size=2000), st.text(max_size=30))
def test_any_bytes_under_any_name_are_of_a_known_kind_or_none(data, name):
    assert kind(b"PK\x03\x04" + data, name) in (*KINDS, None)
    assert kind(data, name) in (*KINDS, None)


# A run over the store ---------------------------------------------------------------


@pytest.fixture
def raw(tmp_path):
    """One document under two addresses, another under one."""
    store = Store.open(tmp_path / "raw")
    told = {"referrer": "https://a.example/list", "title": "旺岳决算", "etag": '"7"'}
    told |= {"last_modified": "Thu, 01 Aug 2024 00:00:00 GMT"}
    store.keep(item("https://a.example/1.md", QUICK.read_bytes(), **told), ".txt")
    store.keep(item("https://b.example/2", QUICK.read_bytes()), ".txt")
    store.keep(item("https://a.example/3.txt", OTHER.read_bytes()), ".txt")
    return tmp_path / "raw"


def rows(out: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(out / name).sort_values("source").reset_index(drop=True)


def test_a_run_names_documents_by_their_addresses(raw, tmp_path):
    out = tmp_path / "out"
    summary = run(raw, out, executor="serial")
    assert (summary.documents, summary.sources, summary.failed) == (2, 3, 0)
    found = rows(out, "sources")
    assert list(found["source"]) == [
        "https://a.example/1.md",
        "https://a.example/3.txt",
        "https://b.example/2",
    ]
    first = found.iloc[0]
    assert (first["referrer"], first["link_title"]) == ("https://a.example/list", "旺岳决算")
    assert (first["etag"], first["retrieved_at"]) == ('"7"', AT)
    assert first["last_modified"] == AT
    assert rows(out, "documents")["source"].tolist() == list(found["source"][:2])
    assert run(raw, out, executor="serial").read == 0


def test_what_an_address_gives_later_supersedes_what_it_gave(raw, tmp_path):
    out = tmp_path / "out"
    run(raw, out, executor="serial")
    changed = OTHER.read_bytes().replace("株洲".encode(), "株州".encode())
    store = Store.open(raw)
    store.keep(item("https://a.example/3.txt", changed), ".txt")
    summary = run(raw, out, executor="serial")
    assert (summary.read, summary.superseded) == (1, 1)
    assert len(rows(out, "sources")) == 3


def test_the_same_store_elsewhere_gives_the_same_bytes(raw, tmp_path):
    run(raw, tmp_path / "one", executor="serial")
    moved = shutil.move(raw, tmp_path / "moved")
    run(moved, tmp_path / "two", executor="serial")
    for path in (tmp_path / "one" / "sources").rglob("*.parquet"):
        there = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert there.read_bytes() == path.read_bytes()


def test_forms_and_narrative_linked_on_one_page_are_one_disclosure(tmp_path):
    store = Store.open(tmp_path)
    for name, url in (("公开表", "W01.xls"), ("公开说明", "W02.doc")):
        told = {"referrer": "https://a.example/x", "title": f"某局2020年度部门决算{name}"}
        store.keep(item(f"https://a.example/{url}", name.encode(), **told), f".{url[-3:]}")
    store.keep(item("https://a.example/W03.xls", b"other", referrer="https://a.example/y"), ".xls")
    paths = sorted(str(tmp_path / at.file) for at in load(tmp_path).current.values())
    found = sorted(tuple(p.source for p in task.parts) for task in tasks(paths))
    assert found == [
        ("https://a.example/W02.doc", "https://a.example/W01.xls"),
        ("https://a.example/W03.xls",),
    ]


def test_a_member_of_an_archive_has_the_archive_s_address(tmp_path):
    archive = shutil.make_archive(str(tmp_path / "a"), "zip", QUICK.parent, QUICK.name)
    store = Store.open(tmp_path / "raw")
    store.keep(item("https://a.example/all.zip", Path(archive).read_bytes()), ".zip")
    [path] = [str(tmp_path / "raw" / a.file) for a in load(tmp_path / "raw").current.values()]
    [task] = tasks([path])
    assert task.source == f"https://a.example/all.zip/{QUICK.name}"


def test_the_ledger_is_lines_of_json(raw):
    lines = (raw / LEDGER).read_text().splitlines()
    assert [json.loads(line)["url"][-1] for line in lines] == ["d", "2", "t"]
