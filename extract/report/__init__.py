"""A published run, or one document, as pages of HTML that need no server.

One file a document: its summary, its findings with clippings of the pages and the equations,
charts with their tables, and every form with the doubtful cells marked. For a run, an index by
agency and year. Whatever a document holds, a page is bounded in rows, findings and bytes, and
says what it leaves out; all text is escaped, nothing is fetched, nothing is executed.
"""

from __future__ import annotations

from extract.report.folder import Written, report
from extract.report.page import page

__all__ = ["Written", "page", "report"]
