"""``juesuan review``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from extract.cli.decide import user
from extract.errors import EXIT_DONE
from extract.lang import spoken

if TYPE_CHECKING:
    from extract.lang import Lang
    from extract.review.server import Address


@click.command()
@click.argument("out", type=click.Path())
@click.option(
    "--files",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    metavar="FOLDER",
    help="Where the documents are now, or a raw store, if not where they were read; may be repeated.",
)
@click.option("--by", metavar="NAME", help="Who decides, if not the user.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port to serve on; 0: one that is free.",
)
@click.option("--open/--no-open", "open_browser", default=False, help="Open the page in a browser.")
@click.pass_context
def review(
    context: click.Context,
    out: str,
    files: tuple[str, ...],
    by: str | None,
    port: int,
    open_browser: bool,
) -> int:
    """Look at the findings of OUT in a browser, and decide on them.

    Each is shown on the page it is about, beside the form as read, with the equations: accept what is
    proposed (a), correct it by hand (c), say that the publisher erred (p), undo (u). Decisions
    go to OUT/decisions, as those of `juesuan decide`. Serves this machine only, to whoever has the
    address it prints, until Ctrl-C.
    """
    from extract.review.server import serve

    lang: Lang = context.meta.get("juesuan.lang", spoken())
    try:
        serve(
            out,
            by=by or user(),
            lang=lang,
            port=port,
            files=files,
            open_browser=open_browser,
            told=_told,
        )
    except KeyboardInterrupt:  # the way to end it
        click.echo()
    return EXIT_DONE


def _told(address: Address) -> None:
    click.echo(f"review  {address.url}")
    click.echo("        for you alone, on this machine; Ctrl-C ends it")
