"""The nouns of the domain, frozen.

Reading order of a document's life: ``Document`` of ``Page`` → ``Region`` → ``Grid`` →
``Sheet`` → ``Item`` → ``Check`` and ``Finding``. The rows that leave the program
(``Item``, ``Check``, ``Finding``, …) carry the column names of the
published datasets, so that schema, code and column say the same word.

Boxes are ``(x0, y0, x1, y1)`` in points of the page as displayed (rotation applied),
72 an inch, origin top left; on scans, until they leave the stages, of the page as it was
laid to be read.
"""

from __future__ import annotations

from extract.model.pages import (
    Block,
    Box,
    Cell,
    Cells,
    Document,
    Line,
    Ocr,
    Page,
    Remark,
    Rows,
    Ruling,
    TextLayer,
    Turn,
    Word,
)
from extract.model.records import (
    USUAL,
    Check,
    CodeSystem,
    Fact,
    Finding,
    Further,
    Identity,
    Item,
    OtherCell,
    Part,
    Reading,
    Repair,
    Section,
    Severity,
    Stage,
    Suspect,
    Verdict,
    Way,
)
from extract.model.tables import (
    ENGINES,
    Column,
    Grid,
    OtherTable,
    Region,
    Role,
    Sheet,
    Table,
)

__all__ = [
    "ENGINES",
    "USUAL",
    "Block",
    "Box",
    "Cell",
    "Cells",
    "Check",
    "CodeSystem",
    "Column",
    "Document",
    "Fact",
    "Finding",
    "Further",
    "Grid",
    "Identity",
    "Item",
    "Line",
    "Ocr",
    "OtherCell",
    "OtherTable",
    "Page",
    "Part",
    "Reading",
    "Region",
    "Remark",
    "Repair",
    "Role",
    "Rows",
    "Ruling",
    "Section",
    "Severity",
    "Sheet",
    "Stage",
    "Suspect",
    "Table",
    "TextLayer",
    "Turn",
    "Verdict",
    "Way",
    "Word",
]
