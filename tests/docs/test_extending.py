"""What schemas/docs/extending.md tells one to write down is all that is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import extract
from extract.forms import catalogue, code_book
from extract.harvest.spec import load
from extract.locations import schemas
from tests.papers import SUMMARY, TABLES, Paper

PAGE = (schemas() / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
UNIT = "金额单位：元"
ACCOUNT = [
    ["科目编码", "科目名称", "合计", "财政拨款", "其他资金"],
    ["合计", "<", "30.00", "20.00", "10.00"],
    ["206", "科学技术支出", "30.00", "20.00", "10.00"],
    ["20611", "人工智能", "30.00", "20.00", "10.00"],
    ["2061101", "人工智能研发", "30.00", "20.00", "10.00"],
]
_LOOK = """
import json, sys
from extract import document, wordings
from extract.forms.rules import expected_forms
data = open(sys.argv[1], "rb").read()
found = document.read(data, "a.txt")
print(json.dumps({
    "unknown": wordings.told(wordings.unknown(data)),
    "forms": found.forms_found,
    "others": found.forms_other,
    "doubts": sorted({f.category for f in found.findings}),
    "held": sorted({c.rule for c in found.checks if c.verdict == "holds"}),
    "total": [str(i.amount) for i in found.items if i.form == "project_account" and i.key == "total"],
    "due": [e.form for e in expected_forms() if e.is_due(2027, None, ())],
}))
"""


def added(to: Any, more: Any) -> Any:
    """``more`` put into ``to``: lists are longer, what is named is found by its name."""
    if isinstance(to, dict) and isinstance(more, dict):
        return {**to, **{key: added(to.get(key), value) for key, value in more.items()}}
    if isinstance(to, list) and isinstance(more, list):
        made = list(to)
        for one in more:
            at = next((n for n, each in enumerate(made) if _named(each) == _named(one)), None)
            if at is None or _named(one) is None:
                made.append(one)
            else:
                made[at] = added(made[at], one)
        return made
    return more


def _named(one: Any) -> Any:
    return (one.get("name") or one.get("key")) if isinstance(one, dict) else None


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose schemas have all that the page says."""
    root = tmp_path_factory.mktemp("amended")
    (root / "extract").symlink_to(Path(extract.__file__).parent)
    shutil.copytree(schemas(), root / "schemas")
    for kind, name, text in BLOCKS:
        path = root / name
        if kind == "csv":
            with path.open("a", encoding="utf-8") as file:
                file.write(text)
            continue
        held = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
        whole = added(held, yaml.safe_load(text))
        path.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), "utf-8")
    return root


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a county prints in 2027."""

    def said(rows: Any, old: str, new: str) -> Any:
        return [[new if text == old else text for text in row] for row in rows]

    summary = said(SUMMARY, "使用非财政拨款结余", "动用历年结余")
    income = said(TABLES["income"], "经营收入", "经营活动收入")
    other = [["项目", "说明", "金额"], ["大坝", "修缮", "1.00"], ["水闸", "更换", "2.00"]]
    paper = Paper().lines("2027年度某县水利局部门决算", "收入支出决算总表", UNIT).table(summary)
    paper.page().lines("收入决算表", UNIT).table(income)
    paper.page().lines("各项支出决算统计表", UNIT).table(TABLES["expenditure"])
    paper.page().lines("重点项目支出决算表", UNIT).table(ACCOUNT)
    paper.page().lines("宁夏特色项目情况表", UNIT).table(other)
    path = tmp_path_factory.mktemp("documents") / "a.txt"
    path.write_bytes(paper.typed())
    return path


def look(root: Path, document: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, str(document)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_page_has_an_example_of_each(document):
    names = {name for _, name, _ in BLOCKS}
    assert {"sources.yaml", "schemas/codes/functional.csv", "schemas/forms/order.yaml"} <= names
    assert len(BLOCKS) == PAGE.count("```yaml") + PAGE.count("```csv")
    assert not code_book("functional").knows("2061101")
    assert "project_account" not in catalogue().forms


def test_before_the_words_are_unknown_and_the_forms_not_there(document):
    before = look(Path(extract.__file__).parents[1], document)
    for word in ("动用历年结余", "经营活动收入", "各项支出决算统计表", "宁夏特色项目情况表"):
        assert word in before["unknown"]
    assert "expenditure" not in before["forms"]


def test_with_the_entries_everything_is_read(amended, document):
    after = look(amended, document)
    assert after["unknown"] == "every title, heading and line is known"
    assert after["forms"] == [
        "income_expenditure_summary",
        "income",
        "expenditure",
        "project_account",
    ]
    assert after["others"] == ["ningxia_projects"]
    assert "unknown_code" not in after["doubts"]
    assert {"project_account.funds", "project_account.total"} <= set(after["held"])
    assert after["total"] == ["30.00", "20.00", "10.00"]
    assert "project_account" in after["due"]


def test_the_source_is_one(amended):
    [source] = load([amended / "sources.yaml"])
    assert source.name == "some-city"
