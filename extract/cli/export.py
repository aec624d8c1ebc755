"""``juesuan export``."""

from __future__ import annotations

import json
from typing import Literal

import click

from extract.cli.run import JSON
from extract.errors import EXIT_DONE


@click.command()
@click.argument("out", type=click.Path())
@click.option(
    "--to",
    "kind",
    type=click.Choice(["xlsx", "csv", "duckdb", "datapackage", "jsonl"]),
    required=True,
    help="A workbook with a sheet a form; a folder of CSV or JSON lines; a database; a Frictionless Data Package.",
)
@click.option(
    "--output",
    type=click.Path(),
    metavar="PATH",
    help="Where to write; by default beside OUT, under its name.",
)
@click.option("--force", is_flag=True, help="Overwrite what lies there, whatever it is.")
@JSON
def export(
    out: str,
    kind: Literal["xlsx", "csv", "duckdb", "datapackage", "jsonl"],
    output: str | None,
    force: bool,
    as_json: bool,
) -> int:
    """Write the datasets of OUT for another tool.

    An earlier export is replaced, in one step; anything else is not overwritten without --force.
    Texts are never formulas, amounts are yuan and keep every digit. The same OUT gives the same bytes.
    """
    from extract import api

    done = api.export(out, kind, output, force=force)
    if as_json:
        click.echo(json.dumps(done.to_dict(), ensure_ascii=False))
    else:
        click.echo(f"{done.path}  {done.bytes:,} bytes")
        for note in done.notes:
            click.echo(note, err=True)
    return EXIT_DONE
