"""How exactly does each engine read each kind of layout, and how often was a contest needed?

    python -m tests.bench.layouts [DOCUMENTS [FIRST_SEED]]

Random layouts, as many DOCUMENTS of each (5), none of which the tests use. Prints Markdown: F1 of
exact cells (right form, key, measure, amount and page), the share of documents exact
throughout, and, for auto, how many contests were held and how many a rival won.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from extract.document import Made, stages
from extract.errors import InputError
from extract.model import ENGINES
from extract.stages.tabulate import AUTO
from tests.layouts import Printed, printed

DOCUMENTS = 5
LAYOUTS = {
    "all": "all rules",
    "open": "open at the sides",
    "horizontal": "horizontal only",
    "three": "three lines",
    "none": "none",
}
_FIRST = 20_000  # seed


@dataclass(frozen=True)
class Score:
    """How a set of documents was read."""

    f1: float
    whole: float
    contested: int
    won: int


def main() -> None:
    """Measure and print."""
    told = [int(text) for text in sys.argv[1:]]
    for line in by_layout(*told):
        print(line, flush=True)


def by_layout(
    count: int = DOCUMENTS, first: int = _FIRST, engines: Sequence[str] = ENGINES
) -> Iterator[str]:
    """A Markdown table of ``count`` documents a layout, line by line as it is known."""
    yield f"{count} rendered documents a layout, exact cells: F1, and documents exact throughout.\n"
    yield "| engine | " + " | ".join(LAYOUTS.values()) + " |"
    yield "|---|" + "---|" * len(LAYOUTS)
    documents = {rules: list(islice(_documents(rules, first), count)) for rules in LAYOUTS}
    held: list[str] = []
    for engine in engines:
        scores = [scored(documents[rules], engine) for rules in LAYOUTS]
        yield f"| {engine} | " + " | ".join(f"{s.f1:.4f}, {s.whole:.0%}" for s in scores) + " |"
        if engine == AUTO:
            held = [f"{score.contested}, {score.won}" for score in scores]
    yield "| contests of auto, won by a rival | " + " | ".join(held) + " |"


def scored(documents: Sequence[Printed], engine: str) -> Score:
    """The documents as one engine reads them."""
    hits = wanted = found = whole = contested = won = 0
    for document in documents:
        truth = document.figures()
        wanted += len(truth)
        try:
            made = stages(document.data, engine)
        except InputError:  # an engine alone may not be able to read a file
            continue
        read = _figures(made)
        right = sum(read.get(place) == figure for place, figure in truth.items())
        hits, found = hits + right, found + len(read)
        forms = {sheet.form for sheet in made.sheets} == set(document.statement.forms)
        whole += forms and read == truth
        contested += len(made.contests)
        won += sum(held.winner != held.doubts[0][0] for held in made.contests)
    return Score(2 * hits / max(wanted + found, 1), whole / len(documents), contested, won)


def _figures(made: Made) -> dict[tuple[str, str, str], tuple[object, int | None]]:
    return {
        (i.form, i.key, i.measure): (i.amount, i.page) for i in made.items if i.amount is not None
    }


def _documents(rules: str, seed: int) -> Iterator[Printed]:
    while True:
        if (one := printed(seed, "pdf", rules)) is not None:
            yield one
        seed += 1


if __name__ == "__main__":
    main()
