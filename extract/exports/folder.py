"""A folder of files that an export made, and a list of them that tells it from any other folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from extract.version import SCHEMA_VERSION, VERSION

LIST = "juesuan-export.json"


def sign(folder: Path, kind: str) -> None:
    """List what is in the folder."""
    told = {
        "kind": kind,
        "version": VERSION,
        "schema_version": SCHEMA_VERSION,
        "files": sorted(_files(folder)),
    }
    (folder / LIST).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def signed(folder: Path, kind: str) -> bool:
    """Whether an export of that kind made it, and nobody has put anything into it since."""
    try:
        told = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return told["kind"] == kind and {*_files(folder)} <= {*told["files"], LIST}
    except (OSError, ValueError, KeyError, TypeError):
        return folder.is_dir() and not any(folder.iterdir())


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if not path.is_dir():
            yield path.relative_to(folder).as_posix()
