"""``juesuan codes`` in a process of its own, on an output directory a run has made."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pytest

from extract.forms import code_book
from tests.cli.test_cli import CLEAN, juesuan
from tests.making import tree


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("codes") / "out"
    assert juesuan("run", CLEAN, "--out", folder, "--quiet").returncode == 0
    return folder


def rows(ended: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    assert (ended.returncode, ended.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(ended.stdout)))


def test_learn_prints_a_table_for_the_book_and_leaves_out_as_it_was(out):
    before = tree(out)
    learnt = rows(juesuan("codes", "learn", out))
    assert len(learnt) > 10
    assert {(row["first_year"], row["documents"]) for row in learnt} == {("2022", "1")}
    assert all(row["code"].isdigit() and row["name"] and row["source"] for row in learnt)
    assert tree(out) == before


def test_learn_of_the_economic_book(out):
    learnt = rows(juesuan("codes", "learn", out, "--system", "economic"))
    assert {row["code"][0] for row in learnt} == {"3"}


def test_diff_says_only_what_the_book_does_not(out):
    learnt = {row["code"] for row in rows(juesuan("codes", "learn", out))}
    ended = juesuan("codes", "diff", out)
    assert (ended.returncode, ended.stderr) == (0, "")
    told = {line.split()[1]: line[0] for line in ended.stdout.splitlines()}
    assert told.keys() <= learnt
    book = code_book("functional")
    assert {code for code, mark in told.items() if mark == "+"} == {
        code for code in learnt if not book.knows(code)
    }


@pytest.mark.parametrize("command", ["learn", "diff"])
def test_a_folder_no_run_has_written_is_6(tmp_path, command):
    ended = juesuan("codes", command, tmp_path)
    assert ended.returncode == 6
    assert "holds no documents" in ended.stderr
