"""Does publishing grow with what is published, and with nothing else?

    python -m tests.bench.publishing [DOCUMENTS…]

Some fixtures are read once; each document is one of them under another hash, agency and year.
Packing them is not measured. Seconds are CPU time of one process. Prints Markdown.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from extract.document import read
from extract.repair import judged
from extract.stages.publish import Entry, Output, Package, pack
from extract.stages.publish.package import Unpacked, from_bytes, to_bytes

Model = tuple[Entry, Unpacked]
SIZES = (1_000, 3_000, 10_000)
YEARS = range(2016, 2024)
_CASES = Path(__file__).parents[2] / "fixtures" / "cases"
_MODELS = ("wangyue-2021-markdown/wangyue-2021.md", "zhuzhou-2020-ocr/zhuzhou-2020.txt")


def main() -> None:
    """Measure, and print each line as it is known."""
    for line in lines([int(size) for size in sys.argv[1:]] or SIZES):
        print(line, flush=True)


def lines(sizes: Sequence[int] = SIZES) -> Iterator[str]:
    """A Markdown table: a row a size."""
    yield "| documents | published, CPU s | ms a document | again, unchanged, s | one more, s | files it rewrote | files |"
    yield "|---|---|---|---|---|---|---|"
    models = [model_of(_CASES / name) for name in _MODELS]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield _row(Path(folder), models, size)


def _row(out: Path, models: Sequence[Model], size: int) -> str:
    first = _timed(lambda: _publish(out, models, range(size)))
    again = _timed(lambda: _publish(out, models, range(size)))
    before = _files(out)
    more = _timed(lambda: _publish(out, models, range(size + 1)))
    after = _files(out)
    rewritten = sum(before.get(path) != changed for path, changed in after.items())
    each = f"{first / size * 1000:.1f}"
    return f"| {size:,} | {first:.1f} | {each} | {again:.2f} | {more:.2f} | {rewritten} | {len(after):,} |"


_packing = 0.0


def _publish(out: Path, models: Sequence[Model], numbers: range) -> None:
    """One run over the documents of these numbers."""
    global _packing
    with Output.open(out) as output:
        for number in numbers:
            doc_id = sha256(number)[:16]
            output.name(f"{number}.pdf", doc_id, 1)
            if not output.done(doc_id):
                began = time.process_time()
                package = varied(models[number % len(models)], number)
                _packing += time.process_time() - began
                output.keep(package)
        output.publish()


def varied(model: Model, number: int) -> Package:
    """The document of that number: a model under another hash, agency and year."""
    entry, unpacked = model
    digest, year = sha256(number), YEARS[number % len(YEARS)]
    said = {
        "doc_id": digest[:16],
        "sha256": digest,
        "source": f"{number}.pdf",
        "agency": f"第{number}局",
    }
    tables = {name: _saying(table, said) for name, table in unpacked.tables.items()}
    named = replace(entry, doc_id=digest[:16], sha256=digest, source=said["source"])
    return Package(replace(named, fiscal_year=year), to_bytes(Unpacked(tables, year, 1)))


def _saying(table: pa.Table, said: Mapping[str, str]) -> pa.Table:
    """``table`` with one value in each of these columns, where it has them."""
    for column in said.keys() & set(table.column_names):
        at = table.column_names.index(column)
        values = pa.array([said[column]] * table.num_rows, pa.string())
        table = table.set_column(at, table.schema.field(at), values)
    return table


def sha256(number: int) -> str:
    """The hash of the document of that number."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def model_of(path: Path) -> Model:
    """A document that was read, ready to be varied."""
    package = pack(judged(read(path.read_bytes(), path.name), "suggest"))
    return package.entry, from_bytes(package.data)


def _timed(work: Callable[[], None]) -> float:
    packed, began = _packing, time.process_time()
    work()
    return time.process_time() - began - (_packing - packed)


def _files(out: Path) -> dict[Path, tuple[int, int]]:
    found = (path for path in out.rglob("*.parquet"))
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in found}


if __name__ == "__main__":
    main()
