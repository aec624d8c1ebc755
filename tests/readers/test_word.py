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
from extract.readers.wordlists import _FORMATS, written
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


# What Word adds -------------------------------------------------------------------------------

NUMBERS = """<w:abstractNum w:abstractNumId="7">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
  <w:lvl w:ilvl="3"><w:start w:val="2"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3.%4"/><w:isLgl/></w:lvl>
  <w:lvl w:ilvl="4"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="列表"/></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num>"""
STYLES = """<w:style w:type="paragraph" w:styleId="标题"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="小标题"><w:basedOn w:val="标题"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="无号"><w:basedOn w:val="标题"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>
<w:style w:type="numbering" w:styleId="列表"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="藏"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="环"><w:basedOn w:val="环"/></w:style>"""
FOOTNOTES = """<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>线</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/><w:t>含上年结转。</w:t></w:r></w:p></w:footnote>"""


def word_file(xml: str) -> bytes:
    """A file with lists, styles and footnotes, of which this is the body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, root, inside in (
            ("document", "document", f"<w:body>{xml}</w:body>"),
            ("numbering", "numbering", NUMBERS),
            ("styles", "styles", STYLES),
            ("footnotes", "footnotes", FOOTNOTES),
        ):
            made.writestr(f"word/{name}.xml", f"<w:{root} {W}>{inside}</w:{root}>")
    return out.getvalue()


def shown(*paragraphs: str) -> list[str]:
    """The lines of a file of these paragraphs."""
    blocks = read(word_file("".join(paragraphs))).pages[0].blocks
    return [block.text for block in blocks if isinstance(block, Line)]


def listed(text: str, level: int = 0, number: int = 1) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def styled(text: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def test_the_numbers_of_a_list_are_counted_as_word_does() -> None:
    assert shown(
        listed("甲"), listed("子", 1), listed("丑", 1), listed("点", 2), listed("法", 3),
        paragraph("正文"), listed("乙"), listed("寅", 1), listed("圆点", 4),
    ) == [
        "一、甲", "（一）子", "（二）丑", "1. 点", "1.1.2 法",
        "正文", "二、乙", "（一）寅", "圆点",
    ]  # fmt: skip


def test_a_list_of_its_own_begins_anew_and_another_goes_on() -> None:
    assert shown(
        listed("甲"), listed("乙"), listed("丙", number=2), listed("丁", number=2), listed("戊")
    ) == ["一、甲", "二、乙", "一、丙", "二、丁", "三、戊"]


def test_numbers_come_from_styles_too() -> None:
    assert shown(
        styled("甲", "标题"), styled("子", "小标题"), styled("无", "无号"), styled("乙", "标题"),
        listed("丙", number=3), styled("环", "环"), listed("无", number=99),
    ) == ["一、甲", "（一）子", "无", "二、乙", "一、丙", "环", "无"]  # fmt: skip


def test_a_hundred_paragraphs_are_counted_in_words() -> None:
    said = shown(*(listed(str(n)) for n in range(1, 122)))
    assert [said[n - 1] for n in (10, 11, 20, 99, 101, 110)] == [
        *("十、10", "十一、11", "二十、20", "九十九、99", "一百零一、101", "一百一十、110"),
    ]


def test_the_outline_of_numbered_headings_is_that_of_typed_ones() -> None:
    titles = ["收入决算情况说明", "支出决算情况说明", "机关运行经费支出情况说明"]
    texts = ["本年收入合计3万元。", "本年支出合计2万元。", "机关运行经费支出1万元。"]
    body_ = [paragraph("第三部分 2023年度部门决算情况说明")]
    typed = [body_[0]]
    for han, title, text in zip("一二三", titles, texts, strict=True):
        body_ += [styled(title, "标题"), paragraph(text)]
        typed += [paragraph(f"{han}、{title}"), paragraph(text)]
    made = [outlined(word_file("".join(one))) for one in (body_, typed)]
    assert made[0] == made[1]
    assert [slug for slug, _ in made[0]][1:] == ["income", "expenditure", "operating_expenses"]


def outlined(data: bytes) -> list[tuple[str | None, str]]:
    from extract.forms.narrative import narrative
    from extract.stages.narrate.outline import is_heading, outline
    from extract.stages.narrate.prose import paragraphs

    assert narrative()
    return [(p.slug, p.heading) for p in outline(paragraphs(read(data), [], is_heading))]


def test_a_paragraph_whose_end_was_deleted_goes_on_and_does_not_count() -> None:
    mark = "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>"
    gone = f"<w:p>{mark.replace(chr(39), chr(34))}<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>支出</w:t></w:r></w:p>"
    assert shown(gone, listed("合计"), listed("乙")) == ["一、支出合计", "二、乙"]


def test_text_a_style_hides_is_not_read() -> None:
    run = '<w:r><w:rPr><w:rStyle w:val="藏"/></w:rPr><w:t>密</w:t></w:r>'
    seen = '<w:r><w:rPr><w:rStyle w:val="藏"/><w:vanish w:val="0"/></w:rPr><w:t>明</w:t></w:r>'
    assert shown(f"<w:p>{run}{seen}<w:r><w:t>文</w:t></w:r></w:p>") == ["明文"]


def test_a_footnote_stands_below_its_paragraph_and_below_its_table() -> None:
    noted = '<w:p><w:r><w:t>收入1.00万元</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    assert shown(noted, paragraph("后")) == ["收入1.00万元", "含上年结转。", "后"]
    table = "<w:tbl>" + row(cell("a"), cell("b")) + row(
        f"<w:tc>{noted}</w:tc>", cell("2.00")
    ) + "</w:tbl>"  # fmt: skip
    first, second = read(word_file(table)).pages[0].blocks
    assert isinstance(first, Cells)
    assert [c.text for c in first.cells] == ["a", "b", "收入1.00万元", "2.00"]
    assert second == Line("含上年结转。")


def test_cells_merged_in_the_old_way_are_merged() -> None:
    xml = "<w:tbl>" + row(
        cell("甲", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), cell("乙")
    ) + row(cell("1.00"), cell("2.00"), cell("3.00")) + "</w:tbl>"  # fmt: skip
    [table] = body(xml)
    assert isinstance(table, Cells)
    assert [(c.text, c.columns) for c in table.cells][:2] == [("甲", 2), ("乙", 1)]


@given(st.integers(0, 10**7), st.sampled_from([*_FORMATS, "nobody's"]))
@settings(derandomize=True, deadline=None)
def test_any_number_in_any_format_is_written_briefly(count: int, form: str) -> None:
    assert len(written(count, form)) < 120


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
