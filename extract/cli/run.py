"""``juesuan run``."""

from __future__ import annotations

from typing import Literal

import click

from extract.cli.printing import print_plan, print_summary, summary_or_error
from extract.cli.progress import log_end, logging, metering, reporting
from extract.errors import EXIT_DONE
from extract.executors import MEGABYTES, SECONDS
from extract.model import ENGINES

FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help="Exit with 5 if there are findings of this severity or above.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")

REPAIR = click.option(
    "--repair",
    type=click.Choice(["suggest", "apply"]),
    default="suggest",
    show_default=True,
    help="apply: write the amounts that findings propose; what is printed stays in raw.",
)

OCR = click.option(
    "--ocr",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Pages to read as pictures: those whose text is of no use, all, or none.",
)


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, type=click.Path(), help="Folder of the datasets.")
@click.option(
    "--executor",
    type=click.Choice(["processes", "serial"]),
    default="processes",
    show_default=True,
    help="Who does the work; serial is one document after the other, without limits.",
)
@click.option(
    "--workers",
    "--jobs",
    "jobs",
    type=click.IntRange(min=1),
    show_default="cores",
    help="Documents read at a time; of a cluster, given to it at a time.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS|FILE",
    help="Dask does the work: its scheduler's address (tcp://…), or scheduler file.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long one document may take, and a sixtieth more for each scanned page.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=1),
    default=MEGABYTES,
    show_default=True,
    metavar="MB",
    help="How much memory one document may take.",
)
@OCR
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="Who reads the tables; auto: a second one where the first leaves a doubt.",
)
@click.option(
    "--narrative/--no-narrative",
    default=True,
    show_default=True,
    help="Read the text too; without it pages of running text cost little.",
)
@REPAIR
@click.option(
    "--retry", is_flag=True, help="Read again what is in quarantine: what cost its process twice."
)
@click.option(
    "--shard", metavar="I/N", help="Read only the I-th of N parts of the INPUTs; see merge."
)
@FAIL_ON
@JSON
@click.option("--quiet", is_flag=True, help="Print neither progress nor summary.")
@click.option(
    "--changes-only",
    is_flag=True,
    help="Print the summary alone, and only where the datasets changed: what cron is to mail.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: progress and logs as one JSON object a line, on standard error.",
)
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the figures of the run there, as OpenMetrics text, in one step.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be read, and why; write nothing.")
def run(
    inputs: tuple[str, ...],
    out: str,
    executor: Literal["processes", "serial"],
    jobs: int | None,
    cluster: str | None,
    timeout: float,
    memory: int,
    ocr: Literal["auto", "always", "never"],
    engine: str,
    narrative: bool,
    repair: Literal["suggest", "apply"],
    retry: bool,
    shard: str | None,
    fail_on: Literal["error", "warning"] | None,
    as_json: bool,
    quiet: bool,
    changes_only: bool,
    log_format: Literal["text", "json"],
    metrics: str | None,
    dry_run: bool,
) -> int:
    """Read documents into the datasets of OUT.

    INPUT is a file, an archive, a folder (its PDF, Excel, Word, HTML, text and picture files,
    and its archives), a glob in quotes, or - for a list on standard input, one a line. What
    was read before is not read again, unless --engine, --ocr, --narrative or --repair differ
    (for the last, check --repair is quicker); a file that changed supersedes what it was.
    """
    from extract import api

    if dry_run:
        with summary_or_error(as_json):
            planned = api.dry_run(
                inputs,
                out,
                ocr=ocr,
                engine=engine,
                narrative=narrative,
                repair=repair,
                retry=retry,
                shard=shard,
            )
        print_plan(planned, as_json=as_json)
        return EXIT_DONE
    with (
        logging(log_format),
        summary_or_error(as_json),
        metering(metrics) as meter,
        reporting(quiet or changes_only, log_format) as progress,
    ):
        summary = api.run(
            inputs,
            out,
            executor=executor,
            jobs=jobs,
            cluster=cluster,
            timeout=timeout,
            memory=memory,
            ocr=ocr,
            engine=engine,
            narrative=narrative,
            repair=repair,
            retry=retry,
            shard=shard,
            fail_on=fail_on,
            progress=progress,
        )
        meter(summary)
    quiet = quiet or (changes_only and not summary.changes_anything)
    if log_format == "json" and not quiet:
        log_end(summary)
    print_summary(summary, verb="read now", as_json=as_json, quiet=quiet or log_format == "json")
    return summary.exit_code
