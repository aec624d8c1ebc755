"""Tesseract, where it is installed, as a program of its own."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np

from extract.ocr.contract import Area, Picture, Print

_HEIGHT = 48  # pixels of a line; it reads best where letters are some 30 high
_GAP = 32  # pixels of white between lines that are read together
_TOGETHER = 60  # lines


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words as Tesseract tells it."""

    text: str
    area: Area
    confidence: float
    lefts: tuple[int, ...]


def is_installed() -> bool:
    """Whether the program is on the path."""
    return shutil.which("tesseract") is not None


class Tesseract:
    """``tesseract`` with the models for simplified Chinese."""

    def find(self, picture: Picture) -> list[Area]:
        """See ``Recogniser``."""
        return [line.area for line in _told(picture, layout="11")]

    def read(self, lines: Sequence[Picture]) -> list[Print]:
        """See ``Recogniser``. Lines are set below each other, for each call starts a program."""
        read: list[Print] = []
        for start in range(0, len(lines), _TOGETHER):
            read += _read(lines[start : start + _TOGETHER])
        return read


def _read(lines: Sequence[Picture]) -> Iterator[Print]:
    level = [_resized(line) for line in lines]
    step, width = _HEIGHT + _GAP, max(line.shape[1] for line in level) + 2 * _GAP
    page = np.full((step * len(level) + _GAP, width), 255, np.uint8)
    for at, line in enumerate(level):
        page[_GAP + step * at :, _GAP:][:_HEIGHT, : line.shape[1]] = line
    told = list(_told(page, layout="6"))
    for at, line in enumerate(level):
        top = _GAP + step * at
        own = [one for one in told if top <= (one.area[1] + one.area[3]) / 2 < top + step]
        lefts = [(left - _GAP) / line.shape[1] for one in own for left in one.lefts]
        sure = min((one.confidence for one in own), default=0.0)
        yield Print("".join(one.text for one in own), sure, tuple(lefts))


def _resized(line: Picture) -> Picture:
    width = max(round(line.shape[1] * _HEIGHT / line.shape[0]), 1)
    level: Picture = cv2.resize(line, (width, _HEIGHT), interpolation=cv2.INTER_CUBIC)
    return level


def _told(picture: Picture, layout: str) -> list[Line]:
    _, file = cv2.imencode(".png", picture)
    ran = subprocess.run(
        ["tesseract", "-", "-", "-l", "chi_sim", "--psm", layout, "tsv"],
        input=file.tobytes(),
        capture_output=True,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": os.environ.get("OMP_NUM_THREADS", "")},
    )
    return lines_of(ran.stdout.decode("utf-8", "replace"))


def lines_of(tsv: str) -> list[Line]:
    """The lines in Tesseract's table of words."""
    rows = csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = (row for row in rows if row["level"] == "5" and (row["text"] or "").strip())
    by_line = groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"]))
    return [_line(list(group)) for _, group in by_line]


def _line(words: Sequence[dict[str, str]]) -> Line:
    sides = [
        (x, y, x + int(word["width"]), y + int(word["height"]))
        for word in words
        for x, y in ((int(word["left"]), int(word["top"])),)
    ]
    x0, y0, x1, y1 = zip(*sides, strict=True)
    lefts = (
        left + (right - left) * at // len(word["text"])
        for word, (left, _, right, _) in zip(words, sides, strict=True)
        for at in range(len(word["text"]))
    )
    return Line(
        "".join(word["text"] for word in words),
        (min(x0), min(y0), max(x1), max(y1)),
        min(float(word["conf"]) for word in words) / 100,
        tuple(lefts),
    )
