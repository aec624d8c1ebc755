"""The shape of schemas/datasets: strict and frozen, so that a misspelt field is an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from extract.forms.spec import Spec

Type = Literal[
    "bool",
    "date",
    "decimal(20,2)",
    "decimal(24,6)",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "list<string>",
    "list<struct>",
    "string",
    "timestamp",
]


class Column(Spec):
    """One column; ``fields`` are those of a list of structs.

    ``since`` is the version of the contract with which it came. Rows written before have ``formerly``
    in it, or what they have in the column ``like``.
    """

    name: str
    type: Type
    meaning: str
    unit: str = ""
    nullable: bool = False
    fields: list[Column] = Field(default=[])
    since: int = 1
    formerly: str | int | bool | list[str] | None = None
    like: str | None = None

    @model_validator(mode="after")
    def _structs_have_fields(self) -> Column:
        if (self.type == "list<struct>") != bool(self.fields):
            raise ValueError("fields belong to list<struct> and to nothing else")
        return self

    @model_validator(mode="after")
    def _former_rows_have_something(self) -> Column:
        told = self.formerly is not None or self.like is not None
        if self.since == 1 and told:
            raise ValueError("a column that was always there has nothing it had formerly")
        if self.since > 1 and not (told or self.nullable):
            raise ValueError("what have rows in it that were written before?")
        return self


class Measures(Spec):
    """The pattern of the columns a wide form has, one for each measure."""

    type: Type
    unit: str
    nullable: bool


class Described(Spec):
    """A table and its columns. Rows are sorted by ``order``; rows equal in it keep theirs."""

    name: str
    meaning: str
    order: list[str]
    columns: Sequence[Column]

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        names = self.names
        if len(set(names)) < len(names):
            raise ValueError("a column is listed twice")
        if unknown := set(self.order) - set(names):
            raise ValueError(f"order names unknown columns {sorted(unknown)}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)


class Dataset(Described):
    """One dataset; ``measures`` stands for a column for each measure of a form."""

    columns: list[Column]
    measures: Measures | None = None
