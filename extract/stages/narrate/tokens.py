"""What in a sentence says something of money: subjects, figures, and the words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from extract.forms import code_book
from extract.forms.narrative import Narrative, SectionSpec, Subject, narrative
from extract.hanzi import fold

Kind = Literal[
    "subject",
    "item",
    "figure",
    "aspect",
    "share",
    "completion",
    "base",
    "direction",
    "compare",
    "reason",
    "of_which",
    "opens",
    "closes",
    "stop",
    "end",
]

NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_MONEY = r"亿元|百万元|万元|千元|元|[万亿](?=[,;。:()、]|$)"
_COUNTED = r"个百分点|百分点|%|‰|人次|批次|批|台\(套\)|台套|台|套|辆|件|个|次|名|人|分|家|项|户"
_FIGURE = (
    rf"(?<![\d.])(?P<number>{NUMBER})(?P<unit>{_MONEY}|{_COUNTED})?"
    r"(?![\d/]|\(含\)|\(不含\)|及?以[上下]|[年月日号])"
)
_YEAR = r"20\d\d年度?"
_NAMED = r"[^,;。:、.\d()](?:[^,;。:()]|\([^()]{1,8}\)(?=[^,;。:()])){1,48}?"
_ITEM = (
    r"(?:(?<![^,;。:、.)])|(?<=其中)|(?<=用于))"
    r"(?:"
    rf"(?:(?P<class>{_NAMED})\(类\)(?:支出)?)?"
    rf"(?:(?P<group>{_NAMED})\(款\)(?:支出)?)?"
    rf"(?P<item>{_NAMED})\(项\)(?:支出)?"
    rf"|(?P<class2>{_NAMED})\(类\)(?:支出)?(?:(?P<group2>{_NAMED})\(款\)(?:支出)?)?"
    rf"|(?:{_NAMED}\((?:\d{{3}}|\d{{5}})\))*(?P<coded>{_NAMED})\((?P<code>\d{{3}}|\d{{5}}|\d{{7}})\)"
    r"|(?P<class3>{classes})(?=[为共计]?\d))"
)


@cache
def _item() -> str:
    """How a text names a 科目: by its levels, by its code, or a 类 by its name alone."""
    book = code_book("functional").names
    names = {fold(name) for code, names in book.items() if len(code) == 3 for name in names}
    said = sorted(names, key=lambda name: (-len(name), name))
    return _ITEM.replace("{classes}", "|".join(map(re.escape, said)))


class Token(NamedTuple):
    """A word that matters; ``what`` says which of its kind."""

    kind: Kind
    what: str
    start: int
    end: int
    match: re.Match[str]


@dataclass(frozen=True)
class Lexer:
    """The words of one section. ``subjects`` are those that one wording may stand for."""

    pattern: re.Pattern[str]
    subjects: dict[str, tuple[Subject, ...]]

    def tokens(self, text: str) -> Iterator[Token]:
        """All that matters in a folded text, in order."""
        for match in self.pattern.finditer(text):
            group = match.lastgroup or ""
            kind, _, what = group.partition("_")
            yield Token(_KINDS[kind], what, match.start(), match.end(), match)


_KINDS: dict[str, Kind] = {
    "S": "subject",
    "I": "item",
    "F": "figure",
    "A": "aspect",
    "P": "share",
    "C": "completion",
    "B": "base",
    "D": "direction",
    "M": "compare",
    "R": "reason",
    "W": "of_which",
    "O": "opens",
    "Z": "closes",
    "T": "stop",
    "E": "end",
}


@cache
def lexer(slug: str) -> Lexer:
    """The lexer of a section of schemas/facts."""
    words = narrative()
    spec = words.by_slug[slug]
    subjects = _subjects(words, spec)
    groups = [
        *_comparisons(words),
        rf"(?P<P_>(?:{words.any_of(words.grammar.shares)})[^,;。:%\d]{{0,30}}?(?:为|是|达|:)?(?=\d))",
        rf"(?P<C_>(?:{words.any_of(words.grammar.completions)})[^,;。:%\d]{{0,16}}?(?:为|达|:)?(?=[\d.]+[%‰]))",
        rf"(?P<C_of>[占为达]{words.any_of(words.grammar.slots['budgeted'])}数?的(?=[\d.]+%))",
        *((rf"(?P<I_>{_item()})",) if spec.coded else ()),
        *_bases(words),
        *(f"(?P<S_{number}>{pattern})" for number, (pattern, _) in enumerate(subjects)),
        *(
            f"(?P<A_{aspect}>{words.any_of(said)})"
            for aspect, said in words.grammar.aspects.items()
        ),
        f"(?P<R_reason>{words.any_of(words.grammar.reasons)})",
        f"(?P<R_purpose>{words.any_of(words.grammar.purposes)}(?!以下|如下))",
        *_directions(words),
        f"(?P<F_>{_FIGURE})",
        r"(?P<W_>其中[:,]?)",
        f"(?P<T_>;(?!{words.any_of(words.grammar.goes_on)}))",
        r"(?P<E_>。)",
        r"(?P<O_>\()",
        r"(?P<Z_>\))",
    ]
    return Lexer(re.compile("|".join(groups)), {f"{n}": s for n, (_, s) in enumerate(subjects)})


def _subjects(words: Narrative, spec: SectionSpec) -> list[tuple[str, tuple[Subject, ...]]]:
    """Every wording with its subjects, the longest first."""
    said: dict[str, list[Subject]] = {}
    for subject in spec.subjects:
        for skeleton in subject.says:
            said.setdefault(words.pattern(skeleton), []).append(subject)
    return sorted(((p, tuple(s)) for p, s in said.items()), key=lambda pair: (-len(pair[0]), pair))


def _bases(words: Narrative) -> Iterator[str]:
    slots = words.grammar.slots
    last, budgeted = words.any_of(slots["last"]), words.any_of(slots["budgeted"])
    tail = r"(?:同期|决算|支出|收入|总计|执行)*(?:数|总额|额)?(?:相比|比较|相较)?"
    yield f"(?P<B_budget>[比较与同和](?:{_YEAR})?{budgeted}{tail})"
    yield f"(?P<B_prior>(?:[比较与同和](?:{_YEAR}|{last})|同比){tail})"


def _comparisons(words: Narrative) -> Iterator[str]:
    grammar = words.grammar
    compared, budgeted = words.any_of(grammar.compared), words.any_of(grammar.slots["budgeted"])
    senses = {"more": grammar.more, "less": grammar.less, "equal": grammar.equal}
    other = words.any_of([*grammar.more, *grammar.less, *grammar.equal])
    for sense, said in senses.items():
        says = rf"{words.any_of(said)}(?P<L_{sense}>[(]{other}[)])?"
        before = rf"(?:{_YEAR})?{budgeted}数?"
        yield rf"(?P<M_{sense}>{compared}(?:{says}{before}|[与同和比较]{before}(?:基本|相)?{words.any_of(said)}))"


def _directions(words: Narrative) -> Iterator[str]:
    grammar = words.grammar
    up, down = words.any_of(grammar.up), words.any_of(grammar.down)
    other = words.any_of([*grammar.up, *grammar.down])
    for name, said in (("down", down), ("up", up), ("same", words.any_of(grammar.same))):
        yield rf"(?P<D_{name}>{said}(?P<O_{name}>[(/]{other}[)]?)?)"


@cache
def between() -> re.Pattern[str]:
    """What may stand between a subject and its figure."""
    words = narrative()
    return re.compile(rf"(?:{words.any_of(words.grammar.fillers)}|\([^()]*\)|\()*")


@cache
def after_direction() -> re.Pattern[str]:
    """What may stand between “减少” and its figure."""
    words = narrative()
    return re.compile(rf"(?:{words.any_of(words.grammar.after_direction)})*")
