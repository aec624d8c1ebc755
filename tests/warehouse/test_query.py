"""A query reads the datasets and the views of them, and nothing else in the world."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from extract import api
from extract.cli import exit_code
from extract.errors import OutputError, QueryError
from extract.warehouse import Warehouse, contents, views
from tests.outs import FORMULAS, HOSTILE, accounts, expenditure, hostile, publish


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """Two years of one body, a document that was superseded, and a hostile one."""
    folder = tmp_path_factory.mktemp("asked") / "out"
    publish(folder, accounts("甲局", 2020, expenditure(total="7.00"), source="a.txt"))
    publish(
        folder,
        accounts("甲局（新）", 2020, expenditure(total="12.30", c201="12.30"), source="a.txt"),
        accounts("甲局（新）", 2021, expenditure(total="-0.05", c20805="-0.05")),
    )
    publish(folder, hostile())
    return folder


def rows(out: Path, sql: str) -> list[tuple[object, ...]]:
    with api.ask(out, sql) as answer:
        return list(answer.rows)


def test_amounts_are_exact(out):
    found = rows(out, "select sum(amount) from items where fiscal_year < 2023")
    assert found == [(Decimal("245000.00"),)]


def test_every_table_is_there_with_the_columns_that_are_told(out):
    with Warehouse.open(out) as warehouse:
        for table in contents():
            told = [
                (row[0], row[1].lower()) for row in warehouse.ask(f"describe {table.name}").rows
            ]
            assert [name for name, _ in told] == [column.name for column in table.columns]
            kinds = {column.name: column.type for column in table.columns}
            for name, kind in told:
                assert _same_type(kinds[name], kind), (table.name, name, kind)


def _same_type(told: str, found: str) -> bool:
    plain = {
        "string": "varchar", "int8": "tinyint", "int16": "smallint", "int32": "integer",
        "int64": "bigint", "float32": "float", "float64": "double", "bool": "boolean",
        "timestamp": "timestamp with time zone", "list<string>": "varchar[]",
    }  # fmt: skip
    return plain.get(told, told) == found or (
        told == "list<struct>" and found.startswith("struct(") and found.endswith("[]")
    )


def test_each_view_sorts_by_columns_it_has():
    for view in views().values():
        assert set(view.order) <= {column.name for column in view.columns}


def test_what_was_superseded_is_history(out):
    superseded = "select superseded, agency, amount from all_revisions where key = 'total' and fiscal_year = 2020 order by 1"
    assert rows(out, superseded) == [
        (False, "甲局（新）", Decimal("123000.00")),
        (True, "甲局", Decimal("70000.00")),
    ]
    assert rows(out, "select count(*) from history.items") == [(1,)]


def test_a_wide_form_is_found_by_its_name_alone(out):
    told = "select total from {} where key = '201' and fiscal_year = 2020"
    assert rows(out, told.format("forms.expenditure")) == rows(out, told.format("expenditure"))


def test_a_pivot_is_a_select(out):
    told = "pivot (select key, fiscal_year, amount from items where key = 'total') on fiscal_year using sum(amount)"
    assert len(rows(out, told)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_csv('{out}/../secret.csv')",
        "select * from read_parquet('{out}/items/**/*.parquet')",
        "select * from glob('/*')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from duckdb_secrets()",
        "select * from 'https://example.com/a.csv'",
        "copy (select 1) to '{out}/written.csv'",
        "copy items to '/dev/null'",
        "attach '{out}/written.db' as x",
        "export database '{out}/written'",
        "import database '{out}'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set temp_directory = '{out}'",
        "call enable_logging(storage = 'file', storage_path = '{out}')",
        "create table t as select 1",
        "delete from items",
        "drop view items",
        "select 1; copy (select 1) to '{out}/written.csv'",
        "explain analyze copy (select 1) to '{out}/written.csv'",
        "select * from query('copy (select 1) to ''{out}/written.csv''')",
        "from secret",
        "from out",
        "",
        "--",
        "selct 1",
    ],
)
def test_sql_that_reaches_out_gets_nothing_and_writes_nothing(out, sql):
    secret = out.parent / "secret.csv"
    secret.write_text("a\n1\n")
    before = {path: path.read_bytes() for path in out.parent.rglob("*") if path.is_file()}
    with pytest.raises(QueryError):
        rows(out, sql.format(out=out))
    assert {p: p.read_bytes() for p in out.parent.rglob("*") if p.is_file()} == before


def test_a_wrong_name_is_answered_with_the_right_ones(out):
    with pytest.raises(QueryError, match=r"no table itms; there are documents, items, .*panel"):
        rows(out, "select * from itms")
    with pytest.raises(QueryError, match="Candidate bindings"):
        rows(out, "select agancy from documents")


def test_no_variable_of_ours_is_a_table(out):
    secrets = [1, 2, 3]
    with pytest.raises(QueryError, match="no table secrets"):
        rows(out, "select * from secrets")
    assert secrets


def test_a_folder_without_documents_is_no_warehouse(tmp_path):
    with pytest.raises(OutputError, match="holds no documents"), Warehouse.open(tmp_path):
        pass


def test_the_library_gives_a_frame_of_exact_amounts(out):
    frame = api.query(
        out,
        "select agency, sum(amount) as spent from panel where key = 'total' group by 1 order by 1",
    )
    assert list(frame.columns) == ["agency", "spent"]
    assert frame.spent.tolist() == [Decimal("122500.00")]


# The command ------------------------------------------------------------------------


def test_csv_is_for_a_spreadsheet_too(out, capfdbinary):
    assert (
        exit_code(
            [
                "query",
                str(out),
                "select name, amount from items where fiscal_year = 2023 order by seq",
                "--to",
                "csv",
            ]
        )
        == 0
    )
    said = capfdbinary.readouterr().out
    assert b"\r\n'=cmd" in said
    assert b"\r\r\n" not in said
    assert b"-1000.50" not in said
    assert b"-10500.00" in said  # a negative amount is a number


def test_json_has_every_digit(out, capsys):
    assert (
        exit_code(
            [
                "query",
                str(out),
                "select 12345678901234567.25::decimal(20,2) as a, [1] as b, null as c",
                "--to",
                "json",
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert json.loads(said, parse_float=Decimal) == [
        {"a": Decimal("12345678901234567.25"), "b": [1], "c": None}
    ]


def test_a_table_obeys_no_document(out, capsys):
    assert exit_code(["query", str(out), "select name from items where fiscal_year = 2023"]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "<script>" in said


def test_a_table_says_what_it_left_out(out, capsys):
    assert exit_code(["query", str(out), "select finding_id from findings"]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 201
    assert "9,800 rows more" in told.err


def test_sql_may_come_from_standard_input(out, capsys, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"select 7 as seven")))
    assert exit_code(["query", str(out), "-"]) == 0
    assert "7" in capsys.readouterr().out


def test_without_sql_the_tables_are_told(out, capsys):
    assert exit_code(["query", str(out)]) == 0
    assert "panel" in capsys.readouterr().out


def test_wrong_sql_is_2_and_no_out_is_6(out, tmp_path, capsys):
    assert exit_code(["query", str(out), "select nothing"]) == 2
    assert exit_code(["query", str(tmp_path), "select 1"]) == 6
    assert "holds no documents" in capsys.readouterr().err


def test_what_is_not_installed_is_named(out, monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    assert exit_code(["query", str(out), "select 1"]) == 2
    assert "pip install 'juesuan[query]'" in capsys.readouterr().err


def test_the_hostile_document_is_there_as_it_is(out):
    found = rows(out, "select name from items where fiscal_year = 2023 order by seq")
    assert [name for (name,) in found] == [*FORMULAS, HOSTILE]
