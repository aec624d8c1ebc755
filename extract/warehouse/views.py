"""What schemas/views says: tables made of the datasets, each with its columns described."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from extract.datasets import Column
from extract.datasets.spec import Described
from extract.errors import SchemaError
from extract.locations import schemas


class Shown(Column):
    """A column of a view; ``fiscal`` is its ColumnType in the Fiscal Data Package."""

    fiscal: str = ""


class View(Described):
    """A view: its rows are those of ``sql``, sorted by ``order`` where they are exported."""

    columns: list[Shown]
    sql: str


@cache
def views() -> Mapping[str, View]:
    """All views, by name. ``SchemaError`` names what is wrong."""
    found = (_view(path) for path in sorted((schemas() / "views").glob("*.yaml")))
    return {view.name: view for view in found}


def _view(path: Path) -> View:
    try:
        view = TypeAdapter(View).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
    if view.name != path.stem:
        raise SchemaError(f"{path}: the view calls itself {view.name}")
    return view
