"""What OCR does to a text moves no figure in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random

import pytest

from extract.amounts import is_amount
from extract.document import Made, stages
from extract.hanzi import fold
from fixtures.render.case import cases

TEXTS = {
    case.slug: case.input.read_text(encoding="utf-8").split("\n")
    for case in cases()
    if case.input.suffix == ".txt"
}
UNDAMAGED = {slug: stages("\n".join(lines).encode()) for slug, lines in TEXTS.items()}
Damage = Callable[[list[str], Random], None]


def rows(lines: Sequence[str], *, heads: bool) -> list[int]:
    """The lines that are headings, or those that are not."""
    found = []
    for at, line in enumerate(lines):
        fields = [field for field in line.split("\t") if field]
        figures = any(is_amount(field) and "." in field for field in fields)
        if "\t" in line and len(fields) > 1 and figures != heads:
            found.append(at)
    return found


def change(
    lines: list[str], rng: Random, *, heads: bool, act: Callable[[list[str], int], None]
) -> None:
    at = rng.choice(rows(lines, heads=heads))
    fields = lines[at].split("\t")
    act(fields, rng.choice([i for i, field in enumerate(fields) if field]))
    lines[at] = "\t".join(fields)


def smudged(text: str, rng: Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("央攻欺人口") + text[at + 1 :]


def a_heading_lost(lines: list[str], rng: Random) -> None:
    change(lines, rng, heads=True, act=lambda fields, i: fields.__setitem__(i, ""))


def a_heading_and_its_tab_lost(lines: list[str], rng: Random) -> None:
    change(lines, rng, heads=True, act=lambda fields, i: fields.pop(i))


def a_heading_smudged(lines: list[str], rng: Random) -> None:
    change(
        lines, rng, heads=True, act=lambda fields, i: fields.__setitem__(i, smudged(fields[i], rng))
    )


def a_row_of_headings_lost(lines: list[str], rng: Random) -> None:
    lines[rng.choice(rows(lines, heads=True))] = ""


def a_title_smudged(lines: list[str], rng: Random) -> None:
    titles = [i for i, line in enumerate(lines) if fold(line).endswith(("决算表", "决算总表"))]
    at = rng.choice(titles[-9:])
    lines[at] = smudged(lines[at], rng)


def a_name_smudged(lines: list[str], rng: Random) -> None:
    at = rng.choice(rows(lines, heads=False))
    fields = lines[at].split("\t")
    names = [i for i, f in enumerate(fields) if len(f) > 3 and not f.isascii()]
    if names:
        i = rng.choice(names)
        fields[i] = smudged(fields[i], rng)
        lines[at] = "\t".join(fields)


def the_last_tabs_lost(lines: list[str], rng: Random) -> None:
    for at, line in enumerate(lines):
        if rng.random() < 0.3:
            lines[at] = line.rstrip("\t")


def a_page_number_between_rows(lines: list[str], rng: Random) -> None:
    lines.insert(rng.choice(rows(lines, heads=False)), "- 12 -")


def a_tab_too_many(lines: list[str], rng: Random) -> None:
    change(lines, rng, heads=False, act=lambda fields, i: fields.insert(i, ""))


def a_code_with_a_letter(lines: list[str], rng: Random) -> None:
    coded = [at for at in rows(lines, heads=False) if lines[at][:3].isdigit()]
    at = rng.choice(coded)
    lines[at] = lines[at].replace("0", "O", 1)


def figures(made: Made) -> dict[tuple[str, str, str], Decimal]:
    return {(i.form, i.key, i.measure): i.amount for i in made.items if i.amount is not None}


def damaged(slug: str, damage: Damage, seed: int) -> Made:
    lines = list(TEXTS[slug])
    damage(lines, Random(seed))
    return stages("\n".join(lines).encode())


every_text = pytest.mark.parametrize("slug", TEXTS)
seeds = pytest.mark.parametrize("seed", range(4))


@every_text
@seeds
@pytest.mark.parametrize(
    "damage",
    [
        a_heading_lost,
        a_heading_and_its_tab_lost,
        a_heading_smudged,
        a_row_of_headings_lost,
        a_name_smudged,
        a_code_with_a_letter,
        the_last_tabs_lost,
        a_page_number_between_rows,
    ],
)
def test_the_figures_survive(slug: str, damage: Damage, seed: int) -> None:
    read, whole = figures(damaged(slug, damage, seed)), figures(UNDAMAGED[slug])
    assert {place: v for place, v in read.items() if whole.get(place) == v} == read
    assert len(whole) - len(read) <= 2


@every_text
@seeds
@pytest.mark.parametrize("damage", [a_title_smudged, a_tab_too_many])
def test_no_figure_moves_in_silence(slug: str, damage: Damage, seed: int) -> None:
    made, whole = damaged(slug, damage, seed), figures(UNDAMAGED[slug])
    moved = {place for place, v in figures(made).items() if whole.get(place) != v}
    before = {(f.rule, f.form, f.key) for f in UNDAMAGED[slug].findings}
    told = {(f.rule, f.form, f.key) for f in made.findings if f.severity != "info"} - before
    assert not moved or told
