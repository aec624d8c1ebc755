"""An export holds what OUT holds, to the cent, whatever a document printed; and overwrites nothing of others."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import duckdb
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import api
from extract.cli import exit_code
from extract.errors import NotOurs, OutputError
from extract.exports import KINDS, sheets
from extract.exports.text import guarded, unguarded
from extract.forms import catalogue
from extract.warehouse import views
from tests import making
from tests.outs import FORMULAS, HOSTILE, MANY, WIDE, accounts, expenditure, hostile, publish
from tests.stages.accounts import item

BIG = "9,876,543,210,123.4567"  # 万元: more digits than a float holds
TITLE = catalogue().forms["expenditure"].title


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """Two plain documents, one of them superseded, one with counts, and a hostile one."""
    folder = tmp_path_factory.mktemp("exported") / "out"
    publish(folder, accounts("甲局", 2020, expenditure(total="7.00"), source="a.txt"))
    cells = expenditure(total=BIG, c201="-0.01", c202="", c203="0.00")
    trips = [
        item("three_public", "actual", "reception_visitors", "", seq=0, unit="", amount=Decimal(12))
    ]
    publish(
        folder,
        accounts("甲局", 2020, [*cells, *trips], source="a.txt"),
        accounts("乙局", 2021, expenditure(total="1,234.56", c20805="1,234.56")),
    )
    publish(folder, hostile())
    return folder


@pytest.fixture(scope="module")
def exported(out: Path) -> dict[str, Path]:
    """Each kind, written once."""
    return {kind: Path(api.export(out, kind).path) for kind in KINDS}


@pytest.fixture(scope="module")
def book(exported: dict[str, Path]) -> openpyxl.Workbook:
    """The workbook, read once."""
    return openpyxl.load_workbook(exported["xlsx"])


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """One document."""
    folder = tmp_path_factory.mktemp("small") / "out"
    publish(folder, accounts("乙局", 2021, expenditure(total="1.00", c201="1.00")))
    return folder


@pytest.fixture(scope="module")
def amounts(out: Path) -> list[Decimal | None]:
    """Those of ``items``, in its order."""
    with api.ask(
        out, "select amount from items order by fiscal_year, doc_id, form, seq, measure"
    ) as answer:
        return [amount for (amount,) in answer.rows]


ORDER = ["fiscal_year", "doc_id", "form", "seq", "measure"]


# Amounts ------------------------------------------------------------------------------


def test_pandas_reads_the_csv_to_the_cent(exported, amounts):
    frame = pd.read_csv(
        exported["csv"] / "items.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )
    frame = frame.astype({"fiscal_year": int, "seq": int}).sort_values(ORDER)
    assert [Decimal(text) if text else None for text in frame.amount] == amounts
    plain = pd.read_csv(exported["csv"] / "items.csv")
    assert plain.columns[0] == "fiscal_year"  # the mark in front is no part of it
    assert pd.api.types.is_numeric_dtype(plain.amount)
    assert plain.amount.min() < 0


def test_duckdb_reads_the_csv_to_the_cent(exported, amounts):
    told = duckdb.sql(
        f"select amount from read_csv('{exported['csv']}/items.csv', types = {{'amount': 'decimal(20,2)'}}) "
        f"order by {', '.join(ORDER)}"
    )
    assert [amount for (amount,) in told.fetchall()] == amounts
    [(kind,)] = duckdb.sql(
        f"select column_type from (describe from read_csv('{exported['csv']}/items.csv')) where column_name = 'amount'"
    ).fetchall()
    assert kind in ("DOUBLE", "BIGINT")  # a number, unasked


def test_json_lines_have_every_digit(exported, amounts):
    lines = (exported["jsonl"] / "items.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line, parse_float=Decimal) for line in lines]
    rows.sort(key=lambda row: [row[name] for name in ORDER])
    assert [row["amount"] for row in rows] == amounts


def test_the_database_has_every_table_view_and_revision(exported, amounts):
    with duckdb.connect(str(exported["duckdb"]), read_only=True) as base:
        found = base.sql(f"select amount from items order by {', '.join(ORDER)}").fetchall()
        assert [amount for (amount,) in found] == amounts
        assert base.sql("select count(*) from history.items").fetchall() == [(1,)]
        assert base.sql("select count(*) from all_revisions where superseded").fetchall() == [(1,)]
        for view in views():
            assert base.sql(f"select count(*) from {view}").fetchall() > [(0,)]
        said = "select comment from duckdb_columns() where table_name = 'items' and column_name = 'amount'"
        assert "yuan" in base.sql(said).fetchall()[0][0]


def spent(sheet) -> dict[tuple[int, str], object]:
    """(year, key) → 合计 as the workbook has it."""
    rows = sheet.iter_rows(min_row=sheets.HEAD, values_only=True)
    names = next(rows)
    year, key, total = (names.index(name) for name in ("fiscal_year", "key", "total"))
    return {(row[year], row[key]): row[total] for row in rows}


def test_the_workbook_has_a_sheet_a_form_with_numbers(book):
    assert [form.title for form in catalogue().forms.values()] == book.sheetnames[2:11]
    sheet = book[TITLE]
    names = [cell.value for cell in sheet[sheets.HEAD]]
    assert sheet.cell(1, names.index("total") + 1).value == "本年支出合计"
    found = spent(sheet)
    assert found[2021, "total"] == 12345600
    assert found[2020, "201"] == -100
    assert found[2020, "202"] is None
    assert found[2020, "203"] == 0
    assert found[2020, "total"] == "98765432101234567.00"  # no float holds it: text, whole
    formats = {cell.number_format for cell in sheet["H"][sheets.HEAD :]}
    assert formats == {"#,##0.00;[Red]-#,##0.00"}
    trips = book[catalogue().forms["three_public"].title]
    names = [cell.value for cell in trips[sheets.HEAD]]
    count = trips.cell(sheets.HEAD + 1, names.index("reception_visitors") + 1)
    assert (count.value, count.number_format) == (12, "#,##0")


def test_findings_are_comments_on_their_cells(book):
    sheet = book[TITLE]
    said = [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(said) == len(FORMULAS) + 1
    assert all(text.startswith("error: ") and text.endswith("findings)") for text in said)


@pytest.mark.slow
def test_libreoffice_opens_the_workbook_and_gives_back_the_amounts(exported, book, tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "back"), str(exported["xlsx"])],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    [back] = (tmp_path / "back").iterdir()
    before, after = book, openpyxl.load_workbook(back)
    assert after.sheetnames == before.sheetnames
    assert spent(after[TITLE]) == spent(before[TITLE])
    formulas = {
        cell.value
        for sheet in after
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert formulas <= {"=TRUE()", "=FALSE()"}  # how LibreOffice writes what is true and false
    comments = [cell.comment for row in after[TITLE].iter_rows() for cell in row if cell.comment]
    assert len(comments) == len(FORMULAS) + 1


def test_frictionless_finds_the_package_valid(exported):
    checked = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "--json", "datapackage.json"],
        cwd=exported["datapackage"], capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    report = json.loads(checked.stdout)
    assert checked.returncode == 0, report
    assert report["valid"]
    assert len(report["tasks"]) == 18
    assert all(task["stats"]["rows"] > 0 for task in report["tasks"] if task["name"] == "items")


def test_the_panel_bears_fiscal_column_types(exported):
    told = json.loads((exported["datapackage"] / "datapackage.json").read_text(encoding="utf-8"))
    [panel] = [one for one in told["resources"] if one["name"] == "panel"]
    fiscal = {f["name"]: f["columnType"] for f in panel["schema"]["fields"] if "columnType" in f}
    assert fiscal["amount"] == "value"
    assert fiscal["fiscal_year"] == "date:fiscal-year"
    assert fiscal["functional_code"] == "functional-classification:generic:code"
    assert told["fiscalPeriod"] == {"start": "2020-01-01", "end": "2023-12-31"}


# What documents print -----------------------------------------------------------------


@given(st.text() | st.sampled_from(FORMULAS) | st.from_regex(r"'*[=+@-].*"))
def test_what_is_guarded_is_no_formula_and_can_be_taken_back(text):
    made = guarded(text)
    assert unguarded(made) == text
    bare = made.lstrip()
    assert not bare.startswith(("=", "@", "＝", "＠"))
    if bare.startswith(("+", "-", "＋", "－")):
        assert not any(letter.isalpha() or letter in "(|!" for letter in made)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_a_number_is_never_guarded(amount):
    assert guarded(format(amount, "f")) == format(amount, "f")


def test_no_csv_cell_is_a_formula(exported):
    for path in exported["csv"].rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for value in row:
                    assert not value.lstrip().startswith(("=", "@", "＝")), (path, value)
                    if value.lstrip().startswith(("+", "-")):
                        float(value.replace(",", ""))


def test_a_hostile_document_breaks_no_export(exported, book):
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert book["findings"].max_row == MANY + sheets.HEAD
    with (exported["csv"] / "other_tables.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 3 * WIDE
    texts = {unguarded(row["text"]) for row in found}
    assert texts == {*FORMULAS, HOSTILE}
    lines = (exported["jsonl"] / "other_tables.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["text"] for line in lines} == texts


def test_what_excel_cannot_hold_goes_on_and_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    monkeypatch.setattr(sheets, "MOST_LETTERS", 20)
    monkeypatch.setattr(sheets, "MOST_COMMENTS", 3)
    cells = expenditure(total="1.00", c201="1.00", c202="0.00", c203="0.00")
    reading = accounts("乙局", 2021, cells)
    told = tuple(replace(making.finding(cell), finding_id=cell.key) for cell in reading.items)
    publish(tmp_path / "out", replace(reading, findings=told))
    done = api.export(tmp_path / "out", "xlsx")
    book = openpyxl.load_workbook(done.path)
    assert [book[name].max_row for name in (TITLE, f"{TITLE} (2)")] == [5, 3]
    assert any("1 cells in doubt bear no comment" in note for note in done.notes)
    assert any("cut off" in note for note in done.notes)
    assert [row[0].value for row in book["说明"]][-2:] == list(done.notes)


# Files --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "duckdb"])
def test_the_same_out_gives_the_same_bytes(kind, small, tmp_path):
    once, again = (api.export(small, kind, tmp_path / name) for name in ("once", "again"))
    assert contents(Path(again.path)) == contents(Path(once.path))


def contents(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_the_same_out_gives_the_same_rows_in_a_database(out, exported, tmp_path):
    again = Path(api.export(out, "duckdb", tmp_path / "again.duckdb").path)
    found = []
    for path in (again, exported["duckdb"]):
        with duckdb.connect(str(path), read_only=True) as base:
            names = base.sql("select schema_name || '.' || table_name from duckdb_tables() order by 1").fetchall()  # fmt: skip
            found.append({name: base.sql(f"from {name}").fetchall() for (name,) in names})
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_earlier_export_is_replaced_and_nothing_else(kind, small, tmp_path):
    few = shutil.copytree(small, tmp_path / "out")
    first = Path(api.export(few, kind).path)
    assert api.export(few, kind).path == str(first)
    if first.is_dir():
        (first / "mine.txt").write_text("notes")
    else:
        first.write_bytes(b"mine")
    before = contents(first)
    with pytest.raises(NotOurs, match="--force"):
        api.export(few, kind)
    assert contents(first) == before
    api.export(few, kind, force=True)
    assert contents(first).keys() != {"mine.txt"}
    assert (first / "mine.txt").exists() is False
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_empty_folder_is_nobodys(tmp_path):
    few, target = tmp_path / "out", tmp_path / "target"
    publish(few, accounts("乙局", 2021, expenditure(total="1.00")))
    target.mkdir()
    api.export(few, "csv", target)
    assert (target / "items.csv").is_file()


def test_an_export_does_not_go_into_out(tmp_path, capsys):
    few = tmp_path / "out"
    publish(few, accounts("乙局", 2021, expenditure(total="1.00")))
    inside = few / "items" / "x.csv"
    assert exit_code(["export", str(few), "--to", "csv", "--output", str(inside), "--force"]) == 2
    assert "choose an --output outside" in capsys.readouterr().err
    assert not inside.exists()


def test_a_disk_that_refuses_leaves_what_was_there(tmp_path, monkeypatch):
    few = tmp_path / "out"
    publish(few, accounts("乙局", 2021, expenditure(total="1.00")))
    first = Path(api.export(few, "csv").path)
    before = contents(first)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("extract.exports.csvs.write_csv", full)
    with pytest.raises(OutputError, match="No space left"):
        api.export(few, "csv")
    assert contents(first) == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_killed_export_is_put_right_by_the_next(tmp_path):
    few = tmp_path / "out"
    publish(few, accounts("乙局", 2021, expenditure(total="1.00")))
    first = Path(api.export(few, "csv").path)
    first.rename(first.with_name(f".{first.name}.old"))  # killed between two renames
    (tmp_path / f".{first.name}.part").mkdir()
    api.export(few, "csv")
    assert first.is_dir()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_out_that_changes_meanwhile_is_told(tmp_path, monkeypatch):
    few = tmp_path / "out"
    publish(few, accounts("乙局", 2021, expenditure(total="1.00")))
    write = KINDS["jsonl"].write

    def while_a_run_publishes(source, path):
        publish(few, accounts("丙局", 2021, expenditure(total="1.00")))
        return write(source, path)

    changed = {**KINDS, "jsonl": SimpleNamespace(write=while_a_run_publishes, is_ours=KINDS["jsonl"].is_ours, ending="-jsonl")}  # fmt: skip
    monkeypatch.setattr("extract.exports.exporting.KINDS", changed)
    with pytest.raises(OutputError, match="export it again"):
        api.export(few, "jsonl")


def test_the_command_says_where_and_what(tmp_path, capsys, monkeypatch):
    few = tmp_path / "out"
    publish(few, accounts("乙局", 2021, expenditure(total="1.00")))
    monkeypatch.chdir(tmp_path)
    assert exit_code(["export", "out", "--to", "xlsx", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["path"] == "out.xlsx"
    assert told["bytes"] == Path("out.xlsx").stat().st_size
    assert exit_code(["export", "nowhere", "--to", "xlsx"]) == 6
    Path("out-csv").write_text("mine")
    assert exit_code(["export", "out", "--to", "csv"]) == 2
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    assert exit_code(["export", "out", "--to", "xlsx"]) == 2
    assert "pip install 'juesuan[export]'" in capsys.readouterr().err


def test_an_out_without_any_form_is_exported_too(tmp_path):
    few = tmp_path / "out"
    publish(few, accounts("乙局", 2021, []))
    for kind in KINDS:
        api.export(few, kind)
    told = json.loads((tmp_path / "out-datapackage" / "datapackage.json").read_text(encoding="utf-8"))  # fmt: skip
    assert "fiscalPeriod" not in told
