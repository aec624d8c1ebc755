"""``juesuan coverage``."""

from __future__ import annotations

import json
from typing import Literal

import click

from extract.errors import EXIT_DONE, EXIT_FINDINGS


@click.command()
@click.argument("out", type=click.Path())
@click.option(
    "--expected",
    required=True,
    type=click.Path(),
    metavar="CSV",
    help="Whose accounts there should be: columns agency and fiscal_year.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["missing", "incomplete"]),
    help="Exit with 5 if accounts are missing, or also if forms are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def coverage(
    out: str, expected: str, fail_on: Literal["missing", "incomplete"] | None, as_json: bool
) -> int:
    """Say of each agency and year expected whether OUT has its accounts.

    Prints CSV: state (complete, incomplete: forms due are not there, missing), doc_ids, forms
    found, forms missing, share of amounts proven; for a missing one the names most like it.
    Names are the same however their brackets, quotes and spaces are set.
    """
    from extract import api

    found = api.coverage(out, expected)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        click.echo(found.to_csv(), nl=False)
    complete, incomplete = found.count("complete"), found.count("incomplete")
    missing = found.count("missing")
    click.echo(f"{complete} complete, {incomplete} incomplete, {missing} missing", err=True)
    loud = {None: 0, "missing": missing, "incomplete": missing + incomplete}[fail_on]
    return EXIT_FINDINGS if loud else EXIT_DONE
