"""One module an engine; each cuts a region of a page into cells.

An engine says where cells are and what stands in them. What they mean is not its business.

``tablers`` is none of them: on 12 documents in random layouts it cut no table right that
``ruled`` did not, and it sees a page through pdfium as ``ruled`` does, so it is no second opinion.
"""

from __future__ import annotations

from typing import Protocol

from extract.model import Grid, Region
from extract.tables import aligned, camelots, plumber, ruled


class Engine(Protocol):
    """What every engine offers."""

    def __call__(self, region: Region, source: bytes) -> Grid:
        """Cut ``region`` into cells; ``source`` is the file, for engines with a reader of their own."""


ENGINES: dict[str, Engine] = {
    "ruled": ruled.cut,
    "aligned": aligned.cut,
    "pdfplumber": plumber.cut,
    camelots.LATTICE: camelots.lattice,
    camelots.COMBINED: camelots.combined,
    camelots.NETWORK: camelots.network,
    camelots.STREAM: camelots.stream,
    camelots.HYBRID: camelots.hybrid,
}
"""By the name that stands in ``items.engine``."""

RULED = ("ruled", "pdfplumber", camelots.LATTICE, "aligned", camelots.COMBINED)
"""Who reads a table with rulings, in turn: the fast one first, those after it where it left a doubt."""

UNRULED = ("aligned", camelots.NETWORK, camelots.STREAM, camelots.HYBRID, camelots.COMBINED)
"""Who reads a table without columns of lines."""

OWN = frozenset({"ruled", "aligned"})
"""Who cuts by the words and rulings of the page; the others read the file, which of a scan says nothing."""

__all__ = ["ENGINES", "OWN", "RULED", "UNRULED", "Engine"]
