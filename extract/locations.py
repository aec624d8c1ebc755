"""Where schemas/ lies: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

from extract.errors import SchemaError


def schemas() -> Path:
    """The folder of everything that varies between years and publishers."""
    package = Path(__file__).parent
    for folder in (package / "_schemas", package.parent / "schemas"):
        if folder.is_dir():
            return folder
    raise SchemaError(f"no schemas folder beside {package}; install juesuan again")
