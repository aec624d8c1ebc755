"""An archive hands over its documents, under any name, and nothing of it leaves its bounds."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extract
from extract.companions import together
from extract.errors import (
    DamagedFile,
    EncryptedFile,
    InputError,
    TooLarge,
    ToolMissing,
    UnknownFormat,
)
from extract.identifiers import of_members
from extract.inputs import content, tasks
from extract.readers import archive, read
from fixtures.render import Wishes, invent, sheets
from fixtures.render.layout import Layout
from fixtures.render.prose import front, narrative
from fixtures.render.word import word
from fixtures.render.workbook import workbook
from tests.papers import plain

TEXT = plain("income").typed()
OTHER = plain("expenditure").typed()
with_tool = pytest.mark.skipif(shutil.which("bsdtar") is None, reason="bsdtar is not installed")


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as made:
        for name, content_ in files.items():
            made.writestr(name, content_)
    return data.getvalue()


def inside(data: bytes) -> dict[str, bytes]:
    return {m.name: m.read() for m in archive.walk(io.BytesIO(data), lambda _: True)}


def test_an_ofd_is_told_by_name() -> None:
    data = zipped({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<Document/>"})
    with pytest.raises(UnknownFormat, match="save it as PDF"):
        read(data)


# Names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "gb18030"])
def test_names_in_the_encoding_of_windows_are_read(encoding: str) -> None:
    name = "附件/某局决算.txt"
    placeholder = "n" * len(name.encode(encoding))
    data = zipped({placeholder: TEXT}).replace(placeholder.encode(), name.encode(encoding))
    assert inside(data) == {name: TEXT}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../../etc/passwd.txt", "etc/passwd.txt"),
        ("/root/a.txt", "root/a.txt"),
        ("C:\\windows\\a.txt", "windows/a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("a/./../b.txt", "a/b.txt"),
        ("a\n\x1b[31m.txt", "a[31m.txt"),
    ],
)
def test_no_name_leads_out_of_its_archive(name: str, label: str, tmp_path: Path) -> None:
    assert list(inside(zipped({name: TEXT}))) == [label]
    path = tmp_path / "in" / "x.zip"
    path.parent.mkdir()
    path.write_bytes(zipped({name: TEXT}))
    extract.run(path, tmp_path / "out", executor="serial")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]
    [row] = pd.read_parquet(tmp_path / "out" / "documents").to_dict("records")
    assert row["source"] == f"{path}/{label}"


@pytest.mark.parametrize("name", ["__MACOSX/._a.txt", ".a.txt", "~$决算.docx", "a/.git/b.txt"])
def test_what_systems_leave_behind_is_no_document(name: str) -> None:
    assert inside(zipped({name: TEXT})) == {}


def test_links_in_an_archive_are_no_files(tmp_path: Path) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as made:
        link = tarfile.TarInfo("a.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    info = zipfile.ZipInfo("b.txt")
    info.external_attr = 0o120777 << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zip_:
        zip_.writestr(info, "/etc/passwd")
    assert inside(data.getvalue()) == {"b.txt": b"/etc/passwd"}


# Bounds --------------------------------------------------------------------------------------


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBER", 4 << 20)
    with pytest.raises(TooLarge, match="unpacks to more than"):
        inside(zipped({"a.txt": bytes(5 << 20)}, zipfile.ZIP_DEFLATED))


def test_a_run_says_of_a_bomb_that_it_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MEMBER", 4 << 20)
    (tmp_path / "x.zip").write_bytes(zipped({"a.txt": bytes(5 << 20)}, zipfile.ZIP_DEFLATED))
    extract.run(tmp_path / "x.zip", tmp_path / "out", executor="processes", jobs=1)
    [row] = pd.read_parquet(tmp_path / "out" / "documents").to_dict("records")
    assert "unpacks to more than 4 MB" in row["error"]


def test_a_bomb_of_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BYTES", 4 << 20)
    with pytest.raises(TooLarge, match="unpacks to more than"):
        inside(zipped({f"{n}.txt": bytes(1 << 20) for n in range(5)}, zipfile.ZIP_DEFLATED))


def test_what_an_entry_says_of_its_size_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBER", 1 << 20)
    data = zipped({"a.txt": bytes(2 << 20)}, zipfile.ZIP_DEFLATED)
    lying = data.replace(struct.pack("<I", 2 << 20), struct.pack("<I", 10))
    with pytest.raises((TooLarge, DamagedFile)):
        inside(lying)


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBERS", 10)
    with pytest.raises(TooLarge, match="more than 10 files"):
        inside(zipped({f"{n}.txt": b"" for n in range(11)}))


def test_archives_in_archives_are_opened_so_deep() -> None:
    data = zipped({"a.txt": TEXT})
    for _ in range(archive.DEPTH - 1):
        data = zipped({"在内.zip": data, "b.txt": b"b"})
    assert sorted(inside(data)) == ["b.txt", "在内.zip/b.txt", "在内.zip/在内.zip/a.txt"]
    with pytest.raises(TooLarge, match="deep"):
        inside(zipped({"c.zip": data}))


def test_a_password_is_asked_for() -> None:
    data = bytearray(zipped({"a.txt": TEXT}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(EncryptedFile, match="password"):
        inside(bytes(data))


@given(st.floats(0, 1), st.integers(0, 255))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_an_archive_with_a_byte_flipped_is_survived(share: float, value: int) -> None:
    data = bytearray(
        zipped({"a.txt": TEXT, "b.zip": zipped({"c.txt": TEXT})}, zipfile.ZIP_DEFLATED)
    )
    data[int((len(data) - 1) * share)] = value
    with suppress(InputError):
        inside(bytes(data))


@pytest.mark.parametrize("data", [zipped({}), zipped({"a.exe": b"MZ"})])
def test_an_archive_without_documents_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="archive"):
        read(data)
    (tmp_path / "x.zip").write_bytes(data)
    summary = extract.run(tmp_path / "x.zip", tmp_path / "out", executor="serial")
    assert summary.exit_code == 4


# 7z and RAR ----------------------------------------------------------------------------------


@with_tool
def test_a_7z_archive_is_opened(tmp_path: Path) -> None:
    (tmp_path / "决算.txt").write_bytes(TEXT)
    (tmp_path / "b.txt").write_bytes(OTHER)
    subprocess.run(
        ["bsdtar", "--format=7zip", "-cf", "x.7z", "决算.txt", "b.txt"],
        cwd=tmp_path, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}, check=True,
    )  # fmt: skip
    data = (tmp_path / "x.7z").read_bytes()
    assert inside(data) == {"决算.txt": TEXT, "b.txt": OTHER}
    found = {task.source: content(task) for task in tasks([str(tmp_path / "x.7z")])}
    assert found == {f"{tmp_path}/x.7z/决算.txt": (TEXT,), f"{tmp_path}/x.7z/b.txt": (OTHER,)}


@with_tool
@pytest.mark.parametrize("mark", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00"])
def test_what_is_left_of_an_archive_is_damaged(mark: bytes) -> None:
    with pytest.raises((DamagedFile, UnknownFormat), match="download it again"):
        read(mark + bytes(100))


def test_a_missing_tool_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ToolMissing, match=r"bsdtar opens it.*libarchive-tools"):
        read(b"Rar!\x1a\x07\x01\x00" + bytes(100))


# Several files as one ------------------------------------------------------------------------

LAYOUT = Layout()
STATEMENT = invent(7, Wishes())
FORMS = workbook(sheets.forms(STATEMENT, LAYOUT), STATEMENT, LAYOUT)
PROSE = word([*front(STATEMENT, LAYOUT), narrative(STATEMENT, LAYOUT)])
PAIR = {"某局2020年度部门决算公开表.xlsx": FORMS, "某局2020年度部门决算公开说明.docx": PROSE}


@pytest.mark.parametrize("packed", [True, False])
def test_forms_and_narrative_in_two_files_are_one_disclosure(packed: bool, tmp_path: Path) -> None:
    given = tmp_path / "in"
    given.mkdir()
    for name, data in PAIR.items():
        (given / name).write_bytes(data)
    if packed:
        for name in PAIR:
            (given / name).unlink()
        (given / "公开.zip").write_bytes(zipped(PAIR))
    extract.run(given, tmp_path / "out", executor="serial")
    [row] = pd.read_parquet(tmp_path / "out" / "documents").to_dict("records")
    assert row["sha256"] == of_members(archive_hash(data) for data in PAIR.values())
    assert row["agency"] == STATEMENT.agency.name
    assert len(row["forms_found"]) == 9
    sources = pd.read_parquet(tmp_path / "out" / "sources").to_dict("records")
    folder = given / "公开.zip" if packed else given
    assert {s["source"]: s["bytes"] for s in sources} == {
        f"{folder}/{name}": len(data) for name, data in PAIR.items()
    }
    assert {s["doc_id"] for s in sources} == {row["doc_id"]}
    again = extract.run(given, tmp_path / "out", executor="serial")
    assert (again.read, again.unchanged) == (0, 1)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("named", ["folder", "file"])
def test_the_second_file_of_a_disclosure_may_come_in_a_later_run(
    first: int, named: str, tmp_path: Path
) -> None:
    given, out = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    names = list(PAIR)
    early, late = names[first], names[1 - first]
    (given / early).write_bytes(PAIR[early])
    extract.run(given, out, executor="serial")
    [alone] = pd.read_parquet(out / "documents").to_dict("records")
    (given / late).write_bytes(PAIR[late])
    summary = extract.run(given if named == "folder" else given / late, out, executor="serial")
    [row] = pd.read_parquet(out / "documents").to_dict("records")
    assert row["sha256"] == of_members(archive_hash(data) for data in PAIR.values())
    assert row["supersedes"] == alone["doc_id"]
    assert len(row["forms_found"]) == 9
    assert {s["doc_id"] for s in pd.read_parquet(out / "sources").to_dict("records")} == {
        row["doc_id"]
    }
    assert not pd.read_parquet(out / "history" / "documents").empty
    assert summary.exit_code == 0
    again = extract.run(given / early, out, executor="serial")
    assert (again.read, again.unchanged) == (0, 1)


def test_a_file_beside_one_that_was_read_is_no_companion_by_chance(tmp_path: Path) -> None:
    (tmp_path / "甲局2020决算.txt").write_bytes(TEXT)
    (tmp_path / "乙局2020决算.txt").write_bytes(OTHER)
    for name in ("甲局2020决算.txt", "乙局2020决算.txt"):
        summary = extract.run(tmp_path / name, tmp_path / "out", executor="serial")
        assert (summary.documents, summary.read) == (1, 1)
    assert len(pd.read_parquet(tmp_path / "out" / "documents")) == 2


def archive_hash(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def test_an_archive_of_one_disclosure_is_extracted_by_the_library(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped(PAIR))
    made = extract.extract(tmp_path / "x.zip")
    assert list(made.documents["agency"]) == [STATEMENT.agency.name]
    (tmp_path / "y.zip").write_bytes(zipped({"a.txt": TEXT, "b.txt": OTHER}))
    with pytest.raises(UnknownFormat, match="holds 2 disclosures"):
        extract.extract(tmp_path / "y.zip")


def test_an_archive_of_many_disclosures_gives_each_its_row(tmp_path: Path) -> None:
    files = {
        "甲局/决算.txt": TEXT,
        "乙局/决算.txt": OTHER,
        "乙局/副本.txt": OTHER,
        "说明.exe": b"x",
    }
    (tmp_path / "x.zip").write_bytes(zipped(files))
    summary = extract.run(tmp_path / "x.zip", tmp_path / "out", executor="processes", jobs=1)
    assert (summary.documents, summary.sources, summary.exit_code) == (2, 3, 0)
    rows = pd.read_parquet(tmp_path / "out" / "documents")
    assert set(rows["doc_id"]) == {archive_hash(TEXT)[:16], archive_hash(OTHER)[:16]}


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["附件1：2020年度决算报表.xls", "附件2：2020年度部门决算情况说明.docx"], 1),
        (["公开表.xlsx", "说明.docx"], 1),
        (["公开表.xlsx", "说明.docx", "甲局2020.pdf"], 3),
        (["甲局2020决算表.xls", "甲局2021决算说明.doc"], 2),
        (["甲局2020决算表.xls", "乙局2020决算说明.doc"], 2),
        (["甲/2020决算表.xls", "乙/2020决算说明.doc"], 2),
        (["甲局决算表.pdf", "甲局决算说明.pdf", "甲局决算报告.doc"], 3),
        (["甲局2020年度部门决算.pdf", "甲局2020年度部门决算说明.pdf"], 2),
    ],
)
def test_names_say_what_belongs_together(names: list[str], groups: int) -> None:
    found = together(names)
    assert len(found) == groups
    assert sorted(name for group in found for name in group) == sorted(names)


def test_two_pdfs_stay_two(tmp_path: Path) -> None:
    for name, text in (("甲局决算表.pdf", "1"), ("甲局决算说明.pdf", "2")):
        (tmp_path / name).write_bytes(b"%PDF-1.4 " + text.encode())
    assert len(list(tasks(sorted(map(str, tmp_path.iterdir()))))) == 2
