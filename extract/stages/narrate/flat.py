"""Is a figure said to be as before, and then its rise or fall explained?

“与上年持平，主要原因：……减少” cannot both be so. Whether the figure changed is not known
here; that the sentence contradicts itself is. A reason that speaks of rises and falls may
balance them, and one behind “基本持平” explains the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extract.forms.narrative import Narrative, narrative
from extract.model import Finding
from extract.stages.narrate.findings import finding, quoted, where
from extract.stages.narrate.outline import Part
from extract.stages.narrate.prose import Paragraph
from extract.stages.narrate.spans import sentence

_YEAR = r"20\d\d年度?"
_STOPS = "。;"
_SAID = {"up": ("增加", "a rise"), "down": ("减少", "a fall")}
_AMOUNT = re.compile(r"[1-9][\d,.]*(?:元|万|亿)|0\.\d*[1-9]\d*(?:元|万|亿)")


def contradicted(doc_id: str, parts: Sequence[Part]) -> Iterator[Finding]:
    """Every “持平” beside a reason why there is more, or less."""
    for part in parts:
        if part.slug in narrative().by_slug and not part.silent:
            yield from _in(doc_id, part)


def _in(doc_id: str, part: Part) -> Iterator[Finding]:
    for at, paragraph in enumerate(part.paragraphs):
        text = paragraph.folded
        for match in _unchanged().finditer(text):
            # That nothing is as much as nothing needs no reason, and gets all kinds.
            if not _AMOUNT.search(text[: match.start()]):
                continue
            below = part.paragraphs[at + 1 : at + 2]
            way = _way(_reason(text, match.end(), below))
            if way is not None:
                yield _told(doc_id, part, paragraph, match, way)


def _reason(text: str, at: int, below: Sequence[Paragraph]) -> str:
    """Up to the end of its sentence; a reason that only begins with the line goes on in the next."""
    found = _because().match(text, at)
    if found is None:
        return ""
    rest = text[found.end() :] or "".join(one.folded for one in below)
    end = next((i for i, letter in enumerate(rest) if letter in _STOPS), len(rest))
    return rest[:end]


def _way(reason: str) -> str | None:
    """Up or down, if the reason knows but one of them."""
    ways = {name for name, said in _moves().items() if said.search(reason)}
    return ways.pop() if len(ways) == 1 else None


def _told(doc_id: str, part: Part, paragraph: Paragraph, match: re.Match[str], way: str) -> Finding:
    page = paragraph.page(match.start())
    said = paragraph.printed(*sentence(paragraph.folded, match.start()))
    (zh, en), (moved, moved_en) = where(page), _SAID[way]
    return finding(
        doc_id,
        "unchanged",
        "narrative_mismatch",
        "warning",
        (
            f"{zh}“{quoted(said, match[0])}”：文中称持平，所述原因却是{moved}",
            f"{en}it is said to be as before, and {moved_en} is given as the reason",
        ),
        place=(part.slug, part.heading, match.start()),
        page=page,
    )


@cache
def _unchanged() -> re.Pattern[str]:
    """“与2023年度相比，财政拨款收入支出总计持平”, in one sentence."""
    words = narrative()
    last, same = words.any_of(words.grammar.slots["last"]), words.any_of(words.grammar.same)
    hedged = "".join(f"(?<!{one})" for one in words.grammar.hedges)
    return re.compile(rf"[比较与同和](?:{_YEAR}|{last})[^。;:\d]{{0,40}}?{hedged}{same}")


@cache
def _because() -> re.Pattern[str]:
    words = narrative()
    return re.compile(rf"[,;。]?(?:其|变动)?{_reasons(words)}(?:是|为|系|在于|:|,)*")


def _reasons(words: Narrative) -> str:
    return words.any_of(words.grammar.reasons)


@cache
def _moves() -> dict[str, re.Pattern[str]]:
    words = narrative()
    negated = "".join(f"(?<!{one})" for one in words.grammar.negations)
    said = {"up": words.grammar.risen, "down": words.grammar.fallen}
    return {way: re.compile(negated + words.any_of(some)) for way, some in said.items()}
