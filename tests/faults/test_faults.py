"""Bad input, bad disks, bad moments: what is told, what it costs, and what is left."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from extract.executors import Limits, Processes
from extract.pipeline import run
from tests import making
from tests.cli.test_cli import CLEAN, QUICK, SLIP, juesuan, summary

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def documents(out: Path) -> dict[str, dict[str, object]]:
    rows = pd.read_parquet(out / "documents").to_dict("records")
    return {Path(row["source"]).name: row for row in rows}


# Bad input -----------------------------------------------------------------------


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(CLEAN))
    writer.encrypt("secret", algorithm="AES-256")
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def drawn(text: str) -> bytes:
    """A page with ``text``, or else only a drawing."""
    data = io.BytesIO()
    canvas = Canvas(data)
    if text:
        canvas.drawString(72, 720, text)
    else:
        canvas.rect(72, 72, 300, 500, fill=1)
    canvas.save()
    return data.getvalue()


BAD = {
    "empty.pdf": (b"", "empty"),
    "truncated.pdf": (CLEAN.read_bytes()[:3000], "damaged|broken|truncated|incomplete"),
    "encrypted.pdf": (encrypted(), "password|encrypted"),
    "picture.pdf": (drawn(""), "no text layer"),
    "picture.png": (PNG, "picture is damaged"),
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Path:
    """Every bad document beside a good one, and a path that is not there."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, (data, _) in BAD.items():
        (folder / name).write_bytes(data)
    shutil.copy(CLEAN, folder)
    ended = juesuan(
        "run", *(folder / name for name in (*BAD, CLEAN.name, "gone.pdf")), "--out", folder / "out"
    )
    assert ended.returncode == 3, ended.stderr
    return folder


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_a_row_that_says_why(mixed, name):
    row = documents(mixed / "out")[name]
    assert row["status"] == "failed"
    assert len(str(row["sha256"])) == 64
    assert any(word in str(row["error"]) for word in BAD[name][1].split("|")), row["error"]


def test_a_path_that_is_not_there_is_a_row_without_a_hash(mixed):
    row = documents(mixed / "out")["gone.pdf"]
    assert row["status"] == "failed"
    assert pd.isna(row["sha256"])
    assert "No such file" in str(row["error"])
    assert len(str(row["doc_id"])) == 16


def test_everything_else_is_published(mixed):
    assert documents(mixed / "out")[CLEAN.name]["status"] == "clean"
    assert len(pd.read_parquet(mixed / "out" / "items")) > 100


def test_what_failed_is_tried_again(mixed, tmp_path):
    shutil.copytree(mixed / "out", tmp_path / "out")
    told = summary(
        juesuan(
            "run", mixed / "truncated.pdf", mixed / CLEAN.name, "--out", tmp_path / "out", "--json"
        )
    )
    assert (told["read"], told["unchanged"], told["failed"]) == (1, 1, 1)


def test_when_all_inputs_fail_it_is_4(mixed, tmp_path):
    assert juesuan("run", mixed / "empty.pdf", "--out", tmp_path).returncode == 4


def test_a_readable_document_without_forms_is_no_failure(tmp_path):
    (tmp_path / "letter.pdf").write_bytes(drawn("Dear reader, there is no form in this."))
    assert juesuan("run", tmp_path / "letter.pdf", "--out", tmp_path / "out").returncode == 0
    row = documents(tmp_path / "out")["letter.pdf"]
    assert (row["status"], list(row["forms_found"])) == ("clean", [])


def test_a_folder_with_no_input_is_6(tmp_path):
    (tmp_path / "README.md").write_text("nothing here")
    (tmp_path / "table.csv").write_text("a,b")
    ended = juesuan("run", tmp_path, "--out", tmp_path / "out")
    assert ended.returncode == 6
    assert "nothing to read" in ended.stderr
    assert not (tmp_path / "out").exists()


# Bad disks -----------------------------------------------------------------------


def test_an_out_that_is_a_file_is_6(tmp_path):
    (tmp_path / "out").write_text("")
    ended = juesuan("run", CLEAN, "--out", tmp_path / "out", "--json")
    assert ended.returncode == 6
    assert summary(ended)["exit_code"] == 6
    assert "cannot write" in ended.stderr


def test_an_out_locked_by_another_run_is_6(tmp_path):
    with FileLock(tmp_path / ".lock"):
        ended = juesuan("run", CLEAN, "--out", tmp_path)
    assert ended.returncode == 6
    assert "another run" in ended.stderr


SMALL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from extract.cli import main
main()
"""


def test_a_disk_that_takes_no_more_is_6_and_leaves_nothing_half_written(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, "run", str(QUICK), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 6, ended.stderr
    assert "cannot write" in ended.stderr
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [path.name for path in files] == [".lock"]


# Bad moments ---------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_was_finished(tmp_path, number):
    for copy in range(80):
        (tmp_path / f"{copy:02}.pdf").write_bytes(SLIP.read_bytes() + b"\n%% %d" % copy)
    command = [
        sys.executable,
        "-m",
        "extract.cli",
        "run",
        str(tmp_path),
        "--out",
        str(tmp_path / "out"),
    ]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr
        assert running.stdout
        first = [running.stderr.readline() for _ in range(3)]
        began = time.monotonic()
        running.send_signal(number)
        told = running.stdout.read()
        running.stderr.read()
    assert running.returncode == 130, first
    assert time.monotonic() - began < 10
    assert "run again to go on" in told
    assert 3 <= len(documents(tmp_path / "out")) < 80
    assert set(pd.read_parquet(tmp_path / "out" / "items")["doc_id"]) == {
        row["doc_id"] for row in documents(tmp_path / "out").values()
    }


@pytest.fixture
def starved(tmp_path) -> Path:
    """A folder whose only document was given no memory to be read in."""
    shutil.copy(QUICK, tmp_path / "-某局 2021's.md")
    ended = juesuan("run", ".", "--out", "out", "--memory", "1", "--no-narrative", cwd=tmp_path)
    assert ended.returncode == 4, ended.stderr
    assert "1 of them in quarantine" in ended.stdout
    return tmp_path


def test_what_costs_its_process_is_left_alone_until_retry(starved):
    again = ("run", ".", "--out", "out", "--no-narrative", "--json")
    told = summary(juesuan(*again, cwd=starved))
    assert (told["read"], told["unchanged"], told["quarantined"]) == (0, 1, 1)
    assert told["exit_code"] == 4
    told = summary(juesuan(*again, "--retry", cwd=starved))
    assert (told["read"], told["quarantined"], told["failed"]) == (1, 0, 0)
    [row] = documents(starved / "out").values()
    assert pd.isna(row["error"])
    assert pd.isna(row["reproduce"])


def test_another_way_to_read_it_is_tried(starved):
    told = summary(juesuan("run", ".", "--out", "out", "--json", cwd=starved))
    assert (told["read"], told["failed"]) == (1, 0)


def test_a_changed_file_is_tried(starved):
    [path] = starved.glob("*.md")
    path.write_bytes(path.read_bytes() + b"\n")
    told = summary(juesuan("run", ".", "--out", "out", "--no-narrative", "--json", cwd=starved))
    assert (told["read"], told["failed"]) == (1, 0)


def test_the_command_that_reproduces_it_works_as_it_is_printed(starved):
    [row] = documents(starved / "out").values()
    told = juesuan("run", ".", "--out", "out", "--no-narrative", "--quiet", "--json", cwd=starved)
    [command] = summary(told)["reproduce"].values()
    assert command == row["reproduce"]
    assert "--no-narrative" in command
    place = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["sh", "-c", command],
        cwd=starved,
        env=os.environ | {"PATH": place, "TMPDIR": str(starved)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "1 read now" in ended.stdout


def test_a_document_that_crashes_hangs_or_eats_memory_costs_only_itself(tmp_path):
    for word in ("CRASH", "HANG", "EAT", "MISTAKE", "DAMAGED", "LINGER"):
        (tmp_path / f"{word}.txt").write_bytes(making.text(word))
    for number in range(4):
        (tmp_path / f"{number}.txt").write_bytes(making.text(c201=f"{number}.00"))
    limits = Limits(seconds=3, megabytes=400)  # a busy machine takes its time
    told = run([tmp_path], tmp_path / "out", executor=Processes(2, limits), read=making.read)
    assert (told.failed, told.clean, told.exit_code) == (5, 5, 3)
    why = {name: row["error"] for name, row in documents(tmp_path / "out").items() if row["error"]}
    assert "Segmentation fault" in str(why["CRASH.txt"])
    assert "longer than 3 s" in str(why["HANG.txt"])
    assert "more than 400 MB" in str(why["EAT.txt"])
    assert "juesuan made a mistake on it (KeyError" in str(why["MISTAKE.txt"])
    assert why["DAMAGED.txt"] == "is broken off after 12 bytes"
