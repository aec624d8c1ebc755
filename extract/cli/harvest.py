"""``juesuan harvest``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from extract.cli.printing import print_lines, summary_or_error
from extract.cli.run import JSON

if TYPE_CHECKING:
    from extract.harvest import HarvestSummary
    from extract.harvest.events import Event

_TOLD = 20
"""Failures the summary lists; the others are in the log and in --json."""
_PASSED = {
    "older": "older than --since",
    "sample": "beyond --sample",
    "elsewhere": "on other hosts, which hosts: of the source would add",
}


@click.command()
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    metavar="SOURCES...",
    type=click.Path(exists=True, dir_okay=False),
)
@click.option(
    "--store", default="raw", show_default=True, type=click.Path(), help="Folder of the raw store."
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Pass over what was published before; where a list gives no day, what the server says was changed before.",
)
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="At most N documents of each source."
)
@click.option(
    "--delay",
    type=click.FloatRange(min=0),
    default=0.5,
    show_default=True,
    metavar="SECONDS",
    help="Pause between two requests to one host, longer where it answers slowly.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=180.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one download may take.",
)
@click.option(
    "--max-size",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    metavar="MB",
    help="Larger files are refused.",
)
@click.option(
    "--retries",
    type=click.IntRange(min=0),
    default=4,
    show_default=True,
    help="How often to ask again what failed for now.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Also speak to addresses that are not of the public internet.",
)
@click.option("--insecure", is_flag=True, help="Accept certificates that nobody vouches for.")
@JSON
@click.option("--quiet", is_flag=True, help="Print neither progress nor summary.")
def harvest(
    sources: tuple[str, ...],
    store: str,
    since: datetime | None,
    sample: int | None,
    delay: float,
    timeout: float,
    max_size: int,
    retries: int,
    allow_private: bool,
    insecure: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Fetch what disclosure portals publish into a raw store.

    SOURCES are YAML files that describe the portals (schemas/sources/README.md). robots.txt is
    obeyed, hosts are asked slowly, and what did not change is not fetched again. An interrupted
    harvest goes on where it was. juesuan run STORE reads what it holds, each document
    under its address.
    """
    from extract.harvest import Manners
    from extract.harvest import harvest as fetch

    with summary_or_error(as_json), _reporting(quiet) as progress:
        summary = fetch(
            sources,
            store,
            since=since.date() if since else None,
            sample=sample,
            allow_private=allow_private,
            manners=Manners(
                delay=delay,
                timeout=timeout,
                max_size=max_size,
                retries=retries,
                verify=not insecure,
            ),
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False))
    elif not quiet:
        print_lines(list(_lines(summary)))
    return summary.exit_code


def _lines(summary: HarvestSummary) -> Iterator[tuple[str, str]]:
    new = f"{summary.stored} new" if summary.stored else "nothing new"
    copies = f", {summary.copies} known under another address" if summary.copies else ""
    yield "documents", f"{summary.documents}: {new}{copies}, {summary.unchanged} unchanged"
    yield "pages", f"{summary.pages} of {summary.sources} sources"
    if summary.stored:
        yield "fetched", f"{summary.bytes / 1e6:.1f} MB"
    for why, count in sorted(summary.passed.items()):
        yield "passed over", f"{count} {_PASSED.get(why, why)}"
    yield "time", f"{summary.seconds:.1f} s"
    yield "store", summary.store
    for url, why in list(summary.failed.items())[:_TOLD]:
        yield "failed", f"{url}: {why}"
    if len(summary.failed) > _TOLD:
        yield "", f"and {len(summary.failed) - _TOLD} more"
    if summary.found_nothing and not summary.interrupted:
        yield "nothing", "no link on these pages is a document's by the patterns of the sources"
    if summary.interrupted:
        yield "interrupted", "what was stored is kept; run again to go on"


@contextmanager
def _reporting(quiet: bool) -> Iterator[Callable[[Event], None] | None]:
    """A line that changes in a terminal, a line for each thing new in a log."""
    if quiet:
        yield None
    elif not sys.stderr.isatty():
        yield _log
    else:
        from rich.console import Console
        from rich.text import Text

        from extract.harvest.run import HarvestSummary

        tally = HarvestSummary("", 0, datetime.now())
        console = Console(stderr=True, markup=False, highlight=False)
        with console.status("looking at the sources") as status:

            def draw(event: Event) -> None:
                tally.add(event)
                if event.what == "failed":
                    console.print(Text(_line(event), style="red"))
                told = f"{tally.pages} pages  {tally.stored} new  {tally.unchanged} unchanged"
                status.update(Text(f"{told}  {len(tally.failed)} failed  {event.url}"))

            yield draw


def _log(event: Event) -> None:
    if event.what in ("stored", "copy", "failed"):
        click.echo(_line(event), err=True)


def _line(event: Event) -> str:
    what = event.reason or f"{event.title}  {event.size:,} bytes"
    return f"{event.what}  {event.url}  {what}"
