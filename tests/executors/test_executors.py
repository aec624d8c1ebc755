"""Every executor keeps the same promise; only processes survive what a document can do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.alarm import ALARM
from extract.errors import WorkerLost
from extract.executors import Executor, Limits, Processes, never
from tests import making
from tests.executors.conftest import LIMITS


def double(number: int) -> int:
    return 2 * number


def risk(word: str) -> tuple[str, int]:
    """Do what the word says, if it says anything."""
    making.HARM.get(word, str)()
    return word, os.getpid()


def results(executor: Executor, words: list[str]) -> dict[str, object]:
    return dict(executor.run(risk, words, never))


def test_every_task_comes_back_with_its_result(executor):
    assert dict(executor.run(double, range(20), never)) == {n: 2 * n for n in range(20)}


def test_tasks_are_taken_when_somebody_can_do_them(executor):
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        while taken < 20:
            taken += 1
            yield taken

    for done, _ in enumerate(executor.run(double, tasks(), never), 1):
        assert taken <= done + executor.jobs


def test_who_is_stopped_takes_no_further_task(executor):
    seen = []
    for task, _ in executor.run(double, range(1000), lambda: len(seen) >= 3):
        seen.append(task)
    assert 3 <= len(seen) <= 3 + executor.jobs


def test_no_task_is_no_work(executor):
    assert list(executor.run(double, [], never)) == []


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ("CRASH", "Segmentation fault"),
        ("LEAVE", "exit status 9"),
        ("HANG", "longer than 1.5 s"),
        ("EAT", "more than 400 MB"),
        ("MISTAKE", "exit status 1"),
    ],
)
def test_a_document_costs_only_itself(harm, why):
    words = ["a", "b", harm, "c", "d"]
    found = results(Processes(2, LIMITS), words)
    assert found.keys() == set(words)
    lost = found.pop(harm)
    assert isinstance(lost, WorkerLost)
    assert why in str(lost)
    assert not any(isinstance(result, WorkerLost) for result in found.values())


def once(flag: Path) -> str:
    """Crash, but only the first who tries."""
    if not flag.exists():
        flag.touch()
        making.crash()
    return "read"


def count(flag: Path) -> None:
    """Crash, and leave a mark each time."""
    with flag.open("a") as file:
        file.write(flag.name)
    making.HARM[flag.name]()


def test_who_cost_one_process_has_a_second(tmp_path):
    [(_, found)] = Processes(1, LIMITS).run(once, [tmp_path / "flag"], never)
    assert found == "read"


@pytest.mark.parametrize(("harm", "times"), [("CRASH", 2), ("EAT", 2), ("HANG", 1)])
def test_it_has_no_third_and_time_is_given_once(tmp_path, harm, times):
    [(_, found)] = Processes(1, LIMITS).run(count, [tmp_path / harm], never)
    assert isinstance(found, WorkerLost)
    assert (tmp_path / harm).read_text() == harm * times


def scan(pages: int) -> int:
    """As long as so many scanned pages, of which each puts the alarm off."""
    for _ in range(pages):
        ALARM.put_off()
    time.sleep(0.5 + pages * 0.02)
    return pages


def test_a_document_may_take_longer_for_each_scanned_page():
    limits = Limits(seconds=1.5)
    assert list(Processes(1, limits).run(scan, [100], never)) == [(100, 100)]


def test_one_worker_after_the_other_may_die():
    found = dict(Processes(1, LIMITS).run(risk, ["LEAVE", "a", "CRASH", "b"], never))
    assert [isinstance(found[word], WorkerLost) for word in found] == [True, False, True, False]


def test_there_are_no_more_processes_than_tasks_and_they_are_not_us():
    found = results(Processes(8, LIMITS), ["a", "b"])
    pids = {pid for _, pid in found.values()}
    assert 1 <= len(pids) <= 2
    assert os.getpid() not in pids


def test_a_run_that_is_left_leaves_no_process_behind():
    running = Processes(2, LIMITS).run(risk, ["a", "HANG", "b", "c"], never)
    _, (_, pid) = next(running)
    running.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} lives on")
