"""What did people decide on findings, and does the ink they looked at still stand there?

``OUT/decisions/`` holds a file a document, a line a decision, as JSON: who, when, what, why,
the finding and the ink. Lines are only ever added; an undo is a line that names another. Here
they are kept and compared with what is printed; ``extract.overlay`` puts them on top of a reading.
"""

from __future__ import annotations

from extract.decisions.ink import Ink, ink_of, same_ink
from extract.decisions.row import Decision, What, mark, stale_id, standing
from extract.decisions.store import FOLDER, Decisions

__all__ = [
    "FOLDER",
    "Decision",
    "Decisions",
    "Ink",
    "What",
    "ink_of",
    "mark",
    "same_ink",
    "stale_id",
    "standing",
]
