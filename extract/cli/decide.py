"""``juesuan decide``."""

from __future__ import annotations

import getpass
import json
from typing import TYPE_CHECKING, cast

import click

from extract.cli.printing import print_lines, summary_or_error
from extract.cli.run import JSON
from extract.errors import EXIT_DONE

if TYPE_CHECKING:
    from extract.deciding import Cell, Decided
    from extract.decisions import What


@click.command()
@click.argument("out", type=click.Path())
@click.argument("finding_id")
@click.option(
    "--accept", "what", flag_value="accept", help="Put what the finding proposes into the cell."
)
@click.option(
    "--amount",
    metavar="N",
    help="Put another amount into the cell: yuan, or with its unit (1144.19万元).",
)
@click.option(
    "--publisher",
    "what",
    flag_value="publisher",
    help="It is printed so: the publisher's own error.",
)
@click.option(
    "--undo", "what", flag_value="undo", help="Take the last decision on the finding back."
)
@click.option(
    "--cell",
    metavar="FORM/KEY/MEASURE",
    help="The cell of --amount, where the finding names no other.",
)
@click.option("--why", default="", metavar="TEXT", help="The reason, for whoever reads it later.")
@click.option("--by", metavar="NAME", help="Who decides, if not the user.")
@JSON
def decide(
    out: str,
    finding_id: str,
    what: str | None,
    amount: str | None,
    cell: str | None,
    why: str,
    by: str | None,
    as_json: bool,
) -> int:
    """Decide on a finding of OUT, as `juesuan review` does with a key.

    A decision is a line in OUT/decisions. It changes nothing of what was read: it is put on top, now
    and by every later run and check, as long as the same ink stands in the cell; where it
    does not, that is told as a finding (decision_stale).
    """
    from extract import api

    if (what is None) == (amount is None):
        raise click.UsageError("give one of --accept, --amount N, --publisher, --undo")
    with summary_or_error(as_json):
        told = api.decide(
            out,
            finding_id,
            cast("What", what or "amount"),
            by=by if by is not None else user(),
            why=why,
            amount=amount,
            cell=_cell(cell),
        )
    if as_json:
        click.echo(json.dumps(_told(told), ensure_ascii=False))
    else:
        print_lines(_lines(told))
    return EXIT_DONE


def _cell(text: str | None) -> Cell | None:
    if text is None:
        return None
    parts = text.split("/")
    if len(parts) != 3 or not all(parts):
        raise click.UsageError("--cell is FORM/KEY/MEASURE, as in income/2070308/total")
    return parts[0], parts[1], parts[2]


def user() -> str:
    """The name of whoever runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as nobody it knows
        raise click.UsageError("who decides? give a name with --by") from None


def _told(told: Decided) -> dict[str, object]:
    return {
        "decision": told.decision.model_dump(mode="json"),
        "settled": told.settled,
        "amount": None if told.item is None or told.item.amount is None else str(told.item.amount),
        "status": told.item.status if told.item else None,
        "waits": told.waits,
    }


def _lines(told: Decided) -> list[tuple[str, str]]:
    row, item = told.decision, told.item
    lines = [("decided", f"{row.what} by {row.by}, in decisions/{row.doc_id}.jsonl")]
    if item is not None:
        amount = "no amount" if item.amount is None else f"{item.amount:,.2f} yuan"
        printed = f"“{item.raw}” {item.unit}".rstrip() if item.raw else "nothing"
        place = f"{item.form}/{item.key}/{item.measure}"
        lines.append(("cell", f"{place}: {amount} ({item.status}), printed: {printed}"))
    if told.finding is not None:
        lines.append(("finding", f"{told.finding.category}, {told.finding.severity}"))
    if told.waits:
        lines.append(("waits", f"{told.waits}; then `juesuan check OUT` puts it on top"))
    elif not told.settled and row.what != "undo":
        lines.append(("still open", "with this amount the figures do not agree either"))
    return lines
