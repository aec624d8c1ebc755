"""A workbook yields what it shows: forms on sheets of their own or on one, numbers by their formats."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from extract.amounts import yuan
from extract.document import stages
from extract.errors import DamagedFile, TooLarge
from extract.model import Cells, Line
from extract.readers import read
from extract.readers.laid import CELLS
from extract.readers.sheet.shown import exact, shown
from fixtures.render import Wishes, book, invent, sheets
from fixtures.render.layout import Layout
from fixtures.render.prose import front
from fixtures.render.workbook import workbook
from tests.papers import TABLES, figures, plain

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
TABLE = TABLES["income"]
EXPECTED = figures(plain("income").pdf())


def saved(draw: Callable[[Worksheet], None]) -> bytes:
    """A workbook of one sheet."""
    made = Workbook()
    draw(made.active)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def income(sheet: Worksheet, at: int = 1) -> int:
    """公开02表 of tests/papers, as texts; the row below it."""
    for row, text in enumerate(("收入决算表", "金额单位：元"), at):
        sheet.cell(row, 1, text)
    for row, cells in enumerate(TABLE, at + 2):
        for column, text in enumerate(cells, 1):
            if text not in ("<", "^"):
                sheet.cell(row, column, text)
    return at + 2 + len(TABLE)


def told(data: bytes) -> list[str]:
    return [f"{f.rule}: {f.message_en}" for f in stages(data).findings]


def changed(data: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """The workbook with one of its parts edited."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, edit(content.decode()) if name == part else content)
    return out.getvalue()


def shared(data: bytes) -> bytes:
    """The workbook with its texts where Excel keeps them, in runs, with a phonetic guide."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        texts = re.findall("<is><t[^>]*>(.*?)</t></is>", old.read(SHEET).decode(), re.DOTALL)
    count = iter(range(len(texts)))
    runs = "".join(
        f"<si><r><t>{t[:8]}</t></r><r><t>{t[8:]}</t></r><rPh><t>pin</t></rPh></si>" for t in texts
    )
    out = io.BytesIO(
        changed(
            data,
            SHEET,
            lambda xml: re.sub(
                't="inlineStr"><is>.*?</is>',
                lambda _: f't="s"><v>{next(count)}</v>',
                xml,
                flags=re.DOTALL,
            ),
        )
    )
    with zipfile.ZipFile(out, "a") as new:
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{runs}</sst>')
    return out.getvalue()


# A statement ---------------------------------------------------------------------------------

LAYOUT = Layout()
STATEMENT = invent(
    7, Wishes(government_fund=True, balances=True, negative=True, honest_rounding=True)
)
BLOCKS = [*front(STATEMENT, LAYOUT), *sheets.forms(STATEMENT, LAYOUT)]


@pytest.mark.parametrize("framed", [True, False])
@pytest.mark.parametrize("stacked", [True, False])
def test_forms_may_stand_on_sheets_of_their_own_or_on_one(framed: bool, stacked: bool) -> None:
    data = workbook(BLOCKS, STATEMENT, LAYOUT, framed=framed, stacked=stacked)
    read_ = {
        (i.form, i.key, i.measure): (i.amount, i.raw)
        for i in stages(data).items
        if i.amount is not None
    }
    drawn = {c.place: (c.amount_yuan, c.raw) for c in STATEMENT.cells() if c.raw}
    assert read_ == drawn


def test_the_exact_number_is_kept_behind_the_one_shown() -> None:
    items = stages(workbook(BLOCKS, STATEMENT, LAYOUT)).items
    exact_ = {place: Decimal(fen) / 100 for place, fen in STATEMENT.fen().items()}
    kept = {(i.form, i.key, i.measure): i.stored for i in items if i.stored is not None}
    assert len(kept) > 200
    assert all(value == exact_[place] for place, value in kept.items())
    assert any(i.stored != i.amount for i in items if i.stored is not None)
    assert all(i.amount == yuan(i.raw, i.unit) for i in items)


def test_items_name_the_sheet_they_stand_on() -> None:
    made = stages(workbook(BLOCKS, STATEMENT, LAYOUT))
    prose = len(BLOCKS) - len(book.FORMS)
    pages = {item.form: item.page for item in made.items}
    assert pages == {form: prose + at for at, form in enumerate(book.FORMS, 1)}
    assert {item.engine for item in made.items} == {"sheet"}
    assert made.document.text_layer == "native"


# Cells ---------------------------------------------------------------------------------------


def test_numbers_stored_as_text_are_amounts() -> None:
    assert figures(saved(lambda sheet: income(sheet) and None)) == EXPECTED


def test_texts_in_runs_are_joined_without_their_guides() -> None:
    assert figures(shared(saved(lambda sheet: income(sheet) and None))) == EXPECTED


@pytest.mark.parametrize("at", [1, 5])
def test_a_sheet_may_begin_anywhere(at: int) -> None:
    def draw(sheet: Worksheet) -> None:
        income(sheet, at)
        sheet.insert_cols(1, 3)

    assert figures(saved(draw)) == EXPECTED


def test_a_heading_centred_over_blank_cells_is_merged_in_all_but_name() -> None:
    def draw(sheet: Worksheet) -> None:
        sheet.append(["一", None, None, "二"])
        sheet.append(["a", "b", "c", "d"])
        for column in (1, 2, 3):
            sheet.cell(1, column).alignment = Alignment(horizontal="centerContinuous")

    [block] = read(saved(draw)).pages[0].blocks
    assert isinstance(block, Cells)
    assert [(c.text, c.columns) for c in block.cells[:2]] == [("一", 3), ("二", 1)]
    assert len(block.edges) == 5


def test_text_above_and_below_the_frame_is_text() -> None:
    data = workbook(BLOCKS[-9:-8], STATEMENT, LAYOUT)
    [page] = read(data).pages
    assert [isinstance(block, Line) for block in page.blocks].count(False) == 1
    assert isinstance(page.blocks[0], Line)
    assert isinstance(page.blocks[-1], Line)


def test_formulas_saved_without_values_are_told() -> None:
    def draw(sheet: Worksheet) -> None:
        end = income(sheet)
        sheet.cell(end - 1, 3, "=SUM(A1:A2)")

    assert any(
        "formulas were saved without their values" in message for message in told(saved(draw))
    )


# What is hidden ------------------------------------------------------------------------------


def test_a_hidden_sheet_is_told_and_not_read() -> None:
    def draw(sheet: Worksheet) -> None:
        hidden = sheet.parent.create_sheet("上年")
        income(hidden)
        hidden.sheet_state = "hidden"
        income(sheet)

    data = saved(draw)
    assert figures(data) == EXPECTED
    assert any(
        message.startswith("read.hidden_sheet: sheet “上年” is hidden") for message in told(data)
    )


def test_hidden_columns_and_rows_are_told_and_not_read() -> None:
    def draw(sheet: Worksheet) -> None:
        end = income(sheet)
        sheet.insert_cols(3)
        for row in range(3, end):
            sheet.cell(row, 3, 777)
        sheet.column_dimensions["C"].hidden = True
        sheet.cell(end, 1, "2080101").alignment = Alignment()
        sheet.cell(end, 5, 888)
        sheet.row_dimensions[end].hidden = True

    data = saved(draw)
    assert figures(data) == EXPECTED
    rules = [message.split(":")[0] for message in told(data)]
    assert {"read.hidden_columns", "read.hidden_rows"} <= set(rules)
    assert any("columns C are hidden" in message for message in told(data))


# Numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("0", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        ("-12.345", "#,##0.00_ ;[Red]\\-#,##0.00\\ ", "-12.35"),
        ("-3.2", "#,##0.00_);[Red]\\(#,##0.00\\)", "(3.20)"),
        ("0", "#,##0.00;-#,##0.00;;@", ""),
        ("5", "#,##0.##", "5"),
        ("12345678", "0.00,", "12345.68"),
        ("12345", '[>=10000]0!.0,"万";0', "1.2万"),
        ("5", '[>=10000]0!.0,"万";0', "5"),
        ("0.5", "[$¥-804]#,##0.00", "¥0.50"),
        ("44000", 'yyyy"年"m"月"', "2020年6月18日"),
        ("7", "00000", "00007"),
        ("1.005", "0.00", "1.01"),
        ("3", 'General"元"', "3元"),
        ("2080505", "@", "2080505"),
        ("100000000000.5", "General", "100000000001"),
    ],
)
def test_a_format_decides_what_is_shown(value: str, code: str, text: str) -> None:
    assert shown(Decimal(value), code) == text


@given(st.decimals(-(10**9), 10**9, places=4))
@settings(derandomize=True)
def test_what_is_shown_is_the_number_rounded(value: Decimal) -> None:
    assert abs(Decimal(shown(value, "#,##0.00").replace(",", "")) - value) <= Decimal("0.005")


@given(st.decimals(-(10**9), 10**9, places=4))
@settings(derandomize=True)
def test_binary_fractions_add_nothing(value: Decimal) -> None:
    assert exact(float(value)) == value


@given(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text('0#?.,;%_*[]"\\@GeneralE+-yd<>=5 ', max_size=12),
)
@settings(derandomize=True)
def test_any_number_under_any_format_is_survived(value: Decimal, code: str) -> None:
    number = exact(str(value))
    if number is not None:
        shown(number, code)


# Bounds --------------------------------------------------------------------------------------


def test_a_sheet_of_a_million_cells_is_refused() -> None:
    row = "".join("<c><v>1</v></c>" for _ in range(100))
    rows = "".join(f"<row>{row}</row>" for _ in range(10_000))
    data = changed(
        saved(lambda sheet: income(sheet) and None),
        SHEET,
        lambda xml: re.sub("<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>", xml),
    )
    with pytest.raises(TooLarge, match="cells"):
        read(data)


def test_a_cell_in_the_last_row_makes_no_million_rows() -> None:
    def draw(sheet: Worksheet) -> None:
        income(sheet)
        sheet.cell(1_048_576, 20, "完")

    data = saved(draw)
    assert figures(data) == EXPECTED
    assert sum(len(b.cells) for b in read(data).pages[0].blocks if isinstance(b, Cells)) < CELLS


def test_a_million_formatted_blanks_are_no_matter() -> None:
    blank = "<row>" + '<c s="0"/>' * 50 + "</row>"
    data = changed(
        saved(lambda sheet: income(sheet) and None),
        SHEET,
        lambda xml: xml.replace("</sheetData>", blank * 10_000 + "</sheetData>"),
    )
    assert figures(data) == EXPECTED


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "haha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_entities_that_swell_are_refused(part: str) -> None:
    def edit(xml: str) -> str:
        body = re.sub(r"<\?xml[^>]*\?>", "", xml)
        return LAUGHS + re.sub("(<(?:t|v|name)[^>/]*>)[^<]*", r"\1&i;", body, count=1)

    with pytest.raises(DamagedFile):
        read(changed(shared(saved(lambda sheet: income(sheet) and None)), part, edit))


def test_a_part_that_unpacks_to_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.readers.package.PART", 1 << 20)
    data = saved(lambda sheet: income(sheet) and None)
    with pytest.raises(TooLarge, match="unpacks to more than"):
        read(changed(data, "xl/styles.xml", lambda _: " " * (2 << 20)))


def test_a_workbook_cut_short_is_damaged() -> None:
    data = saved(lambda sheet: income(sheet) and None)
    with pytest.raises(DamagedFile, match="download it again"):
        read(changed(data, SHEET, lambda xml: xml[: len(xml) // 2]))
