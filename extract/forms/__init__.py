"""The forms of a 部门决算 and their vocabulary, as schemas/forms states them.

``catalogue()`` is loaded once a process. A YAML file that names an unknown field, a
measure twice or a label on two lines is refused with the file's name.
"""

from __future__ import annotations

from extract.forms.catalogue import Catalogue, catalogue
from extract.forms.codes import CodeBook, code_book
from extract.forms.spec import (
    Form,
    LineSpec,
    Measure,
    OtherForm,
    Side,
    Vocabulary,
    is_ratio,
    undated,
    year_of,
)

__all__ = [
    "Catalogue",
    "CodeBook",
    "Form",
    "LineSpec",
    "Measure",
    "OtherForm",
    "Side",
    "Vocabulary",
    "catalogue",
    "code_book",
    "is_ratio",
    "undated",
    "year_of",
]
