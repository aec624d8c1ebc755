"""The command says in one process what the library does, and keeps the contract's exit codes."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from extract import __version__
from extract.cli import exit_code
from tests.making import tree

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
Inside = Callable[..., subprocess.CompletedProcess[str]]
SLIP = CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf"
CLEAN = CASES / "qinghe-2022-yuan" / "qinghe-2022.pdf"
DAMAGED = CASES / "zhuzhou-2020-ocr" / "zhuzhou-2020.txt"
QUICK = CASES / "wangyue-2021-markdown" / "wangyue-2021.md"


def juesuan(
    *arguments: object, stdin: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extract.cli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name != "COLUMNS"},
        timeout=60,
        check=False,
    )


@pytest.fixture
def inside(once, monkeypatch, capsys) -> Inside:
    """The command in this process, in the folder that was read: for what no process can alter."""
    monkeypatch.chdir(once)
    monkeypatch.delenv("COLUMNS", raising=False)

    def ended(*arguments: object) -> subprocess.CompletedProcess[str]:
        code = exit_code([*map(str, arguments)])
        return subprocess.CompletedProcess([], code, *capsys.readouterr())

    return ended


def summary(ended: subprocess.CompletedProcess[str]) -> dict[str, object]:
    told: dict[str, object] = json.loads(ended.stdout)
    return told


def test_it_says_its_version_and_its_help():
    assert juesuan("--version").stdout == f"juesuan {__version__}\n"
    told = juesuan("--help").stdout
    assert all(word in told for word in ("run", "check", "show", "130"))


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["run", "x"], ["run", "x", "--out", "o", "--jobs", "0"], ["no"]]
)
def test_wrong_usage_is_2(arguments, inside):
    assert inside(*arguments).returncode == 2


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Path:
    """Two documents read, one with an error its publisher made."""
    folder = tmp_path_factory.mktemp("once")
    for path in (SLIP, CLEAN):
        shutil.copy(path, folder)
    ended = juesuan("run", ".", "--out", "out", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return folder


def test_a_log_has_a_line_a_document_and_a_closing_table(tmp_path):
    ended = juesuan("run", QUICK, "--out", tmp_path / "out")
    assert ended.returncode == 0
    [line] = ended.stderr.splitlines()
    assert line.startswith(f"1/1 clean  {QUICK}")
    assert line.endswith(" s")
    assert "documents   1: 1 read now, 0 unchanged" in ended.stdout
    assert "proven" in ended.stdout


def test_a_terminal_has_a_bar(tmp_path):
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "extract.cli",
        "run",
        str(QUICK),
        "--out",
        str(tmp_path / "out"),
    ]
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.PIPE, text=True) as running:
        os.close(theirs)
        told = b"".join(iter(lambda: read_terminal(ours), b"")).decode()
        assert running.stdout
        assert "1 clean" in running.stdout.read()
    os.close(ours)
    assert "pages/s" in told
    assert "0 failed" in told


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_quiet_says_nothing(tmp_path):
    ended = juesuan("run", QUICK, "--out", tmp_path / "out", "--quiet")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_second_run_reads_nothing_and_says_so(once, inside):
    before = tree(once / "out")
    told = summary(inside("run", ".", "--out", "out", "--json"))
    assert (told["read"], told["unchanged"]) == (0, 2)
    assert tree(once / "out") == before


def test_run_then_check_changes_nothing(once, inside):
    before = tree(once / "out")
    ended = inside("check", "out", "--json")
    assert (ended.returncode, summary(ended)["read"]) == (0, 0)
    assert tree(once / "out") == before


def test_repair_is_an_option_of_run_and_of_check(inside, tmp_path):
    out = tmp_path / "out"
    run = ("run", DAMAGED, "--out", out, "--executor", "serial", "--json")
    asked = [
        (run, 0),
        (("check", out, "--json", "--repair", "apply"), 1),
        (("check", out, "--json"), 0),
        ((*run, "--repair", "apply"), 1),
    ]
    assert [summary(inside(*arguments))["mended"] for arguments, _ in asked] == [
        n for _, n in asked
    ]
    assert "1 mended" in inside("check", out, "--repair", "apply").stdout
    assert "11,441,900.00 +" in inside("show", out).stdout


def test_findings_at_or_above_fail_on_are_5(once, inside):
    assert inside("check", "out", "--fail-on", "error").returncode == 5
    assert inside("run", ".", "--out", "out", "--fail-on", "warning").returncode == 5
    assert inside("run", CLEAN.name, "--out", "out", "--fail-on", "warning").returncode == 0


def test_show_prints_every_form_with_its_citation(once, inside):
    from_file = inside("show", SLIP.name).stdout
    assert from_file.count(" · doc ") >= 10
    for word in ("支出决算表", "p. ", "2021", "元", "error"):
        assert word in from_file
    from_out = inside("show", "out").stdout
    assert not [line for line in from_file.splitlines() if line not in from_out]


@pytest.mark.parametrize(
    "stage", ["read", "locate", "tabulate", "normalize", "narrate", "reconcile"]
)
def test_show_tells_what_each_stage_made_of_it(once, inside, stage):
    ended = inside("show", SLIP.name, "--stage", stage)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout


def test_show_as_json_keeps_amounts_exact(once, inside):
    told = json.loads(inside("show", "out", "--json").stdout)
    assert len(told["documents"]) == 2
    assert all(isinstance(item["amount"], str | None) for item in told["items"])


def test_show_of_what_cannot_be_read_is_4(tmp_path):
    (tmp_path / "empty.pdf").touch()
    ended = juesuan("show", tmp_path / "empty.pdf")
    assert ended.returncode == 4
    assert "empty.pdf" in ended.stderr


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_folder_no_run_has_written_is_6(tmp_path, command):
    ended = juesuan(command, tmp_path)
    assert ended.returncode == 6
    assert "holds no documents" in ended.stderr
