"""How portals are described, and which links of a page that means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse

from extract.errors import SchemaError
from extract.harvest import Source, load
from extract.harvest.links import Link, links
from extract.harvest.pages import leads
from extract.harvest.spec import common

SCHEMAS = Path(__file__).parents[2] / "schemas" / "sources"
PLAIN = {"name": "a", "start": ["https://a.example/"], "documents": {"links": [r"\.pdf$"]}}
AT = "https://a.example/list/index.html"


def source(**told: object) -> Source:
    return Source.model_validate(PLAIN | told)


def page(html: str, encoding: str = "utf-8") -> HtmlResponse:
    return HtmlResponse(AT, body=html.encode(encoding), encoding=encoding)


def test_the_examples_are_sources_of_hosts_that_are_not_there():
    found = load([SCHEMAS / "portal.yaml"])
    assert len(found) == 2
    assert all(url.split("/")[2].endswith(".example") for s in found for url in s.start)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"start": []}, "start"),
        ({"start": ["ftp://a.example/"]}, "http"),
        ({"start": ["https://a.example/{month}"]}, "month"),
        ({"start": ["https://a.example/{year}"]}, "no years"),
        ({"documents": {"links": ["("]}}, "regular expression"),
        ({"documents": {"kinds": ["exe"]}}, "no kind exe"),
        ({"name": "A b"}, "name"),
        ({"nexxt": {}}, "nexxt"),
        ({"pages": {"first": 3, "last": 2}}, "first is after last"),
    ],
)
def test_what_is_wrong_with_a_source_is_told_with_its_place(tmp_path, told, why):
    path = tmp_path / "s.yaml"
    path.write_text(yaml.safe_dump({"sources": [PLAIN | told]}))
    with pytest.raises(SchemaError, match=why) as wrong:
        load([path])
    assert "README" in str(wrong.value)


def test_two_sources_of_one_name_are_refused(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(yaml.safe_dump({"sources": [PLAIN, PLAIN]}))
    with pytest.raises(SchemaError, match="two sources are named a"):
        load([path])


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某局2024年度部门决算", 2024),
        ("关于公布2023年预算及2022年决算的通知", 2023),
        ("某委员会25年预算", 2025),
        ("12024年", None),
        ("第25年鉴", None),
    ],
)
def test_the_year_of_a_title(title, year):
    assert source().fiscal_year(title) == year


def test_a_host_is_one_that_is_named_or_below_it():
    mine = source(hosts=["files.b.example"])
    hosts = ["a.example", "www.a.example", "files.b.example", "b.example", "nota.example"]
    assert [mine.is_host(host) for host in hosts] == [True, True, True, False, False]


def test_a_host_may_have_a_chinese_name():
    mine = source(start=["http://财政.example/"])
    assert mine.is_host("财政.example")
    assert mine.is_host("财政.example".encode("idna").decode())
    [link] = links(HtmlResponse(mine.start[0], body=b"<a href=1.pdf>x</a>"), [])
    assert mine.is_host(link.url.split("/")[2])


def test_links_have_the_whole_title_the_day_and_an_absolute_address():
    html = """<base href="/root/"><ul>
      <li><a href="x.html" title="某局2020年度部门决算公开">某局2020年…</a> <i>2021-08-18</i></li>
      <li><a href="/t20220830_5972836.html"> 乙局 </a></li>
      <li><a href="x.html"><img></a><a href="mailto:a@b">写信</a><a href="http://[">坏</a></li>
      <li><iframe src="y.pdf#page=2"></iframe></li></ul>"""
    assert links(page(html), common().dates) == [
        Link("https://a.example/root/x.html", "某局2020年度部门决算公开", date(2021, 8, 18)),
        Link("https://a.example/t20220830_5972836.html", "乙局", date(2022, 8, 30)),
        Link("https://a.example/root/y.pdf", "", None),
    ]


def test_a_page_of_another_charset_is_read_and_its_addresses_stay():
    [link] = links(page('<a href="决算.pdf">部门决算</a>', "gb18030"), [])
    assert link == Link("https://a.example/list/%E5%86%B3%E7%AE%97.pdf", "部门决算")


@given(st.text(max_size=40))
def test_whatever_a_page_links_is_an_address_of_the_web_or_nothing(href):
    told = href.replace('"', "").replace("<", "")
    for link in links(page(f'<a href="{told}">x</a>'), common().dates):
        assert link.url.startswith(("http://", "https://"))


def test_the_words_of_a_link_write_nothing_to_a_terminal():
    [link] = links(page("<a href=x>决\x1b[2J算\u202e\n\u0007</a>"), [])
    assert link.text == "决 [2J算"


def test_titles_are_compared_with_those_that_led_there():
    mine = source(documents={"titles": ["部门决算"], "not_titles": ["预算"]})
    html = page('<a href="1.pdf">附 件</a>')
    assert leads(html, mine, ["某局2020年度部门　决算"], 1, None).documents
    assert not leads(html, mine, ["某局2020年度部门预算"], 1, None).documents


def test_a_link_is_a_document_first_and_pages_onward_are_told_by_their_own_words():
    mine = source(next={"titles": ["下一页"]}, follow={"titles": ["决算"]})
    html = page('<a href="1.pdf">决算</a><a href="2.html">决算</a><a href="3.html">下一页</a>')
    found = leads(html, mine, [], 0, None)
    ends = [
        [link.url[-6:] for link in some] for some in (found.documents, found.deeper, found.onward)
    ]
    assert ends == [["/1.pdf"], ["2.html"], ["3.html"]]
    assert leads(html, mine, ["决算"], 3, None).deeper == ()


def test_other_hosts_and_older_entries_are_counted_and_not_followed():
    html = page(
        '<p><a href="https://b.example/1.pdf">a</a></p><p><a href="2.pdf">b 2020-01-01</a></p>'
    )
    found = leads(html, source(), [], 0, date(2021, 1, 1))
    assert (found.listed, found.older, found.elsewhere, found.all_older) == (0, 1, 1, True)
