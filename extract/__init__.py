"""Read the final accounts (部门决算) of Chinese public bodies into reconciled tables."""

from __future__ import annotations

__version__ = "0.1.0"
SCHEMA_VERSION = "1"
"""Version of the data contract; stands in the metadata of every Parquet file."""

__all__ = ["SCHEMA_VERSION", "__version__"]
