"""What a reader hands over: pages of words and rulings, or of lines and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Box = tuple[float, float, float, float]
TextLayer = Literal["native", "ocr", "mixed", "none"]
Ocr = Literal["auto", "always", "never"]
"""Which pages are read by OCR: those whose text is of no use, all, or none."""


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together on one line; ``lefts`` is where each begins.

    ``confidence`` (0 to 1) is that of OCR; None where the file itself says what is printed.
    """

    text: str
    box: Box
    lefts: tuple[float, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line, horizontal (``y0 == y1``) or vertical (``x0 == x1``)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text; ``box`` is None where there is no page geometry."""

    text: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A table that the format itself delimits: rows of cell texts, not all of one length."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. Formats without geometry have a single page, number None, made of ``blocks``."""

    number: int | None
    width: float = 0.0
    height: float = 0.0
    words: tuple[Word, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    blocks: tuple[Line | Rows, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The same for every format."""

    sha256: str
    media_type: str
    text_layer: TextLayer
    pages: tuple[Page, ...]

    @property
    def doc_id(self) -> str:
        """First 16 hex digits of the SHA-256 of the source's bytes."""
        return self.sha256[:16]
