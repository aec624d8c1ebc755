"""``juesuan codes learn`` and ``juesuan codes diff``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import click

from extract.errors import EXIT_DONE

SYSTEM = click.option(
    "--system",
    type=click.Choice(["functional", "economic"]),
    default="functional",
    show_default=True,
    help="功能分类 or 经济分类.",
)
OUT: Callable[[Any], Any] = click.argument("out", type=click.Path())


@click.group()
def codes() -> None:
    """What published accounts call each 科目编码, beside the code book."""


@codes.command("learn")
@OUT
@SYSTEM
def learn(out: str, system: Literal["functional", "economic"]) -> int:
    """Print the 科目 of OUT as CSV, in the columns of schemas/codes.

    A name counts where an amount in its row stands under a sum that comes out and nothing about
    the row is in doubt; once a document. The book is not written: what of it is right is yours to say.
    """
    from extract import api

    click.echo(api.learnt_codes(out, system), nl=False)
    return EXIT_DONE


@codes.command("diff")
@OUT
@SYSTEM
def diff(out: str, system: Literal["functional", "economic"]) -> int:
    """Print what of it the code book lacks (+) or calls otherwise (~), one a line."""
    from extract import api

    for line in api.differing_codes(out, system):
        click.echo(line)
    return EXIT_DONE
