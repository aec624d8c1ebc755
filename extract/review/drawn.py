"""Pictures of pages, each drawn once while somebody looks at a document."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from extract.errors import InputError
from extract.model import Finding, Reading
from extract.views import svg
from extract.views.originals import Originals
from extract.views.pictures import NoPicture, Picture, draw, opened
from extract.views.quotes import quoted

WIDE = 1600
"""Pixels of the longer side: what is printed in 8 points can be read."""
_FILES, _PICTURES = 4, 60


class Drawn:
    """The pages of documents whose files are where they were, or in one of ``folders``."""

    def __init__(self, folders: Sequence[str | Path]) -> None:
        self._originals = Originals(folders)
        self._files: OrderedDict[tuple[str, str], tuple[bytes, ...]] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, str, int], Picture] = OrderedDict()
        self._lock = Lock()

    def page(self, reading: Reading, number: int) -> Picture:
        """A page, from 1. Raises a subclass of ``InputError`` that says why it cannot be shown."""
        mark = self._originals.mark(reading.source)
        with self._lock:
            key = (reading.doc_id, mark, number)
            if key not in self._pictures:
                self._pictures[key] = draw(self._bytes(reading, mark), number, longest=WIDE)
                _forget(self._pictures, _PICTURES)
            self._pictures.move_to_end(key)
            return self._pictures[key]

    def why_not(self, reading: Reading, number: int) -> str | None:
        """Why a page cannot be shown; None where it can."""
        try:
            self.page(reading, number)
        except InputError as why:
            return str(why)
        return None

    def quoted(self, reading: Reading, finding: Finding) -> dict[int, list[svg.Mark]]:
        """The sentence that a finding quotes, where it stands on its page; nothing where it does not."""
        number, said = finding.page, quoted(finding)
        if number is None or said is None:
            return {}
        try:
            with (
                self._lock,
                opened(self._bytes(reading, self._originals.mark(reading.source))) as pages,
            ):
                lines = pages.find(number, said)
        except InputError:
            return {}
        return {number: [svg.Mark(line, "doubt", said) for line in lines]} if lines else {}

    def _bytes(self, reading: Reading, mark: str) -> tuple[bytes, ...]:
        key = (reading.doc_id, mark)
        if not mark:
            raise NoPicture(
                f"{reading.source} is not there any more; name the folder it is in with --files"
            )
        if key not in self._files:
            self._files[key] = self._originals.files(reading)
            _forget(self._files, _FILES)
        self._files.move_to_end(key)
        return self._files[key]


def _forget(held: OrderedDict[Any, Any], most: int) -> None:
    while len(held) > most:
        held.popitem(last=False)
