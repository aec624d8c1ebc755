"""Characters that pdfium leaves out of its text, read by pdfminer instead.

A font that is neither embedded in the file nor installed on the machine draws no ink
there, and pdfium drops text without ink where it stands alone: the last character of a
wrapped name, say. Many offices do not embed 宋体, and servers have no Chinese fonts.
"""

from __future__ import annotations

import io
import logging
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pdfplumber

from extract.geometry import centre, covers, cut_off
from extract.model import Box, Word

# What pdfminer has to say of a broken file is said by pdfium's error already: a line an operator.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


class Faint:
    """A second reading of one file, begun only when a page needs it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        # pdfminer cannot name every glyph, but pdfium has named most of them somewhere in the file.
        self._letters: dict[str, str] = {}

    @cached_property
    def _pages(self) -> Any:
        return pdfplumber.open(io.BytesIO(self._data)).pages

    def missing(self, number: int, words: Sequence[Word]) -> Iterator[Word]:
        """The characters of page ``number`` (from 1) that stand in none of ``words``."""
        left_out: list[tuple[str, Box]] = []
        for char, box in self._letters_of(number):
            word = next((w for w in words if covers(w.box, *centre(box))), None)
            if word is None:
                left_out.append((char["text"], box))
            elif len(char["text"]) > 1 and (letter := _letter_at(word, box[0])) is not None:
                self._letters[char["text"]] = letter
        for text, box in left_out:
            letter = self._letters.get(text, text)
            if len(letter) == 1:
                yield Word(letter, box, (box[0],))

    def _letters_of(self, number: int) -> list[tuple[dict[str, Any], Box]]:
        """The letters of a page as pdfminer reads them; none where the file is too broken for it."""
        try:
            page = self._pages[number - 1]
            dx, dy = _origin(page)
            return [
                (char, (char["x0"] - dx, char["top"] - dy, char["x1"] - dx, char["bottom"] - dy))
                for char in page.chars
                if char["text"].strip() and not _slanted(char["matrix"])
            ]
        except Exception:  # noqa: BLE001 - pdfminer raises anything on files that pdfium mends
            return []


def _origin(page: Any) -> tuple[float, float]:
    """Where what is shown of a page begins, as pdfplumber counts."""
    dx, dy = cut_off(page.page_obj.mediabox, page.page_obj.cropbox, page.rotation)
    return page.bbox[0] + dx, page.bbox[1] + dy


def _letter_at(word: Word, x: float) -> str | None:
    """The letter that begins at ``x``; none where pdfium has a gap, as it has for spaces."""
    at = bisect_right(word.lefts, x + 0.5) - 1
    return word.text[at] if at >= 0 and abs(word.lefts[at] - x) <= 0.5 else None


def _slanted(matrix: tuple[float, ...]) -> bool:
    return min(abs(matrix[0]), abs(matrix[1])) > 0.05 * max(abs(matrix[0]), abs(matrix[1]))
