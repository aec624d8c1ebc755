"""A page yields the tables it shows, however it lays them out, encodes and declares them."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.document import stages
from extract.errors import InputError, OnlyLinks, TooLarge, UnknownFormat
from extract.model import Cells, Line
from extract.readers import read
from tests.papers import TABLES, figures, loud, plain

EXPECTED = figures(plain("income").pdf())


def cells(rows: list[list[str]]) -> str:
    """A table of rows as in tests/papers, with spans."""
    shown = []
    for r, row in enumerate(rows):
        shown.append("<tr>")
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            over = next((n for n in range(1, 9) if row[c + n : c + n + 1] != ["<"]), 1)
            down = next((n for n in range(1, 9) if r + n >= len(rows) or rows[r + n][c] != "^"), 1)
            shown.append(f"<td rowspan={down} colspan={over}>{text}")
        shown.append("</tr>")
    return f"<table>{''.join(shown)}</table>"


INCOME = cells([list(row) for row in TABLES["income"]])
BODY = f"<p>收入决算表</p><p>金额单位：元</p>{INCOME}"


def page(body: str = BODY, charset: str = "utf-8") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="{charset}"></head><body>{body}</body></html>'


def blocks(body: str) -> list[Line | Cells]:
    return list(read(page(body).encode()).pages[0].blocks)


def test_a_page_is_read() -> None:
    assert figures(page().encode()) == EXPECTED
    assert loud(stages(page().encode())) == []


# Encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "iso-8859-1", "big5", "nonsense"])
@pytest.mark.parametrize("sent", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encoding_is_told_from_the_bytes(declared: str, sent: str) -> None:
    assert figures(page(charset=declared).encode(sent)) == EXPECTED


def test_a_character_cut_in_two_costs_one_character() -> None:
    data = page(BODY + "<p>" + "说明" * 400).encode("gbk")
    at = data.index("说明".encode("gbk"))
    assert figures(data[: at + 1] + data[at + 2 :]) == EXPECTED


def test_what_is_in_no_encoding_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="save it as UTF-8"):
        read(b"<html><body>" + bytes(range(128, 256)) * 20)


# Layout --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        "<table><tr><td>{}</td></tr></table>",
        "<table><tr><td>导航</td><td><table><tr><td>{}</td></tr></table></td></tr></table>",
        "<div><form><table><tbody><tr><td>左</td></tr><tr><td>{}</td><td>右</td></tr></table></form></div>",
        "<center>{}<script>document.write('<table><tr><td>9.99')</script></center>",
        "<p><b>{}",
    ],
)
def test_tables_that_lay_out_are_looked_through(frame: str) -> None:
    assert figures(page(frame.format(BODY)).encode()) == EXPECTED


def test_numbers_cut_by_tags_are_whole() -> None:
    cut = BODY.replace(
        "18.00", "<p><font>1</font><span lang=EN-US>8.<o:p></o:p></span><!-- -->00</p>"
    )
    assert cut != BODY
    assert figures(page(cut).encode()) == EXPECTED


def test_unclosed_cells_and_rows_are_closed() -> None:
    assert figures(page(BODY.replace("</tr>", "").replace("</td>", "")).encode()) == EXPECTED


def test_title_and_unit_in_a_table_of_their_own_are_lines() -> None:
    [title, agency, year, unit, table] = blocks(
        "<table><tr><td colspan=3>收入决算表</td></tr>"
        f"<tr><td>某局</td><td>2020年度</td><td>金额单位：元</td></tr></table>{INCOME}"
    )
    assert [b.text for b in (title, agency, year, unit) if isinstance(b, Line)] == [
        "收入决算表", "某局", "2020年度", "金额单位：元",
    ]  # fmt: skip
    assert isinstance(table, Cells)


def test_what_is_not_shown_is_not_read() -> None:
    unseen = "<tr style='display:none'><td>208<td>x<td>1.00<td>2.00</tr>"
    hidden = BODY.replace("</table>", f"{unseen}</table>") + f"<div hidden>{BODY}</div>"
    assert figures(page(hidden).encode()) == EXPECTED


def test_the_number_that_excel_keeps_in_a_page_is_stored() -> None:
    kept = BODY.replace(">18.00", " x:num='18.0049'>18.00", 1)
    items = {(i.key, i.measure): i for i in stages(page(kept).encode()).items}
    assert items["total", "total"].stored == Decimal("18.0049")
    assert items["total", "total"].raw == "18.00"


def test_a_page_that_a_browser_archived_is_read() -> None:
    data = (
        b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n'
        b"------b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + page().encode()
        + b"\r\n------b--\r\n"
    )
    assert figures(data) == EXPECTED


# Links ---------------------------------------------------------------------------------------

LINK = '<p><a href="/att/2020%E5%86%B3%E7%AE%97.xlsx">2020年度决算表</a></p>'


def test_a_page_that_only_links_attachments_says_which() -> None:
    with pytest.raises(OnlyLinks, match=r"download 2020年度决算表 \(/att/2020决算.xlsx\)"):
        read(page(f"<h1>某局2020年度部门决算</h1>{LINK}").encode())


def test_attachments_beside_figures_are_told() -> None:
    [told] = read(page(BODY + LINK).encode()).remarks
    assert "2020年度决算表" in told.message_en


def test_a_page_that_scripts_draw_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="once it is drawn"):
        read(page("<div id=app></div><script>draw()</script>").encode())


def test_text_that_mentions_tags_is_no_page() -> None:
    assert figures(("<br>\n" + plain("income").typed().decode()).encode()) == EXPECTED


# Bounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "b", "ul><li"])
def test_pages_nested_without_end_are_refused(tag: str) -> None:
    with pytest.raises(TooLarge, match="deeper"):
        read(page(f"<{tag}>" * 100_000 + BODY).encode())


@pytest.mark.parametrize("tag", ["div", "table><tr><td"])
def test_pages_nested_deeply_are_read(tag: str) -> None:
    assert figures(page(f"<{tag}>" * 400 + BODY).encode()) == EXPECTED


@pytest.mark.parametrize(
    "wild",
    [
        "<table>" + "<tr><td colspan=1000 rowspan=65000>1.5" * 3000 + "</table>",
        "<table>" + ("<tr>" + "<td>1.5" * 1000) * 1000 + "</table>",
        "<table>" * 300 + ("<tr>" + "<td>1.5" * 100) * 5000,
    ],
)
def test_a_million_cells_are_refused_soon(wild: str) -> None:
    began = time.monotonic()
    with pytest.raises(TooLarge, match="cells"):
        read(page(wild).encode())
    assert time.monotonic() - began < 60


def test_a_huge_page_is_refused() -> None:
    with pytest.raises(TooLarge, match="MB"):
        read(page("x" * (33 << 20)).encode())


@given(st.text('<>/td r=able"123.合计 spancol!-&;', max_size=200))
@settings(derandomize=True, deadline=None)
@example("<!--")
@example("<table rowspan=-1 colspan=0><td colspan=0 rowspan=0>")
@example("<td><td></table><tr>")
@example("&#0;&#xD800;&#x110000;")
def test_any_soup_is_survived(soup: str) -> None:
    for text in (f"<html>{soup}", f"<html><table><tr><td>1.00{soup}"):
        with suppress(InputError):
            stages(text.encode())
