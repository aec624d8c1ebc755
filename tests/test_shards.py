"""Which shard a disclosure belongs to: one, and the same wherever it is asked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import EXIT_USAGE, JuesuanError, NoInput
from extract.inputs import find
from extract.shards import Shard
from tests.making import text

NOTHING = io.StringIO()
names = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=9),
    min_size=1,
    max_size=3,
).map("/".join)


def shares(paths: list[str], folders: list[str], count: int) -> list[list[str]]:
    return [Shard(n, count).of_paths(paths, folders) for n in range(1, count + 1)]


@given(st.lists(names, unique=True, max_size=20), st.integers(1, 6))
def test_each_document_belongs_to_one_shard(found, count):
    paths = [f"/in/{name}" for name in found]
    assert sorted(path for share in shares(paths, ["/in"], count) for path in share) == sorted(
        paths
    )


@given(st.lists(names, unique=True, max_size=20), st.integers(1, 6))
def test_it_does_not_matter_where_the_folder_is_mounted(found, count):
    there, here = (
        shares([f"{mount}/{name}" for name in found], [mount], count)
        for mount in ("/mnt/nfs/决算", "/home/a")
    )
    assert [[path.removeprefix("/mnt/nfs/决算") for path in share] for share in there] == [
        [path.removeprefix("/home/a") for path in share] for share in here
    ]


@given(st.integers(2, 50))
def test_files_that_are_one_disclosure_stay_together(count):
    paths = ["/in/某局2020年度决算公开表.xls", "/in/某局2020年度决算公开说明.docx"]
    assert {len(share) for share in shares(paths, ["/in"], count)} == {0, 2}


@given(st.integers(1, 9))
def test_who_comes_later_comes_to_the_same_shard(count):
    first, second = "/in/某局2020年度决算公开表.xls", "/in/某局2020年度决算公开说明.docx"
    alone = shares([first], ["/in"], count)
    assert [bool(share) for share in alone] == [
        bool(share) for share in shares([first, second], ["/in"], count)
    ]


def test_files_that_name_no_one_stay_with_all_that_lie_with_them():
    """Whether 公开表 and 说明 are a pair hangs on what else is in the folder."""
    paths = ["/in/甲/公开表.xls", "/in/甲/说明.docx", "/in/甲/其他.pdf", "/in/乙/a.pdf"]
    shared_out = shares(paths, ["/in"], 50)
    assert sorted(len(share) for share in shared_out if share) in ([1, 3], [4])


def test_a_name_spelt_by_another_system_is_the_same():
    assert Shard(1, 7).holds("caf\u00e9.pdf") == Shard(1, 7).holds("cafe\u0301.pdf")


def test_the_shares_are_about_even():
    paths = [f"/in/{n}.pdf" for n in range(4000)]
    assert all(900 < len(share) < 1100 for share in shares(paths, ["/in"], 4))


def test_the_rule_stays_as_it_is():
    """Machines of one run may have different versions, and OUTs of shards are kept for years."""
    owners = [
        next(n for n in range(1, 10) if Shard(n, 9).holds(f"{name}.pdf")) for name in "abcdef"
    ]
    assert owners == [9, 4, 9, 9, 2, 5]


@pytest.mark.parametrize("written", ["", "1", "0/4", "5/4", "a/b", "1/0", "-1/2", "1/2/3", "²/3"])
def test_what_is_no_shard_is_refused(written):
    with pytest.raises(JuesuanError, match="is no shard") as told:
        Shard.parse(written)
    assert told.value.exit_code == EXIT_USAGE


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    for number in range(12):
        path = tmp_path / "in" / "ab"[number % 2] / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text("甲局", 2020, c201=f"{number}.00"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "given_as",
    [
        ["in"],
        ["./in/"],
        ["in/**/*.txt"],
        ["in/a", "in/b"],
        ["in/../in"],
        ["in/[ab]"],
        ["in/a/0.txt", "in"],
    ],
)
def test_folders_patterns_and_lists_are_shared_out_alike(folder, given_as):
    wanted = [find([str(folder / "in")], NOTHING, Shard(n, 3)) for n in (1, 2, 3)]
    found = [find(given_as, NOTHING, Shard(n, 3)) for n in (1, 2, 3)]
    assert [[str(Path(path).resolve()) for path in share] for share in found] == wanted


def test_a_shard_may_be_empty_but_not_the_input(folder):
    assert [find(["in/a/0.txt"], NOTHING, Shard(n, 9)) for n in range(1, 10)].count([]) == 8
    with pytest.raises(NoInput):
        find(["in/*.xyz"], NOTHING, Shard(1, 2))
