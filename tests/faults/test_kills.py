"""kill -9 at random, again and again, on one output directory: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import extract.pipeline as pipeline_clock
from extract.errors import OutputError, OutputLocked
from extract.executors import Serial
from extract.pipeline import run
from extract.stages.publish import Output, Owner, holder, pack
from extract.stages.publish import leaves as leaves_of
from extract.status import status
from tests import making
from tests.making import text, tree

# A process that has imported everything kills a copy of itself at a moment of a run, and does so
# for each delay it is given; a delay of 0 lets the run end.
_ROUNDS = """
import os, random, signal, sys, time
from pathlib import Path
from extract.executors import Serial
from extract.pipeline import run
from extract.stages.publish import leaves
from tests import making

leaves.MOST = 4
folder, out, rounds, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
chance, longest, kills = random.Random(seed), 0.05, 0
for number in range(rounds):
    (folder / f"{number}.txt").write_bytes(
        making.text(f"局{number}", 2019 + number % 2, c201=f"{number}.00")
    )
    began = time.monotonic()
    child = os.fork()
    if not child:
        run([folder], out, executor=Serial(), read=making.read)
        os._exit(0)
    if number % 5:
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    kills += os.WIFSIGNALED(status)
    if not number % 5:
        longest = time.monotonic() - began
print(kills)
"""


@pytest.mark.parametrize("rounds", [25, pytest.param(270, marks=pytest.mark.soak)])
def test_runs_killed_at_random_leave_what_a_run_in_peace_leaves(tmp_path, monkeypatch, rounds):
    monkeypatch.setattr(leaves_of, "MOST", 4)
    folder, out = tmp_path / "in", tmp_path / "killed"
    folder.mkdir()
    seed = random.randrange(1 << 30)
    command = [sys.executable, "-c", _ROUNDS, folder, out, rounds, seed]
    ended = subprocess.run(
        [*map(str, command)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    for part in out.rglob("*.parquet"):
        pq.ParquetFile(part).read()
    run([folder], out, executor=Serial(), read=making.read)
    run([folder], tmp_path / "in peace", executor=Serial(), read=making.read)
    assert tree(out) == tree(tmp_path / "in peace"), f"seed {seed}"
    told = pa.concat_tables(
        pq.ParquetFile(part).read() for part in (out / "items").rglob("*.parquet")
    )
    assert told.num_rows == len(set(told["doc_id"].to_pylist())) == rounds
    assert int(ended.stdout) > rounds / 4  # some were over before they were hit


def test_a_clock_put_back_between_runs_changes_no_dataset(tmp_path, monkeypatch):
    class Back(pipeline_clock.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz).replace(year=1999)

    (tmp_path / "a.txt").write_bytes(text("甲局", 2020, c201="1.00"))
    run([tmp_path / "a.txt"], tmp_path / "out", executor=Serial(), read=making.read)
    before = tree(tmp_path / "out")
    monkeypatch.setattr(pipeline_clock, "datetime", Back)
    told = run([tmp_path / "a.txt"], tmp_path / "out", executor=Serial(), read=making.read)
    assert (told.read, told.unchanged) == (0, 1)
    assert tree(tmp_path / "out") == before
    assert len(list((tmp_path / "out" / "runs").rglob("*.parquet"))) == 2


def test_a_clock_put_back_during_a_run_leaves_a_row_that_says_no_less_than_nothing(
    tmp_path, monkeypatch
):
    times = iter([2030, 2001, 2001])

    class Jumping(pipeline_clock.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz).replace(year=next(times))

    (tmp_path / "a.txt").write_bytes(text("甲局", 2020, c201="1.00"))
    monkeypatch.setattr(pipeline_clock, "datetime", Jumping)
    told = run([tmp_path / "a.txt"], tmp_path / "out", executor=Serial(), read=making.read)
    assert told.seconds >= 0
    assert told.finished >= told.started


# Locks -----------------------------------------------------------------------------


def test_who_has_to_wait_hears_for_whom(tmp_path):
    with Output.open(tmp_path), pytest.raises(OutputLocked) as told:
        run([__file__], tmp_path, executor=Serial(), read=making.read)
    assert f"process {os.getpid()} on {socket.gethostname()}, since 20" in str(told.value)
    assert not (tmp_path / ".lock.json").exists()


def test_the_lock_of_a_run_that_was_killed_is_void(tmp_path, caplog):
    left = {"pid": 1 << 30, "host": socket.gethostname(), "since": "2024-05-01T00:00:00+00:00"}
    (tmp_path / ".lock").touch()
    (tmp_path / ".lock.json").write_text(json.dumps(left))
    assert holder(tmp_path) is None
    with Output.open(tmp_path):
        assert holder(tmp_path) is not None
    assert "did not end by itself: process 1073741824" in caplog.text
    assert holder(tmp_path) is None


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b'{"pid": "x", "host": 1}', b"\xff"])
def test_what_is_no_owner_stops_nobody(tmp_path, garbage):
    (tmp_path / ".lock.json").write_bytes(garbage)
    with Output.open(tmp_path) as output:
        assert output.root == tmp_path


def test_an_owner_from_the_future_has_held_it_for_no_time():
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert Owner(1, "here", now.replace(year=2030)).age(now) == "0:00:00"


# Two at once, read-only, spoilt ----------------------------------------------------


def test_of_two_runs_at_once_one_is_told_to_wait_and_the_other_is_whole(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(10):
        (tmp_path / "in" / f"{number}.txt").write_bytes(text("LINGER", 2020, c201=f"{number}.00"))
    code = (
        "import sys; from extract.executors import Serial; from extract.pipeline import run; "
        "from extract.errors import OutputLocked; from tests import making\n"
        "try: run([sys.argv[1]], sys.argv[2], executor=Serial(), read=making.read)\n"
        "except OutputLocked as why: print(why); sys.exit(6)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "in"), str(tmp_path / "out")]
    root = Path(__file__).parents[2]
    with (
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as one,
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as other,
    ):
        told = [one.communicate()[0], other.communicate()[0]]
    assert sorted([one.returncode, other.returncode]) in ([0, 6], [0, 0])
    if 6 in (one.returncode, other.returncode):
        assert "another run is writing" in "".join(told)
    run([tmp_path / "in"], tmp_path / "alone", executor=Serial(), read=making.read)
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_out_that_may_not_be_written_is_refused_and_may_be_looked_at(tmp_path):
    (tmp_path / "a.txt").write_bytes(text("甲局", 2020, c201="1.00"))
    out = tmp_path / "out"
    run([tmp_path / "a.txt"], out, executor=Serial(), read=making.read)
    out.chmod(0o500)
    try:
        assert status(out).documents == 1
        (out / ".lock").chmod(0o400)
        with pytest.raises(OutputError, match="cannot write"):
            run([tmp_path / "a.txt"], out, executor=Serial(), read=making.read)
    finally:
        out.chmod(0o700)


@pytest.mark.parametrize("spoil", ["cut", "flip", "other", "empty"])
def test_a_staged_file_that_is_spoilt_is_read_again(tmp_path, spoil):
    data = text("甲局", 2020, c201="1.00")
    (tmp_path / "a.txt").write_bytes(data)
    reading = making.read(data, str(tmp_path / "a.txt"))
    with Output.open(tmp_path / "out") as output:
        output.keep(pack(reading))
    [staged] = (tmp_path / "out" / ".staged").glob("*.arrow")
    whole = staged.read_bytes()
    middle = len(whole) // 2
    spoilt = {
        "cut": whole[:-200],
        "flip": whole[:middle]
        + bytes(255 - byte for byte in whole[middle : middle + 64])
        + whole[middle + 64 :],
        "other": pack(making.read(text("乙局", 2020, c201="2.00"), "b.txt")).data,
        "empty": b"",
    }[spoil]
    staged.write_bytes(spoilt)
    told = run([tmp_path / "a.txt"], tmp_path / "out", executor=Serial(), read=making.read)
    assert told.read == 1
    run([tmp_path / "a.txt"], tmp_path / "clean", executor=Serial(), read=making.read)
    assert tree(tmp_path / "out") == tree(tmp_path / "clean")
