"""Where does the header of a grid end, and where are its columns?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from extract.forms import Form, Vocabulary, year_of
from extract.model import Cell, Grid
from extract.stages.recognise.rows import is_body, texts

Span = tuple[int, int]


def body_of(rows: Sequence[Sequence[Cell]], form: Form, words: Vocabulary, start: int) -> int:
    """The first row of the body; after the header's last printed row where nothing is printed below."""
    header = start
    for number in range(start, len(rows)):
        found = texts(rows[number])
        if is_body(found, form, words):
            return number
        if found:
            header = number + 1
    return header


def header_of(
    rows: Sequence[Sequence[Cell]], start: int, body: int, words: Vocabulary
) -> list[int]:
    """The rows that hold headings: 栏次 rows do not; 类 款 项 may stand on the row of 合计."""
    header = [r for r in range(start, body) if not _says_nothing(texts(rows[r]), words)]
    levels = {label for labels in words.code_levels for label in labels}
    if body < len(rows) and levels & set(texts(rows[body])):
        header.append(body)
    return header


def _says_nothing(found: Sequence[str], words: Vocabulary) -> bool:
    """Whether a row of the header numbers the columns, or says of all that they are of one year."""
    years = {year for text in found if (year := year_of(text))}
    return words.numbers_columns(found) or (len(years) == 1 and words.states_years(found))


def slots_of(grid: Grid, body: int, start: int) -> list[int]:
    """Where the columns are: the cut that most rows of the body share."""
    covering = grid.covering()
    cuts = [_cut(covering, row, grid.width) for row in range(start, grid.height)]
    shared = Counter(cut for cut in cuts[body - start :] if len(cut) > 1)
    if not shared or shared.most_common(1)[0][1] < 3:
        # Too few rows to vote: the finest cut, of the header too.
        return [_centre(grid, *span) for span in max(cuts, key=len, default=())]
    [(cut, _)] = shared.most_common(1)
    return [_centre(grid, *span) for span in cut]


def _cut(covering: Mapping[tuple[int, int], Cell], row: int, width: int) -> tuple[Span, ...]:
    """(first slot, slots) of each cell that a row passes through."""
    cells = (covering.get((row, column)) for column in range(width))
    return tuple(dict.fromkeys((cell.column, cell.columns) for cell in cells if cell is not None))


def _centre(grid: Grid, column: int, columns: int) -> int:
    if not grid.edges or columns == 1:
        return column
    x = (grid.edges[column] + grid.edges[column + columns]) / 2
    return next(s for s in range(column, column + columns) if x <= grid.edges[s + 1])
