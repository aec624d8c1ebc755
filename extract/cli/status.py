"""``juesuan status``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from extract.cli.run import JSON
from extract.errors import EXIT_DONE

if TYPE_CHECKING:
    from extract.status import Status

SHOWN = 20


@click.command()
@click.argument("out", type=click.Path())
@click.option("--all", "everything", is_flag=True, help=f"Every document, not {SHOWN} of a kind.")
@JSON
def status(out: str, everything: bool, as_json: bool) -> int:
    """Say how OUT stands: what the last run brought, what failed, what is out of date.

    OUT is only looked at; a run may be writing there.
    """
    from extract import api

    found = api.status(out)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, default=str))
    else:
        for label, value in _lines(found, everything):
            click.echo(f"{label:<12}{value}")
    return EXIT_DONE


def _lines(found: Status, everything: bool) -> Iterator[tuple[str, str]]:
    lost = len(found.failed) + len(found.quarantined)
    yield (
        "documents",
        f"{found.documents}: {found.clean} clean, {found.flagged} flagged, {lost} failed",
    )
    if last := found.last:
        end = ", interrupted" if last.interrupted else ""
        yield "last run", f"{last.finished:%Y-%m-%d %H:%M} UTC, exit code {last.exit_code}{end}"
    if found.held_by:
        yield "running", found.held_by
    if found.unfinished:
        yield "unfinished", "a run died while it published; the next one finishes it"
    if found.superseded:
        yield "superseded", str(len(found.superseded))
    for name, documents in found.lists.items():
        if documents:
            yield name, str(len(documents))
        for one in documents[: None if everything else SHOWN]:
            yield "", f"{one.source}  {one.why}" if one.why else one.source
        if len(documents) > SHOWN and not everything:
            yield "", f"… and {len(documents) - SHOWN} more; --all shows them"
