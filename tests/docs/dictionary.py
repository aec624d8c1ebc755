"""The data dictionary: every dataset, every column, as schemas/datasets states them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.datasets import DATASETS, FORM_DATASETS, Column, dataset
from extract.version import SCHEMA_VERSION


def page() -> str:
    """All datasets, one section each."""
    names = [name for name in DATASETS if name not in FORM_DATASETS]
    head = (
        "# Data dictionary\n\n"
        f"Every dataset of an output directory, version {SCHEMA_VERSION} of the contract. Each is a folder of Parquet files, cut by "
        "`fiscal_year`, which is a column when it is read as Hive does. The same units and meanings stand in the "
        "metadata of each Parquet field. Amounts are exact decimals in yuan.\n\n"
    )
    contents = "".join(f"- [`{name}`](#{name}): {dataset(name).meaning}\n" for name in names)
    wide = "- [`forms/<form>`](#formsform): a form wide, a column a measure\n\n"
    return head + contents + wide + "\n".join(map(_section, names)) + "\n" + _wide()


def _section(name: str) -> str:
    one = dataset(name)
    order = ", ".join(f"`{column}`" for column in one.order)
    return f"## {name}\n\n{one.meaning} Sorted by {order}.\n\n{_table(one.columns)}"


def _wide() -> str:
    first = dataset(FORM_DATASETS[0])
    shared = [c for c in first.columns if all(c in dataset(n).columns for n in FORM_DATASETS)]
    text = (
        "## forms/<form>\n\nA row of one form, a column a measure, null where it is not printed. All have these columns:\n\n"
        + _table(shared)
        + "\nand those of their measures, all `decimal(20,2)` in yuan (counts: plain numbers):\n\n"
        + "| dataset | columns |\n|---|---|\n"
    )
    for name in FORM_DATASETS:
        form = name.partition("/")[2]
        own = [c for c in dataset(name).columns if c not in shared]
        columns = ", ".join(f"`{c.name}` {c.meaning}" for c in own)
        text += f"| [`{name}`](forms/{form}.md) | {columns} |\n"
    return text


def _table(columns: Sequence[Column]) -> str:
    head = "| column | type | unit | null | meaning |\n|---|---|---|---|---|\n"
    return head + "".join(_rows(columns, ""))


def _rows(columns: Sequence[Column], under: str) -> Iterator[str]:
    for column in columns:
        may = "yes" if column.nullable else ""
        meaning = column.meaning.replace("|", "\\|")
        yield f"| `{under}{column.name}` | {column.type} | {column.unit} | {may} | {meaning} |\n"
        yield from _rows(column.fields, f"{under}{column.name}.")
