"""OUT in the file of another tool: a workbook, CSV, JSON lines, a DuckDB file, a data package.

Rows stream from the datasets into what is written beside the target and swapped in whole, so
that a target is always an export that came to its end. What an export did not make is not
overwritten. The same OUT gives the same bytes (a DuckDB file bears an identifier of its own:
there it is the contents that are the same); ``runs``, which holds clocks, stays at home.
"""

from __future__ import annotations

from extract.exports.exporting import KINDS, Exported, Kind, export

__all__ = ["KINDS", "Exported", "Kind", "export"]
