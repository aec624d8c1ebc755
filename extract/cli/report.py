"""``juesuan report``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from extract.cli.printing import print_lines
from extract.cli.run import JSON, OCR
from extract.cli.speech import META
from extract.errors import EXIT_ALL_FAILED, EXIT_DONE, InputError
from extract.executors import cores
from extract.lang import spoken

if TYPE_CHECKING:
    from extract.lang import Lang


@click.command()
@click.argument("path", metavar="OUT|FILE", type=click.Path(exists=True))
@click.option(
    "--output",
    type=click.Path(),
    metavar="PATH",
    help="Folder of the pages (OUT/report), or the page of FILE (its name with .html, here).",
)
@click.option(
    "--files",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    metavar="FOLDER",
    help="Where the documents are now, or a raw store, if not where they were read; may be repeated.",
)
@click.option(
    "--pictures/--no-pictures",
    default=True,
    show_default=True,
    help="Show the pieces of the pages that findings are about.",
)
@click.option(
    "--workers",
    "--jobs",
    "jobs",
    type=click.IntRange(min=1),
    show_default="cores",
    help="Pages written at a time.",
)
@OCR
@JSON
@click.pass_context
def report(
    context: click.Context,
    path: str,
    output: str | None,
    files: tuple[str, ...],
    pictures: bool,
    jobs: int | None,
    ocr: Literal["auto", "always", "never"],
    as_json: bool,
) -> int:
    """Write pages to read in a browser or to print, in the language of --lang.

    Each document becomes one HTML file that needs no server and no network: its summary, its
    findings with pieces of the pages and the equations, charts, and the forms with doubtful
    cells marked. Of OUT, an index leads to them by agency and year, and only what changed is
    written again. FILE is read on the spot.
    """
    from extract import api

    lang: Lang = context.meta.get(META, spoken())
    if Path(path).is_dir():
        done = api.report(
            path, output, lang=lang, files=files, pictures=pictures, jobs=jobs or cores()
        )
        if as_json:
            click.echo(json.dumps(done.to_dict(), ensure_ascii=False))
        else:
            told = f"{done.written} written, {done.unchanged} unchanged, {done.removed} removed"
            lines = [("pages", told), ("index", done.index)]
            if done.unseen:
                missing = f"of {done.unseen} the file was not found; see --files"
                lines.insert(1, ("clippings", missing))
            print_lines(lines)
        return EXIT_DONE
    target = Path(output or f"{Path(path).stem}.html")
    if target.is_dir():
        target /= f"{Path(path).stem}.html"
    try:
        text = api.report_page(path, lang=lang, ocr=ocr, pictures=pictures)
    except InputError as why:
        click.echo(f"juesuan: {path}: {why}", err=True)
        return EXIT_ALL_FAILED
    _write(target, text)
    if as_json:
        click.echo(json.dumps({"page": str(target)}, ensure_ascii=False))
    else:
        print_lines([("page", str(target))])
    return EXIT_DONE


def _write(target: Path, text: str) -> None:
    from extract.stages.publish import write_bytes

    write_bytes(target, text.encode("utf-8", "replace"))
