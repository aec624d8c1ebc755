"""``juesuan migrate``."""

from __future__ import annotations

import click

from extract.errors import EXIT_DONE
from extract.version import SCHEMA_VERSION


@click.command()
@click.argument("out", type=click.Path(exists=True, file_okay=False))
def migrate(out: str) -> int:
    """Bring OUT, written by an earlier juesuan, to the columns this one writes.

    Nothing is read again: what its rows always said they say in today's columns, and what
    derives from them is derived anew. A migration that was killed is run again. What OUT does
    not say, as how a document was to be read, is null; the next run reads such a document anew.
    """
    from extract import api

    former = api.migrate(out)
    if former <= {SCHEMA_VERSION}:
        click.echo(f"{out} is of schema_version {SCHEMA_VERSION}; nothing to do")
    else:
        told = ", ".join(sorted(former - {SCHEMA_VERSION}))
        click.echo(f"{out} brought from schema_version {told} to {SCHEMA_VERSION}")
    return EXIT_DONE
