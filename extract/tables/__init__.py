"""One module an engine; each cuts a region of a page into cells.

An engine says where cells are and what stands in them. What they mean is not its business.
"""

from __future__ import annotations

from typing import Protocol

from extract.model import Grid, Region
from extract.tables import aligned, plumber, ruled


class Engine(Protocol):
    """What every engine offers."""

    def __call__(self, region: Region, source: bytes) -> Grid:
        """Cut ``region`` into cells; ``source`` is the file, for engines with a reader of their own."""


ENGINES: dict[str, Engine] = {"ruled": ruled.cut, "pdfplumber": plumber.cut, "aligned": aligned.cut}
"""By the name that stands in ``items.engine``; the fast one first."""

__all__ = ["ENGINES", "Engine"]
