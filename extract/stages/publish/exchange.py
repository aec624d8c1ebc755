"""Putting one folder in the place of another in a single step: no reader sees half of either.

Renaming a folder over another that holds files is refused everywhere. Linux exchanges two names in one
step (renameat2 with RENAME_EXCHANGE), macOS too (renamex_np with RENAME_SWAP); where neither is to be
had, or a file system does not know it, two renames follow each other, and for that moment there is no
such folder: a reader is told so, and is not given a wrong sum.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

from extract.stages.publish.files import refused

_AT_WORKING_FOLDER = -100
_EXCHANGE = 2  # of both calls


def take_the_place(new: Path, place: Path, aside: Path) -> None:
    """``new`` stands at ``place``; what stood there is at ``new`` or ``aside``, if anything did.

    All three lie on one file system. Done again after it was broken off, it is done. Raises ``OutputError``.
    """
    with refused(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and not exchanged(new, place):
            aside.parent.mkdir(parents=True, exist_ok=True)
            place.rename(aside)
        if not place.exists():
            new.rename(place)


def exchanged(one: Path, other: Path) -> bool:
    """Whether the system has exchanged the two names, in one step; else nothing has changed."""
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        here = _AT_WORKING_FOLDER
        return bool(library.renameat2(here, first, here, second, _EXCHANGE) == 0)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(first, second, _EXCHANGE) == 0)
    return False


def clear(folder: Path) -> None:
    """Take a folder away with all that is in it; it may be gone."""
    with refused(folder):
        if folder.exists():
            shutil.rmtree(folder)
