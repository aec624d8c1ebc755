"""What a run leaves behind: the columns of each dataset, as schemas/datasets states them.

``schema(name)`` is the Arrow schema of a dataset, with unit and meaning in each field's
metadata; ``to_table`` and ``to_records`` carry the nouns of ``extract.model`` across.
"""

from __future__ import annotations

from extract.datasets.arrow import empty, schema
from extract.datasets.catalogue import DATASETS, FORM_DATASETS, PER_DOCUMENT, dataset
from extract.datasets.records import (
    NOUNS,
    columns_of_records,
    records_of_rows,
    rows_of_records,
    table_as_given,
    table_of_rows,
    to_records,
    to_table,
)
from extract.datasets.spec import Column, Dataset

__all__ = [
    "DATASETS",
    "FORM_DATASETS",
    "NOUNS",
    "PER_DOCUMENT",
    "Column",
    "Dataset",
    "columns_of_records",
    "dataset",
    "empty",
    "records_of_rows",
    "rows_of_records",
    "schema",
    "table_as_given",
    "table_of_rows",
    "to_records",
    "to_table",
]
