"""How exactly does each engine read each kind of layout, and how often was a contest needed?

    python -m tests.bench.layouts [DOCUMENTS]

Random layouts, as many DOCUMENTS of each (20), none of which the tests use. Prints Markdown: F1 of
exact cells (right form, key, measure, amount and page), the share of documents exact
throughout, and, for auto, in how many documents a contest was held and how many a rival won.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from extract.document import Made, stages
from extract.model import ENGINES
from tests.layouts import Printed, printed

RULES = ("all", "horizontal", "three", "none")
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
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    sys.stdout.write(by_layout(count) + "\n")


def by_layout(count: int, engines: Sequence[str] = ENGINES) -> str:
    """A Markdown table of ``count`` documents a layout."""
    lines = ["| layout | engine | F1 | exact documents | contests | won by a rival |"]
    lines.append("|---|---|---|---|---|---|")
    for rules in RULES:
        documents = list(islice(_documents(rules), count))
        for engine in engines:
            one = scored(documents, engine)
            lines.append(
                f"| {rules} | {engine} | {one.f1:.5f} | {one.whole:.1%} | {one.contested} | {one.won} |"
            )
    return "\n".join(lines)


def scored(documents: Sequence[Printed], engine: str) -> Score:
    """The documents as one engine reads them."""
    hits = wanted = found = whole = contested = won = 0
    for document in documents:
        made = stages(document.data, engine)
        truth, read = document.figures(), _figures(made)
        right = sum(read.get(place) == figure for place, figure in truth.items())
        hits, wanted, found = hits + right, wanted + len(truth), found + len(read)
        forms = {sheet.form for sheet in made.sheets} == set(document.statement.forms)
        whole += forms and read == truth
        contested += len(made.contests)
        won += sum(held.winner != held.doubts[0][0] for held in made.contests)
    return Score(2 * hits / max(wanted + found, 1), whole / len(documents), contested, won)


def _figures(made: Made) -> dict[tuple[str, str, str], tuple[object, int | None]]:
    return {
        (i.form, i.key, i.measure): (i.amount, i.page) for i in made.items if i.amount is not None
    }


def _documents(rules: str) -> Iterator[Printed]:
    seed = _FIRST
    while True:
        if (one := printed(seed, "pdf", rules)) is not None:
            yield one
        seed += 1


if __name__ == "__main__":
    main()
