"""Pictures of print: what is found on them from their pixels alone, and what engines make of it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw

from extract.geometry import centre, displayed
from extract.model import Page
from extract.ocr import Print, paper, read_sheet
from extract.ocr.blocks import prints
from extract.ocr.contract import Area, Picture
from extract.ocr.rapid import _batches
from extract.ocr.strokes import erased, strokes
from extract.ocr.tesseract import lines_of

DPI = 200
PT = DPI / 72
ROWS, COLUMNS = 6, 4


def sheet(*, colour: str = "L") -> Image.Image:
    """A table of 6 × 4 cells, a bar of ink in each: print, as far as pixels tell."""
    page = Image.new("RGB", (1654, 2339), "white")
    pen = ImageDraw.Draw(page)
    for row in range(ROWS + 1):
        pen.line([(200, 400 + 60 * row), (1400, 400 + 60 * row)], "black", 2)
    for column in range(COLUMNS + 1):
        pen.line([(200 + 300 * column, 400), (200 + 300 * column, 400 + 60 * ROWS)], "black", 2)
    for row in range(ROWS):
        for column in range(COLUMNS):
            for letter in range(5):
                x, y = 220 + 300 * column + 16 * letter, 420 + 60 * row
                pen.rectangle([x, y, x + 8, y + 20], "black")
    return page.convert(colour)


def pixels(page: Image.Image) -> Picture:
    return np.ascontiguousarray(np.asarray(page)[:, :, ::-1] if page.mode == "RGB" else page)


class Blind:
    """An engine that finds nothing and reads how wide each line is, surest when level."""

    def find(self, picture: Picture) -> list[Area]:
        return []

    def read(self, lines: Sequence[Picture]) -> list[Print]:
        return [
            Print(str(line.shape[1]), 0.99 if line.shape[1] > line.shape[0] else 0.2)
            for line in lines
        ]


class Upright(Blind):
    """Reads lines, one way up only."""

    def read(self, lines: Sequence[Picture]) -> list[Print]:
        return [Print(*(("一般公共", 0.99) if _is_line(one) else ("", 0.3))) for one in lines]


def _is_line(picture: Picture) -> bool:
    return bool(picture.shape[1] > 2.5 * picture.shape[0])


@pytest.mark.parametrize("skew", [-2.0, -0.35, 0.0, 0.6, 2.0])
def test_a_sheet_that_lies_crooked_is_straightened(skew: float) -> None:
    crooked = sheet().rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    assert paper.lean(pixels(crooked), PT) == pytest.approx(skew, abs=0.06)
    read = read_sheet(pixels(crooked), PT, Blind())
    assert len(read.words) == ROWS * COLUMNS
    assert sum(r.y0 == r.y1 for r in read.rulings) == ROWS + 1
    assert sum(r.x0 == r.x1 for r in read.rulings) == COLUMNS + 1


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_sheet_on_its_side_is_turned_as_it_reads_best(quarters: int) -> None:
    turned = np.ascontiguousarray(np.rot90(pixels(sheet()), quarters))
    read = read_sheet(turned, PT, Upright())
    assert read.width < read.height
    assert len(read.words) == ROWS * COLUMNS


def test_letters_that_are_read_one_by_one_turn_no_sheet() -> None:
    class Sideways(Blind):
        def read(self, lines: Sequence[Picture]) -> list[Print]:
            """Each letter surely where it is a line of its own, whole lines less so."""
            return [Print(*(("一般", 0.9) if _is_line(one) else ("一", 0.99))) for one in lines]

    read = read_sheet(pixels(sheet()), PT, Sideways())
    assert read.turn.quarters == 0


@pytest.mark.parametrize("skew", [-2.0, 0.0, 1.1])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_boxes_lead_back_to_the_page_as_displayed(quarters: int, skew: float) -> None:
    crooked = sheet().rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    seen = np.ascontiguousarray(np.rot90(pixels(crooked), quarters))
    read = read_sheet(seen, PT, Upright())
    page = Page(1, read.width, read.height, read.words, turn=read.turn)
    found = [centre(displayed(word.box, page)) for word in read.words]
    # As numbers of the complex plane bars turn by multiplication.
    turned = np.exp(1j * np.radians(skew)) * 1j**quarters
    height, width = seen.shape
    for row in range(ROWS):
        for column in range(COLUMNS):
            bar = turned * complex(256.5 + 300 * column - 827, 1169.5 - 430.5 - 60 * row)
            x, y = (bar.real + width / 2) / PT, (height / 2 - bar.imag) / PT
            assert min(abs(x - fx) + abs(y - fy) for fx, fy in found) < 1.5


def test_every_line_of_print_is_found_in_its_cell() -> None:
    page = pixels(sheet())
    lines = strokes(page, PT)
    found = prints(erased(page, lines, PT), lines, (200, 400, 1401, 761), PT)
    assert sorted(found) == sorted(
        (220 + 300 * column, 420 + 60 * row, 293 + 300 * column, 441 + 60 * row)
        for row in range(ROWS)
        for column in range(COLUMNS)
    )


def test_a_seal_goes_and_the_print_under_it_stays() -> None:
    page = sheet(colour="RGB")
    seal = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(seal)
    pen.ellipse([500, 380, 900, 780], outline=(205, 40, 35), width=14)
    pen.rectangle([640, 780, 760, 800], fill=(205, 40, 35))
    stamped = Image.fromarray(np.minimum(np.asarray(page), np.asarray(seal)))
    file = io.BytesIO()
    stamped.save(file, "JPEG", quality=75)
    assert paper.grey(pixels(Image.open(file)), PT)[780:800, 640:760].mean() > 235
    without, with_ = (read_sheet(pixels(one), PT, Blind()) for one in (page, stamped))
    assert [w.box for w in with_.words] == [w.box for w in without.words]
    assert with_.rulings == without.rulings


def test_red_figures_are_no_seal() -> None:
    page = sheet(colour="RGB")
    ImageDraw.Draw(page).rectangle([220, 420, 300, 440], (200, 0, 0))
    assert len(read_sheet(pixels(page), PT, Blind()).words) == ROWS * COLUMNS


def test_a_watermark_is_no_print() -> None:
    page = sheet()
    mark = Image.new("L", page.size, 255)
    ImageDraw.Draw(mark).polygon([(300, 700), (330, 700), (1300, 420), (1270, 420)], 224)
    marked = Image.fromarray(np.minimum(np.asarray(page), np.asarray(mark)))
    without, with_ = (read_sheet(pixels(one), PT, Blind()) for one in (page, marked))
    assert len(with_.words) == len(without.words)


@pytest.mark.parametrize("widths", [[], [1.0], [0.2] * 300, [50.0] * 5, [3.0, 90.0, 1.0, 2.0]])
def test_every_line_is_in_one_batch_and_no_batch_is_large(widths: list[float]) -> None:
    batches = list(_batches(widths))
    assert sorted(at for batch in batches for at in batch) == list(range(len(widths)))
    assert all(len(b) == 1 or len(b) * max(widths[at] for at in b) <= 80 for b in batches)


def test_what_tesseract_prints_is_read_by_line() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "1\t1\t0\t0\t0\t0\t0\t0\t600\t120\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t12\t40\t20\t96.5\t住房",
        "5\t1\t1\t1\t1\t2\t60\t12\t40\t20\t88.0\t保障",
        "5\t1\t1\t1\t2\t1\t10\t72\t80\t20\t91.0\t1,234.50",
    ]
    lines = lines_of("\n".join([head, *rows]))
    assert [(line.text, line.confidence) for line in lines] == [
        ("住房保障", 0.88),
        ("1,234.50", 0.91),
    ]
    assert [line.area for line in lines] == [(10, 12, 100, 32), (10, 72, 90, 92)]


def test_print_may_stand_close_to_one_side_of_a_short_ruling() -> None:
    page = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(page)
    for y in (400, 440, 520):
        pen.line([(200, y), (1400, y)], 0, 2)
    for x in (200, 800, 1400):
        pen.line([(x, 400), (x, 520)], 0, 2)
    pen.line([(500, 440), (500, 520)], 0, 2)
    for y in (450, 490):  # strokes of letters beside it, and of one that fills a row
        pen.rectangle([505, y, 507, y + 22], 0)
    pen.rectangle([1000, 400, 1002, 440], 0)
    pen.rectangle([1006, 404, 1008, 436], 0)
    found = strokes(pixels(page), PT).down
    assert sorted(round(x0 / 100) for x0, *_ in found) == [2, 5, 8, 14]


def test_a_rule_under_a_heading_ends_at_an_open_side() -> None:
    page = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(page)
    for y in (400, 480, 560, 640):
        pen.line([(200, y), (1400, y)], 0, 2)
    pen.line([(380, 400), (380, 640)], 0, 2)
    pen.line([(200, 440), (380, 440)], 0, 2)  # closed on one side
    pen.line([(260, 440), (260, 480)], 0, 2)
    pen.line([(600, 600), (700, 600)], 0, 2)  # held by nothing
    found = strokes(pixels(page), PT)
    assert sorted(round(y0 / 10) for _, y0, *_ in found.across) == [40, 44, 48, 56, 64]
    assert sorted(round(x0 / 10) for x0, *_ in found.down) == [26, 38]


def test_a_rule_may_run_into_a_table_that_has_none_down() -> None:
    page = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(page)
    for y in (400, 480, 560):
        pen.line([(200, y), (1400, y)], 0, 2)
    pen.line([(200, 440), (370, 440)], 0, 2)
    pen.line([(200, 520), (230, 520)], 0, 2)  # as long as 一
    found = strokes(pixels(page), PT).across
    assert sorted(round(y0 / 10) for _, y0, *_ in found) == [40, 44, 48, 56]


class Hasty:
    """An engine that ends a line before its last letters, and begins another in the middle of one."""

    def __init__(self) -> None:
        self.read_: list[Picture] = []

    def find(self, picture: Picture) -> list[Area]:
        return [(200, 28, 330, 58), (395, 28, 600, 58)]

    def read(self, lines: Sequence[Picture]) -> list[Print]:
        self.read_ = list(lines)
        return [Print("12345", 0.99, tuple(i / 5 for i in range(5)))] * len(lines)


def test_an_area_goes_as_far_as_its_print_and_no_further() -> None:
    page = np.full((700, 1600), 255, np.uint8)
    top = 300
    for x in (205, 227, 249, 271, 293, 315, 337, 359, 400, 422, 444, 466):
        page[top : top + 20, x : x + 14] = 0
    engine = Hasty()
    read_sheet(page, PT, engine)
    widths = [np.flatnonzero((cut < 128).any(axis=0)) for cut in engine.read_]
    assert [int(inked[-1] - inked[0]) + 1 for inked in widths] == [168, 80]


class Shortsighted(Hasty):
    """An engine that sees no text as short as a code."""

    def find(self, picture: Picture) -> list[Area]:
        return [(200, 28, 400, 58)]


def test_a_code_the_engine_passes_over_is_read_and_a_speck_is_not() -> None:
    page = np.full((700, 1600), 255, np.uint8)
    top = 300
    for x in (*range(205, 400, 22), 600, 622):
        page[top : top + 20, x : x + 14] = 0
    page[top + 8 : top + 11, 900:903] = 0
    engine = Shortsighted()
    read_sheet(page, PT, engine)
    widths = [np.flatnonzero((cut < 128).any(axis=0)) for cut in engine.read_]
    assert [int(inked[-1] - inked[0]) + 1 for inked in widths] == [190, 36]
