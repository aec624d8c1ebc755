"""A text yields its tables in any encoding and with any line ends; Markdown is text with pipes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import stages
from extract.model import Line, Rows
from extract.readers import plaintext
from tests.papers import TABLES, Paper, figures, loud, plain

EXPECTED = figures(plain("income").pdf())
TYPED = plain("income").typed().decode()
MARKED = plain("income").markdown().decode()
RULE = "|" + "---|" * len(TABLES["income"][0])


def assert_reads(text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    assert figures(data) == EXPECTED
    assert loud(stages(data)) == []


@pytest.mark.parametrize("text", [TYPED, MARKED])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_the_encoding_is_told_from_the_bytes(text: str, encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    assert_reads(mark + text.encode(encoding))


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n\n", "\r\n\r\n"])
@pytest.mark.parametrize("text", [TYPED, MARKED])
def test_line_ends_are_no_matter(text: str, ends: str) -> None:
    assert_reads(text.replace("\n", ends))


def test_a_form_feed_parts_pages_and_no_more() -> None:
    assert_reads("封面\n\x0c" + TYPED)


@pytest.mark.parametrize(
    "rule",
    [RULE, RULE.replace("---", ":---:"), RULE.replace("---", " :-- "), RULE.replace("---", "-")],
)
@pytest.mark.parametrize("after", [1, 2])
def test_rules_below_a_header_are_no_rows(rule: str, after: int) -> None:
    lines = MARKED.split("\n")
    assert_reads("\n".join([*lines[: 2 + after], rule, *lines[2 + after :]]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("合计", "**合计**"),
        ("合计", "__合计__"),
        ("18.00", "**18.00**"),
        ("18.00", "*18.00*"),
        ("18.00", "`18.00`"),
        ("收入决算表", "# 收入决算表"),
        ("收入决算表", "### **收入决算表**"),
        ("收入决算表", "> 收入决算表"),
        ("收入决算表", "- 收入决算表"),
        ("本年收入合计", "本年收入<br>合计"),
        ("本年收入合计", "本年收入<br/>合计"),
        ("本年收入合计", "本年收入&nbsp;合计"),
        ("科目名称", "科目\\*名称"),
        ("社会保障和就业支出", "社会保障\\|和就业支出"),
        ("金额单位：元", "<p align='right'>金额单位：元</p>"),
    ],
)
def test_marks_of_markdown_are_not_text(old: str, new: str) -> None:
    assert_reads(MARKED.replace(old, new, 1))


def test_rows_may_lack_their_outer_pipes() -> None:
    lines = [line.strip("|").strip() if "|" in line else line for line in MARKED.split("\n")]
    lines.insert(3, RULE.strip("|"))
    assert_reads("\n".join(lines))


def test_tabs_between_words_of_a_sentence_make_no_form() -> None:
    made = stages("收入决算表\n见\t后\n本年收入合计\t18.00\n".encode())
    assert made.items == ()


def test_cells_keep_their_escaped_pipes() -> None:
    assert plaintext.cells("| a \\| b | c |") == ("a | b", "c")


@given(st.lists(st.lists(st.text("甲乙12. ,", max_size=5), min_size=2, max_size=5), min_size=1))
@settings(derandomize=True)
def test_rows_come_back_as_they_were_typed(rows: list[list[str]]) -> None:
    typed = "\n".join("|" + "|".join(row) + "|" for row in rows)
    [block] = plaintext.read(typed.encode()).pages[0].blocks
    assert isinstance(block, Rows)
    assert [list(row) for row in block.rows] == [[text.strip() for text in row] for row in rows]


@given(st.lists(st.text("甲乙丙，。12 ", min_size=1).filter(str.strip), max_size=6))
@settings(derandomize=True)
def test_lines_come_back_as_they_were_typed(texts: list[str]) -> None:
    blocks = plaintext.read("\n".join(texts).encode()).pages[0].blocks
    assert [block.text for block in blocks if isinstance(block, Line)] == [
        text.strip() for text in texts
    ]


def test_titles_may_stand_in_a_row_of_their_own() -> None:
    paper = Paper().table([["收入决算表", *[""] * 8], ["", *[""] * 7, "金额单位：元"]])
    assert_reads(paper.table(TABLES["income"]).typed())
