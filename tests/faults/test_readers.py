"""Somebody reads a dataset while a run publishes: he sees it as it was or as it is, at any moment."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from extract.executors import Serial
from extract.pipeline import run
from extract.stages.publish import exchange
from extract.stages.publish import leaves as leaves_of
from tests import making
from tests.making import text, tree

NAMES = ("documents", "items", "sources")


def seen(out: Path) -> Iterator[tuple[tuple[str, str], Counter[str]]]:
    """(dataset, year) → the rows of each document, by the files that are there."""
    for name in NAMES:
        for year in sorted((out / name).glob("fiscal_year=*")):
            rows = [
                doc_id
                for path in sorted(year.glob("*.parquet"))
                for doc_id in pq.read_table(path, columns=["doc_id"], partitioning=None)[
                    "doc_id"
                ].to_pylist()
            ]
            yield (name, year.name), Counter(rows)


def published(folder: Path, out: Path) -> None:
    run([folder], out, executor=Serial(), read=making.read)


@pytest.fixture
def filled(tmp_path, monkeypatch) -> tuple[Path, Path]:
    """A year whose one file is full, and the folder of its documents."""
    monkeypatch.setattr(leaves_of, "MOST", 4)
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_bytes(text(f"局{number}", c201="1.00", c202="2.00"))
    published(folder, out)
    assert {path.name for path in (out / "items").rglob("*.parquet")} == {"all.parquet"}
    return folder, out


def more(folder: Path) -> None:
    """So many that the file is cut anew, and a revision that takes the place of a document in another."""
    for number in range(4, 9):
        (folder / f"{number}.txt").write_bytes(text(f"局{number}", c201="1.00", c202="2.00"))


def fewer(folder: Path) -> None:
    """Revisions of nearly all that are of another year: the files are made one again."""
    for number in range(1, 9):
        (folder / f"{number}.txt").write_bytes(text(f"局{number}", 2021, c201="9.00", c202="2.00"))


@pytest.mark.parametrize("change", [more, fewer])
def test_at_each_step_a_reader_sees_all_of_before_or_all_of_after(filled, monkeypatch, change):
    folder, out = filled
    if change is fewer:
        more(folder)
        published(folder, out)
    before = dict(seen(out))
    change(folder)
    looks: list[dict[Any, Any]] = []

    def looked(call: Any) -> Any:
        def called(*given: Any, **named: Any) -> Any:
            result = call(*given, **named)
            looks.append(dict(seen(out)))
            return result

        return called

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "exchanged", looked(exchange.exchanged))
        for name in ("replace", "rename", "unlink", "rmdir"):
            patch.setattr(Path, name, looked(getattr(Path, name)))
        published(folder, out)
    after = dict(seen(out))
    assert before != after
    empty: Counter[str] = Counter()
    for look in looks:
        for place in before.keys() | after.keys() | look.keys():
            states = (before.get(place, empty), after.get(place, empty))
            assert look.get(place, empty) in states, place
    assert len(looks) > 20


def test_without_an_exchange_the_datasets_are_the_same(filled, tmp_path, monkeypatch):
    folder, out = filled
    monkeypatch.setattr("extract.stages.publish.swap.take_the_place", _by_two_renames)
    more(folder)
    published(folder, out)
    published(folder, tmp_path / "fresh")
    assert tree(out) == tree(tmp_path / "fresh")


def _by_two_renames(new: Path, place: Path, aside: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "exchanged", lambda *_: False)
        exchange.take_the_place(new, place, aside)


def test_folders_are_exchanged_in_one_step(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange.exchanged(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this file system exchanges no names")
    assert (tmp_path / "one" / "other").exists()
    assert (tmp_path / "other" / "one").exists()
    assert not exchange.exchanged(tmp_path / "one", tmp_path / "nowhere")


_WRITER = """
import sys
from pathlib import Path
from extract.executors import Serial
from extract.pipeline import run
from extract.stages.publish import leaves
from tests import making
leaves.MOST = 4
folder, out = map(Path, sys.argv[1:])
for number in range(4, 40):
    (folder / f"{number}.txt").write_bytes(making.text(f"局{number}", c201="1.00", c202="2.00"))
    run([folder], out, executor=Serial(), read=making.read)
"""


@pytest.mark.soak
def test_a_reader_beside_a_writer_never_counts_a_document_twice_or_not_at_all(filled):
    folder, out = filled
    command = [sys.executable, "-c", _WRITER, str(folder), str(out)]
    last, reads, gone = 4, 0, 0
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as writing:
        while writing.poll() is None:
            time.sleep(random.uniform(0, 0.01))
            try:
                rows = ds.dataset(out / "items").to_table(["doc_id"])["doc_id"].to_pylist()
            except FileNotFoundError:  # listed, and cut anew before it was opened: he looks again
                gone += 1
                continue
            counts = Counter(rows)
            assert set(counts.values()) == {2}
            assert len(counts) >= last
            last, reads = len(counts), reads + 1
    assert writing.returncode == 0
    assert reads > gone
