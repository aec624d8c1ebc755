"""Files made to hurt are refused or read within bounds, in every format that packs or nests."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from extract.errors import DamagedFile, InputError, TooLarge
from extract.readers import read
from fixtures.render import Wishes, invent, sheets
from fixtures.render.exported import spreadsheetml, xlsb
from fixtures.render.layout import Layout
from fixtures.render.old import ods
from fixtures.render.word import word
from fixtures.render.workbook import workbook
from tests.making import tree

LAYOUT = Layout()
STATEMENT = invent(5, Wishes())
BLOCKS = list(sheets.forms(STATEMENT, LAYOUT))[:2]
SECONDS, MEGABYTES = 20, 1500
"""What a refusal may take, and the making of a bomb of 300 MB with it."""

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "haha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
PACKAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "xlsx": (lambda: workbook(BLOCKS, STATEMENT, LAYOUT), "xl/worksheets/sheet1.xml"),
    "ods": (lambda: ods(BLOCKS, STATEMENT, LAYOUT), "content.xml"),
    "docx": (lambda: word(BLOCKS), "word/document.xml"),
    "xlsb": (lambda: xlsb(BLOCKS, STATEMENT, LAYOUT), "xl/_rels/workbook.bin.rels"),
}
every_package = pytest.mark.parametrize("kind", PACKAGES)


@pytest.fixture(autouse=True)
def _bounded() -> Iterator[None]:
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - began < SECONDS
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MEGABYTES << 10


def repacked(kind: str, edit: Callable[[bytes], bytes], **more: bytes) -> bytes:
    """A package with its main part edited, and further parts."""
    make, part = PACKAGES[kind]
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            new.writestr(name, edit(content) if name == part else content, stored)
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


def root(data: bytes) -> bytes:
    """XML without its declaration."""
    return data[data.index(b"?>") + 2 :] if data.startswith(b"<?xml") else data


@every_package
def test_as_they_are_they_are_read(kind: str) -> None:
    assert read(repacked(kind, lambda part: part)).pages


@every_package
def test_a_part_that_swells_is_refused(kind: str) -> None:
    bomb = repacked(kind, lambda part: part + b" " * (300 << 20))
    assert len(bomb) < 1 << 20
    with pytest.raises(TooLarge, match="unpacks to more than"):
        read(bomb)


@every_package
def test_entities_that_swell_are_refused(kind: str) -> None:
    with pytest.raises(DamagedFile):
        read(repacked(kind, lambda part: LAUGHS.encode() + root(part)))


@every_package
def test_tags_within_tags_are_refused(kind: str) -> None:
    with pytest.raises(DamagedFile):
        read(repacked(kind, lambda _: b"<a>" * 100_000))


@every_package
def test_no_name_in_a_package_is_a_path(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    more = {"../out.txt": b"x", "/tmp/juesuan-was-here": b"x", "..\\up.txt": b"x"}
    assert read(repacked(kind, lambda part: part, **more)).pages
    assert tree(tmp_path) == {}
    assert not Path("/tmp/juesuan-was-here").exists()


@every_package
def test_a_package_that_lies_about_its_parts_is_survived(kind: str) -> None:
    make, part = PACKAGES[kind]
    data = bytearray(make())
    at = data.rindex(part.encode()) - 46
    data[at + 24 : at + 28] = (0x7FFFFFFF).to_bytes(4, "little")  # the size it unpacks to
    with suppress(InputError):
        read(bytes(data))


def test_a_cell_repeated_without_end_is_refused() -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="4096"><text:p>1</text:p>'
        "</table:table-cell>"
    )
    rows = f"<table:table-row>{cell * 100_000}</table:table-row><table:table-row>".encode()
    with pytest.raises(TooLarge, match="cells"):
        read(repacked("ods", lambda part: part.replace(b"<table:table-row>", rows, 1)))


def test_rows_repeated_without_end_are_no_matter() -> None:
    rows = (
        b'<table:table-row table:number-rows-repeated="9999999"><table:table-cell/>'
        b"</table:table-row>" * 50_000
    ) + b"</table:table>"
    made = read(repacked("ods", lambda part: part.replace(b"</table:table>", rows, 1)))
    assert made.pages


@pytest.mark.parametrize("name", ["styles", "numbering", "footnotes"])
def test_what_a_word_file_refers_to_may_be_hostile_too(name: str) -> None:
    part = f'{LAUGHS}<w:{name} xmlns:w="w"><w:style>&i;</w:style></w:{name}>'.encode()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("word/document.xml", '<w:document xmlns:w="w"><w:body/></w:document>')
        made.writestr(f"word/{name}.xml", part)
    with pytest.raises(DamagedFile):
        read(data.getvalue())


@pytest.mark.parametrize(
    "declared", ["utf-8", "gb2312", "utf-16", "shift_jis", "nobody-knows", "utf-7"]
)
def test_a_wrong_charset_is_read_or_refused(declared: str) -> None:
    text = spreadsheetml(BLOCKS, STATEMENT, LAYOUT).decode()
    data = text.replace('encoding="UTF-8"', f'encoding="{declared}"').encode("gb18030")
    with suppress(InputError):
        assert read(data).pages


def test_a_web_archive_in_a_wrong_charset_is_read_by_its_bytes() -> None:
    page = "<html><body><table>" + "<tr><td>决算</td><td>1.00</td><td>2.00</td></tr>" * 4
    head = (
        'MIME-Version: 1.0\r\nContent-Type: text/html; charset="us-ascii"\r\n'
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    [made] = read(head.encode() + page.encode("gb18030")).pages
    assert "决算" in str(made.blocks)


@pytest.mark.parametrize("tag", ["<table><tr><td>", "<div>", "<font>", "<ul><li>"])
def test_pages_nested_without_end_are_survived(tag: str) -> None:
    page = f"<html><body>{tag * 50_000}1.00".encode()
    archived = b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + page
    for data in (page, archived):
        with suppress(InputError):
            read(data)


def test_a_table_of_a_million_cells_is_refused_in_every_wrapping() -> None:
    row = "<tr>" + "<td>1</td>" * 100 + "</tr>"
    page = f"<html><body><table>{row * 10_000}</table>".encode()
    for data in (page, b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + page):
        with pytest.raises(TooLarge):
            read(data)
