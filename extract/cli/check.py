"""``juesuan check``."""

from __future__ import annotations

from typing import Literal

import click

from extract.cli.printing import print_summary, summary_or_error
from extract.cli.run import FAIL_ON, JSON, REPAIR


@click.command()
@click.argument("out", type=click.Path())
@REPAIR
@FAIL_ON
@JSON
def check(
    out: str,
    repair: Literal["suggest", "apply"],
    fail_on: Literal["error", "warning"] | None,
    as_json: bool,
) -> int:
    """Reconcile the items of OUT again, as they now stand.

    Rewrites checks, the findings of reconciliation, and the counts of both; what other
    stages found stays. Amounts are those that were read, and with --repair apply those that
    findings propose: either way from OUT alone, without the sources.
    """
    from extract import api

    with summary_or_error(as_json):
        summary = api.check(out, repair=repair, fail_on=fail_on)
    print_summary(summary, verb="judged anew", as_json=as_json, quiet=False)
    return summary.exit_code
