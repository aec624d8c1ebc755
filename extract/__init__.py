"""Read the final accounts (部门决算) of Chinese public bodies into reconciled tables.

>>> import extract
>>> extract.run("决算", out="out")                       # doctest: +SKIP
>>> one = extract.extract("决算/某局2020年度部门决算.pdf")  # doctest: +SKIP
>>> one.items, one.findings                              # doctest: +SKIP
>>> checks, findings = extract.reconcile(one.items)      # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract import errors
from extract.version import SCHEMA_VERSION, VERSION

if TYPE_CHECKING:
    from extract.api import Disclosure, RunSummary, check, decide, extract, reconcile, run

__version__ = VERSION

__all__ = [
    "SCHEMA_VERSION",
    "Disclosure",
    "RunSummary",
    "__version__",
    "check",
    "decide",
    "errors",
    "extract",
    "merge",
    "reconcile",
    "run",
]


def __getattr__(name: str) -> Any:
    """Import the library when it is first asked for: pandas, Arrow and pdfium take a while."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from extract import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
