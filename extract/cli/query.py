"""``juesuan query``."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.errors import EXIT_DONE
from extract.exports.text import as_json, write_csv

if TYPE_CHECKING:
    from extract.warehouse import Answer

SHOWN = 200
"""Rows of a table; a file has all of them."""
# A log has no width of its own.
_LOG_WIDTH = 160


@click.command()
@click.argument("out", type=click.Path())
@click.argument("sql", required=False)
@click.option(
    "--to",
    "kind",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help=f"How to print the answer; a table has at most {SHOWN} rows.",
)
def query(out: str, sql: str | None, kind: Literal["table", "csv", "json"]) -> int:
    """Ask OUT in SQL (DuckDB): one SELECT over its datasets and the views made of them.

    SQL - is read from standard input; without SQL the tables there are get listed. Amounts are
    yuan. A query reads the datasets and nothing else: no file, no address.
    """
    from extract import api

    if sql is None:
        for name, meaning in api.asked_of():
            click.echo(f"{name:<44}{meaning}")
        return EXIT_DONE
    asked = sys.stdin.read() if sql == "-" else sql
    printed = _PRINTED[kind]
    with api.ask(out, asked) as answer:
        printed(answer)
    return EXIT_DONE


def _table(answer: Answer) -> None:
    told = sys.stdout.isatty() or "COLUMNS" in os.environ
    console = Console(width=None if told else _LOG_WIDTH, markup=False, highlight=False)
    rows = list(islice(answer.rows, SHOWN))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(answer.columns):
        numbers = any(_is_number(row[place]) for row in rows)
        table.add_column(Text(_plain(name)), justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(Text(_plain(_shown(value))) for value in row))
    console.print(table)
    if more := sum(1 for _ in answer.rows):
        click.echo(f"… and {more:,} rows more; --to csv prints them all", err=True)


def _csv(answer: Answer) -> None:
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="") as lines:
        write_csv(lines, answer.columns, answer.rows)


def _json(answer: Answer) -> None:
    """An array, an object a line."""
    click.echo("[", nl=False)
    for number, row in enumerate(answer.rows):
        text = as_json(dict(zip(answer.columns, row, strict=True)))
        click.echo(f"{',' if number else ''}\n{text}", nl=False)
    click.echo("\n]")


_PRINTED: Mapping[str, Callable[[Answer], None]] = {"table": _table, "csv": _csv, "json": _json}


def _shown(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else as_json(value).strip('"')


def _is_number(value: Any) -> bool:
    return hasattr(value, "real") and not isinstance(value, bool)


def _plain(text: str) -> str:
    """Without what a terminal would obey: a document may hold any character."""
    return "".join(_letters(text))


def _letters(text: str) -> Iterator[str]:
    for letter in text:
        control = unicodedata.category(letter) in ("Cc", "Cf", "Cs")
        yield f"\\x{ord(letter):02x}" if control else letter
