"""The command ``juesuan``: each subcommand parses, calls one public function, and prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from extract.cli.check import check
from extract.cli.codes import codes
from extract.cli.coverage import coverage
from extract.cli.decide import decide
from extract.cli.export import export
from extract.cli.forms import forms
from extract.cli.harvest import harvest
from extract.cli.merge import merge
from extract.cli.migrate import migrate
from extract.cli.query import query
from extract.cli.report import report
from extract.cli.review import review
from extract.cli.run import run
from extract.cli.show import show
from extract.cli.speech import language, speaking
from extract.cli.status import status
from extract.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE, JuesuanError
from extract.version import VERSION

__all__ = ["command", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="juesuan", message="%(prog)s %(version)s")
def command() -> None:
    """Read the final accounts (部门决算) of Chinese public bodies into reconciled tables.

    \b
    Exit codes:
      0  done
      2  usage
      3  some inputs failed, the rest is published
      4  all inputs failed
      5  findings at or above --fail-on
      6  OUT cannot be used, or no input was found
      130  interrupted; what was finished is kept
    """


command.add_command(harvest)
command.add_command(run)
command.add_command(merge)
command.add_command(migrate)
command.add_command(check)
command.add_command(review)
command.add_command(decide)
command.add_command(show)
command.add_command(report)
command.add_command(status)
command.add_command(coverage)
command.add_command(query)
command.add_command(export)
command.add_command(forms)
command.add_command(codes)


def main() -> None:
    """Entry point of the console script."""
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(arguments: Sequence[str]) -> int:
    """Run the command; what goes wrong on purpose is said in one line."""
    try:
        spoken = speaking(command, language(arguments))
        code = spoken.main(list(arguments), prog_name="juesuan", standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        return EXIT_USAGE
    except JuesuanError as why:
        click.echo(f"juesuan: {why}", err=True)
        return why.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("juesuan: interrupted", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    return int(code or EXIT_DONE)
