"""One export from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from extract.errors import OutputError
from extract.exports import csvs, duck, jsonl, package, xlsx
from extract.exports.source import Source
from extract.exports.target import Target
from extract.stages.publish import held

Kind = Literal["xlsx", "csv", "duckdb", "datapackage", "jsonl"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where; ``notes`` say what could not be written as it is."""

    kind: Kind
    path: str
    bytes: int
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Field by field."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Format:
    """How a kind is written, whether a file or folder is one, and how its name ends."""

    write: Callable[[Source, Path], tuple[str, ...]]
    is_ours: Callable[[Path], bool]
    ending: str


KINDS: Mapping[Kind, Format] = {
    "xlsx": Format(xlsx.write, xlsx.is_ours, ".xlsx"),
    "csv": Format(csvs.write, csvs.is_ours, "-csv"),
    "duckdb": Format(duck.write, duck.is_ours, ".duckdb"),
    "datapackage": Format(package.write, package.is_ours, "-datapackage"),
    "jsonl": Format(jsonl.write, jsonl.is_ours, "-jsonl"),
}


def export(
    out: str | Path, kind: Kind, output: str | Path | None = None, *, force: bool = False
) -> Exported:
    """Write ``out`` as ``kind`` to ``output``, by default beside it under its name.

    Raises ``NotOurs`` where something else lies there, unless ``force``; ``OutputError`` where
    it cannot be written, or a run changed ``out`` meanwhile.
    """
    root = held(Path(out))
    asked = KINDS[kind]
    place = Path(output) if output else _beside(root, asked.ending)
    target = Target(place, root, asked.is_ours, force=force)
    before = _state(root)
    with target.beside() as new:
        with Source.of(root) as source:
            notes = asked.write(source, new)
        if _state(root) != before:
            raise OutputError(f"{out} was changed while it was exported; export it again")
    return Exported(kind, str(place), target.size, notes)


def _beside(root: Path, ending: str) -> Path:
    whole = root.resolve()
    return root.with_name(root.name + ending) if root.name else Path(whole.name + ending)


def _state(root: Path) -> list[tuple[str, int, int]]:
    """What lies there, and since when."""
    found = ((path, path.stat()) for path in sorted(root.rglob("*.parquet")))
    return [(str(path), told.st_mtime_ns, told.st_ino) for path, told in found]
