"""What runs at the edge of pages is furniture; what recurs as a heading is not."""

from __future__ import annotations

import pytest

from extract.furniture import running, runs
from extract.readers import read
from tests.papers import Paper


def heads(*tops: str) -> frozenset[str]:
    """The furniture of pages that begin so, each with a text of its own below."""
    paper = Paper()
    for number, top in enumerate(tops):
        if number:
            paper.page()
        paper.line(top, down=0).lines(*("。" * 20 for _ in range(3)), f"文{'字' * number}")
    return running(read(paper.pdf()).pages)


def test_a_head_on_every_page_or_every_other_runs() -> None:
    assert "某局部门决算" in heads(*["某局2023部门决算"] * 3)
    assert {"某局", "部门决算"} <= heads(*["某局", "部门决算"] * 3)


def test_a_number_alone_is_no_letter_of_it() -> None:
    assert heads("1", "2", "3", "4") == frozenset()


def test_a_heading_in_the_contents_and_a_part_away_does_not_run() -> None:
    part = "第一部分 某局概况"
    between = [f"页{'上' * number}" for number in range(1, 12)]
    assert "第一部分某局概况" not in heads(part, part, *between, part, part)


@pytest.mark.parametrize(
    ("line", "whole"), [("某局\t第 3 页", True), ("某局\t收入", False), ("收入", False)]
)
def test_a_line_runs_if_all_its_texts_do(line: str, whole: bool) -> None:
    assert runs(line, frozenset({"某局", "第页"})) is whole
