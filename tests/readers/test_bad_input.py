"""Whatever the bytes are, a document comes out or an error that says what is wrong with the input."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract.document import stages
from extract.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    InputError,
    NoTextLayer,
    UnknownFormat,
)
from extract.readers import read
from tests.papers import plain

PDF = plain("income").pdf()
TEXT = plain("income").typed()
CASES = Path(__file__).parents[2] / "fixtures" / "cases"
SAMPLES = [
    (CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf").read_bytes(),
    (CASES / "template-blank" / "template.pdf").read_bytes(),
    PDF,
]


def picture() -> bytes:
    """A PNG of sixteen grey pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(4) for _ in range(4)))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def scan() -> bytes:
    """A PDF whose one page is a picture."""
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(BytesIO(picture())), 0, 0, 595, 842)
    canvas.save()
    return buffer.getvalue()


def locked(password: str = "secret") -> bytes:
    """A PDF that opens with a password alone."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(PDF))
    writer.encrypt(password, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_empty_file_is_empty() -> None:
    with pytest.raises(EmptyFile, match="empty"):
        read(b"")


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_the_first_bytes_of_a_pdf_are_damaged(share: float) -> None:
    with pytest.raises(DamagedFile, match="damaged"):
        read(PDF[: max(int(len(PDF) * share), 20)])


def test_a_pdf_without_pages_is_damaged() -> None:
    out = BytesIO()
    pypdf.PdfWriter().write(out)
    with pytest.raises(DamagedFile):
        read(out.getvalue())


def test_a_pdf_with_a_password_is_encrypted() -> None:
    with pytest.raises(EncryptedFile, match="password"):
        read(locked())


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    assert len(stages(locked("")).items) == 49


def test_a_pdf_of_pictures_has_no_text_layer() -> None:
    with pytest.raises(NoTextLayer, match="no text layer"):
        read(scan())


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + bytes(64),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
        b"Rar!\x1a\x07" + bytes(64),
    ],
    ids=["zip", "office", "rar"],
)
def test_what_only_begins_as_an_archive_or_an_office_file_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data)


def test_a_file_of_unknown_kind_is_refused_with_the_kinds_that_are_read() -> None:
    with pytest.raises(UnknownFormat, match=r"unknown kind.*PDF"):
        read(bytes(range(256)))


def test_a_mark_before_the_pdf_is_no_matter() -> None:
    assert len(stages(b"\xef\xbb\xbf\r\n" + PDF).items) == 49


def test_a_text_without_tables_yields_nothing_and_no_error() -> None:
    made = stages("第一部分 概况\n本单位没有表格。\n".encode())
    assert (made.items, made.findings, made.sheets) == ((), (), ())


def survives(data: bytes) -> None:
    """Either a document is read, or the input is to blame."""
    with suppress(InputError):
        stages(data)


@given(st.binary(max_size=400))
@settings(derandomize=True, deadline=None)
@example(b"%PDF-")
@example(b"%PDF-1.7\n%%EOF")
@example(b"\t")
@example(b"|||")
@example(b"|-|")
@example(b"|\n|-|")
@example(b"\xff\xfe")
@example(b"\xfe\xff\t")
@example(b"\x0c\t\x0c")
@example("\u2028\t".encode())
def test_any_bytes_are_survived(data: bytes) -> None:
    survives(data)


@given(st.text(alphabet="\t|\n -—项目合计收入支出决算表208元0123456789.,()预三公:", max_size=300))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_any_text_of_tables_is_survived(text: str) -> None:
    survives(text.encode())
    survives(f"收入支出决算总表\n单位：元\n{text}".encode())
    survives(f"财政拨款三公经费支出决算表\n单位：元\n{text}".encode())


@given(st.data())
@settings(derandomize=True, deadline=None, max_examples=40)
def test_a_form_with_its_fields_shuffled_is_survived(data: st.DataObject) -> None:
    fields = TEXT.decode().replace("\n", "\t\n\t").split("\t")
    survives("\t".join(data.draw(st.permutations(fields))).encode())


def test_a_pdf_that_pdfminer_cannot_read_is_read_by_pdfium() -> None:
    broken = SAMPLES[0].replace(b"/Type /Catalog", b"/Type /Catal\x07g", 1)
    assert broken != SAMPLES[0]
    survives(broken)


@given(st.sampled_from(SAMPLES), st.floats(0, 1))
@settings(derandomize=True, deadline=None, max_examples=12)
def test_a_pdf_cut_short_is_survived(sample: bytes, share: float) -> None:
    survives(sample[: int(len(sample) * share)])


@given(
    st.sampled_from(SAMPLES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=30)
)
@settings(derandomize=True, deadline=None, max_examples=15)
def test_a_pdf_with_bytes_flipped_is_survived(
    sample: bytes, flips: list[tuple[float, int]]
) -> None:
    data = bytearray(sample)
    for share, value in flips:
        data[int((len(data) - 1) * share)] = value
    survives(bytes(data))
