"""What do the lines above a table say: which form it is, and in what unit?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from extract import amounts
from extract.forms import Catalogue
from extract.forms.catalogue import Title, title_text
from extract.hanzi import fold
from extract.model import Grid
from extract.stages.recognise.rows import by_row

_BROKEN = 3  # lines over which a title may run


def unit_of(captions: Sequence[str], grid: Grid, catalogue: Catalogue) -> str | None:
    """The unit above the table; else the one below it, before the next title."""
    below = takewhile(lambda text: catalogue.named_by(text) is None, grid.region.notes)
    said = (amounts.unit_in(text) for text in (*reversed(captions), *below))
    return next((unit for unit in said if unit), None)


def counts_otherwise(captions: Sequence[str], grid: Grid, catalogue: Catalogue) -> bool:
    """Whether the table says that it is of percentages, heads or vehicles: the nearest unit is none of money."""
    said = (text for text in (*reversed(captions), *grid.region.notes))
    nearest = next(
        (t for t in said if amounts.unit_in(t) or catalogue.words.counts_otherwise(t)), ""
    )
    return catalogue.words.counts_otherwise(nearest)


def captions_of(grid: Grid, catalogue: Catalogue) -> tuple[list[str], int]:
    """The lines above the table, and those that stand inside its frame as rows of their own."""
    captions = list(grid.region.captions)
    start = 0
    for row in by_row(grid)[:5]:
        found = [cell.text for cell in row if fold(cell.text)]
        if not found or len(found) > 3 or not any(_is_caption(text, catalogue) for text in found):
            break
        captions += found
        start += 1
    return captions, start


def _is_caption(text: str, catalogue: Catalogue) -> bool:
    folded = fold(text)
    return (
        catalogue.named_by(text) is not None
        or _says_unit(folded)
        or catalogue.words.counts_otherwise(text)
        or not title_text(text)  # 财决01表, 附表1, a year: what a title may carry, by itself
        or folded.startswith(("部门:", "编制单位:", "单位名称:", "公开", "预算代码:"))
    )


def _says_unit(folded: str) -> bool:
    """Whether a text states a unit and is no heading with one: 决算数（万元）."""
    return amounts.unit_in(folded) is not None and ("单位" in folded or folded[0] == "(")


def title_of(captions: Sequence[str], catalogue: Catalogue) -> Title | None:
    """The nearest caption that names a form; a title broken over lines is read as one."""
    for last in range(len(captions), 0, -1):
        parts = ["".join(captions[max(last - count, 0) : last]) for count in range(1, _BROKEN + 1)]
        named = [title for text in parts if (title := catalogue.named_by(text)) is not None]
        if not named:
            continue
        longest = max(named, key=lambda title: len(title.wording))
        # 财政拨欺收入支出决算总表 is not 收入支出决算总表 of some 财政拨欺.
        nearly = filter(None, map(catalogue.nearly_named_by, parts))
        exact = any(title_text(text) == longest.wording for text in parts)
        return longest if exact or not any(_longer(t, longest) for t in nearly) else None
    return None


def _longer(one: Title, other: Title) -> bool:
    return len(one.wording) > len(other.wording)


def misread_title_of(captions: Sequence[str], catalogue: Catalogue) -> Title | None:
    """The nearest caption that would name a form if one letter of it were another."""
    nearly = (catalogue.nearly_named_by(text) for text in reversed(captions))
    return next((title for title in nearly if title is not None), None)
