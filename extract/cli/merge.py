"""``juesuan merge``."""

from __future__ import annotations

from typing import Literal

import click

from extract.cli.printing import print_summary, summary_or_error
from extract.cli.run import FAIL_ON, JSON


@click.command()
@click.argument("out", type=click.Path())
@click.argument("shards", nargs=-1, required=True, type=click.Path(), metavar="SHARD_OUT...")
@FAIL_ON
@JSON
def merge(
    out: str,
    shards: tuple[str, ...],
    fail_on: Literal["error", "warning"] | None,
    as_json: bool,
) -> int:
    """Take over into OUT what runs with --shard left in each SHARD_OUT.

    OUT is then what a single run over all inputs would have left. Merging again changes
    nothing; a merge that was killed is run again. Where two shards know one name for
    different documents, the later SHARD_OUT is right.
    """
    from extract import api

    with summary_or_error(as_json):
        summary = api.merge(out, shards, fail_on=fail_on)
    print_summary(summary, verb="taken over", as_json=as_json, quiet=False)
    return summary.exit_code
