"""A Word file yields its paragraphs and tables; spans, boxes and tracked changes are seen through."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import stages
from extract.errors import DamagedFile, EncryptedFile, InputError, TooLarge
from extract.model import Cells, Line
from extract.readers import read
from tests.papers import TABLES, figures, loud, plain

EXPECTED = figures(plain("income").pdf())
MAIN = "word/document.xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@cache
def income() -> bytes:
    """公开02表 of tests/papers."""
    made = docx.Document()
    made.add_paragraph("收入决算表")
    made.add_paragraph("部门：某局\t\t金额单位：元")
    rows = TABLES["income"]
    table = made.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                table.cell(r - (text == "^"), c - (text == "<")).merge(table.cell(r, c))
            else:
                table.cell(r, c).text = text
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def edited(edit: Callable[[str], str], data: bytes | None = None) -> bytes:
    """The file with its main part edited."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or income())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, edit(content.decode()) if name == MAIN else content)
    return out.getvalue()


def body(xml: str) -> list[Line | Cells]:
    """The blocks of a file of which this is the body."""
    data = edited(lambda _: f"<w:document {W}><w:body>{xml}</w:body></w:document>")
    return list(read(data).pages[0].blocks)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def test_a_file_is_read() -> None:
    made = stages(income())
    assert figures(income()) == EXPECTED
    assert loud(made) == []
    assert {item.engine for item in made.items} == {"word"}
    assert made.document.text_layer == "native"


def test_captions_that_tabs_keep_apart_are_two() -> None:
    texts = [block.text for block in read(income()).pages[0].blocks if isinstance(block, Line)]
    assert texts == ["收入决算表", "部门：某局", "金额单位：元"]


def test_a_number_in_several_runs_is_whole() -> None:
    cut = edited(lambda xml: xml.replace("18.00", "1</w:t></w:r><w:r><w:t>8.00"))
    assert figures(cut) == EXPECTED


def test_tracked_changes_are_taken_as_made() -> None:
    def track(xml: str) -> str:
        deleted = "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>"
        xml = xml.replace(
            "<w:r><w:t>18.00</w:t></w:r>", f"{deleted}<w:ins><w:r><w:t>18.00</w:t></w:r></w:ins>"
        )
        gone = row(*(cell("208") for _ in range(9))).replace(
            "<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>"
        )
        return xml.replace("</w:tbl>", f"{gone}</w:tbl>")

    assert figures(edited(track)) == EXPECTED


def test_hidden_text_is_not_read() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r>"
    assert (
        figures(edited(lambda x: x.replace("<w:r><w:t>18.00", f"{hidden}<w:r><w:t>18.00")))
        == EXPECTED
    )


def test_a_table_in_a_text_box_is_read_once() -> None:
    def box(xml: str) -> str:
        start, end = xml.index("<w:tbl>"), xml.index("</w:tbl>") + len("</w:tbl>")
        inside = f"<w:txbxContent>{xml[start:end]}</w:txbxContent>"
        both = (
            '<w:p><w:r><mc:AlternateContent xmlns:mc="u"><mc:Choice><w:drawing>'
            f"{inside}</w:drawing></mc:Choice><mc:Fallback><w:pict>{inside}</w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        )
        return xml[:start] + both + xml[end:]

    assert figures(edited(box)) == EXPECTED


def test_a_table_that_lays_out_is_looked_through() -> None:
    def frame(xml: str) -> str:
        start, end = xml.index("<w:p>"), xml.index("</w:tbl>") + len("</w:tbl>")
        outer = f"<w:tbl>{row(f'<w:tc>{xml[start:end]}<w:p/></w:tc>')}</w:tbl>"
        return xml[:start] + outer + xml[end:]

    assert figures(edited(frame)) == EXPECTED


def test_content_controls_are_seen_through() -> None:
    wrap = edited(
        lambda x: x.replace("<w:tr>", "<w:sdt><w:sdtContent><w:tr>").replace(
            "</w:tr>", "</w:tr></w:sdtContent></w:sdt>"
        )
    )
    assert figures(wrap) == EXPECTED


def test_spans_reach_the_grid() -> None:
    xml = "".join(
        (
            "<w:tbl><w:tblGrid><w:gridCol w:w='400'/><w:gridCol w:w='600'/><w:gridCol w:w='200'/></w:tblGrid>",
            row(cell("甲", '<w:vMerge w:val="restart"/>'), cell("乙", '<w:gridSpan w:val="2"/>')),
            row(cell("", "<w:vMerge/>"), cell("1.00"), cell("2.00")),
            row(cell("", '<w:vMerge w:val="continue"/>'), cell("3.00"), cell("4.00")),
            row(cell("丙"), cell("5.00")).replace(
                "<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>'
            ),
            "</w:tbl>",
        )
    )
    [table] = body(xml)
    assert isinstance(table, Cells)
    assert [(c.row, c.column, c.text, c.rows, c.columns) for c in table.cells] == [
        (0, 0, "甲", 3, 1), (0, 1, "乙", 1, 2), (1, 1, "1.00", 1, 1), (1, 2, "2.00", 1, 1),
        (2, 1, "3.00", 1, 1), (2, 2, "4.00", 1, 1), (3, 0, "", 1, 1), (3, 1, "丙", 1, 1), (3, 2, "5.00", 1, 1),
    ]  # fmt: skip
    assert table.edges == (0.0, 20.0, 50.0, 60.0)


# Bounds --------------------------------------------------------------------------------------


def test_nesting_without_end_is_refused() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 5000 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 5000
    with pytest.raises(DamagedFile):
        body(deep)


@pytest.mark.parametrize(
    "wild",
    [
        "<w:tbl>" + row(cell("1", '<w:gridSpan w:val="31000"/>'), cell("2.0")) * 1000 + "</w:tbl>",
        ("<w:tbl>" + row(*[cell("1.00")] * 100) * 100 + "</w:tbl>") * 100,
    ],
)
def test_a_million_cells_are_refused(wild: str) -> None:
    with pytest.raises(TooLarge, match="cells"):
        body(wild)


def test_entities_that_swell_are_refused() -> None:
    laugh = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(DamagedFile, match="document type"):
        read(edited(lambda xml: laugh + xml[xml.index("<w:document") :].replace("18.00", "&b;")))


def test_files_of_this_machine_are_not_read() -> None:
    reach = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(DamagedFile):
        read(edited(lambda xml: reach + xml[xml.index("<w:document") :].replace("18.00", "&a;")))


def test_a_password_is_asked_for() -> None:
    data = bytearray(income())
    at = data.index(MAIN.encode()) - 30
    data[at + 6] |= 1  # the local header says encrypted, and so does the directory
    at = data.rindex(MAIN.encode()) - 46
    data[at + 8] |= 1
    with pytest.raises(EncryptedFile, match="password"):
        read(bytes(data))


@given(st.floats(0, 1), st.integers(0, 255))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_file_with_a_byte_flipped_is_survived(share: float, value: int) -> None:
    data = bytearray(income())
    data[int((len(data) - 1) * share)] = value
    with suppress(InputError):
        stages(bytes(data))
