"""Variety is data: no line of Python asks which province, which year or which form it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import extract
from extract.forms import catalogue
from extract.forms.regions import provinces

SOURCES = sorted(Path(extract.__file__).parent.rglob("*.py"))
YEARS = range(2000, 2040)


def asked(tree: ast.AST) -> Iterator[tuple[int, object]]:
    """The constants that a module compares with, line by line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.MatchValue):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant):
                    yield inner.lineno, inner.value


def special() -> set[str]:
    known = catalogue()
    titles = {title.wording for title in known.titles}
    return {*known.forms, *(other.name for other in known.others), *titles, *provinces()}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_module_asks_for_a_province_a_year_or_a_form(path: Path) -> None:
    names = special()
    found = [
        f"{path.name}:{line} asks for {value}"
        for line, value in asked(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(value, str) and value in names)
        or (isinstance(value, int) and not isinstance(value, bool) and value in YEARS)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ['if form.name == "income": pass', 'x = p in ("四川省",)', "if year >= 2019: pass"]
)
def test_such_a_question_is_seen(line: str) -> None:
    names = special()
    values = [value for _, value in asked(ast.parse(line))]
    assert any(value in names or value in YEARS for value in values)
