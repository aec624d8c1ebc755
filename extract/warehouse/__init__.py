"""An output directory as tables one can ask in SQL, and nothing else within reach.

``Warehouse.open`` shows DuckDB the datasets of OUT and the views of schemas/views. A question
can neither read nor write any file: DuckDB is handed the rows, not the paths.
"""

from __future__ import annotations

from extract.warehouse.asked import Answer, Warehouse
from extract.warehouse.fill import Table, contents
from extract.warehouse.stock import datasets
from extract.warehouse.views import View, views

__all__ = ["Answer", "Table", "View", "Warehouse", "contents", "datasets", "views"]
