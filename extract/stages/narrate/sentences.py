"""Which facts do the sentences of a section state?

A sentence is read from left to right: subjects, then figures, each taken for what the words
between them make it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.forms.narrative import SectionSpec, narrative
from extract.stages.narrate.figures import compare, figure
from extract.stages.narrate.prose import Paragraph
from extract.stages.narrate.stated import Compared, State, Stated
from extract.stages.narrate.subjects import subject
from extract.stages.narrate.tokens import Token, lexer

_SIGNS = {"up": 1, "down": -1, "same": 0}


def read(slug: str, paragraphs: Sequence[Paragraph], year: int = 0) -> list[Stated | Compared]:
    """All that the paragraphs of one section state, in order; ``year`` 0: unknown."""
    state = State(year=year)
    spec = narrative().by_slug[slug]
    found: list[Stated | Compared] = []
    for paragraph in paragraphs:
        text = paragraph.folded
        _anew(state)
        tokens = list(lexer(slug).tokens(text))
        for token in tokens:
            found += _read(token, text, paragraph, spec, state)
    return found


def _anew(state: State) -> None:
    """A sentence begins: what was said of stays, all else is forgotten."""
    state.aspect = state.last = state.sign = state.changed = None
    state.base, state.reason, state.reason_about, state.reason_base = "prior", "", None, False
    state.alternative, state.end, state.whence, state.outside = False, -1, -1, None
    state.named = False


def _read(
    token: Token, text: str, paragraph: Paragraph, spec: SectionSpec, state: State
) -> Iterator[Stated | Compared]:
    match token.kind:
        case "end":
            _anew(state)
        case "stop":
            state.reason, state.reason_base = "", False
            state.aspect = state.last = state.sign = state.changed = None
        case "reason":
            state.reason, state.reason_about, state.reason_base = token.what, None, False
        case "opens":
            state.outside = state.about
        case "closes" if state.outside is not None:
            state.about, state.outside = state.outside, None
        case "of_which":
            state.whence = token.end
        case "figure":
            yield from figure(token, text, paragraph, state)
        case "compare" if not state.reason:
            yield from compare(token, text, paragraph, state)
        case "subject" | "item":
            subject(token, paragraph, spec, state)
        case "base":
            state.base, state.reason_base = token.what, bool(state.reason) and token.what == "prior"
            state.last, state.end = "base" if state.named else None, token.end
        case "direction":
            state.sign = _SIGNS[token.what]
            state.alternative = token.match[f"O_{token.what}"] is not None
            state.last, state.end, state.aspect = "direction", token.end, None
        case "aspect":
            state.aspect = token.what  # type: ignore[assignment]
            state.last, state.end, state.sign = "aspect", token.end, None
        case "share" | "completion":
            state.last, state.end = token.kind, token.end
        case _:
            pass
