"""What is published is what was read: whole, once, and the same bytes whatever happened on the way."""

from __future__ import annotations

import errno
import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from unittest import mock

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.datasets import DATASETS, dataset
from extract.errors import OutputError, OutputLocked, SchemaMismatch
from extract.model import CodeSystem, Finding, Item, OtherCell, Reading, Suspect
from extract.stages.publish import Output, pack, readings, tables
from extract.stages.publish import files as publishing
from extract.stages.publish import leaves as leaves_of
from extract.stages.publish.tables import agency_id
from tests import making
from tests.making import tree

A = making.read(making.text("甲局", 2020, c201="100.00", c202="50.00"), "a.txt")
B = making.read(making.text("甲局", 2020, c201="120.00", c202="-1.00"), "a.txt")
C = making.read(making.text("乙局", 2021, c203="0.00"), "c.txt")
D = making.read(making.text("丙局", 2020, c204="7.10"), "d.txt")
UNREADABLE = replace(A, sha256="f" * 64, items=(), checks=(), facts=(), sections=(), error="broken")


def publish(out: Path, *found: Reading) -> int:
    """One run in which ``found`` are read, each under its own name."""
    with Output.open(out) as output:
        for reading in found:
            output.name(reading.source, reading.doc_id, reading.bytes)
            if not output.done(reading.doc_id):
                output.keep(pack(reading))
        return output.publish()


def column(out: Path, name: str, wanted: str) -> list[object]:
    """One column of a dataset as it lies there."""
    parts = sorted((out / name).rglob("*.parquet"))
    return [value for part in parts for value in pq.ParquetFile(part).read()[wanted].to_pylist()]


# Laws ----------------------------------------------------------------------------

money = st.decimals(min_value=-(10**17), max_value=10**17, places=2)
exact = st.decimals(min_value=-(10**17), max_value=10**17, places=6)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
inches = st.none() | st.floats(0, 2000, width=32)
systems: st.SearchStrategy[CodeSystem] = st.sampled_from(["functional", "economic"])


def items() -> st.SearchStrategy[Item]:
    return st.builds(
        Item,
        doc_id=st.just(A.doc_id),
        statement=st.integers(0, 3),
        form=st.sampled_from(["income", "three_public"]),
        variant=st.sampled_from(["", "by_unit"]),
        seq=st.integers(0, 2**31 - 1),
        key=words,
        code=st.none() | words,
        code_system=st.none() | systems,
        level=st.none() | st.integers(0, 3),
        parent=st.none() | words,
        name=words,
        line_no=st.none() | st.integers(0, 999),
        measure=st.sampled_from(["total", "other", "reception"]),
        amount=st.none() | money,
        stored=st.none() | exact,
        raw=words,
        unit=words,
        page=st.none() | st.integers(1, 9999),
        x0=inches,
        y0=inches,
        x1=inches,
        y1=inches,
        engine=words,
        confidence=st.none() | st.floats(0, 1, width=32),
        checks_passed=st.integers(0, 99),
        checks_failed=st.integers(0, 9),
        status=st.sampled_from(["ok", "flagged"]),
    )


def suspicions() -> st.SearchStrategy[Finding]:
    suspect = st.builds(Suspect, words, words, words, st.floats(0, 1))
    doubt = B.findings[0]
    return st.builds(
        replace,
        st.just(replace(doubt, doc_id=A.doc_id)),
        finding_id=words,
        suspects=st.lists(suspect, max_size=2).map(tuple),
        evidence=st.lists(words, max_size=2).map(tuple),
        suggested=st.none() | money,
        expected=st.none() | exact,
        message=words,
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(items(), max_size=6).map(tuple),
    st.lists(suspicions(), max_size=3).map(tuple),
    st.integers(0, 3).map(
        lambda n: (
            (OtherCell(A.doc_id, 0, n, "表", None, 0, 0, 1, 1, "", None, None, None, None, None),)
            * (n > 0)
        )
    ),
)
def test_publish_then_read_changes_nothing(cells, doubts, others):
    reading = replace(A, items=cells, findings=doubts, other_tables=others)
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder), reading)
        [(found, version)] = readings(Path(folder))
    assert tables(found, version) == tables(reading, version)
    assert found == replace(
        reading,
        bytes=0,  # a matter of sources
        items=found.items,
        findings=found.findings,
    )
    assert sorted(map(repr, found.items)) == sorted(map(repr, map(rescaled, cells)))


def rescaled(item: Item) -> Item:
    """1 and 1.00 are one amount."""
    fixed = {"amount": Decimal("0.01"), "stored": Decimal("0.000001")}
    told = {name: getattr(item, name) for name in fixed if getattr(item, name) is not None}
    return replace(item, **{name: value.quantize(fixed[name]) for name, value in told.items()})


def test_any_order_gives_the_same_bytes(tmp_path):
    orders = list(itertools.permutations((A, C, D)))
    for number, order in enumerate(orders):
        publish(tmp_path / str(number), *order)
    assert len({str(tree(tmp_path / str(n))) for n in range(len(orders))}) == 1


def test_one_after_the_other_gives_the_same_bytes_as_all_at_once(tmp_path):
    publish(tmp_path / "one", A)
    publish(tmp_path / "one", C, D)
    publish(tmp_path / "all", A, C, D)
    assert tree(tmp_path / "one") == tree(tmp_path / "all")


def test_publishing_twice_is_publishing_once(tmp_path):
    publish(tmp_path, A, C)
    once, touched = tree(tmp_path), [p.stat().st_mtime_ns for p in tmp_path.rglob("*.parquet")]
    with Output.open(tmp_path) as output:
        for reading in (A, C):
            output.name(reading.source, reading.doc_id, reading.bytes)
            output.keep(pack(reading))
        output.publish()
    assert tree(tmp_path) == once
    assert [p.stat().st_mtime_ns for p in tmp_path.rglob("*.parquet")] == touched


# Files ---------------------------------------------------------------------------


def made(number: int) -> Reading:
    """A document of 2020; a third of them replace another of the same name."""
    return making.read(making.text(f"局{number}", 2020, c201=f"{number}.00"), f"{number % 20}.txt")


@contextmanager
def cut_into(most: int) -> Iterator[None]:
    """As if a file held no more than so many documents."""
    with mock.patch.object(leaves_of, "MOST", most):
        yield


@settings(max_examples=6, deadline=None)
@given(st.permutations(range(30)), st.lists(st.integers(0, 30), max_size=4), st.integers(1, 6))
def test_files_are_cut_by_their_documents_alone(order, stops, most):
    with tempfile.TemporaryDirectory() as folder, cut_into(most):
        bounds = sorted({0, *stops, 30})
        for start, end in pairwise(bounds):
            publish(Path(folder) / "in parts", *map(made, order[start:end]))
        alive = set(column(Path(folder) / "in parts", "documents", "doc_id"))
        publish(Path(folder) / "at once", *(r for n in order if (r := made(n)).doc_id in alive))
        for name in ("items", "documents", "checks"):
            both = [tree(Path(folder) / out / name) for out in ("in parts", "at once")]
            assert both[0].keys() == both[1].keys()
        assert tree(Path(folder) / "in parts" / "items") == tree(Path(folder) / "at once" / "items")


def test_one_new_document_rewrites_one_file_a_dataset(tmp_path, monkeypatch):
    monkeypatch.setattr(leaves_of, "MOST", 8)
    many = [replace(made(n), source=f"{n}.txt") for n in range(100)]
    publish(tmp_path, *many[:99])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    publish(tmp_path, *many[:99], many[99])
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    touched = [path for path, when in after.items() if before.get(path) != when]
    assert len(touched) == len({path.relative_to(tmp_path).parts[0] for path in touched})
    assert len(list((tmp_path / "items").rglob("*.parquet"))) >= 16


def test_a_file_that_is_full_is_cut_and_one_that_empties_is_joined(tmp_path, monkeypatch):
    monkeypatch.setattr(leaves_of, "MOST", 2)
    publish(tmp_path, A, D)
    [whole] = (tmp_path / "items" / "fiscal_year=2020").iterdir()
    assert whole.name == "all.parquet"
    more = replace(made(1), source="x.txt")
    publish(tmp_path, A, D, more)
    parts = sorted((tmp_path / "items" / "fiscal_year=2020").iterdir())
    assert whole not in parts
    assert [part.stem for part in parts] == sorted({r.doc_id[:1] for r in (A, D, more)})
    publish(tmp_path, A, replace(D, source="x.txt"))
    assert [p.stem for p in (tmp_path / "items" / "fiscal_year=2020").iterdir()] == ["all"]


# Revisions -----------------------------------------------------------------------


def test_a_changed_file_supersedes_what_it_was(tmp_path):
    publish(tmp_path, A, C)
    assert publish(tmp_path, B, C) == 1
    assert set(column(tmp_path, "documents", "doc_id")) == {B.doc_id, C.doc_id}
    assert A.doc_id not in column(tmp_path, "items", "doc_id")
    assert column(tmp_path / "history", "documents", "doc_id") == [A.doc_id]
    assert set(column(tmp_path / "history", "items", "doc_id")) == {A.doc_id}
    assert column(tmp_path / "history", "sources", "source") == ["a.txt"]
    told = dict(
        zip(*(column(tmp_path, "documents", c) for c in ("doc_id", "supersedes")), strict=True)
    )
    assert told == {B.doc_id: A.doc_id, C.doc_id: None}


def test_what_a_document_supersedes_is_remembered_when_it_is_read_again(tmp_path):
    publish(tmp_path, A)
    publish(tmp_path, B)
    before = tree(tmp_path)
    with Output.open(tmp_path) as output:
        output.name(B.source, B.doc_id, B.bytes)
        output.keep(pack(B))
        output.publish()
    assert tree(tmp_path) == before


def test_a_revision_nobody_can_read_supersedes_nothing(tmp_path):
    publish(tmp_path, A)
    assert publish(tmp_path, UNREADABLE) == 0
    assert set(column(tmp_path, "documents", "doc_id")) == {A.doc_id, UNREADABLE.doc_id}
    assert set(column(tmp_path, "items", "doc_id")) == {A.doc_id}


def test_once_it_is_mended_the_last_readable_one_is_superseded(tmp_path):
    publish(tmp_path, A)
    publish(tmp_path, UNREADABLE)
    publish(tmp_path, B)
    assert column(tmp_path, "documents", "doc_id") == [B.doc_id]
    assert column(tmp_path, "documents", "supersedes") == [A.doc_id]
    assert set(column(tmp_path / "history", "documents", "doc_id")) == {A.doc_id, UNREADABLE.doc_id}


def test_a_path_that_could_not_be_opened_leaves_no_trace_once_it_can(tmp_path):
    publish(tmp_path, replace(UNREADABLE, sha256=""))
    assert column(tmp_path, "documents", "sha256") == [None]
    publish(tmp_path, A)
    assert column(tmp_path, "documents", "doc_id") == [A.doc_id]
    assert column(tmp_path, "documents", "supersedes") == [None]
    assert not (tmp_path / "history").exists()


def test_the_same_bytes_under_two_names_are_one_document_and_two_sources(tmp_path):
    publish(tmp_path, A, replace(A, source="b.txt"))
    assert column(tmp_path, "documents", "source") == ["a.txt"]
    assert column(tmp_path, "sources", "source") == ["a.txt", "b.txt"]


def test_a_document_that_keeps_a_name_stays(tmp_path):
    publish(tmp_path, A, replace(A, source="b.txt"))
    assert publish(tmp_path, B) == 0
    assert set(column(tmp_path, "documents", "doc_id")) == {A.doc_id, B.doc_id}
    named = zip(*(column(tmp_path, "sources", c) for c in ("doc_id", "source")), strict=True)
    assert set(named) == {(A.doc_id, "b.txt"), (B.doc_id, "a.txt")}


def test_a_document_read_again_under_another_year_moves(tmp_path):
    publish(tmp_path, A)
    moved = replace(A, identity=replace(A.identity, fiscal_year=2019))
    with Output.open(tmp_path) as output:
        output.keep(pack(moved))
        output.publish()
    assert not list(tmp_path.rglob("fiscal_year=2020/*.parquet"))
    assert column(tmp_path, "sources", "source") == ["a.txt"]
    assert list((tmp_path / "sources").glob("fiscal_year=2019/*.parquet"))


# Faults --------------------------------------------------------------------------


class KilledError(BaseException):
    """As if by kill -9: nothing tidies up."""


@pytest.fixture
def killed_after(monkeypatch) -> Iterator[object]:
    """Die in front of the n-th change to the disk."""
    swap, unlink = Path.replace, Path.unlink

    def arm(steps: int) -> None:
        left = iter(range(steps))

        def dying(change):
            def perform(*args, **kwargs):
                if next(left, None) is None:
                    raise KilledError
                return change(*args, **kwargs)

            return perform

        monkeypatch.setattr(os, "fsync", int)  # what is tested is kills, not the disk
        monkeypatch.setattr(Path, "replace", dying(swap))
        monkeypatch.setattr(Path, "unlink", dying(unlink))

    yield arm
    monkeypatch.undo()


@pytest.mark.parametrize("most", [1, 256])
@pytest.mark.parametrize("stride", [4, pytest.param(1, marks=pytest.mark.soak)])
def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(
    tmp_path, killed_after, monkeypatch, stride, most
):
    with cut_into(most):
        kill_everywhere(tmp_path, killed_after, monkeypatch, stride)


def kill_everywhere(tmp_path, killed_after, monkeypatch, stride):
    """Once in front of each ``stride``-th change."""
    publish(tmp_path / "clean", A, C)
    publish(tmp_path / "clean", B, C, D)
    wanted, kills = tree(tmp_path / "clean"), 0
    for steps in itertools.count(step=stride):
        out = tmp_path / str(steps)
        publish(out, A, C)
        killed_after(steps)
        try:
            publish(out, B, C, D)
            break
        except KilledError:
            kills += 1
        finally:
            monkeypatch.undo()
        for part in out.rglob("*.parquet"):
            pq.read_table(part)
        publish(out, B, C, D)
        assert tree(out) == wanted, f"killed after {steps} changes"
    assert kills > 20 / stride


def test_what_a_killed_run_had_finished_is_published_by_the_next(
    tmp_path, killed_after, monkeypatch
):
    killed_after(2)
    with pytest.raises(KilledError):
        publish(tmp_path / "killed", A, C, D)
    monkeypatch.undo()
    with Output.open(tmp_path / "killed") as output:
        assert [output.done(reading.doc_id) for reading in (A, C, D)] == [True, True, False]
        output.publish()
    publish(tmp_path / "clean", A, C)
    assert tree(tmp_path / "killed") == tree(tmp_path / "clean")


def test_a_staged_file_the_disk_has_spoilt_is_read_again(tmp_path):
    with Output.open(tmp_path) as output:
        output.keep(pack(A))
    [staged] = (tmp_path / ".staged").glob("*.arrow")
    staged.write_bytes(staged.read_bytes()[:-200])
    with Output.open(tmp_path) as output:
        assert not output.done(A.doc_id)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_full_disk_is_reported_and_leaves_what_was_there(tmp_path, monkeypatch, number):
    publish(tmp_path, A)
    before = tree(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=os.strerror(number)) as told:
        publish(tmp_path, A, C)
    monkeypatch.undo()
    assert told.value.exit_code == 6
    assert tree(tmp_path) == before


def test_an_output_directory_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("I am a file")
    with pytest.raises(OutputError, match="out"):
        publish(tmp_path / "out", A)


def test_two_runs_exclude_each_other(tmp_path):
    with Output.open(tmp_path), pytest.raises(OutputLocked, match="another run"):
        publish(tmp_path, A)


def test_another_contract_version_is_refused(tmp_path, monkeypatch):
    publish(tmp_path, A)
    monkeypatch.setattr(publishing, "SCHEMA_VERSION", "3")
    with pytest.raises(SchemaMismatch, match="schema_version 2"):
        publish(tmp_path, C)


def test_a_file_that_is_no_parquet_is_refused_by_name(tmp_path):
    publish(tmp_path, A)
    [part] = (tmp_path / "documents").rglob("*.parquet")
    part.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(OutputError, match=part.name):
        publish(tmp_path, C)


# Form ----------------------------------------------------------------------------


def test_every_column_says_its_meaning():
    for name in DATASETS:
        for described in dataset(name).columns:
            assert described.meaning, f"{name}.{described.name}"


def test_files_carry_types_units_meanings_and_the_contract_version(tmp_path):
    publish(tmp_path, A)
    [part] = (tmp_path / "items").rglob("*.parquet")
    schema = pq.read_schema(part)
    assert schema.metadata[b"schema_version"] == b"2"
    assert schema.metadata[b"dataset"] == b"items"
    assert schema.field("amount").type == pa.decimal128(20, 2)
    assert schema.field("amount").metadata[b"unit"] == b"yuan"
    assert schema.field("key").metadata[b"meaning"]
    assert "fiscal_year" not in schema.names
    assert part.relative_to(tmp_path) == Path("items/fiscal_year=2020/all.parquet")


def test_pandas_and_duckdb_read_it_as_it_stands(tmp_path):
    publish(tmp_path, A, C, B)
    frame = pd.read_parquet(tmp_path / "items")
    assert sorted(map(int, frame["fiscal_year"].unique())) == [2020, 2021]
    query = f"select sum(total) from read_parquet('{tmp_path}/forms/*/*/*.parquet')"
    assert duckdb.sql(query).fetchall() == [(sum(frame["amount"]),)]


def test_the_wide_view_has_a_row_a_key_and_a_column_a_measure(tmp_path):
    publish(tmp_path, A)
    wide = pd.read_parquet(tmp_path / "forms" / "expenditure")
    assert list(wide["key"]) == ["201", "202"]
    assert list(wide["total"]) == [Decimal("100.00"), Decimal("50.00")]
    assert list(wide["agency"]) == ["甲局", "甲局"]
    assert wide["basic"].isna().all()


def test_documents_say_form_by_form_how_far_they_are_proven(tmp_path):
    publish(tmp_path, A, C)
    [a] = (row for row in pd.read_parquet(tmp_path / "documents").to_dict("records")
           if row["doc_id"] == A.doc_id)  # fmt: skip
    [form] = a["coverage"]
    assert (form["form"], form["amounts"], form["nonzero"]) == ("expenditure", 2, 2)
    assert a["proven"] == form["proven"] / form["amounts"] == 1.0
    total = f"select sum(c.amounts) from (select unnest(coverage) c from read_parquet('{tmp_path}/documents/*/*.parquet'))"
    assert duckdb.sql(total).fetchall() == [(3,)]


def test_an_agency_is_the_same_however_its_name_is_spelt():
    spelt = ["株洲市财政局", "株 洲 市 财 政 局", "株洲市“财政”局", "株洲市财政局\n"]
    assert {agency_id(name) for name in spelt} == {agency_id("株洲市财政局")}
    assert (
        agency_id("株洲市财政局（本级）") == agency_id("株洲市财政局(本级)") != agency_id(spelt[0])
    )
    assert agency_id(None) is None


def test_an_amount_too_large_for_its_column_is_refused(tmp_path):
    huge = replace(A, items=(replace(A.items[0], amount=Decimal(10) ** 18),))
    with pytest.raises(ValueError, match="18 digits"):
        pack(huge)
