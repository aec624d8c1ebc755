"""The panel: one row a body, year, form, code and measure, whatever the body was called."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from extract import api
from extract.forms.cofog import cofog
from extract.model import Identity
from tests.outs import accounts, expenditure, publish
from tests.stages.accounts import item


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("panel") / "out"
    before, after = "某市环境保护局", "某市生态环境局"
    odd = [
        item("expenditure", "211#2", "total", "1.00"),
        item("expenditure", "total", "total", "9.99", variant="by_unit"),
        item("three_public", "actual", "reception_visitors", "", unit="", amount=Decimal(12)),
        item("general_budget_basic_expenditure", "301", "amount", "3.00"),
    ]
    publish(
        folder,
        accounts(before, 2018, expenditure(total="5.00", c211="5.00")),
        accounts(after, 2019, [*expenditure(total="6.00", c2110301="6.00"), *odd]),
        # printed twice: the fuller one is shown, and that there are two
        accounts(after, 2019, expenditure(total="6.00"), source="again.txt"),
        accounts(after, 2019, expenditure(total="4.00"), kind="单位决算"),
        accounts(after, 2020, expenditure(total="7.00"), kind="部门预算"),
        accounts("无年份局", 0, expenditure(total="7.00")),
        accounts(
            "x", 2020, expenditure(total="1.00"), identity=Identity(None, None, "部门决算", 2020)
        ),
    )
    return folder


def rows(out: Path, sql: str) -> list[tuple[object, ...]]:
    with api.ask(out, sql) as answer:
        return list(answer.rows)


def test_a_body_is_one_line_over_a_change_of_name(out):
    found = rows(
        out,
        "select body, agency, kind, fiscal_year, amount, accounts from panel where key = 'total' order by kind desc, fiscal_year",
    )
    assert found == [
        ("某市生态环境局", "某市环境保护局", "部门决算", 2018, Decimal(50000), 1),
        ("某市生态环境局", "某市生态环境局", "部门决算", 2019, Decimal(60000), 2),
        ("某市生态环境局", "某市生态环境局", "单位决算", 2019, Decimal(40000), 1),
    ]
    ids = rows(out, "select distinct body_id from panel")
    assert ids == rows(
        out, "select distinct agency_id from documents where agency = '某市生态环境局'"
    )


def test_a_cell_is_there_once(out):
    key = "body_id, kind, fiscal_year, form, key, measure"
    assert rows(out, f"select 1 from panel group by {key} having count(*) > 1") == []


def test_units_and_classifications_are_told_apart(out):
    found = rows(
        out,
        "select key, functional_code, economic_code, unit, amount from panel where fiscal_year = 2019 and kind = '部门决算' and key != 'total' order by key",
    )
    assert found == [
        ("2110301", "2110301", None, "yuan", Decimal(60000)),
        ("301", None, "301", "yuan", Decimal(30000)),
        ("actual", None, None, "count", Decimal(12)),
    ]


def test_sql_and_python_agree_on_every_function(out, tmp_path):
    """The join of the view is the lookup of schemas/codes."""
    known = cofog()
    codes = [*known.codes, *(f"{code}99" for code in known.codes), "2119999", "999"]
    for year in (2008, 2013, 2014, 2018, 2024):
        cells = expenditure(**{f"c{code}": "1.00" for code in codes if len(code) in (3, 5, 7)})
        publish(tmp_path / "out", accounts("甲局", year, cells))
    found = rows(tmp_path / "out", "select code, fiscal_year, cofog, cofog_certainty from panel")
    assert len(found) > 1000
    for code, year, function, certainty in found:
        told = known.of(code, year)
        assert (function, certainty) == ((told.cofog, told.certainty) if told else (None, None))
