"""Where an export goes: written beside, swapped in by a rename, and nothing of others overwritten."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from extract.errors import NotOurs, OutputError


@dataclass(slots=True)
class Target:
    """A file or a folder; ``is_ours`` says whether what lies there is an earlier export."""

    path: Path
    root: Path
    is_ours: Callable[[Path], bool]
    force: bool
    size: int = field(default=0, init=False)

    @contextmanager
    def beside(self) -> Iterator[Path]:
        """The path to write to; at the end it takes the target's place."""
        self._restore()
        self._refuse()
        new, old = self._named("part"), self._named("old")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            yield new
            self.size = _size(new)
            if self.path.is_dir():
                # A folder cannot be renamed over another: for a moment there is none.
                self.path.rename(old)
            new.replace(self.path)
        except OSError as why:
            raise OutputError(f"cannot write {self.path}: {why.strerror or why}") from why
        finally:
            _remove(new)
            self._restore()
            _remove(old)

    def _refuse(self) -> None:
        if self.path.resolve().is_relative_to(self.root.resolve()):
            raise NotOurs(f"{self.path} is inside {self.root}; choose an --output outside of it")
        if self.path.exists() and not self.force and not self.is_ours(self.path):
            raise NotOurs(
                f"{self.path} is there already and no export made it, or something was added to it; "
                "choose another --output, or --force to overwrite it"
            )

    def _restore(self) -> None:
        """What a killed export had moved aside."""
        old = self._named("old")
        if old.exists() and not self.path.exists():
            old.rename(self.path)

    def _named(self, what: str) -> Path:
        return self.path.with_name(f".{self.path.name}.{what}")


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(part.stat().st_size for part in path.rglob("*") if part.is_file())
    return path.stat().st_size


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
