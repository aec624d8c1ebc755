"""Which datasets there are, and what schemas/datasets says of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from extract.datasets.spec import Column, Dataset
from extract.errors import SchemaError
from extract.forms import Form, catalogue
from extract.forms.catalogue import FORMS
from extract.locations import schemas

FORM_DATASETS = tuple(f"forms/{form}" for form in FORMS)
"""The wide views."""

PER_DOCUMENT = (
    "documents",
    "items",
    "checks",
    "findings",
    "facts",
    "sections",
    "other_tables",
    *FORM_DATASETS,
)
"""What one document yields; ``documents`` says that all of it is there."""

DATASETS = (*PER_DOCUMENT, "sources", "runs")
"""Every dataset of an output directory."""


@cache
def dataset(name: str) -> Dataset:
    """The columns of the dataset called ``name``, which is also its folder in OUT."""
    if name not in DATASETS:
        raise KeyError(name)
    kind, _, form = name.partition("/")
    if form:
        return _wide(_load("form"), catalogue().forms[form])
    return _load(kind)


def _wide(template: Dataset, form: Form) -> Dataset:
    """The template with one column for each measure of ``form``."""
    pattern = template.measures
    if pattern is None:
        raise SchemaError("schemas/datasets/form.yaml: no pattern for measures")
    measures = [
        Column(
            name=measure.name,
            type=pattern.type,
            unit=pattern.unit,
            nullable=pattern.nullable,
            meaning="/".join(measure.headings[0]),
        )
        for measure in form.measures
    ]
    return Dataset(
        name=f"forms/{form.name}",
        meaning=f"{form.title}. {template.meaning}",
        order=template.order,
        columns=[*template.columns, *measures],
    )


@cache
def _load(name: str) -> Dataset:
    path = schemas() / "datasets" / f"{name}.yaml"
    loaded = _checked(path)
    if loaded.name != name:
        raise SchemaError(f"{path}: the dataset calls itself {loaded.name}, the file {name}")
    return loaded


def _checked(path: Path) -> Dataset:
    try:
        return Dataset.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
