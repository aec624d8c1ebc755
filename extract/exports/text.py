"""A value as text: in CSV, where a spreadsheet must not take it for a formula, and in JSON.

Amounts are written digit by digit, never through a float.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TextIO

_FORMULA = re.compile(r"'*[\s\x00-\x1f]*[=+\-@\t\r＝＋－＠|%]")
_HARMLESS = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)?%?|[-－—–]*")
_GUARD = "'"


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands in front of one.

    What begins like a formula and is a number or a dash stays. So does all other text, but that
    one which looks guarded already is guarded once more: ``unguarded`` takes back exactly this.

    >>> guarded("=cmd|' /C calc'!A0"), guarded("-1,234.50"), guarded("—"), guarded("某局")
    ("'=cmd|' /C calc'!A0", '-1,234.50', '—', '某局')
    """
    if _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return _GUARD + text
    return text


def unguarded(text: str) -> str:
    """The text that was guarded.

    >>> unguarded(guarded("@SUM(A1)"))
    '@SUM(A1)'
    """
    if text.startswith(_GUARD) and guarded(text[1:]) == text:
        return text[1:]
    return text


def csv_cell(value: Any) -> str:
    """A value as a cell of a CSV file: nothing for None, ISO 8601 for times, JSON for lists."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return guarded(value)
        case Decimal():
            return format(value, "f")
        case date():
            return moment(value)
        case list() | dict():
            return guarded(as_json(value))
        case _:
            return str(value)


def moment(value: date) -> str:
    """A day, or a time in UTC, as ISO 8601 has it.

    >>> moment(datetime(2024, 8, 25, 10, 30, tzinfo=UTC)), moment(date(2024, 8, 25))
    ('2024-08-25T10:30:00Z', '2024-08-25')
    """
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def write_csv(file: TextIO, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A heading and a line a row, as RFC 4180 has them."""
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow([guarded(column) for column in columns])
    lines.writerows([csv_cell(value) for value in row] for row in rows)


def as_json(value: Any) -> str:
    """A value as JSON; an amount is a number with all its digits.

    >>> as_json({"a": Decimal("1.50"), "b": [None, "某"]})
    '{"a": 1.50, "b": [null, "某"]}'
    """
    match value:
        case Decimal():
            return format(value, "f") if value.is_finite() else "null"
        case float():
            return repr(value) if math.isfinite(value) else "null"
        case None | bool() | int() | str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return f'"{moment(value)}"'
        case Mapping():
            held = (f"{as_json(str(key))}: {as_json(one)}" for key, one in value.items())
            return "{" + ", ".join(held) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(as_json, value)) + "]"
        case _:
            return json.dumps(str(value), ensure_ascii=False)
