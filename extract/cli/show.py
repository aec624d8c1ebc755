"""``juesuan show``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from extract.cli.run import JSON, OCR
from extract.errors import EXIT_ALL_FAILED, EXIT_DONE, InputError

if TYPE_CHECKING:
    from extract.api import Disclosure

BEFORE = ("read", "locate", "tabulate")
STAGES = (*BEFORE, "normalize", "narrate", "reconcile")


@click.command()
@click.argument("path", metavar="FILE|OUT", type=click.Path(exists=True))
@click.option("--stage", type=click.Choice(STAGES), help="What that stage made of it.")
@click.option("--all", "everything", is_flag=True, help="Every finding, however many there are.")
@OCR
@JSON
def show(
    path: str,
    stage: str | None,
    everything: bool,
    ocr: Literal["auto", "always", "never"],
    as_json: bool,
) -> int:
    """Print the forms and the findings, each number with its citation.

    A finding comes with the equations that speak for it, what is printed, what is proposed,
    and the rows around; ▶ and 【】 mark the cell. In the forms, ? is in doubt, * was
    mended, + was inferred.

    FILE is read on the spot; of OUT, what is published there. The stages before normalize
    are shown of a FILE only.
    """
    from extract import api
    from extract.cli import views

    is_out = Path(path).is_dir()
    if stage in BEFORE and (is_out or as_json):
        raise click.UsageError(f"--stage {stage} is shown of a FILE, and not as JSON")
    try:
        if stage in BEFORE:
            click.echo(api.trace(path, stage, ocr=ocr))
            return EXIT_DONE
        found = api.published(path) if is_out else _once(api.extract(path, ocr=ocr))
    except InputError as why:
        click.echo(f"juesuan: {path}: {why}", err=True)
        return EXIT_ALL_FAILED
    if as_json:
        click.echo(views.as_json(found))
    else:
        views.show(found, stage, everything=everything)
    return EXIT_DONE


def _once(disclosure: Disclosure) -> Iterator[Disclosure]:
    return chain([disclosure])
