"""How much may a document ask for? Everything that is refused for its size, and why it may be.

Documents come from strangers. What one may cost in all is the matter of an executor's limits, which
end a process; these bounds come first, and say what is wrong. Each lies far above the largest
disclosure known, and low enough that a document just below it is read within the usual limits.
"""

from __future__ import annotations

PAGES = 10_000
"""Pages of a document. The largest collection of a city's accounts has some three thousand; the
columns that tell a page count to 32,767."""

LETTERS = 100_000
"""Characters on one page of a PDF. A page full of the smallest print holds ten thousand."""

RULINGS = 10_000
"""Lines drawn on one page. A thousand cells, each drawn around by itself, have four thousand; a page of
more is a drawing, and its words are read without them."""

COLUMNS = 500
"""Columns of a table that may be a form: none has a tenth. What is wider stays among the other tables."""

PIXELS = 100_000_000
"""Pixels of a picture that is read: an A3 sheet at 600 dpi has 70 million. Some eight copies of it
are held at a time, one byte a pixel or three."""

THIN = 16
"""Pixels that a picture is wide and high at least: a digit that can be read takes as many."""

CELLS = 400_000
"""Cells that a document may have; nine forms have some five thousand."""

LINES = 200_000
"""Lines of running text; five hundred pages have twenty thousand."""

TEXT = 32 << 20
"""Bytes of a text or a web page; those of portals have less than one megabyte."""

PART = 256 << 20
"""Bytes that one part of an Office file may unpack to."""

PARTS = 1 << 30
"""Bytes that all its parts together may unpack to."""

ELEMENTS = 3_000_000
"""Elements looked at in one part: a formatted sheet has many blank cells."""

MEMBERS = 10_000
"""Entries that an archive may list, those of archives in it among them."""

DIRECTORY = 4 << 20
"""Bytes of an archive's list of entries, which is read whole before the first is counted: 400 for each."""

BYTES = 2 << 30
"""What all that is read of an archive may unpack to."""

MEMBER = 512 << 20
"""What one file in an archive may unpack to."""

DEPTH = 3
"""How many archives may lie in one another."""
