"""A Dask cluster on this machine: the promise of every executor, and what only a cluster can suffer."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest
from distributed import Client, KilledWorker, LocalCluster

from extract.errors import EXIT_USAGE, ClusterError, WorkerLost
from extract.executors import Cluster, Limits, Serial, never
from extract.executors.cluster import _answer
from extract.pipeline import run
from tests import making
from tests.cli.test_cli import QUICK, juesuan, summary
from tests.executors.test_executors import double, risk
from tests.making import text, tree

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Dask's own sockets, when it is killed
    pytest.mark.slow,
]


@pytest.fixture
def executor(local) -> Cluster:
    return Cluster(local.scheduler_address, Limits(seconds=4, megabytes=400))


def pids(local: LocalCluster) -> list[int]:
    with Client(local.scheduler_address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_a_bounded_number_of_tasks_is_under_way(executor):
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        while taken < 30:
            taken += 1
            yield taken

    for done, _ in enumerate(executor.run(double, tasks(), never), 1):
        assert taken <= done + executor.jobs
    assert executor.jobs == 4


def test_a_document_costs_only_itself(executor, local):
    before = pids(local)
    words = ["a", "CRASH", "b", "HANG", "c", "EAT", "d", "MISTAKE"]
    found = dict(executor.run(risk, words, never))
    lost = {word: str(why) for word, why in found.items() if isinstance(why, WorkerLost)}
    assert found.keys() == set(words)
    assert lost.keys() == {"CRASH", "HANG", "EAT", "MISTAKE"}
    assert "Segmentation fault" in lost["CRASH"]
    assert "longer than 4 s" in lost["HANG"]
    assert "more than 400 MB" in lost["EAT"]
    assert pids(local) == before


def test_a_run_that_is_over_leaves_no_process_behind(executor):
    found = dict(executor.run(risk, ["a", "b"], never))
    deadline = time.monotonic() + 10
    for _, pid in found.values():
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline, f"process {pid} lives on"
            time.sleep(0.05)


@pytest.fixture
def inputs(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.txt").write_bytes(
            text("LINGER", 2020 + number % 2, c201=f"{number}.00")
        )
    (folder / "copy.txt").write_bytes((folder / "7.txt").read_bytes())
    (folder / "damaged.txt").write_bytes(text("DAMAGED"))
    (folder / "crash.txt").write_bytes(text("CRASH"))
    monkeypatch.chdir(tmp_path)
    return folder


def without_crash(inputs: Path) -> Path:
    """What a process without limits survives too."""
    (inputs / "crash.txt").unlink()
    return inputs


def test_the_results_are_those_of_the_serial_executor_byte_for_byte(local, inputs):
    without_crash(inputs)
    told = run(
        ["in"], "cluster", executor=Cluster(local.scheduler_address, Limits()), read=making.read
    )
    run(["in"], "serial", executor=Serial(), read=making.read)
    assert tree(Path("cluster")) == tree(Path("serial"))
    assert (told.executor, told.documents, told.failed) == ("cluster", 41, 1)


def test_a_dask_worker_that_is_killed_loses_and_doubles_nothing(local, inputs):
    without_crash(inputs)
    victims = pids(local)
    steps = []

    def progress(step) -> None:
        steps.append(step.entry.doc_id)
        if len(steps) in (5, 15):
            os.kill(victims.pop(), signal.SIGKILL)

    executor = Cluster(local.scheduler_address, Limits())
    run(["in"], "cluster", executor=executor, read=making.read, progress=progress)
    assert victims == []
    assert len(steps) == len(set(steps)) == 41
    run(["in"], "serial", executor=Serial(), read=making.read)
    assert tree(Path("cluster")) == tree(Path("serial"))


def test_a_dask_worker_that_stands_still_is_not_waited_for(local, inputs):
    local.scale(2)
    frozen = pids(local)[0]
    thaw = threading.Timer(60, os.kill, (frozen, signal.SIGCONT))
    thaw.start()
    try:
        executor = Cluster(local.scheduler_address, Limits(), patience=2)
        began, seen = time.monotonic(), []
        for task, result in executor.run(double, range(20), never):
            if not seen:
                os.kill(frozen, signal.SIGSTOP)
            seen.append((task, result))
        assert sorted(seen) == [(n, 2 * n) for n in range(20)]
        assert time.monotonic() - began < 50
    finally:
        thaw.cancel()
        os.kill(frozen, signal.SIGCONT)


class Lost:
    """A future of which Dask gave up: its workers were lost, one after the other."""

    def result(self) -> None:
        raise KilledWorker("juesuan-1", None, 3)


def test_who_costs_one_dask_worker_after_the_other_is_lost():
    assert isinstance(_answer(Lost()), WorkerLost)


def test_a_cluster_without_workers_is_waited_for_and_told(caplog, monkeypatch):
    monkeypatch.setattr("extract.executors.cluster._CENSUS", 0.1)
    with LocalCluster(n_workers=0, dashboard_address=":0") as empty:
        threading.Timer(1, empty.scale, (1,)).start()
        assert dict(Cluster(empty.scheduler_address).run(double, [4], never)) == {4: 8}
    assert caplog.text.count("has no workers yet") == 1


def test_the_command_takes_an_address_or_a_scheduler_file(local, tmp_path):
    (tmp_path / "scheduler.json").write_text(json.dumps({"address": local.scheduler_address}))
    for number, where in enumerate((local.scheduler_address, tmp_path / "scheduler.json")):
        told = summary(
            juesuan("run", QUICK, "--out", tmp_path / str(number), "--cluster", where, "--json")
        )
        assert (told["executor"], told["documents"], told["exit_code"]) == ("cluster", 1, 0)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("ftp://127.0.0.1", "no Dask scheduler answers"),
        ("gone.json", "neither an address"),
        (__file__, "is no scheduler file"),
    ],
)
def test_a_scheduler_that_cannot_be_had_is_told(where, why, monkeypatch):
    monkeypatch.setattr("extract.executors.cluster._CONNECT", "1s")
    with pytest.raises(ClusterError, match=why) as told:
        list(Cluster(where).run(double, [1], never))
    assert told.value.exit_code == EXIT_USAGE


def test_another_version_on_the_workers_is_told(executor, monkeypatch):
    monkeypatch.setattr("extract.executors.cluster.VERSION", "9.9")
    with pytest.raises(ClusterError, match=r"this is 9\.9"):
        list(executor.run(double, [1], never))


def test_a_loop_that_starts_late_is_started_again(executor, monkeypatch):
    client, calls = distributed.Client, []

    def late(*arguments, **more):
        calls.append(arguments)
        if len(calls) == 1:
            raise AssertionError  # as distributed puts it
        return client(*arguments, **more)

    monkeypatch.setattr(distributed, "Client", late)
    assert [found for _, found in executor.run(double, [4], never)] == [8]


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'juesuan\[cluster\]'"):
        list(Cluster("tcp://127.0.0.1:1").run(double, [1], never))
