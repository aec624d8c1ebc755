"""What is made for readers says all that the schemas say; `make docs` holds the files to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extract.datasets import DATASETS, dataset
from extract.forms import catalogue
from extract.forms.rules import rules
from tests.docs import FOLDER, pages

ROOT = Path(__file__).parents[2]


def test_the_pages_are_as_they_would_be_made():
    for name, text in pages().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "python -m tests.docs"


def test_every_column_is_in_the_dictionary():
    text = pages()["datasets.md"]
    for name in DATASETS:
        for column in dataset(name).columns:
            assert f"`{column.name}`" in text
            assert column.meaning.replace("|", "\\|") in text


@pytest.mark.parametrize("name", catalogue().forms)
def test_a_page_of_a_form_has_its_picture_all_wordings_and_all_identities(name):
    text, form = pages()[f"forms/{name}.md"], catalogue().forms[name]
    assert (FOLDER / "forms" / f"{name}.png").stat().st_size < 60_000
    assert f"]({name}.png)" in text
    for title in form.titles:
        assert title in text
    for measure in form.measures:
        assert f"`{measure.name}`" in text
    for rule in rules():
        assert (f"`{rule.id}`" in text) == (name in rule.speaks_of)


@pytest.mark.parametrize(
    "page", [*sorted(FOLDER.rglob("*.md")), *sorted(ROOT.glob("schemas/*/README.md")), ROOT / "README.md"],
    ids=lambda path: str(path.relative_to(ROOT)),
)  # fmt: skip
def test_links_between_pages_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), link
