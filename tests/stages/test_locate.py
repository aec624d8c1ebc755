"""Tables are found with the lines around them, and nothing that only looks ruled is one."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from extract.model import Document, Region
from extract.readers import read
from extract.stages.locate import locate
from tests.papers import TABLES, Paper, ruled

BOX = [["甲", "乙"], ["丙", "丁"]]


def found(paper: Paper, way: str = "pdf") -> list[Region]:
    return locate(read(getattr(paper, way)()))


def test_captions_stand_above_and_notes_below() -> None:
    for way in ("pdf", "typed", "markdown"):
        paper = Paper().lines("收入决算表", "金额单位：元").table(BOX).line("注：完。")
        [region] = found(paper, way)
        assert region.captions == ("收入决算表", "金额单位：元")
        assert region.notes == ("注：完。",)


def test_lines_between_two_tables_are_notes_of_one_and_captions_of_the_other() -> None:
    for way in ("pdf", "typed"):
        paper = Paper().line("一").table(BOX).line("注：完。").line("支出决算表").table(BOX)
        first, second = found(paper, way)
        assert first.notes == second.captions == ("注：完。", "支出决算表")


def test_page_numbers_are_neither_captions_nor_notes() -> None:
    for number in ("7", "- 7 -", "— 7 —", "第 7 页", "第7页 共9页", "7/9", "I1", "−20一", "第7顶"):
        for way in ("pdf", "typed"):
            [region] = found(Paper().line(number).table(BOX).line(number), way)
            assert (region.captions, region.notes) == ((), ())


def test_lines_that_recur_on_pages_are_running_heads() -> None:
    paper = Paper()
    for at in range(4):
        paper.line("云岭县水务局公开", down=0).line(f"表{'一二三四'[at]}").table(BOX).page()
    regions = found(paper)
    assert all(region.running == {"云岭县水务局公开"} for region in regions)


def test_the_foot_of_the_page_before_is_a_caption_of_the_first_table() -> None:
    paper = Paper().lines("第一段", "收入决算表").page().line("金额单位：元").table(BOX)
    [region] = found(paper)
    assert region.captions == ("第一段", "收入决算表", "金额单位：元")


def test_texts_far_apart_on_one_line_are_two_captions() -> None:
    [region] = found(Paper().line("收入决算表").line("公开02表", x=740, down=0).table(BOX))
    assert region.captions == ("收入决算表", "公开02表")


def test_boxes_around_text_are_no_tables() -> None:
    assert found(Paper().table([["只有一格"]])) == []


def test_halves_side_by_side_are_one_table() -> None:
    Paper().pdf()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(842, 595), invariant=1)
    ruled(canvas, BOX, 500, left=40, width=300)
    ruled(canvas, BOX, 500, left=400, width=300)
    canvas.save()
    [region] = locate(read(buffer.getvalue()))
    assert region.box is not None
    assert region.box[2] - region.box[0] > 600


def test_a_document_without_tables_has_no_region() -> None:
    assert locate(Document("0" * 64, "text/plain", "ocr", ())) == []
    assert found(Paper().lines("收入决算表", "没有表格")) == []


def test_regions_come_in_reading_order() -> None:
    paper = (
        Paper()
        .line("一")
        .table(TABLES["income"])
        .line("二")
        .table(BOX)
        .page()
        .line("三")
        .table(BOX)
    )
    assert [region.captions[-1] for region in found(paper)] == ["一", "二", "三"]


def set_(*rows: str, title: str = "收入决算表") -> Paper:
    """A form without rulings: each row a line, with gaps where ``|`` stands."""
    paper = Paper().lines(title, "单位：万元")
    for row in rows:
        for at, text in enumerate(row.split("|")):
            paper.line(text, x=60.0 + 150 * at, down=0 if at else 14)
    return paper


HEAD = "科目编码|科目名称|本年收入合计"
ROWS = ("201|一般公共服务支出|12.00", "20101|人大事务|12.00")


def test_a_table_without_rulings_is_found_below_a_title() -> None:
    [region] = found(set_(HEAD, *ROWS).line("注：完。"))
    assert not region.ruled
    assert region.captions == ("收入决算表", "单位：万元")
    assert region.notes == ("注：完。",)


def test_a_table_without_rulings_goes_on_on_the_next_page() -> None:
    paper = set_(HEAD, *ROWS).page()
    for at, text in enumerate(ROWS[1].split("|")):
        paper.line(text, x=60.0 + 150 * at, down=0 if at else 14)
    first, second = found(paper)
    assert first.whole == second.whole
    assert [page.number for page, _ in first.whole] == [1, 2]
    assert second.captions == ()


def test_wide_figures_that_all_but_touch_are_no_running_text() -> None:
    paper = set_(HEAD, *ROWS).page()
    for at in range(12):
        paper.line("１２３．４", x=60.0 + 58 * at, down=0 if at else 14)
    assert [region.page.number for region in found(paper)] == [1, 2]


def test_running_text_ends_a_table_without_rulings() -> None:
    text = "本年收入合计一千二百万元，其中财政拨款收入一千二百万元，占百分之一百，比上年增加若干万元，主要是人员增加。"
    [region] = found(set_(HEAD, *ROWS).line("二、收入情况", x=60).line(text, x=60))
    assert region.notes[0] == "二、收入情况"


def test_contents_budgets_and_other_titles_are_no_tables_without_rulings() -> None:
    contents = Paper().lines("一、收入支出决算总表", "二、收入决算表", "三、支出决算表")
    assert found(contents) == []
    for title in ("部门收入预算总表", "项目支出绩效自评表", "人员名册"):
        assert found(set_(HEAD, *ROWS, title=title)) == []


def test_a_title_on_every_page_of_its_form_is_no_running_head() -> None:
    paper = Paper()
    for row in (*ROWS, "20102|政协事务|0.00"):
        paper.lines("收入决算表", "单位：万元")
        for line in (HEAD, row):
            for at, text in enumerate(line.split("|")):
                paper.line(text, x=60.0 + 150 * at, down=0 if at else 14)
        paper.page()
    regions = found(paper)
    assert [region.captions[0] for region in regions] == ["收入决算表"] * 3
    assert {tuple(page.number for page, _ in region.whole) for region in regions} == {(1, 2, 3)}


def test_figures_broken_over_lines_at_the_head_of_a_page_are_no_page_number() -> None:
    paper = set_(HEAD, *ROWS).page()
    for line in ("12.0|7.0|5.0", "4|1|3"):
        for at, text in enumerate(line.split("|")):
            paper.line(text, x=60.0 + 60 * at, down=0 if at else 14)
    _, second = found(paper)
    assert second.box is not None
    assert sum(second.box[1] < word.box[1] < second.box[3] for word in second.page.words) == 6


def test_a_last_row_of_two_cells_belongs_to_the_table_before() -> None:
    Paper().pdf()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(842, 595), invariant=1)
    ruled(canvas, TABLES["income"], 500, left=40, width=700)
    for left, right in ((40, 740), (60, 740)):
        canvas.showPage()
        for y in (480, 500):
            canvas.line(left, y, right, y)
        canvas.line(600, 480, 600, 500)
    canvas.save()
    regions = locate(read(buffer.getvalue()))
    assert [region.page.number for region in regions] == [1, 2]


def test_a_running_head_with_one_letter_misread_is_one_on_scans_only() -> None:
    paper = Paper()
    for head in ("云岭县水务局公开", "云岭县水务局公开", "云岭县水务局公开", "云岭县水务局公升"):
        paper.line(head, down=0).table(BOX).page()
    document = read(paper.pdf())
    assert locate(document)[-1].running == frozenset()
    pages = [
        replace(page, words=tuple(replace(word, confidence=0.9) for word in page.words))
        for page in document.pages
    ]
    assert locate(replace(document, pages=tuple(pages)))[-1].running == {"云岭县水务局公升"}
