"""What the package offers, and how its frames come out and go in."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest

import extract
from extract.datasets import dataset
from extract.errors import EmptyFile, UnreadableFile

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
SLIP = CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf"


@pytest.fixture(scope="module")
def slip() -> extract.Disclosure:
    return extract.extract(SLIP)


def test_the_public_names_are_these():
    assert extract.__all__ == [
        "SCHEMA_VERSION",
        "Disclosure",
        "RunSummary",
        "__version__",
        "check",
        "decide",
        "errors",
        "extract",
        "merge",
        "reconcile",
        "run",
    ]
    assert all(getattr(extract, name) is not None for name in extract.__all__)
    with pytest.raises(AttributeError):
        _ = extract.nothing


def test_the_version_is_that_of_the_distribution():
    assert extract.__version__ == metadata.version("juesuan")


def test_importing_it_is_light():
    told = "import sys, extract; print(*{'pandas', 'pyarrow', 'pypdfium2'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == ""


@pytest.mark.parametrize(
    "name", ["documents", "items", "checks", "findings", "facts", "sections", "other_tables"]
)
def test_frames_have_the_columns_of_the_datasets(slip, name):
    extra = ["fiscal_year"] if name == "documents" else []
    assert list(getattr(slip, name)) == [*dataset(name).names, *extra]


def test_amounts_are_decimal_or_none_and_text_is_str_or_none(slip):
    assert {type(amount) for amount in slip.items["amount"]} <= {Decimal, type(None)}
    assert {type(code) for code in slip.items["code"]} == {str, type(None)}
    assert slip.items["name"].dtype == object
    assert slip.documents["fiscal_year"].item() == 2021
    assert "2021" in repr(slip)


def test_a_form_is_wide(slip):
    wide = slip.form("general_budget_expenditure")
    assert {"key", "name", "total", "basic", "project"} <= set(wide)


def test_what_cannot_be_read_is_an_error_of_its_own(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(EmptyFile):
        extract.extract(tmp_path / "empty")
    with pytest.raises(UnreadableFile, match="No such file"):
        extract.extract(tmp_path / "gone")


def verdict(items: pd.DataFrame, **told) -> list[tuple[object, ...]]:
    _, findings = extract.reconcile(items, text_layer="native", **told)
    return [(f["category"], f["form"], f["key"], f["measure"]) for f in findings.to_dict("records")]


def test_reconcile_says_of_a_frame_what_extract_says_of_the_document(slip):
    checks, findings = extract.reconcile(
        slip.items,
        slip.facts,
        text_layer="native",
        forms_found=list(slip.documents["forms_found"][0]),
    )
    assert sorted(checks["check_id"]) == sorted(slip.checks["check_id"])
    judged = slip.findings[slip.findings["stage"] == "reconcile"]
    assert sorted(findings["finding_id"]) == sorted(judged["finding_id"])


def test_reconcile_takes_frames_however_they_were_made(slip, tmp_path):
    wanted = verdict(slip.items)
    assert wanted
    extract.run(SLIP, tmp_path, executor="serial")
    slip.items.astype({"amount": str}).to_csv(tmp_path / "items.csv", index=False)
    csv = pd.read_csv(tmp_path / "items.csv", dtype={"code": str, "parent": str, "key": str})
    csv["amount"] = csv["amount"].astype(float)
    assert verdict(pd.read_parquet(tmp_path / "items")) == wanted
    assert verdict(csv) == wanted
    assert verdict(slip.items.convert_dtypes()) == wanted
    assert verdict(slip.items.where(slip.items.notna(), float("nan"))) == wanted


def test_reconcile_needs_no_more_than_place_and_amount(slip):
    bare = slip.items[["form", "key", "measure", "amount"]]
    assert ("source_error" in {row[0] for row in verdict(bare)}) is True


def test_a_key_printed_twice_stays_out_of_the_sums(slip):
    row = slip.items[slip.items["key"] == "201"]
    copy = row.assign(key="201#2")
    assert verdict(pd.concat([slip.items, copy], ignore_index=True)) is not None


@pytest.mark.parametrize("column", ["form", "key", "measure", "amount"])
def test_a_frame_without_an_essential_column_is_refused(slip, column):
    with pytest.raises(ValueError, match=f"no column {column}"):
        extract.reconcile(slip.items.drop(columns=column))


def test_a_row_without_a_key_is_refused(slip):
    broken = slip.items.copy()
    broken.loc[3, "key"] = None
    with pytest.raises(ValueError, match="row 3 of items has no key"):
        extract.reconcile(broken)


def test_documents_are_judged_each_for_itself(slip):
    two = pd.concat([slip.items, slip.items.assign(doc_id="0" * 16)], ignore_index=True)
    checks, findings = extract.reconcile(two, text_layer="native")
    assert len(checks) == 2 * len(slip.checks)
    assert set(findings["doc_id"]) == {"0" * 16, slip.documents["doc_id"][0]}


def test_run_and_check_return_their_summary(tmp_path):
    told = extract.run([SLIP], tmp_path, executor="processes", jobs=1)
    assert (told.documents, told.flagged, told.exit_code) == (1, 1, 0)
    again = extract.check(tmp_path, fail_on="error")
    assert (again.documents, again.read, again.exit_code) == (1, 0, 5)


def test_no_findings_are_an_empty_frame_with_its_columns(slip):
    _, findings = extract.reconcile(slip.items.iloc[:0])
    assert list(findings) == list(slip.findings)
    assert findings.empty
