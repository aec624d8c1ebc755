"""What other programs export as a workbook: records, XML and pages called xls, and CSV."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import stages
from extract.errors import DamagedFile, InputError, OnlyLinks, TooLarge
from extract.model import Cells, Document, Line
from extract.readers import read
from fixtures.render import Wishes, invent, sheets
from fixtures.render.exported import comma_separated, record, spreadsheetml, xlsb
from fixtures.render.layout import Layout
from tests.papers import TABLES, figures, plain

LAYOUT = Layout()
STATEMENT = invent(7, Wishes(balances=True, negative=True, honest_rounding=True))
BLOCKS = list(sheets.forms(STATEMENT, LAYOUT))
EXPECTED = figures(plain("income").pdf())
SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def texts(document: Document) -> list[list[str]]:
    """What the cells of each table print."""
    return [
        [cell.text for cell in block.cells]
        for page in document.pages
        for block in page.blocks
        if isinstance(block, Cells)
    ]


def stored(document: Document) -> list[Decimal]:
    tables = (b for page in document.pages for b in page.blocks if isinstance(b, Cells))
    return [cell.stored for table in tables for cell in table.cells if cell.stored is not None]


@pytest.mark.parametrize("draw", [xlsb, spreadsheetml])
def test_a_format_shows_and_the_exact_number_is_kept(draw):
    items = stages(draw(BLOCKS, STATEMENT, LAYOUT)).items
    exact = {place: Decimal(fen) / 100 for place, fen in STATEMENT.fen().items()}
    kept = {(i.form, i.key, i.measure): i.stored for i in items if i.stored is not None}
    assert len(kept) > 200
    assert all(value == exact[place] for place, value in kept.items())
    assert any(i.stored != i.amount for i in items if i.stored is not None)


# Records --------------------------------------------------------------------------------------


def test_another_reader_finds_the_same_numbers_and_texts():
    data = xlsb(BLOCKS, STATEMENT, LAYOUT)
    theirs = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    made = read(data)
    for page in made.pages:
        rows = theirs.get_sheet_by_index((page.number or 0) - 1).to_python()
        numbers = [round(v, 6) for row in rows for v in row if isinstance(v, float) and v != ""]
        assert [round(float(n), 6) for n in stored(replaced(made, page.number))] == numbers


def replaced(document: Document, number: int | None) -> Document:
    pages = tuple(page for page in document.pages if page.number == number)
    return Document(document.sha256, document.media_type, document.text_layer, pages)


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary(
    cells: bytes, *, before: bytes = b"", after: bytes = b"", state: int = 0, shared: bytes = b""
) -> bytes:
    """A binary workbook of one sheet called 表."""
    data = io.BytesIO()
    listed = record(156, struct.pack("<II", state, 1) + wide("rId1") + wide("表"))
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("xl/workbook.bin", listed)
        made.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships><Relationship Id="rId1" Target="/xl/worksheets/s.bin"/></Relationships>',
        )
        sheet = before + record(145) + cells + record(146) + after
        made.writestr("xl/worksheets/s.bin", sheet)
        if shared:
            made.writestr("xl/sharedStrings.bin", shared)
    return data.getvalue()


def row(number: int, *, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 * hidden, 0, 0))


def cell(kind: int, column: int, body: bytes) -> bytes:
    return record(kind, struct.pack("<II", column, 0) + body)


def words(number: int, *said: str) -> bytes:
    return row(number) + b"".join(cell(6, at, wide(text)) for at, text in enumerate(said))


def test_every_kind_of_cell_is_read():
    shared = record(19, b"\0" + wide("共享")) + record(19, b"\1" + wide("富文本") + bytes(8))
    cells = (
        words(0, "a", "b", "c", "d")
        + row(1)
        + cell(2, 0, struct.pack("<I", 12345 << 2 | 3))
        + cell(5, 1, struct.pack("<d", 0.1 + 0.2))
        + cell(7, 2, struct.pack("<I", 1))
        + cell(62, 3, b"\0" + wide("富"))
        + row(2)
        + cell(8, 0, wide("公式") + bytes(6))
        + cell(9, 1, struct.pack("<d", -7) + bytes(6))
        + cell(3, 2, b"\x2a")
        + cell(4, 3, b"\1")
        + row(3)
        + cell(1, 0, b"")
        + cell(7, 1, struct.pack("<I", 0))
        + cell(7, 2, struct.pack("<I", 99))
        + cell(2, 3, struct.pack("<I", (-5 << 2 | 2) & 0xFFFFFFFF))
    )
    document = read(binary(cells, shared=shared))
    assert texts(document) == [
        [*"abcd", "123.45", "0.3", "富文本", "富", "公式", "-7", "#N/A", "1", "", "共享", "", "-5"]
    ]
    assert stored(document) == [Decimal("123.45"), Decimal("0.3"), Decimal(-7), Decimal(-5)]


def test_hidden_rows_columns_and_sheets_are_told_and_not_read():
    cells = words(0, "a", "x", "b") + words(1, "c", "x", "d") + words(2, "e", "x", "1.00")
    cells += row(3, hidden=True) + cell(6, 0, wide("藏"))
    column = record(60, struct.pack("<4IH", 1, 1, 2560, 0, 1))
    document = read(binary(cells, before=record(390) + column + record(391)))
    assert texts(document) == [[*"abcde", "1.00"]]
    assert [remark.rule for remark in document.remarks] == [
        "read.hidden_columns",
        "read.hidden_rows",
    ]
    hidden = read(binary(cells, state=2))
    assert (hidden.pages, [r.rule for r in hidden.remarks]) == ((), ["read.hidden_sheet"])


def test_merged_cells_and_what_stands_outside_the_rows():
    cells = words(0, "a", "b", "c") + words(1, "d", "e", "f") + words(2, "1", "2", "3")
    merged = record(176, struct.pack("<4I", 0, 1, 0, 0))
    stray = record(0) + record(2)  # other parts of a sheet number their records alike
    [page] = read(binary(cells, after=merged + stray)).pages
    [table] = page.blocks
    assert isinstance(table, Cells)
    assert [(c.text, c.rows) for c in table.cells][:3] == [("a", 2), ("b", 1), ("c", 1)]


@pytest.mark.parametrize(
    "cells",
    [
        b"\x05",
        record(0, b"\1"),
        row(0) + record(6, struct.pack("<II", 0, 0) + b"\xff\xff\xff\x7f"),
        row(0) + record(5, struct.pack("<II", 0, 0) + b"\0"),
        b"\x05\xff\xff\xff\x7f",
    ],
)
def test_records_that_end_too_early_are_damaged(cells):
    with pytest.raises(DamagedFile):
        read(binary(cells))


@given(st.binary(max_size=200))
@settings(derandomize=True, deadline=None)
def test_any_records_are_survived(noise):
    with suppress(InputError):
        read(binary(words(0, "a", "b", "c") + noise))


def test_a_binary_sheet_of_a_million_cells_is_refused():
    line = b"".join(cell(2, column, struct.pack("<I", 6)) for column in range(1000))
    cells = b"".join(row(number) + line for number in range(1000))
    with pytest.raises(TooLarge, match="cells"):
        read(binary(cells))


def test_columns_described_without_end_are_no_matter():
    column = record(60, struct.pack("<4IH", 0, 16_383, 2560, 0, 0))
    cells = words(0, "a", "b", "c") + words(1, "d", "e", "1.00")
    assert texts(read(binary(cells, before=column * 100_000))) == [[*"abcde", "1.00"]]


def test_merged_cells_without_end_are_refused():
    cells = row(0) + cell(6, 0, wide("左上")) + row(500) + cell(6, 500, wide("右下"))
    spans = [record(176, struct.pack("<4I", 500, 500, 500, 500))]
    spans += [record(176, struct.pack("<4I", n, 500, 0, 500)) for n in range(400)]
    with pytest.raises(TooLarge):
        read(binary(cells, after=b"".join(spans)))


# XML ------------------------------------------------------------------------------------------


def exported(
    table: str, styles: str = "", rest: str = "", encoding: str = "utf-8", head: str = ""
) -> bytes:
    """An XML spreadsheet of one sheet called 表."""
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}'
        f'<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}"><Styles>{styles}</Styles>'
        f'<Worksheet ss:Name="表"><Table>{table}</Table>{rest}</Worksheet></Workbook>'
    ).encode(encoding)


def line(*said: str, kind: str = "String", style: str = "") -> str:
    styled = f' ss:StyleID="{style}"' if style else ""
    cells = (f'<Cell{styled}><Data ss:Type="{kind}">{t}</Data></Cell>' for t in said)
    return f"<Row>{''.join(cells)}</Row>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030", "utf-16"])
def test_an_xml_spreadsheet_is_read_in_its_encoding(encoding):
    assert figures(spreadsheet_of_income(encoding)) == EXPECTED


def spreadsheet_of_income(encoding: str) -> bytes:
    table = [["收入决算表"], ["金额单位：元"], *TABLES["income"]]
    made = "".join(
        f'<Row ss:Index="{number}">'
        + "".join(
            f'<Cell ss:Index="{at}"><Data ss:Type="String">{text}</Data></Cell>'
            for at, text in enumerate(cells, 1)
            if text not in ("<", "^", "")
        )
        + "</Row>"
        for number, cells in enumerate(table, 1)
    )
    return exported(made, encoding=encoding)


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("Standard", "-1234.5", "-1,234.50"),
        ("Fixed", "1234.565", "1234.57"),
        ("Percent", "0.1234", "12.34%"),
        ("General Number", "7", "7"),
        ('0!.0,"万元"', "12345", "1.2万元"),
        ("", "3.5", "3.5"),
    ],
)
def test_formats_by_name_or_in_full_show_the_number(code, value, text):
    styles = (
        '<Style ss:ID="Default"/>'
        f"<Style ss:ID=\"a\"><NumberFormat ss:Format='{code}'/></Style>"
        '<Style ss:ID="b" ss:Parent="a"/>'
    )
    for style in "ab":
        table = line("甲", "乙") + line(value, kind="Number", style=style) + line("1", "2")
        document = read(exported(table, styles))
        assert texts(document)[0][2] == text
        assert stored(document)[0] == Decimal(value)


def test_what_is_hidden_in_it_is_told_and_not_read():
    columns = '<Column ss:Index="2" ss:Hidden="1"/>'
    table = columns + line("a", "x", "b") + line("c", "x", "1.00")
    table += '<Row ss:Hidden="1"><Cell><Data ss:Type="String">藏</Data></Cell></Row>'
    document = read(exported(table))
    assert texts(document) == [[*"abc", "1.00"]]
    assert [r.rule for r in document.remarks] == ["read.hidden_columns", "read.hidden_rows"]
    visible = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    hidden = read(exported(table, rest=visible))
    assert (hidden.pages, [r.rule for r in hidden.remarks]) == ((), ["read.hidden_sheet"])


def test_a_frame_tells_the_table_from_the_text_above_it():
    border = '<Border ss:Position="Left" ss:LineStyle="Continuous"/>'
    styles = f'<Style ss:ID="f"><Borders>{border}</Borders></Style>'
    table = line("收入决算表") + line("甲", "乙", style="f") + line("1", "2", style="f")
    [page] = read(exported(table, styles)).pages
    assert [type(block) for block in page.blocks] == [Line, Cells]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("table", "head"),
    [
        (line("&b;"), LAUGHS),
        (line("&x;"), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        ("<Cell>" * 5000, ""),
    ],
    ids=["laughs", "file", "nested"],
)
def test_hostile_xml_is_refused(table, head):
    with pytest.raises(DamagedFile):
        read(exported(table, head=head))


def test_indices_and_spans_without_bound_are_survived():
    table = (
        '<Column ss:Span="9999999" ss:Hidden="0"/>'
        + line("a", "b", "c")
        + '<Row ss:Index="9999999" ss:Span="9999999" ss:Hidden="1"/>' * 50
        + '<Row><Cell ss:Index="9999999" ss:MergeAcross="9999999" ss:MergeDown="9999999"/></Row>'
        + line("d", "e", "1.00")
    )
    assert texts(read(exported(table)))[-1][-1] == "1.00"


# Pages ----------------------------------------------------------------------------------------


def archived(parts: Sequence[tuple[str, str]]) -> bytes:
    """Pages as Excel archives a workbook."""
    inner = "".join(
        f"--b\r\nContent-Location: file:///C:/{name}\r\nContent-Type: text/html; charset=gb2312\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{page}\r\n"
        for name, page in parts
    )
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    return f"{head}{inner}--b--\r\n".encode("gb18030")


FRAME = '<html><frameset><frame src="a.files/sheet001.htm"></frameset></html>'


def of_table(name: str) -> str:
    rows = "".join(
        f"<tr>{''.join(f'<td>{text}</td>' for text in cells)}</tr>"
        for cells in ([f"{name}{n}", "1.00", "2.00"] for n in range(4))
    )
    return f"<html><body><table>{rows}</table></body></html>"


def test_every_sheet_of_an_archived_workbook_is_read():
    tabs = "<html><body><table><tr><td>甲</td><td>乙</td></tr></table></body></html>"
    data = archived(
        [
            ("a.htm", FRAME),
            ("a.files/tabstrip.htm", tabs),
            ("a.files/sheet001.htm", of_table("甲")),
            ("a.files/sheet002.htm", of_table("乙")),
        ]
    )
    document = read(data)
    assert [page.number for page in document.pages] == [1, 2]
    assert [cells[0] for cells in texts(document)] == ["甲0", "乙0"]


@pytest.mark.parametrize(
    "head", ['<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body>', "", "\ufeff<meta x>"]
)
def test_a_page_called_xls_is_a_page(head):
    rows = "".join(
        f"<tr>{''.join(f'<td>{text}</td>' for text in cells)}</tr>" for cells in of_income()
    )
    page = f"{head}<p>收入决算表</p><p>金额单位：元</p><table border=1>{rows}</table>"
    made = stages(page.encode())
    assert made.document.media_type == "text/html"
    assert {item.form for item in made.items} == {"income"}


def of_income() -> list[list[str]]:
    return [["" if t in ("<", "^") else t for t in cells] for cells in TABLES["income"]]


def test_of_an_archived_page_only_the_first_part_is_the_page():
    data = archived([("a.htm", of_table("甲")), ("advert.htm", of_table("乙"))])
    assert [cells[0] for cells in texts(read(data))] == ["甲0"]


def test_a_frame_alone_names_its_sheets():
    with pytest.raises(OnlyLinks, match=r"sheet001\.htm"):
        read(FRAME.encode())


def test_an_archive_of_parts_within_parts_is_survived():
    depth = 3000
    opened = "".join(
        f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n'
        for n in range(depth)
    )
    head = 'MIME-Version: 1.0\r\nX: text/html\r\nContent-Type: multipart/mixed; boundary="b0"'
    with pytest.raises(InputError):
        read(f"{head}\r\n\r\n{opened}".encode())


# CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_is_read_in_any_encoding(encoding, separator):
    data = comma_separated(BLOCKS, STATEMENT, LAYOUT).decode("gb18030")
    if separator != ",":
        data = "\n".join(
            f"{separator.join(cell for cell in line.split(','))}"
            for line in data.splitlines()
            if '"' not in line
        )
    made = stages(data.encode(encoding))
    assert made.document.media_type == "text/csv"
    assert made.document.text_layer == "native"
    assert {item.form for item in made.items} >= {"income", "expenditure"}


def test_titles_notes_and_breaks_inside_cells():
    data = (
        "收入决算表,,\n,,公开02表\n部门：某局,,金额单位：元\n"
        '科目编码,名称,"本年收入\n合计"\n="201",一般公共服务支出,"1,234.00"\n注：本表反映收入。,,\n'
    ).encode()
    blocks = read(data).pages[0].blocks
    lines = [block.text for block in blocks if isinstance(block, Line)]
    assert lines == ["收入决算表", "公开02表", "部门：某局", "金额单位：元", "注：本表反映收入。"]
    assert texts(read(data)) == [
        ["科目编码", "名称", "本年收入\n合计", "201", "一般公共服务支出", "1,234.00"]
    ]


def test_running_text_with_commas_is_no_csv():
    text = "本年收入1,234.00元,支出2元,结余3元。\n其中,一般公共预算。\n第三行, 没有, 什么, 可说。\n"
    assert read(text.encode()).media_type == "text/plain"


def test_a_csv_of_a_million_cells_is_refused():
    with pytest.raises(TooLarge):
        read(("1,2,3,4,5,6,7,8,9,10\n" * 100_000).encode())


@given(st.text(alphabet=',;"\n=1a甲\r\x00', max_size=80))
@settings(derandomize=True, deadline=None)
def test_any_commas_are_survived(text):
    with suppress(InputError):
        read(("a,b,c\n" * 5 + text).encode())
