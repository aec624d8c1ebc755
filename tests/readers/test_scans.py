"""Pages without text of use are read as pictures, and the others are left alone."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
import yaml
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract.document import read
from extract.errors import DamagedFile, NoTextLayer
from extract.model import Page, Reading, Word
from extract.readers import pdf
from extract.readers import read as read_document
from extract.readers.layer import believable
from fixtures.render.case import Case, scans
from fixtures.render.ink import CHINESE, register

SCANS = scans()
NATIVE = Path(__file__).parents[2] / "fixtures/cases/zhuzhou-2020-native/zhuzhou-2020.pdf"
every_scan = pytest.mark.parametrize("case", SCANS, ids=lambda case: case.slug)


@cache
def reading(path: Path) -> Reading:
    return read(path.read_bytes(), path.name)


@pytest.mark.slow
@every_scan
def test_a_scan_is_read_exactly(case: Case) -> None:
    with (case.folder / "items.csv").open(encoding="utf-8", newline="") as lines:
        printed = {
            (row["form"], row["key"], row["measure"]): (
                Decimal(row["amount_yuan"]),
                int(row["page"]),
            )
            for row in csv.DictReader(lines)
        }
    items = [item for item in reading(case.input).items if item.amount is not None]
    assert {(i.form, i.key, i.measure): (i.amount, i.page) for i in items} == printed
    assert all(i.confidence is not None and 0 < i.confidence <= 1 for i in items)


@pytest.mark.slow
@every_scan
def test_a_scan_says_whose_it_is(case: Case) -> None:
    told = yaml.safe_load((case.folder / "expected.yaml").read_text(encoding="utf-8"))
    said = reading(case.input)
    assert said.text_layer == told["text_layer"] == "ocr"
    assert sorted(said.forms_found) == told["forms"]
    assert (said.identity.agency, said.identity.fiscal_year) == (
        told["agency"],
        told["fiscal_year"],
    )
    assert said.unit == told["unit"]


@pytest.mark.slow
def test_pages_of_both_kinds_make_a_mixed_document() -> None:
    scan = pypdf.PdfReader(io.BytesIO(SCANS[0].input.read_bytes()))
    native = pypdf.PdfReader(NATIVE)
    both = pypdf.PdfWriter()
    for page in (native.pages[3], scan.pages[4]):
        both.add_page(page)
    file = io.BytesIO()
    both.write(file)
    document = read_document(file.getvalue())
    assert document.text_layer == "mixed"
    assert {w.confidence is None for w in document.pages[0].words} == {True}
    assert {w.confidence is None for w in document.pages[1].words} == {False}


def test_never_leaves_pictures_alone() -> None:
    with pytest.raises(NoTextLayer, match="--ocr auto"):
        read_document(SCANS[0].input.read_bytes(), "never")
    with pytest.raises(NoTextLayer, match="--ocr auto"):
        read_document(picture("PNG"), "never")


def test_native_pages_load_no_model() -> None:
    code = (
        "import sys; from extract.document import read; "
        f"read(open({str(NATIVE)!r}, 'rb').read(), 'x'); "
        "print(sorted({'cv2', 'rapidocr', 'onnxruntime'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@cache
def picture(kind: str) -> bytes:
    """Page 5 of the scan as a picture; two of them as a TIFF."""
    page = pdfium.PdfDocument(SCANS[0].input.read_bytes())[4].render(scale=200 / 72).to_pil()
    file = io.BytesIO()
    more = {"save_all": True, "append_images": [page]} if kind == "TIFF" else {}
    page.convert("L").save(file, kind, dpi=(200, 200), **more)
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "pages"), [("PNG", 1), ("JPEG", 1), ("TIFF", 2)])
def test_pictures_are_documents(kind: str, pages: int) -> None:
    document = read_document(picture(kind))
    assert document.media_type == f"image/{kind.lower()}"
    assert document.text_layer == "ocr"
    assert [page.number for page in document.pages] == list(range(1, pages + 1))
    words = {word.text for page in document.pages for word in page.words}
    assert "一般公共预算财政拨款支出决算表" in words
    assert 500 < document.pages[0].width < 900


def test_a_broken_picture_is_damaged() -> None:
    with pytest.raises(DamagedFile, match="scan or download it again"):
        read_document(picture("PNG")[:5000])


def test_an_empty_sheet_has_no_print() -> None:
    file = io.BytesIO()
    Image.new("L", (800, 1100), 255).save(file, "PNG")
    with pytest.raises(NoTextLayer, match="finds no print"):
        read_document(file.getvalue())


@pytest.mark.parametrize(
    ("text", "is_believed"),
    [
        ("一般公共服务支出 1,484.80 行政运行", True),
        ("⼀般公共服务⽀出⻋辆购置", True),
        ("1,484.80 2010301 0.00", True),
        ("王喆镕", True),
        ("\ue123\ue124\ue125\ue126支出 1,484.80", False),
        ("Ò»°ã¹«¹²·þÎñÖ§³ö Ò»°ã¹«¹²·þÎñÖ§³ö 1,484.80", False),
        ("\ufffd\ufffd\ufffd\ufffd 729.30", False),
        ("琀栀椀猀㤀㜀挀漀洀瀀愀渀礀琀栀椀猀㤀㜀挀漀洀瀀愀渀礀", False),
        ("!#$%&'()*+,-./:;<=>?@[]^_", False),
        ("", True),
    ],
)
def test_letters_no_office_prints_are_not_believed(text: str, is_believed: bool) -> None:
    words = [Word(part, (0, 0, 1, 1)) for part in text.split()]
    assert believable(words) is is_believed


@pytest.mark.parametrize(
    ("hidden", "beside", "read_as"),
    [(True, "", "ocr"), (False, "", "ocr"), (False, "正文" * 30, "ocr")],
)
def test_a_picture_of_a_page_counts_and_not_what_hides_under_it(
    monkeypatch: pytest.MonkeyPatch, hidden: bool, beside: str, read_as: str
) -> None:
    seen: list[int] = []

    def look(number: int, picture: object, per_point: float) -> Page:
        seen.append(number)
        return Page(number, 595, 842, (Word("决算", (0, 0, 9, 9), (), 0.9),))

    monkeypatch.setattr(pdf, "scanned", look)
    document = read_document(over_picture("一般公共服夯支出 1,4B4.80" if hidden else "", beside))
    assert (document.text_layer, seen) == (read_as, [1])


def test_a_background_is_no_scan() -> None:
    assert read_document(over_picture("", "", "收入支出决算总表" * 12)).text_layer == "native"


def over_picture(hidden: str = "", beside: str = "", over: str = "") -> bytes:
    """A page whose picture leaves a margin below: with text hidden on it, set on it, or beside it."""
    register()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    canvas.drawImage(ImageReader(Image.new("L", (300, 400), 240)), 0, 200, 595, 642)
    for mode, y, text in ((3, 700, hidden), (0, 600, over), (0, 100, beside)):
        if text:
            line = canvas.beginText(20, y)
            line.setFont(CHINESE, 6)
            line.setTextRenderMode(mode)
            line.textLine(text)
            canvas.drawText(line)
    canvas.save()
    return file.getvalue()
