"""What every OCR engine promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Rows of pixels: grey, 0 is ink; or with three colours, blue first."""

Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""


@dataclass(frozen=True, slots=True)
class Print:
    """What one line of print says.

    ``confidence`` (0 to 1) is that of its least certain letter; ``lefts`` tell where each
    letter begins, as shares of the width of the picture.
    """

    text: str
    confidence: float
    lefts: tuple[float, ...] = ()


class Recogniser(Protocol):
    """Finds and reads print. Pictures are grey."""

    def find(self, picture: Picture) -> list[Area]:
        """Where lines of print stand."""

    def read(self, lines: Sequence[Picture]) -> list[Print]:
        """What each of the pictures says, each holding one line of print."""
