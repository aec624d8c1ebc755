"""Pages are seen as they are displayed, bounded whatever they hold, and cells where they are boxed."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from extract import document
from extract.errors import InputError
from extract.model import Reading
from extract.views import pictures
from extract.views.equations import box_of
from extract.views.originals import Originals
from extract.views.pictures import HEAVIEST, LONGEST, NoPicture, clip_around, draw, opened

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
SLIP = CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf"


def seen(picture: pictures.Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data)).convert("L")


def share_dark(image: Image.Image) -> float:
    histogram = image.histogram()
    return sum(histogram[:128]) / sum(histogram)


def empty_pdf(width: float, height: float, *, rotation: int = 0) -> bytes:
    made = pdfium.PdfDocument.new()
    page = made.new_page(width, height)
    page.set_rotation(rotation)
    sink = io.BytesIO()
    made.save(sink)
    made.close()
    return sink.getvalue()


def test_a_page_is_as_large_as_it_is_displayed():
    picture = draw([SLIP.read_bytes()], 1)
    assert picture.page == (595, 842)
    assert (picture.width, picture.height) == (1413, 2000)
    assert seen(picture).size == (1413, 2000)


def test_a_turned_page_is_shown_turned():
    with opened([empty_pdf(300, 200, rotation=90)]) as pages:
        assert pages.size(1) == (200, 300)


def test_what_is_inside_the_box_of_a_cell_is_its_print():
    reading = document.read(SLIP.read_bytes(), str(SLIP))
    [cell] = [
        item
        for item in reading.items
        if item.place == ("general_budget_expenditure", "", "2120104", "project")
    ]
    box = box_of(cell)
    assert box is not None
    assert cell.page is not None
    inner = (box[0] + 2, box[1] + 2, box[2] - 2, box[3] - 2)
    printed = draw([SLIP.read_bytes()], cell.page, inner)
    assert 0.02 < share_dark(seen(printed)) < 0.5
    # Nothing is cut off: what is right of the print and left of the ruling is white.
    white = draw([SLIP.read_bytes()], cell.page, (box[0] + 2, box[1] + 2, box[0] + 20, box[3] - 2))
    assert share_dark(seen(white)) < 0.01


def test_a_clip_keeps_to_the_page():
    assert clip_around([(0, 0, 10, 10)], (595, 842)) == (0, 0, 46, 34)
    assert clip_around([(10, 10, 20, 20)], (595, 842), wide=True) == (0, 0, 595, 44)
    picture = draw([SLIP.read_bytes()], 1, (-50, 800, 9000, 9000))
    assert picture.clip == (0, 800, 595, 842)


side = st.floats(allow_nan=False, width=32)
paper = st.floats(min_value=1, max_value=14_400)


@given(st.tuples(side, side, side, side), st.tuples(paper, paper), st.booleans())
def test_whatever_a_box_says_some_of_the_page_is_clipped(box, size, wide):
    x0, y0, x1, y1 = clip_around([box], size, wide=wide)
    assert 0 <= x0 < x1 <= size[0]
    assert 0 <= y0 < y1 <= size[1]


@pytest.mark.parametrize("kind", ["webp", "png"])
def test_a_picture_is_of_the_kind_that_was_asked_for(kind):
    picture = draw([SLIP.read_bytes()], 2, longest=300, kind=kind)
    assert Image.open(io.BytesIO(picture.data)).format == kind.upper()
    assert picture.data_uri.startswith(f"data:image/{kind};base64,")
    assert max(picture.width, picture.height) == 300


@pytest.mark.parametrize("size", [(14_400, 14_400), (14_400, 3), (3, 3)])
def test_pages_of_any_size_make_pictures_of_bounded_size(size):
    picture = draw([empty_pdf(*size)], 1)
    assert max(picture.width, picture.height) <= LONGEST
    assert len(picture.data) <= HEAVIEST


def test_a_picture_that_is_too_heavy_is_drawn_smaller(monkeypatch):
    whole = draw([SLIP.read_bytes()], 1, kind="png")
    monkeypatch.setattr(pictures, "HEAVIEST", len(whole.data) // 2)
    lighter = draw([SLIP.read_bytes()], 1, kind="png")
    assert len(lighter.data) <= len(whole.data) // 2
    assert lighter.width < whole.width


def test_drawing_ends_when_its_time_is_up(monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", -1.0)
    with pytest.raises(InputError, match="longer than"):
        draw([SLIP.read_bytes()], 1)


@pytest.mark.parametrize(
    ("data", "number"),
    [(b"%PDF-1.4 broken", 1), (SLIP.read_bytes(), 0), (SLIP.read_bytes(), 999), (b"text", 1)],
)
def test_what_cannot_be_shown_is_said_in_words(data, number):
    with pytest.raises(NoPicture, match=r"\w+ \w+"):
        draw([data], number)


def test_a_picture_file_counts_in_the_points_it_was_read_in():
    sink = io.BytesIO()
    paper = Image.new("RGB", (1240, 1754), "white")
    paper.paste("black", (620, 877, 1240, 1754))
    paper.save(sink, "PNG", dpi=(150, 150))
    with opened([sink.getvalue()]) as pages:
        width, height = pages.size(1)
        assert (round(width), round(height)) == (595, 842)
        dark = pages.draw(1, (width / 2 + 2, height / 2 + 2, width, height))
        assert share_dark(seen(dark)) > 0.99
        with pytest.raises(NoPicture):
            pages.draw(2)


class TestOriginals:
    def of(self, path: Path, source: str | None = None) -> Reading:
        return document.read(path.read_bytes(), source or str(path))

    def test_a_file_is_found_under_its_name_and_elsewhere_where_it_moved(self, tmp_path):
        here = tmp_path / "a" / "year" / "one.pdf"
        here.parent.mkdir(parents=True)
        here.write_bytes(SLIP.read_bytes())
        reading = self.of(here)
        assert Originals().files(reading) == (SLIP.read_bytes(),)
        (tmp_path / "a").rename(tmp_path / "b")
        with pytest.raises(NoPicture, match="--files"):
            Originals().files(reading)
        assert Originals([tmp_path / "b"]).files(reading) == (SLIP.read_bytes(),)

    def test_a_file_that_changed_is_not_shown_for_the_one_that_was_read(self, tmp_path):
        path = tmp_path / "one.pdf"
        path.write_bytes(SLIP.read_bytes())
        reading = self.of(path)
        originals = Originals()
        before = originals.mark(reading.source)
        path.write_bytes(SLIP.read_bytes() + b"\n")
        assert originals.mark(reading.source) != before
        with pytest.raises(NoPicture):
            originals.files(reading)

    def test_a_document_in_an_archive_is_found(self, tmp_path):
        import zipfile

        packed = tmp_path / "all.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(SLIP, "2021/one.pdf")
        reading = self.of(SLIP, f"{packed}/2021/one.pdf")
        assert Originals().files(reading) == (SLIP.read_bytes(),)

    def test_a_document_of_a_raw_store_is_found_under_its_address(self, tmp_path):
        import hashlib
        import json

        digest = hashlib.sha256(SLIP.read_bytes()).hexdigest()
        file = f"files/{digest[:2]}/{digest}.pdf"
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_bytes(SLIP.read_bytes())
        url = "https://a.example/b/c.pdf"
        line = {"url": url, "sha256": digest, "bytes": 1, "file": file}
        line["fetched_at"] = "2024-01-01T00:00:00+00:00"
        (tmp_path / "harvest.jsonl").write_text(json.dumps(line) + "\n")
        reading = self.of(SLIP, url)
        assert Originals([tmp_path]).files(reading) == (SLIP.read_bytes(),)
        with pytest.raises(NoPicture, match="raw store"):
            Originals().files(reading)
        with pytest.raises(NoPicture):
            Originals([tmp_path]).files(self.of(SLIP, "https://a.example/b/other.pdf"))

    def test_a_name_that_lies_shows_nothing(self):
        reading = self.of(SLIP, "/etc/passwd")
        with pytest.raises(NoPicture):
            Originals().files(reading)
