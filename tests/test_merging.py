"""Runs over shards, merged, are one run."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import extract
from extract.errors import JuesuanError, OutputError, OutputLocked, SchemaMismatch
from extract.executors import Serial
from extract.pipeline import run
from extract.shards import Shard
from extract.stages.publish import Output
from extract.stages.publish import files as publishing
from tests import making
from tests.cli.test_cli import juesuan, summary
from tests.making import text, tree
from tests.stages.test_publish import KilledError, killed_after

__all__ = ["killed_after"]  # a fixture

SHARDS = 3


@pytest.fixture
def inputs(tmp_path, monkeypatch) -> Path:
    """Documents of two years, copies of some under other names, and some that cannot be read."""
    folder = tmp_path / "in"
    for number in range(10):
        write(folder, f"{number}.txt", text(f"{number}局", 2020 + number % 2, c201=f"{number}.00"))
    for number in range(6):
        write(
            folder,
            f"copies/{number}.txt",
            text(f"{number}局", 2020 + number % 2, c201=f"{number}.00"),
        )
    write(folder, "damaged.txt", text("DAMAGED"))
    write(folder, "empty.txt", b"")
    monkeypatch.chdir(tmp_path)
    return folder


def write(folder: Path, name: str, data: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def read(out: str, shard: Shard | None = None) -> None:
    run(["in"], out, executor=Serial(), read=making.read, shard=shard)


def read_shards(of: int = SHARDS) -> list[str]:
    shards = [Shard(number, of) for number in range(1, of + 1)]
    for shard in shards:
        read(f"part-{shard.number}", shard)
    return [f"part-{shard.number}" for shard in shards]


def rows(out: str, name: str) -> list[dict[str, object]]:
    return [row for part in sorted(Path(out, name).rglob("*.parquet"))
            for row in pq.ParquetFile(part).read().to_pylist()]  # fmt: skip


@pytest.mark.parametrize("of", [1, 2, 3, 40])
def test_shards_merged_are_one_run_byte_for_byte(inputs, of):
    read("whole")
    told = extract.merge("merged", read_shards(of))
    assert tree(Path("merged")) == tree(Path("whole"))
    assert (told.documents, told.read, told.failed, told.exit_code) == (12, 12, 2, 3)


def test_any_order_of_shards_will_do(inputs):
    parts = read_shards()
    extract.merge("one", parts)
    extract.merge("two", reversed(parts))
    extract.merge("three", parts[:1])
    extract.merge("three", parts[1:])
    assert tree(Path("one")) == tree(Path("two"))
    for name in ("items", "checks", "forms"):
        assert tree(Path("three", name)) == tree(Path("one", name))


def test_merging_again_changes_nothing(inputs):
    parts = read_shards()
    extract.merge("merged", parts)
    before = {path: path.stat().st_mtime_ns for path in Path("merged").rglob("*.parquet")}
    told = extract.merge("merged", parts)
    assert (told.read, told.unchanged, told.superseded) == (0, 12, 0)
    assert {path: path.stat().st_mtime_ns for path in Path("merged").rglob("*.parquet")} == before


def change(inputs: Path) -> None:
    """A new revision, one that cannot be read, one that can again, a new document, a lost copy."""
    write(inputs, "1.txt", text("1局", 2020, c201="1.50"))
    write(inputs, "2.txt", text("DAMAGED", 2020, c201="2.50"))
    write(inputs, "damaged.txt", text("10局", 2019, c203="3.00"))
    write(inputs, "new.txt", text("11局", 2022, c203="3.00"))
    write(inputs, "copies/5.txt", text("12局", 2022, c203="3.00"))
    write(inputs, "5.txt", text("13局", 2022, c203="3.00"))


def test_revisions_and_history_are_those_of_one_run_after_the_other(inputs):
    read("whole")
    parts = read_shards()
    extract.merge("merged", parts)
    change(inputs)
    read("whole")
    read_shards()
    told = extract.merge("merged", parts)
    assert tree(Path("merged")) == tree(Path("whole"))
    assert told.superseded == len(rows("merged/history", "documents")) == 2
    extract.merge("merged", parts)
    assert tree(Path("merged")) == tree(Path("whole"))


def test_the_history_of_shards_is_taken_over_anew(inputs):
    """But for the name a document had first, where another shard has lost it since."""
    read("whole")
    parts = read_shards()
    change(inputs)
    read("whole")
    read_shards()
    extract.merge("merged", parts)
    merged, whole = (tree(Path(out), without=("runs", "documents")) for out in ("merged", "whole"))
    assert merged == whole
    assert [row | {"source": ""} for row in rows("merged", "documents")] == [
        row | {"source": ""} for row in rows("whole", "documents")
    ]
    assert sum(row["supersedes"] is not None for row in rows("merged", "documents")) >= 3


@pytest.mark.parametrize("stride", [9, pytest.param(1, marks=pytest.mark.soak)])
def test_a_merge_killed_at_any_moment_is_run_again(inputs, killed_after, monkeypatch, stride):
    parts = read_shards()
    extract.merge("before", parts)
    change(inputs)
    read_shards()
    shutil.copytree("before", "wanted")
    extract.merge("wanted", parts)
    kills = 0
    for steps in count(step=stride):
        out = f"out-{steps}"
        shutil.copytree("before", out)
        killed_after(steps)
        try:
            extract.merge(out, parts)
            break
        except KilledError:
            kills += 1
        finally:
            monkeypatch.undo()
            monkeypatch.chdir(inputs.parent)
        extract.merge(out, parts)
        assert tree(Path(out)) == tree(Path("wanted")), f"killed after {steps} changes"
    assert kills > 30 / stride


def test_the_runs_of_the_shards_are_kept(inputs):
    extract.merge("merged", read_shards())
    assert {row["shard"] for row in rows("merged", "runs")} == {"1/3", "2/3", "3/3"}


def test_a_shard_that_is_absent_is_told(inputs, caplog):
    extract.merge("merged", read_shards()[:2])
    assert "no shard 3/3" in caplog.text


def test_other_schema_versions_are_refused(inputs, monkeypatch):
    parts = read_shards()
    monkeypatch.setattr(publishing, "SCHEMA_VERSION", "3")
    with pytest.raises(SchemaMismatch, match="schema_version 2") as told:
        extract.merge("merged", parts)
    assert told.value.exit_code == 6
    assert not Path("merged").exists()


def test_a_shard_that_is_being_written_is_refused(inputs):
    parts = read_shards()
    with Output.open(Path(parts[1])), pytest.raises(OutputLocked, match=parts[1]):
        extract.merge("merged", parts)


def test_a_folder_no_run_has_written_is_refused(inputs):
    with pytest.raises(OutputError, match="holds no documents"):
        extract.merge("merged", ["in"])


def test_nothing_is_merged_into_itself(inputs):
    [part] = read_shards(1)
    with pytest.raises(JuesuanError, match="into itself"):
        extract.merge(part, [part])


def test_the_command_says_what_the_library_does(inputs, tmp_path):
    parts = read_shards()
    told = summary(juesuan("merge", "merged", *parts, "--json", cwd=tmp_path))
    assert (told["executor"], told["read"], told["exit_code"]) == ("merge", 12, 3)
    assert (
        "12: 0 taken over, 12 unchanged" in juesuan("merge", "merged", *parts, cwd=tmp_path).stdout
    )
    ended = juesuan("run", "in", "--out", "x", "--shard", "4/3", cwd=tmp_path)
    assert (ended.returncode, "4/3 is no shard" in ended.stderr) == (2, True)
