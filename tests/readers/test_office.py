"""What LibreOffice saves is read: its workbooks by themselves, its texts through it."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extract
from extract.document import stages
from extract.errors import DamagedFile, EncryptedFile, InputError, ToolMissing
from extract.readers import read
from tests.layouts import printed
from tests.test_same_statement import told

SEED = 8
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
with_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


@cache
def drawn(way: str) -> bytes:
    document = printed(SEED, way)
    assert document is not None
    return document.data


def items(data: bytes) -> list[tuple[object, ...]]:
    return list(map(told, stages(data).items))


@cache
def saved(way: str, kind: str, folder: Path) -> bytes:
    """The statement of SEED as LibreOffice saves it."""
    (folder / f"given.{way}").write_bytes(drawn(way))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", kind, "--outdir", folder / "made", folder / f"given.{way}"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "made" / f"given.{kind}").read_bytes()


@with_office
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_workbooks_that_libreoffice_saves_are_read(kind: str, tmp_path: Path) -> None:
    made = stages(saved("xlsx", kind, tmp_path))
    assert list(map(told, made.items)) == items(drawn("pdf"))
    exact = {(i.form, i.key, i.measure): i.stored for i in stages(drawn("xlsx")).items}
    assert {(i.form, i.key, i.measure): i.stored for i in made.items} == exact


@with_office
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["doc", "odt", "rtf"])
def test_texts_are_read_through_libreoffice(kind: str, tmp_path: Path) -> None:
    assert items(saved("docx", kind, tmp_path)) == items(drawn("pdf"))


@with_office
@pytest.mark.slow
def test_libreoffice_works_within_the_limits_of_a_worker(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(saved("docx", "doc", tmp_path))
    extract.run(tmp_path / "a.doc", tmp_path / "out", executor="processes", jobs=1)
    [row] = pd.read_parquet(tmp_path / "out" / "documents").to_dict("records")
    assert row["status"] != "failed"
    assert len(row["forms_found"]) == 9


@with_office
@pytest.mark.slow
def test_a_text_that_libreoffice_cannot_open_is_damaged() -> None:
    stream = "WordDocument".encode("utf-16-le")
    with pytest.raises(DamagedFile, match="save it as docx"):
        read(OLE + bytes(600) + stream + bytes(600))


def test_without_libreoffice_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ToolMissing, match="libreoffice-writer"):
        read(b"{\\rtf1 x}")


def test_an_office_file_under_a_password_is_told() -> None:
    with pytest.raises(EncryptedFile, match="password"):
        read(OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500))


@pytest.mark.parametrize("way", ["xls", "ods"])
@given(share=st.floats(0, 1), value=st.integers(0, 255))
@settings(derandomize=True, deadline=None, max_examples=25)
def test_a_workbook_with_a_byte_flipped_is_survived(way: str, share: float, value: int) -> None:
    data = bytearray(drawn(way))
    data[int((len(data) - 1) * share)] = value
    with suppress(InputError):
        read(bytes(data))


@pytest.mark.parametrize("way", ["xls", "ods"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_workbook_cut_short_is_damaged(way: str, share: float) -> None:
    data = drawn(way)
    with pytest.raises(InputError):
        read(data[: int(len(data) * share)])
