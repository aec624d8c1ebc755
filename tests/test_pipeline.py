"""The run over many: what is read, what is not, and that nobody can tell who read it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extract.executors import Processes, Serial
from extract.inputs import task
from extract.pipeline import Step, run
from tests import making
from tests.making import text, tree


@pytest.fixture
def inputs(tmp_path) -> Path:
    """Five documents, of which two are the same and one cannot be read."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in {
        "a.txt": text("甲局", 2020, c201="100.00"),
        "b.txt": text("乙局", 2021, c202="-3.00"),
        "copy of a.txt": text("甲局", 2020, c201="100.00"),
        "d.txt": text("DAMAGED"),
        "e.txt": text("LINGER", 2019, c203="9.99"),
    }.items():
        (folder / name).write_bytes(data)
    return folder


def read_all(inputs: Path, out: Path, **options):
    return run([inputs], out, executor=Serial(), read=making.read, **options)


def test_every_executor_gives_the_same_bytes(inputs, tmp_path, monkeypatch):
    monkeypatch.chdir(inputs.parent)
    for jobs, executor in enumerate((Serial(), Processes(1), Processes(3))):
        run(["in"], tmp_path / str(jobs), executor=executor, read=making.read)
    assert tree(tmp_path / "0") == tree(tmp_path / "1") == tree(tmp_path / "2")


def test_the_summary_counts_the_documents_of_the_inputs(inputs, tmp_path):
    told = read_all(inputs, tmp_path / "out")
    assert (told.sources, told.documents, told.read, told.unchanged) == (5, 4, 4, 0)
    assert (told.clean, told.flagged, told.failed) == (2, 1, 1)
    assert (told.items, told.amounts, told.pages, told.forms) == (3, 3, 3, 3)
    assert (told.findings_error, told.proven, told.proven_twice) == (1, 1.0, 0.0)
    assert list(told.errors.values()) == ["is broken off after 12 bytes"]
    assert told.exit_code == 3


def test_a_second_run_reads_only_what_failed(inputs, tmp_path):
    first = read_all(inputs, tmp_path / "out")
    before = tree(tmp_path / "out")
    second = read_all(inputs, tmp_path / "out")
    assert (second.read, second.unchanged) == (1, 3)
    assert (second.documents, second.findings_error) == (first.documents, first.findings_error)
    assert tree(tmp_path / "out") == before


def test_new_inputs_are_added(inputs, tmp_path):
    read_all(inputs, tmp_path / "out")
    (inputs / "new.txt").write_bytes(text("丁局", 2022, c204="1.00"))
    assert read_all(inputs, tmp_path / "out").read == 2
    run([inputs], tmp_path / "at once", executor=Serial(), read=making.read)
    assert tree(tmp_path / "out") == tree(tmp_path / "at once")


def test_another_version_reads_everything_again(inputs, tmp_path, monkeypatch):
    read_all(inputs, tmp_path / "out")
    monkeypatch.setattr("extract.stages.publish.output.VERSION", "9.9")
    assert read_all(inputs, tmp_path / "out").unchanged == 0


def test_a_file_that_changes_while_it_is_read_is_no_document(inputs, tmp_path):
    def careless(data: bytes, source: str):
        return making.read(data + b" c999 1.00" if "b.txt" in source else data, source)

    told = run([inputs], tmp_path / "out", executor=Serial(), read=careless)
    assert "changed while it was read" in told.errors[str(inputs / "b.txt")]


def test_documents_are_looked_at_as_they_are_read(tmp_path, monkeypatch):
    for number in range(30):
        (tmp_path / f"{number}.txt").write_bytes(text(c201=f"{number}.00"))
    looked: list[str] = []
    monkeypatch.setattr("extract.inputs.task", lambda path: looked.append(path) or task(path))

    def progress(step: Step) -> None:
        assert len(looked) <= step.done + 2

    for executor in (Serial(), Processes(1)):
        looked.clear()
        out = tmp_path / executor.name
        run([tmp_path], out, executor=executor, read=making.read, progress=progress)
        assert len(looked) == 30


def test_progress_hears_of_each_document_once(inputs, tmp_path):
    steps: list[Step] = []
    read_all(inputs, tmp_path / "out", progress=steps.append)
    assert [step.done for step in steps] == [1, 2, 3, 4]
    assert steps[-1].total == 4
    read_all(inputs, tmp_path / "out", progress=steps.append)
    assert sorted(step.fresh for step in steps[4:]) == [False, False, False, True]


@pytest.mark.parametrize(("fail_on", "code"), [(None, 0), ("error", 5), ("warning", 5)])
def test_findings_fail_a_run_if_asked(inputs, tmp_path, fail_on, code):
    assert (
        run(
            [inputs / "b.txt"],
            tmp_path / "out",
            executor=Serial(),
            read=making.read,
            fail_on=fail_on,
        ).exit_code
        == code
    )


def test_each_run_is_a_row_of_runs(inputs, tmp_path):
    for _ in range(2):
        read_all(inputs, tmp_path / "out")
    parts = sorted((tmp_path / "out" / "runs").rglob("*.parquet"))
    rows = [row for part in parts for row in pq.ParquetFile(part).read().to_pylist()]
    assert [(row["read"], row["unchanged"], row["exit_code"]) for row in rows] == [
        (4, 0, 3),
        (1, 3, 3),
    ]
    assert all(row["started"] <= row["finished"] for row in rows)


def test_a_run_says_what_was_to_be_read_and_what_changed(inputs, tmp_path):
    out = tmp_path / "out"
    read_all(inputs, out)
    read_all(inputs, out)
    (inputs / "b.txt").write_bytes(text("乙局", 2021, c202="-4.00"))
    read_all(inputs, out)
    [month] = (out / "runs").rglob("*.parquet")
    rows = pq.ParquetFile(month).read().to_pylist()
    assert [
        (len(r["added_ids"]), len(r["changed_ids"]), len(r["superseded_ids"])) for r in rows
    ] == [
        (4, 0, 0),
        (0, 0, 0),  # what could not be read for the same reason is no news
        (1, 0, 1),
    ]
    assert [row["inputs"] for row in rows] == [[str(inputs)]] * 3
    assert all(row["seconds"] >= row["seconds_publishing"] >= 0 for row in rows)


def test_a_document_that_is_mended_has_changed(inputs, tmp_path):
    def refusing(data: bytes, source: str):
        return making.read(b"DAMAGED" if "b.txt" in source else data, source)

    run([inputs], tmp_path / "out", executor=Serial(), read=refusing)
    told = read_all(inputs, tmp_path / "out")
    assert (told.added, told.changed, told.changes_anything) == (0, 1, True)
    assert not read_all(inputs, tmp_path / "out").changes_anything
