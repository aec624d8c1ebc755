"""The files of one dataset and year, changed in one step: a reader sees those before, or those after.

Where one file changes, it is renamed into its place. Where several do, as when a file that is full is cut
anew or a revision takes the place of a document in another file, the year's folder is made anew beside
the datasets, with links to the files that stay, and exchanged for the one there is.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from extract.stages.publish.exchange import clear, take_the_place
from extract.stages.publish.files import Bucket, refused, remove, write_parquet
from extract.stages.publish.staging import FOLDER

_BESIDE = "swap"


@dataclass(slots=True)
class Swap:
    """Files of the dataset ``name`` in ``tree``, which is ``root`` or its history, to be exchanged together."""

    root: Path
    tree: Path
    name: str
    fiscal_year: int
    written: set[Path] = field(default_factory=set)
    gone: set[Path] = field(default_factory=set)

    def put(self, prefix: str, rows: pa.Table) -> None:
        """These are the rows of a file from then on; without any there is none. It is on the disk already."""
        path = self._file(prefix)
        if write_parquet(self._beside / path.name, rows):
            self.written.add(path)
        else:
            self.gone.add(path)

    def drop(self, prefix: str) -> None:
        """There is no such file from then on."""
        self.gone.add(self._file(prefix))

    def commit(self) -> None:
        """Now. Raises ``OutputError``."""
        leaving = {path for path in self.gone - self.written if path.exists()}
        if not self.written:
            if len(leaving) == 1:
                remove(leaving.pop())
            elif leaving:
                self._exchange(leaving)
        elif len(self.written) == 1 and not leaving:
            [path] = self.written
            with refused(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                (self._beside / path.name).replace(path)
        else:
            self._exchange(leaving)
        clear(self._beside)

    def _exchange(self, leaving: set[Path]) -> None:
        place, aside = self._place, self._beside.with_name(f"{self._beside.name}.former")
        with refused(place):
            self._beside.mkdir(parents=True, exist_ok=True)
            for path in sorted(place.glob("*")) if place.exists() else ():
                if path not in leaving and path not in self.written:
                    _linked(path, self._beside / path.name)
        clear(aside)
        take_the_place(self._beside, place, aside)
        clear(aside)
        with refused(place):
            if not any(place.iterdir()):
                place.rmdir()

    def _file(self, prefix: str) -> Path:
        return Bucket(self.fiscal_year, prefix).path(self.tree, self.name)

    @property
    def _place(self) -> Path:
        return self._file("").parent

    @property
    def _beside(self) -> Path:
        return self.root / FOLDER / _BESIDE / self._place.relative_to(self.root)


def sweep_swaps(root: Path) -> None:
    """Take away what a killed run was just making."""
    clear(root / FOLDER / _BESIDE)


def _linked(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # a file system without links
        shutil.copy2(path, other)
