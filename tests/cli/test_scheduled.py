"""What a scheduled job needs: how OUT stands, whose accounts are missing, what would be read, and figures."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from extract.cli import exit_code
from extract.executors import Serial
from extract.pipeline import run
from tests import making
from tests.cli.test_cli import QUICK, juesuan
from tests.making import text, tree


@pytest.fixture
def inputs(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes(text("甲县财政局", 2020, c201="100.00"))
    (folder / "b.txt").write_bytes(text("乙局（本级）", 2021, c202="-3.00"))
    (folder / "d.txt").write_bytes(text("DAMAGED"))
    return folder


def read(inputs: Path, out: Path):
    return run([inputs], out, executor=Serial(), read=making.read)


@pytest.fixture
def said(capsys):
    """A command in this process: exit code, what it printed, what it told on standard error."""

    def ended(*arguments: object) -> tuple[int, str, str]:
        code = exit_code([*map(str, arguments)])
        return code, *capsys.readouterr()

    return ended


# status --------------------------------------------------------------------------


def test_status_tells_what_is_new_and_what_failed(inputs, tmp_path, said):
    out = tmp_path / "out"
    read(inputs, out)
    (inputs / "new.txt").write_bytes(text("丁局", 2022, c204="1.00"))
    read(inputs, out)
    before = tree(out)
    code, told, _ = said("status", out, "--json")
    found = json.loads(told)
    assert code == 0
    assert [one["source"] for one in found["new"]] == [str(inputs / "new.txt")]
    assert [one["why"] for one in found["failed"]] == ["is broken off after 12 bytes"]
    assert (found["documents"], found["clean"], found["flagged"]) == (4, 2, 1)
    assert (found["quarantined"], found["stale"], found["changed"]) == ([], [], [])
    assert found["last"]["exit_code"] == 3
    code, told, _ = said("status", out)
    assert "new         1" in told
    assert "broken off" in told
    assert tree(out) == before


def test_status_tells_what_another_version_read(inputs, tmp_path, said, monkeypatch):
    read(inputs, tmp_path / "out")
    monkeypatch.setattr("extract.status.VERSION", "9.9")
    found = json.loads(said("status", tmp_path / "out", "--json")[1])
    assert {one["why"] for one in found["stale"]} == {"read by juesuan 0.1.0"}
    assert len(found["stale"]) == 3


def test_status_of_a_folder_no_run_has_written_is_6(tmp_path, said):
    assert said("status", tmp_path)[0] == 6
    assert list(tmp_path.iterdir()) == []


# coverage ------------------------------------------------------------------------


@pytest.fixture
def listed(tmp_path) -> Path:
    path = tmp_path / "agencies.csv"
    lines = [
        "agency,fiscal_year,note",
        "甲县 财政局,2020,x",
        "乙局(本级),2021,",
        "乙局(本级),2020,",
    ]
    path.write_text("\n".join([*lines, "县财政局,2020,"]), encoding="utf-8-sig")
    return path


def test_coverage_matches_names_as_they_fold(inputs, tmp_path, listed, said):
    read(inputs, tmp_path / "out")
    code, told, summed = said("coverage", tmp_path / "out", "--expected", listed)
    rows = list(csv.DictReader(io.StringIO(told)))
    assert code == 0
    assert [row["state"] for row in rows] == ["complete", "complete", "missing", "missing"]
    assert (rows[0]["forms"], rows[0]["proven"]) == ("1", "1.0000")
    assert summed == "2 complete, 0 incomplete, 2 missing\n"


def test_coverage_fails_if_asked(inputs, tmp_path, listed, said):
    read(inputs, tmp_path / "out")
    wanted = ("coverage", tmp_path / "out", "--expected", listed, "--fail-on")
    assert said(*wanted, "missing")[0] == said(*wanted, "incomplete")[0] == 5
    listed.write_text("agency,fiscal_year\n甲县财政局,2020\n", encoding="utf-8")
    assert said(*wanted, "incomplete")[0] == 0


def test_coverage_tells_names_alike_and_accounts_nobody_expected(inputs, tmp_path, said):
    read(inputs, tmp_path / "out")
    (tmp_path / "agencies.csv").write_text("agency,fiscal_year\n县财政局,2020\n", encoding="utf-8")
    told = said("coverage", tmp_path / "out", "--expected", tmp_path / "agencies.csv", "--json")[1]
    found = json.loads(told)
    assert found["counts"] == {"complete": 0, "incomplete": 0, "missing": 1}
    assert found["expected"][0]["nearest"] == ["甲县财政局"]
    assert {one["agency"] for one in found["unexpected"]} == {"甲县财政局", "乙局（本级）"}


@pytest.mark.parametrize("content", ["name,year\nx,2020", "agency,fiscal_year\n甲,去年", "\xff"])
def test_a_list_that_says_nothing_clear_is_2(inputs, tmp_path, said, content):
    read(inputs, tmp_path / "out")
    (tmp_path / "list.csv").write_bytes(
        content.encode("latin-1", "ignore") if content == "\xff" else content.encode()
    )
    code, _, told = said("coverage", tmp_path / "out", "--expected", tmp_path / "list.csv")
    assert code == 2
    assert "list.csv" in told


# run -----------------------------------------------------------------------------


def test_a_dry_run_says_why_and_writes_nothing(inputs, tmp_path, said):
    out = tmp_path / "out"
    told = json.loads(said("run", inputs, "--out", out, "--dry-run", "--json")[1])
    assert told["counts"] == {"new": 3}
    assert not out.exists()
    read(inputs, out)
    (inputs / "b.txt").write_bytes(text("乙局", 2021, c202="-4.00"))
    (inputs / "copy.txt").write_bytes((inputs / "a.txt").read_bytes())
    before = tree(out, without=())
    told = json.loads(said("run", inputs, "--out", out, "--dry-run", "--json")[1])
    assert told["counts"] == {"done": 1, "copy": 1, "revision": 1, "failed": 1}
    assert told["to_read"] == 2
    assert tree(out, without=()) == before
    plain = said("run", inputs, "--out", out, "--dry-run", "--no-narrative")[1]
    assert f"way         {inputs / 'a.txt'}" in plain


def test_dry_runs_of_all_shards_would_read_what_one_would(inputs, tmp_path, said):
    def planned(*more: object) -> list[str]:
        told = json.loads(
            said("run", inputs, "--out", tmp_path / "out", "--dry-run", "--json", *more)[1]
        )
        return sorted(one["source"] for one in told["documents"])

    shards = [planned("--shard", f"{n}/3") for n in (1, 2, 3)]
    assert sorted(name for shard in shards for name in shard) == planned()


def test_a_dry_run_reads_what_the_run_reads(inputs, tmp_path, said):
    out = tmp_path / "out"
    read(inputs, out)
    (inputs / "new.txt").write_bytes(text("丁局", 2022, c204="1.00"))
    planned = json.loads(said("run", inputs, "--out", out, "--dry-run", "--json")[1])["to_read"]
    assert read(inputs, out).read == planned == 2


def test_with_changes_only_a_run_that_changes_nothing_says_nothing(tmp_path):
    command = ("run", QUICK, "--out", tmp_path / "out", "--changes-only")
    assert "1 read now" in juesuan(*command).stdout
    again = juesuan(*command)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_logs_are_objects_if_asked_also_of_what_goes_wrong(tmp_path):
    (tmp_path / "gone.pdf").write_bytes(b"")
    shutil.copy(QUICK, tmp_path)
    command = ("run", tmp_path, "--out", tmp_path / "out", "--log-format", "json")
    ended = juesuan(*command)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert (ended.returncode, ended.stdout) == (3, "")
    assert [line["event"] for line in lines] == ["document", "document", "run"]
    assert {line["status"] for line in lines[:2]} == {"clean", "failed"}
    assert lines[-1]["exit_code"] == 3
    (tmp_path / "none").mkdir()
    refused = juesuan("run", tmp_path / "none", "--out", tmp_path / "o", "--log-format", "json")
    [line] = map(json.loads, refused.stderr.splitlines())
    assert (line["event"], line["exit_code"], refused.returncode) == ("error", 6, 6)


def figures(path: Path) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(path.read_text())
    return {(s.name, *s.labels.values()): s.value for f in families for s in f.samples}


def test_metrics_are_open_metrics_and_written_also_where_out_cannot_be_used(tmp_path, said):
    file = tmp_path / "juesuan.prom"
    run = ("run", QUICK, "--executor", "serial", "--metrics", file, "--quiet", "--out")
    assert said(*run, tmp_path / "out")[0] == 0
    told = figures(file)
    assert told["juesuan_documents", "clean"] == told["juesuan_added",] == 1
    assert told["juesuan_exit_code",] == 0
    (tmp_path / "blocked").write_text("")
    assert said(*run, tmp_path / "blocked")[0] == 6
    told = figures(file)
    assert told["juesuan_exit_code",] == 6
    assert ("juesuan_read",) not in told
    assert [path.name for path in tmp_path.glob("*juesuan.prom*")] == ["juesuan.prom"]


def test_runs_are_one_file_a_month(inputs, tmp_path):
    for _ in range(3):
        read(inputs, tmp_path / "out")
    [month] = (tmp_path / "out" / "runs").rglob("*.parquet")
    assert pq.ParquetFile(month).metadata.num_rows == 3
