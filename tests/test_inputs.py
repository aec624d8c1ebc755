"""Which files an INPUT stands for."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from extract.errors import NoInput
from extract.inputs import find, task

NOTHING = io.StringIO()


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder as people have them."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.pdf",
        "a.txt",
        "deep/er/c.MD",
        "README.md",
        "deep/licence.txt",
        ".hidden/d.pdf",
        ".e.pdf",
        "t.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    (tmp_path / "no-suffix").write_bytes(b"\n%PDF-1.7 ...")
    (tmp_path / "data").write_bytes(b"not a document")
    (tmp_path / "feed.xml").write_text("<rss/>")
    return tmp_path


def test_a_folder_stands_for_what_is_likely_a_document(folder):
    assert find(["."], NOTHING) == ["a.txt", "b.pdf", "deep/er/c.MD", "no-suffix"]


def test_a_text_that_speaks_of_spreadsheets_is_none(folder):
    Path("writer.py").write_text('NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"\n')
    assert "writer.py" not in find(["."], NOTHING)


def test_an_xml_spreadsheet_in_a_folder_is_likely_one(folder):
    (folder / "out.xml").write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    )
    assert "out.xml" in find(["."], NOTHING)


def test_a_file_that_is_named_is_tried_whatever_it_is(folder):
    assert find(["t.csv", "README.md", "gone.pdf"], NOTHING) == ["README.md", "gone.pdf", "t.csv"]


def test_the_same_file_named_twice_is_one_input(folder):
    assert find(["a.txt", "./a.txt", "deep/../a.txt"], NOTHING) == ["a.txt"]


def test_a_glob_reaches_into_folders(folder):
    assert find(["**/*.[tM]*"], NOTHING) == ["a.txt", "deep/er/c.MD", "deep/licence.txt"]


def test_a_name_with_brackets_is_a_name_if_there_is_such_a_file(folder):
    (folder / "[2020].txt").touch()
    assert find(["[2020].txt"], NOTHING) == ["[2020].txt"]


def test_a_list_on_standard_input_holds_one_a_line(folder):
    assert find(["-"], io.StringIO("a.txt\n\ndeep\r\n")) == ["a.txt", "deep/er/c.MD"]


@pytest.mark.parametrize("given", [["deep/empty"], ["*.xyz"], ["-"], []])
def test_nothing_to_read_is_an_error_of_its_own(folder, given):
    (folder / "deep" / "empty").mkdir()
    with pytest.raises(NoInput) as told:
        find(given, NOTHING)
    assert told.value.exit_code == 6


def test_a_document_is_named_by_its_bytes(folder):
    assert task("a.txt").doc_id == hashlib.sha256(b"text").hexdigest()[:16]
    assert task("a.txt").bytes == 4


def test_a_path_without_bytes_is_named_by_itself(folder):
    assert task("gone.pdf").sha256 is None
    assert task("gone.pdf").doc_id == hashlib.sha256(b"gone.pdf").hexdigest()[:16]


def test_a_name_that_is_no_utf8_is_shown_and_still_opened(folder):
    name = os.fsdecode("决算.txt".encode("gbk"))
    Path(name).write_bytes(b"x")
    [path] = [
        path
        for path in find(["."], NOTHING)
        if path not in ("a.txt", "b.pdf", "deep/er/c.MD", "no-suffix")
    ]
    assert task(path).bytes == 1
    assert "�" in task(path).source
