"""Words and rulings come out where they are displayed, however the page is turned, cut or nested."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdf
import pytest
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    RectangleObject,
)
from reportlab.pdfgen.canvas import Canvas

from extract.document import stages
from extract.geometry import lines
from extract.readers import pdf
from tests.papers import HEIGHT, TABLES, WIDTH, Paper, figures, loud, plain, ruled

FORM = "income"
EXPECTED = figures(plain(FORM).pdf())


def changed(change: Callable[[pypdf.PageObject], None], data: bytes | None = None) -> bytes:
    """The usual form with each page changed."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(data or plain(FORM).pdf()))
    for page in writer.pages:
        change(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def within(page: pypdf.PageObject, before: bytes, after: bytes = b"") -> None:
    """The page's content between other operators."""
    stream = DecodedStreamObject()
    stream.set_data(before + b"\n" + page.get_contents().get_data() + b"\n" + after)
    page[NameObject("/Contents")] = kept(page, stream)


def kept(page: pypdf.PageObject, stream: DecodedStreamObject) -> pypdf.generic.IndirectObject:
    """The stream as an object of the page's file."""
    return page.indirect_reference.pdf._add_object(stream)


def turned(page: pypdf.PageObject, angle: int) -> None:
    """The content laid so that ``/Rotate`` shows it upright."""
    w, h = WIDTH, HEIGHT
    matrix = {90: f"0 1 -1 0 {h} 0", 180: f"-1 0 0 -1 {w} {h}", 270: f"0 -1 1 0 0 {w}"}[angle]
    within(page, f"q {matrix} cm".encode(), b"Q")
    if angle != 180:
        page.mediabox = RectangleObject((0, 0, h, w))
        page.cropbox = RectangleObject((0, 0, h, w))
    page[NameObject("/Rotate")] = pypdf.generic.NumberObject(angle)


def cropped(page: pypdf.PageObject) -> None:
    """A sheet larger than what is shown of it, beginning below zero."""
    within(page, b"q 1 0 0 1 100 50 cm", b"Q")
    page.mediabox = RectangleObject((-30, -40, WIDTH + 300, HEIGHT + 200))
    page.cropbox = RectangleObject((100, 50, WIDTH + 100, HEIGHT + 50))


def flipped(page: pypdf.PageObject) -> None:
    """Coordinates that grow downwards, turned back for every object."""
    within(page, f"q 1 0 0 -1 0 {HEIGHT} cm q 1 0 0 -1 0 {HEIGHT} cm".encode(), b"Q Q")


def scaled(page: pypdf.PageObject) -> None:
    """Drawn at a quarter of the size and blown up."""
    within(page, b"q 4 0 0 4 0 0 cm q 0.25 0 0 0.25 0 0 cm", b"Q Q")


def clipped(page: pypdf.PageObject) -> None:
    """Inside a clip as large as the page."""
    within(page, f"q 0 0 {WIDTH} {HEIGHT} re W n".encode(), b"Q")


def in_larger_units(page: pypdf.PageObject) -> None:
    """A page measured in units of two points."""
    within(page, b"q 0.5 0 0 0.5 0 0 cm", b"Q")
    page.mediabox = RectangleObject((0, 0, WIDTH / 2, HEIGHT / 2))
    page.cropbox = RectangleObject((0, 0, WIDTH / 2, HEIGHT / 2))
    page[NameObject("/UserUnit")] = FloatObject(2)


def nested(page: pypdf.PageObject) -> None:
    """The whole page in a form XObject, moved there and back."""
    form = DecodedStreamObject()
    form.set_data(page.get_contents().get_data())
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): RectangleObject((0, 0, WIDTH, HEIGHT)),
            NameObject("/Resources"): page["/Resources"],
            NameObject("/Matrix"): pypdf.generic.ArrayObject(
                [FloatObject(n) for n in (1, 0, 0, 1, -20, -10)]
            ),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/Whole"): kept(page, form)})}
    )
    stream = DecodedStreamObject()
    stream.set_data(b"q 1 0 0 1 20 10 cm /Whole Do Q")
    page[NameObject("/Contents")] = kept(page, stream)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_turned_pages_are_read_as_displayed(angle: int) -> None:
    data = changed(lambda page: turned(page, angle))
    upright, shown = pdf.read(plain(FORM).pdf()).pages[0], pdf.read(data).pages[0]
    assert (shown.width, shown.height) == pytest.approx((WIDTH, HEIGHT))
    assert len(shown.rulings) == len(upright.rulings)
    assert figures(data) == EXPECTED


@pytest.mark.parametrize("change", [cropped, flipped, scaled, clipped, in_larger_units, nested])
def test_the_form_reads_the_same_however_it_is_drawn(change: Callable) -> None:
    data = changed(change)
    assert [line.text for line in lines(pdf.read(data).pages[0].words)] == [
        line.text for line in lines(pdf.read(plain(FORM).pdf()).pages[0].words)
    ]
    assert figures(data) == EXPECTED
    assert loud(stages(data)) == []


@pytest.mark.parametrize("angle", [90, 270])
def test_a_page_cropped_and_turned_is_read_as_displayed(angle: int) -> None:
    def change(page: pypdf.PageObject) -> None:
        turned(page, angle)
        within(page, b"q 1 0 0 1 40 70 cm", b"Q")
        page.mediabox = RectangleObject((0, 0, HEIGHT + 200, WIDTH + 200))
        page.cropbox = RectangleObject((40, 70, HEIGHT + 40, WIDTH + 70))

    assert figures(changed(change)) == EXPECTED


# Rulings -------------------------------------------------------------------------------------


def drawn_by(draw: Callable[[Canvas, float, float, float, float], None]) -> bytes:
    """The usual form, each cell drawn in another way."""
    paper = plain(FORM)
    rows = TABLES[FORM]
    buffer = BytesIO()
    Paper().pdf()  # registers the font
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setFont("STSong-Light", 9)
    for at, part in enumerate(paper.pages[0][:2]):
        canvas.drawString(400, HEIGHT - 50 - 14 * at, part.text)
    boxes: list[tuple[float, float, float, float]] = []
    bare = Canvas(BytesIO())
    bare.rect = lambda x, y, w, h: boxes.append((x, y, w, h))  # type: ignore[method-assign]
    bare.setFont = bare.drawString = lambda *_: None  # type: ignore[method-assign]
    ruled(bare, rows, HEIGHT - 80)
    for box in boxes:
        draw(canvas, *box)
    canvas.setFillGray(0)
    ruled(canvas, rows, HEIGHT - 80, lines=False)
    canvas.save()
    return buffer.getvalue()


def strokes(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    for a, b, c, d in (
        (x, y, x + w, y),
        (x, y, x, y + h),
        (x + w, y, x + w, y + h),
        (x, y + h, x + w, y + h),
    ):
        canvas.line(a, b, c, d)


def slivers(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Lines as thin filled boxes."""
    for a, b, c, d in ((x, y, w, 0.6), (x, y, 0.6, h), (x + w, y, 0.6, h), (x, y + h, w, 0.6)):
        canvas.rect(a, b, c, d, stroke=0, fill=1)


def hairlines(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Dashed strokes of no width."""
    canvas.setLineWidth(0)
    canvas.setDash(1, 1)
    strokes(canvas, x, y, w, h)


def short_dashes(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Each line made of pieces."""
    step = 6.0
    at = 0.0
    while at < w:
        canvas.line(x + at, y, x + min(at + step, w), y)
        canvas.line(x + at, y + h, x + min(at + step, w), y + h)
        at += step
    at = 0.0
    while at < h:
        canvas.line(x, y + at, x, y + min(at + step, h))
        canvas.line(x + w, y + at, x + w, y + min(at + step, h))
        at += step


def tiles(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """No line at all: cells are filled boxes with gaps between them."""
    canvas.setFillGray(0.9)
    canvas.rect(x + 0.5, y + 0.5, w - 1, h - 1, stroke=0, fill=1)


def framed_in_white(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Shaded cells with white lines."""
    canvas.setFillGray(0.8)
    canvas.setStrokeGray(1)
    canvas.rect(x, y, w, h, stroke=1, fill=1)


def curves(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Boxes with rounded corners too small to see."""
    canvas.roundRect(x, y, w, h, 0.8)


@pytest.mark.parametrize(
    "draw", [strokes, slivers, hairlines, short_dashes, tiles, framed_in_white, curves]
)
def test_cells_are_found_however_their_borders_are_drawn(draw: Callable) -> None:
    data = drawn_by(draw)
    assert figures(data) == EXPECTED
    assert loud(stages(data)) == []


def test_a_whole_table_may_be_one_stroke() -> None:
    boxes: list[tuple[float, float, float, float]] = []
    drawn_by(lambda _, *box: boxes.append(box))

    def at_once(canvas: Canvas, *box: float) -> None:
        if box == boxes[-1]:
            path = canvas.beginPath()
            for _ in range(3):
                for each in boxes:
                    path.rect(*each)
            canvas.drawPath(path)

    assert len(boxes) * 15 > 800
    assert figures(drawn_by(at_once)) == EXPECTED


def test_a_table_without_its_outer_left_and_right_border_is_read() -> None:
    def open_sides(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
        canvas.line(x, y, x + w, y)
        canvas.line(x, y + h, x + w, y + h)
        if x > 40:
            canvas.line(x, y, x, y + h)

    assert figures(drawn_by(open_sides)) == EXPECTED


# Text ------------------------------------------------------------------------------------------


def test_text_printed_twice_for_boldness_is_read_once() -> None:
    doubled = changed(
        lambda page: within(page, page.get_contents().get_data() + b" q 1 0 0 1 0.3 0 cm", b"Q")
    )
    assert figures(doubled) == EXPECTED


def test_text_set_at_a_slant_is_a_watermark() -> None:
    def stamp(page: pypdf.PageObject) -> None:
        mark = b"q 0.7 0.7 -0.7 0.7 300 100 cm BT /F1 60 Tf 0 0 Td (DRAFT COPY) Tj ET Q"
        within(page, mark)

    assert figures(changed(stamp)) == EXPECTED


def test_letters_set_far_apart_are_one_title() -> None:
    paper = Paper().line("收　入　决　算　表").line("金额单位：元", x=700).table(TABLES[FORM])
    assert figures(paper.pdf()) == EXPECTED
