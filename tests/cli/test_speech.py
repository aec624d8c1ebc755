"""Everything that is said has its Chinese beside it, and nothing is kept that nobody says."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import extract
from extract.cli import command, exit_code
from extract.cli.speech import language, speaking, texts, tree, wrapped
from extract.lang import chinese, plain, spoken
from extract.locations import schemas
from extract.stages.reconcile import wording

PACKAGE = Path(extract.__file__).parent
_SAID = re.compile(r"""\b(?:t|say)\(\s*(?:"([^"]+)"|'([^']+)')\s*[,)]""")
ALL = dict(tree(speaking(command, "en")))


def on_pages() -> set[str]:
    """What templates say, and what is said to them."""
    files = [*PACKAGE.rglob("*.html"), *PACKAGE.glob("re*/*.py"), *PACKAGE.glob("views/*.py")]
    found = (m for path in files for m in _SAID.finditer(path.read_text(encoding="utf-8")))
    return {plain(m[1] or m[2]) for m in found} | {"proven twice", "proven once", "not proven"}


def kinds() -> set[str]:
    """What findings and cells are called, and nothing translates but pages that show them."""
    pairs = yaml.safe_load((schemas() / "lang" / "zh.yaml").read_text(encoding="utf-8"))["kinds"]
    return {pair["en"] for pair in pairs}


def to_paste(missing: list[str]) -> str:
    return "schemas/lang/zh.yaml lacks:\n" + yaml.safe_dump(
        [{"en": text, "zh": ""} for text in missing], allow_unicode=True, width=120
    )


@pytest.mark.parametrize("path", ALL, ids=lambda path: path or "juesuan")
def test_every_command_and_option_has_a_help_in_both_languages(path):
    one = ALL[path]
    assert one.help, "a command without help"
    unsaid = [p.name for p in one.params if isinstance(p, click.Option) and not p.help]
    assert unsaid == [], "options without help"
    missing = [plain(text) for text in texts(one) if not chinese().get(plain(text))]
    assert not missing, to_paste(missing)


def test_every_text_of_a_page_is_in_both_languages():
    missing = sorted(on_pages() - chinese().keys())
    assert not missing, to_paste(missing)


def test_every_kind_of_finding_has_a_name():
    contract = {"ocr_digit", "unreadable", "missing_form", *wording.CAUSES}
    assert contract <= kinds()


def test_nothing_is_translated_that_nobody_says():
    said = {plain(text) for one in ALL.values() for text in texts(one)}
    assert chinese().keys() - said - on_pages() - kinds() == set()


@pytest.mark.parametrize("path", ALL, ids=lambda path: path or "juesuan")
@pytest.mark.parametrize("width", [60, 100])
def test_help_in_chinese_fits_the_terminal(path, width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    assert exit_code([*path.split(), "--lang", "zh", "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("用法：")
    assert "选项：" in told
    assert not re.search(r"\b(Show|Options|Usage|default|required)\b", told)
    longest = max((line for line in told.splitlines() if "[" not in line), key=cell_len)
    assert cell_len(longest) <= width, longest


def test_the_language_is_that_of_the_option_else_of_the_locale(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    exit_code(["--help"])
    assert capsys.readouterr().out.startswith("用法：")
    exit_code(["run", "--help", "--lang=en"])
    assert capsys.readouterr().out.startswith("Usage:")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert language(["run"]) == "en"
    assert language(["--lang", "zh", "run"]) == "zh"
    assert exit_code(["--lang", "fr", "run"]) == 2
    assert "'zh', 'en'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({"LC_ALL": "zh_TW"}, "zh"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN"}, "en"),
    ],
)
def test_a_locale_speaks_for_itself(environ, lang):
    assert spoken(environ) == lang


@given(st.text(alphabet="汉字，。（a b1）—…", max_size=80), st.integers(8, 40))
def test_wrapping_loses_no_letter_and_no_line_is_too_wide(text, width):
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    unbreakable = any(run > width // 2 for run in map(len, re.findall(r"[^\s汉字]+.?", text)))
    assert unbreakable or all(cell_len(line) <= width for line in lines)


def test_no_line_begins_with_a_mark_that_closes():
    text = "读取文件，核对勾稽；写入（数据集）、报告：完成。" * 4
    for width in range(8, 60):
        lines = list(wrapped(text, width))
        assert "".join(lines) == text
        assert not [line for line in lines if line[0] in "，；：。、）"]
