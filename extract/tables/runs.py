"""The texts of a table as they stand on the page: words of one line that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract import amounts
from extract.geometry import in_lines, spacing, union
from extract.model import Box, Page, Word

_TOGETHER = 0.3  # of the height of the print: what stands closer is one text
_SPACED = 4.0  # of it: letters of a spaced label, “合　　计”, stand no further apart
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")
_LEVELS = frozenset("类款项")  # three columns, not one spaced word
_DIGITAL = re.compile(r"(?=.*[\d\-－—–―−*/])[\s\d.,，．０-９()（）+\-－—–―−△▲*/]+")


@dataclass(frozen=True, slots=True)
class Run:
    """One text on one line; ``height`` is that of the print of the table, not of its ink."""

    word: Word
    height: float

    @property
    def x0(self) -> float:
        return self.word.box[0]

    @property
    def x1(self) -> float:
        return self.word.box[2]

    @property
    def y(self) -> float:
        """The middle of the line."""
        return (self.word.box[1] + self.word.box[3]) / 2

    @property
    def y0(self) -> float:
        return self.y - self.height / 2

    @property
    def y1(self) -> float:
        return self.y + self.height / 2

    @property
    def is_digital(self) -> bool:
        """Whether it prints figures, a code or a dash, and no word."""
        return bool(_DIGITAL.fullmatch(self.word.text))

    @property
    def is_figure(self) -> bool:
        """Whether it prints an amount with decimals or groups."""
        return amounts.is_amount(self.word.text) and not self.word.text.strip().isdigit()


def runs_of(words: Iterable[Word]) -> Sequence[Sequence[Run]]:
    """The texts of each line, top to bottom, left to right."""
    rows = in_lines(words)
    height = print_height(word for row in rows for word in row)
    above: list[Sequence[Word]] = [(), *rows]
    return [
        [Run(word, height) for word in _joined(row, upper, height)]
        for upper, row in zip(above, rows, strict=False)
    ]


def print_height(words: Iterable[Word]) -> float:
    """How high Chinese letters are printed; of digits where there are none. Points."""
    heights = [(w.box[3] - w.box[1], bool(_HAN.search(w.text)) and len(w.text) > 1) for w in words]
    han = [height for height, is_han in heights if is_han]
    return max(median(han or [height for height, _ in heights] or [8.0]), 4.0)


def on(page: Page, box: Box) -> list[Word]:
    """The words of a page whose middle lies in ``box``."""
    x0, y0, x1, y1 = box
    return [
        w
        for w in page.words
        if x0 <= (w.box[0] + w.box[2]) / 2 <= x1 and y0 <= (w.box[1] + w.box[3]) / 2 <= y1
    ]


def _joined(row: Sequence[Word], above: Sequence[Word], height: float) -> list[Word]:
    """Words that touch, and letters spaced over the width of a label, as one."""
    groups: list[list[Word]] = [[row[0]]]
    for left, right in pairwise(row):
        gap = right.box[0] - left.box[2]
        near = gap <= _TOGETHER * height or (gap <= _SPACED * height and _spaced(left, right))
        # The last letters of two wrapped headings are no label.
        if not near or (gap > _TOGETHER * height and any(_ends(right, w, height) for w in above)):
            groups.append([])
        groups[-1].append(right)
    return [_one(group) for group in groups]


def _spaced(left: Word, right: Word) -> bool:
    letters = all(len(w.text) == 1 and _HAN.match(w.text) for w in (left, right))
    return letters and not {left.text, right.text} <= _LEVELS


def _ends(word: Word, above: Word, height: float) -> bool:
    """Whether a word is right below a longer one."""
    shared = min(word.box[2], above.box[2]) - max(word.box[0], above.box[0])
    return shared > 0 and len(above.text) > 2 and word.box[1] - above.box[3] < height


def _one(group: Sequence[Word]) -> Word:
    if len(group) == 1:
        return group[0]
    text = group[0].text
    for left, right in pairwise(group):
        text += spacing(left, right).replace("\t", " ") + right.text
    return Word(text, union(w.box for w in group))
