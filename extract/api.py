"""The public library: one document, one table of items, or a run over many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from extract import deciding, dryrun, merging, pipeline, recheck
from extract.datasets import empty
from extract.errors import UnknownFormat, UnreadableFile
from extract.executors import (
    MEGABYTES,
    SECONDS,
    Cluster,
    Executor,
    Limits,
    Processes,
    Serial,
    cores,
)
from extract.inputs import content, tasks
from extract.lang import Lang
from extract.model import (
    ENGINES,
    Check,
    CodeSystem,
    Finding,
    Item,
    Ocr,
    Reading,
    Repair,
    TextLayer,
    Way,
)
from extract.pipeline import Progress, Step
from extract.shards import Shard
from extract.stages.publish import held, readings, tables
from extract.stages.reconcile import reconcile as judge
from extract.summary import FailOn, RunSummary
from extract.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

    from extract.deciding import Decided
    from extract.decisions import What
    from extract.dryrun import DryRun
    from extract.expected import Found
    from extract.exports import Exported, Kind
    from extract.observed import Observed
    from extract.report import Written
    from extract.status import Status
    from extract.warehouse import Answer

__all__ = [
    "Disclosure",
    "Progress",
    "RunSummary",
    "Step",
    "check",
    "decide",
    "extract",
    "merge",
    "reconcile",
    "run",
]


def extract(
    path: str | Path, *, engine: str = "auto", ocr: Ocr = "auto", narrative: bool = True
) -> Disclosure:
    """Read one document, in this process. Raises a subclass of ``errors.InputError``.

    ``engine`` "auto" asks a second one only where the first is in doubt; else it is one of
    ``model.ENGINES``. ``ocr`` says which pages are read as pictures: "auto", those whose text
    is of no use. Without ``narrative`` there are no facts and sections, and pages of running text
    cost little.
    """
    from extract import document

    way = _way(engine, ocr, narrative)
    data, *beside = _content(path)
    return Disclosure(document.read(data, str(path), way, beside=beside))


def reconcile(
    items: pd.DataFrame,
    facts: pd.DataFrame | None = None,
    *,
    text_layer: TextLayer | None = None,
    forms_found: Sequence[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge a table of items, of one document or many: its checks and its findings.

    ``items`` needs the columns form, key, measure and amount; all others help.
    ``text_layer`` "native" says the figures are certain, "ocr" that they may be misread.
    ``forms_found`` names the forms that are there, so that absent ones can be told.
    """
    from extract import frames

    told = list(frames.facts(facts))
    checks: list[Check] = []
    findings: list[Finding] = []
    for (doc_id, statement), (year, cells) in _statements(frames.items(items)).items():
        mine = [f for f in told if (f.doc_id, f.statement) == (doc_id, statement)]
        judged, doubts = judge(
            cells, text_layer=text_layer, forms_found=forms_found, fiscal_year=year, facts=mine
        )
        checks += judged
        findings += doubts
    return _frame("checks", checks), _frame("findings", findings)


def run(
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    executor: Literal["processes", "serial"] | Executor = "processes",
    jobs: int | None = None,
    timeout: float = SECONDS,
    memory: int = MEGABYTES,
    ocr: Ocr = "auto",
    repair: Repair = "suggest",
    engine: str = "auto",
    narrative: bool = True,
    retry: bool = False,
    shard: str | None = None,
    cluster: str | None = None,
    fail_on: FailOn | None = None,
    progress: Progress | None = None,
) -> RunSummary:
    """Read ``inputs`` (files, folders, globs) into the datasets of ``out``.

    What was read before is not read again, nor what cost its process twice unless ``retry``. One document may take ``timeout`` seconds, a
    sixtieth of it more for each scanned page, and ``memory`` megabytes; ``progress`` is
    called after each. ``ocr`` "auto" reads pages
    without text of use as pictures, "always" all pages, "never" none. ``repair`` "apply" writes the
    amounts that findings propose into the items, "suggest" leaves them as read. ``engine``
    is one of ``model.ENGINES``; ``narrative`` False leaves the text aside. What was read in another way is read again.
    ``shard`` "i/n" reads only that part of the inputs, for ``merge``.
    ``cluster`` is the address or the scheduler file of a Dask cluster that does the work instead.
    """
    return pipeline.run(
        [inputs] if isinstance(inputs, str | Path) else inputs,
        out,
        executor=_executor(executor, cluster, jobs, Limits(timeout, memory)),
        repair=repair,
        way=_way(engine, ocr, narrative),
        retry=retry,
        shard=Shard.parse(shard) if shard else None,
        fail_on=fail_on,
        progress=progress,
    )


def check(
    out: str | Path, *, repair: Repair = "suggest", fail_on: FailOn | None = None
) -> RunSummary:
    """Reconcile the items of ``out`` again, as they now stand.

    ``repair`` "apply" writes the amounts that findings propose, "suggest" gives back those read.
    """
    return recheck.recheck(out, repair=repair, fail_on=fail_on)


def decide(
    out: str | Path,
    finding_id: str,
    what: What,
    *,
    by: str,
    why: str = "",
    amount: str | None = None,
    cell: tuple[str, str, str] | None = None,
) -> Decided:
    """Write down in ``out`` what ``by`` decides on a finding, and put it on top of the datasets.

    ``what`` is "accept", "amount" (of ``amount``, in yuan or with its unit), "publisher" or "undo";
    ``cell`` (form, key, measure) is for a finding that names no cell, or another.
    """
    return deciding.decide(out, finding_id, what, by=by, why=why, amount=amount, cell=cell)


def merge(
    out: str | Path, shards: Iterable[str | Path], *, fail_on: FailOn | None = None
) -> RunSummary:
    """Take over into ``out`` what runs over the ``shards`` of its inputs left in their folders."""
    return merging.merged(out, shards, fail_on=fail_on)


def migrate(out: str | Path) -> frozenset[str]:
    """Bring ``out``, written by an earlier juesuan, to the present contract; the versions it held before.

    Raises a subclass of ``errors.OutputError``.
    """
    from extract.stages import publish

    return publish.migrate(publish.held_by_any(Path(out)))


def dry_run(
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    ocr: Ocr = "auto",
    repair: Repair = "suggest",
    engine: str = "auto",
    narrative: bool = True,
    retry: bool = False,
    shard: str | None = None,
) -> DryRun:
    """What ``run`` would read, and why; nothing is read or written."""
    return dryrun.dry_run(
        [inputs] if isinstance(inputs, str | Path) else inputs,
        out,
        repair=repair,
        way=_way(engine, ocr, narrative),
        retry=retry,
        shard=Shard.parse(shard) if shard else None,
    )


def status(out: str | Path) -> Status:
    """How ``out`` stands: what the last run brought, what failed, what is out of date."""
    from extract import status

    return status.status(out)


def coverage(out: str | Path, listed: str | Path) -> Found:
    """Of each agency and year in the CSV file ``listed``, whether ``out`` has its accounts."""
    from extract import expected

    return expected.look_up(out, listed)


@contextmanager
def ask(out: str | Path, sql: str) -> Iterator[Answer]:
    """The answer of the datasets of ``out`` to one SELECT (DuckDB); amounts are ``Decimal``, in yuan.

    Raises ``QueryError`` where the SQL is wrong or asks for more than reading.
    """
    from extract.warehouse import Warehouse

    with Warehouse.open(out) as warehouse:
        yield warehouse.ask(sql)


def query(out: str | Path, sql: str) -> pd.DataFrame:
    """The same as a frame, amounts as ``Decimal``."""
    import pandas as pd

    with ask(out, sql) as answer:
        return pd.DataFrame(list(answer.rows), columns=list(answer.columns), dtype=object)


def export(
    out: str | Path, kind: Kind, output: str | Path | None = None, *, force: bool = False
) -> Exported:
    """Write the datasets of ``out`` as ``kind`` to ``output``, by default beside it.

    Raises ``NotOurs`` where something lies there that no export made, unless ``force``.
    """
    from extract import exports

    return exports.export(out, kind, output, force=force)


def asked_of() -> list[tuple[str, str]]:
    """The tables a query may name, and what a row of each is."""
    from extract.warehouse import contents

    return [(table.name, table.meaning) for table in contents()]


def published(out: str | Path) -> Iterator[Disclosure]:
    """Every document that a run left in ``out``."""
    return (Disclosure(reading) for reading, _ in readings(held(Path(out))))


def report(
    out: str | Path,
    output: str | Path | None = None,
    *,
    lang: Lang = "en",
    files: Iterable[str | Path] = (),
    pictures: bool = True,
    jobs: int | None = None,
) -> Written:
    """A page of HTML for each document of ``out``, and an index, in ``output`` (``out``/report).

    ``files`` are folders where documents are looked for besides where they were read from;
    ``jobs`` how many processes write. Only what changed is written again.
    """
    from extract.report import report

    return report(out, output, lang=lang, files=files, pictures=pictures, jobs=jobs)


def report_page(
    path: str | Path, *, lang: Lang = "en", ocr: Ocr = "auto", pictures: bool = True
) -> str:
    """One document, read now, as a page of HTML. Raises a subclass of ``errors.InputError``."""
    from extract.report import page

    return page(extract(path, ocr=ocr).reading, _content(path) if pictures else (), lang)


def trace(path: str | Path, stage: str, *, ocr: Ocr = "auto") -> str:
    """What one of the stages up to ``normalize`` makes of a document, in lines."""
    from extract import document

    data, *beside = _content(path)
    return document.trace(data, str(path), stage, ocr=ocr, beside=beside)


def unknown_wordings(path: str | Path) -> str:
    """The titles, headings and lines of a document that no schema knows, as YAML to add."""
    from extract import wordings

    data, *beside = _content(path)
    return wordings.told(wordings.unknown(data, beside))


def learnt_codes(out: str | Path, system: CodeSystem = "functional") -> str:
    """The 科目 that proven rows of ``out`` print, as CSV in the columns of schemas/codes."""
    from extract import observed

    return observed.as_csv(_observed(out, system))


def differing_codes(out: str | Path, system: CodeSystem = "functional") -> list[str]:
    """What of it the code book lacks or calls otherwise, one code and name a line."""
    from extract import observed
    from extract.forms import code_book

    return list(observed.as_lines(observed.differences(_observed(out, system), code_book(system))))


def _observed(out: str | Path, system: CodeSystem) -> tuple[Observed, ...]:
    from extract.observed import observed

    return observed((reading for reading, _ in readings(held(Path(out)))), system)


class Disclosure:
    """One document: its datasets as frames, built when asked for."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def __repr__(self) -> str:
        who = self.reading.identity
        forms = len(self.reading.forms_found)
        return f"<Disclosure {who.agency or '?'} {who.fiscal_year or '?'}: {forms} forms>"

    @cached_property
    def documents(self) -> pd.DataFrame:
        """One row a statement (nearly always: one), with its fiscal year."""
        year = self.reading.identity.fiscal_year
        return self._dataset("documents").assign(fiscal_year=year)

    @cached_property
    def items(self) -> pd.DataFrame:
        """One row a cell of a form."""
        return self._dataset("items")

    @cached_property
    def checks(self) -> pd.DataFrame:
        """One row an identity evaluated."""
        return self._dataset("checks")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row a thing that is doubtful."""
        return self._dataset("findings")

    @cached_property
    def facts(self) -> pd.DataFrame:
        """One row a number stated in the narrative."""
        return self._dataset("facts")

    @cached_property
    def sections(self) -> pd.DataFrame:
        """One row a narrative section."""
        return self._dataset("sections")

    @cached_property
    def other_tables(self) -> pd.DataFrame:
        """One row a cell of a table that is none of the nine forms."""
        return self._dataset("other_tables")

    def form(self, name: str) -> pd.DataFrame:
        """The wide view of one form: one row a key, one column a measure."""
        return self._dataset(f"forms/{name}")

    def _dataset(self, name: str) -> pd.DataFrame:
        from extract import frames

        found = self._tables.get(name)
        return frames.frame(empty(name) if found is None else found)

    @cached_property
    def _tables(self) -> Any:
        return tables(self.reading, VERSION)


def _way(engine: str, ocr: Ocr, narrative: bool) -> Way:
    if engine not in ENGINES:
        raise ValueError(f"no engine {engine}; there are {', '.join(ENGINES)}")
    return Way(engine, ocr, narrative)


def _content(path: str | Path) -> tuple[bytes, ...]:
    """The files of the one disclosure at ``path``."""
    found = list(tasks([str(path)]))
    if len(found) != 1:
        first = ", ".join(each.source for each in found[:3])
        raise UnknownFormat(
            f"{path} holds {len(found)} disclosures ({first} …); run reads them all"
        )
    try:
        return content(found[0])
    except UnreadableFile as why:
        raise UnreadableFile(f"{path} {why}") from why


def _statements(
    cells: Iterable[tuple[int, Item]],
) -> dict[tuple[str, int], tuple[int, list[Item]]]:
    """The items of each statement set, and its fiscal year."""
    grouped: dict[tuple[str, int], tuple[int, list[Item]]] = {}
    for year, item in cells:
        grouped.setdefault((item.doc_id, item.statement), (year, []))[1].append(item)
    return grouped


def _executor(
    chosen: Literal["processes", "serial"] | Executor,
    cluster: str | None,
    jobs: int | None,
    limits: Limits,
) -> Executor:
    if cluster is not None:
        return Cluster(cluster, limits, jobs)
    match chosen:
        case "processes":
            return Processes(jobs or cores(), limits)
        case "serial":
            return Serial()
        case _:
            return chosen


def _frame(name: str, nouns: Sequence[Check] | Sequence[Finding]) -> pd.DataFrame:
    """In the order of the nouns: findings come loudest first."""
    from extract import frames

    return frames.of_nouns(name, nouns)
