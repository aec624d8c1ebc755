"""Which function of government (COFOG) is a 类 or 款? schemas/codes/cofog.yaml, with how sure that is."""

from __future__ import annotations

from functools import cache
from typing import Literal

import yaml
from pydantic import ValidationError, model_validator

from extract.errors import SchemaError
from extract.forms.codes import is_code
from extract.forms.spec import Spec
from extract.locations import schemas

ALWAYS = (0, 9999)
"""The fiscal years of an entry that is not bounded."""


class Name(Spec):
    """A division or group in two languages."""

    en: str
    zh: str


class Function(Spec):
    """What a code is; ``cofog`` None: no function, or none that can be told."""

    cofog: str | None
    certainty: Literal["certain", "likely", "split"]
    note: str
    since: int = ALWAYS[0]
    until: int = ALWAYS[1]


class Cofog(Spec):
    """The functions by 科目编码, and what they are called."""

    names: dict[str, Name]
    codes: dict[str, Function]

    @model_validator(mode="after")
    def _known(self) -> Cofog:
        if wrong := [
            code for code in self.codes if not is_code(code, "functional") or len(code) > 5
        ]:
            raise ValueError(f"neither 类 nor 款: {wrong}")
        used = {one.cofog for one in self.codes.values() if one.cofog}
        if unknown := used - self.names.keys():
            raise ValueError(f"no name for {sorted(unknown)}")
        return self

    def of(self, code: str, fiscal_year: int) -> Function | None:
        """The function of a 科目编码 in a year: that of the nearest code above it that has one.

        >>> cofog().of("2080505", 2021).cofog, cofog().of("2299901", 2021).cofog
        ('10.2', None)
        """
        for size in (5, 3):
            found = self.codes.get(code[:size])
            if found and found.since <= fiscal_year <= found.until:
                return found
        return None


@cache
def cofog() -> Cofog:
    """The mapping, checked. ``SchemaError`` names what is wrong."""
    path = schemas() / "codes" / "cofog.yaml"
    try:
        return Cofog.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as wrong:
        raise SchemaError(f"{path}: {wrong}") from wrong
