"""``juesuan forms check``."""

from __future__ import annotations

import click

from extract.errors import EXIT_ALL_FAILED, EXIT_DONE, InputError


@click.group()
def forms() -> None:
    """What the schemas of the forms know, and what they do not."""


@forms.command("check")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
def check(path: str) -> int:
    """Print the titles, headings and lines of FILE that no schema knows, as YAML to add.

    How a new province's wording is added: schemas/README.md.
    """
    from extract import api

    try:
        click.echo(api.unknown_wordings(path))
    except InputError as why:
        click.echo(f"juesuan: {path}: {why}", err=True)
        return EXIT_ALL_FAILED
    return EXIT_DONE
