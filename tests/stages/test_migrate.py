"""An output directory of version 1 becomes one of the present, whole and once, or is refused."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract import api
from extract.datasets import DATASETS, Column, dataset, schema
from extract.errors import OutputError, OutputLocked, SchemaMismatch
from extract.executors import Serial
from extract.model import Way
from extract.pipeline import run
from extract.stages.publish import Output, exchange, migrate, pack
from extract.stages.publish import leaves as leaves_of
from extract.status import status
from extract.version import SCHEMA_VERSION
from tests import making
from tests.cli.test_cli import juesuan
from tests.making import text, tree

VERSION_1 = {
    "checks": "check_id doc_id statement rule kind form variant key measure parts total sum difference tolerance verdict",
    "documents": "doc_id statement sha256 source media_type title agency agency_id kind region_code province city county "
    "published unit pages text_layer status error forms_found forms_other items amounts findings_error findings_warning "
    "findings_info proven proven_twice supersedes version",
    "sections": "doc_id statement seq part section heading text page_from page_to",
    "runs": "run_id started finished version executor jobs sources documents read unchanged superseded clean flagged "
    "failed forms pages items findings_error findings_warning findings_info seconds interrupted exit_code",
    "sources": "doc_id source referrer link_title retrieved_at etag last_modified bytes",
}
"""The columns as the first juesuan wrote them."""
PARTS_1 = "form key measure sign amount"
UNSAID = ("engine", "ocr", "narrative", "repair")


def columns_1(columns: list[Column]) -> list[Column]:
    return [column for column in columns if column.since == 1]


def downgraded(root: Path) -> None:
    """``root`` as version 1 wrote it: its columns, and files by two digits, of runs one each."""
    for name in DATASETS:
        for tree_ in (root, root / "history"):
            for path in sorted((tree_ / name).glob("*/*.parquet")):
                rows = pq.ParquetFile(path).read()
                path.unlink()
                kept = rows.select([c.name for c in columns_1(dataset(name).columns)])
                for one in {_file_1(row) for row in kept.to_pylist()}:
                    mine = [row for row in kept.to_pylist() if _file_1(row) == one]
                    written = pa.Table.from_pylist(_parts_1(mine), _schema_1(kept.schema))
                    pq.write_table(written, path.with_name(f"{one}.parquet"))


def _file_1(row: dict[str, Any]) -> str:
    return row["doc_id"][:2] if "doc_id" in row else row["run_id"]


def _parts_1(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        for part in row.get("parts", ()):
            del part["variant"]
    return rows


def _schema_1(now: pa.Schema) -> pa.Schema:
    fields = [
        pa.field(
            "parts", pa.list_(pa.struct([f for f in one.type.value_type if f.name != "variant"]))
        )
        if one.name == "parts"
        else one
        for one in now
    ]
    return pa.schema(fields, metadata={**now.metadata, b"schema_version": b"1"})


def published(root: Path, folder: Path) -> None:
    """A few years, a revision, a failure."""
    folder.mkdir(exist_ok=True)
    for number in range(6):
        name = folder / f"{number}.txt"
        name.write_bytes(text(f"局{number}", 2019 + number % 2, c201=f"{number}.00", c202="2.00"))
    (folder / "broken.txt").write_bytes(text("DAMAGED"))
    run([folder], root, executor=Serial(), read=making.read)
    (folder / "3.txt").write_bytes(text("局3", 2020, c201="33.00"))
    run([folder], root, executor=Serial(), read=making.read)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leaves_of, "MOST", 2)
        patch.chdir(folder)  # the same names in every copy
        published(Path("out"), Path("in"))
    downgraded(folder / "out")
    return folder


@pytest.fixture
def old(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(leaves_of, "MOST", 2)
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "out"


def unsaid(files: dict[str, bytes]) -> dict[str, Any]:
    """The rows of every file, but for what version 1 did not say."""
    return {
        name: [
            {key: value for key, value in row.items() if key not in UNSAID}
            for row in pq.read_table(pa.BufferReader(data)).to_pylist()
        ]
        for name, data in files.items()
    }


@pytest.mark.parametrize("name", VERSION_1)
def test_what_is_told_to_be_of_version_1_is_what_it_wrote(name):
    assert [c.name for c in columns_1(dataset(name).columns)] == VERSION_1[name].split()


def test_so_are_the_terms_of_a_check():
    [parts] = [column for column in dataset("checks").columns if column.name == "parts"]
    assert [c.name for c in columns_1(parts.fields)] == PARTS_1.split()


def test_it_becomes_what_the_present_would_have_left(old, tmp_path):
    assert migrate(old) == {"1"}
    shutil.rmtree("in")
    published(Path("fresh"), Path("in"))
    assert unsaid(tree(old)) == unsaid(tree(tmp_path / "fresh"))
    for path in old.rglob("*.parquet"):
        name = str(path.relative_to(old).parent.parent).removeprefix("history/")
        found = pq.read_schema(path)
        assert (found.names, found.metadata) == (schema(name).names, schema(name).metadata), path


def test_again_it_changes_nothing(old):
    migrate(old)
    before = {path: path.stat().st_mtime_ns for path in old.rglob("*.parquet")}
    assert migrate(old) == {SCHEMA_VERSION}
    assert {path: path.stat().st_mtime_ns for path in old.rglob("*.parquet")} == before
    assert not (old / ".migrating").exists()


def test_every_command_refuses_it_until_then(old, tmp_path):
    for ask in (lambda: status(old), lambda: run(["in"], old), lambda: api.check(old)):
        with pytest.raises(SchemaMismatch, match=f"juesuan migrate {old}") as told:
            ask()
        assert told.value.exit_code == 6
    migrate(old)
    assert status(old).documents == 7


def test_what_it_does_not_say_is_read_by_the_next_run(old, tmp_path):
    migrate(old)
    with Output.open(old) as output:
        [doc_id] = [d for d, e in output.index.entries.items() if e.source.endswith("/0.txt")]
        assert output.wanting(doc_id, "suggest", Way()) == "way"
    api.check(old)  # which says nothing of how it was read either
    told = run(["in"], old, executor=Serial(), read=making.read)
    assert told.read == 7
    run(["in"], "fresh", executor=Serial(), read=making.read)
    files = {n: data for n, data in tree(old).items() if not n.startswith("history")}
    assert files.keys() == tree(Path("fresh")).keys()


def test_of_a_later_version_or_of_none_nothing_is_touched(old):
    for version in (b"99", b"none", b"1.5"):
        for path in (old / "items").rglob("*.parquet"):
            rows = pq.ParquetFile(path).read()
            pq.write_table(rows.replace_schema_metadata({b"schema_version": version}), path)
        before = tree(old)
        with pytest.raises(SchemaMismatch, match="later juesuan"):
            migrate(old)
        assert tree(old) == before


def test_while_a_run_holds_it_it_waits(old):
    from extract.stages.publish.lock import locked

    with locked(old), pytest.raises(OutputLocked, match="another run"):
        migrate(old)


def test_where_publishing_was_broken_off_its_own_version_is_to_end_it(old):
    (old / ".staged").mkdir(exist_ok=True)
    (old / ".staged" / "plan.json").write_text("{}")
    before = tree(old)
    with pytest.raises(OutputError, match="run that version once more"):
        migrate(old)
    assert tree(old) == before


def test_what_waits_to_be_published_is_read_again(old, tmp_path):
    data = text("新局", 2021, c201="1.00")
    (tmp_path / "in" / "new.txt").write_bytes(data)
    (old / ".staged").mkdir(exist_ok=True)
    (old / ".staged" / "00.arrow").write_bytes(pack(making.read(data, "new.txt")).data)
    migrate(old)
    assert not list((old / ".staged").glob("*.arrow"))
    assert run(["in"], old, executor=Serial(), read=making.read).added == 1


def test_a_folder_without_documents_is_refused(tmp_path):
    with pytest.raises(OutputError, match="holds no documents"):
        api.migrate(tmp_path)


def test_the_command_says_what_it_did(old):
    first, again = juesuan("migrate", old), juesuan("migrate", old)
    assert first.stdout == f"{old} brought from schema_version 1 to {SCHEMA_VERSION}\n"
    assert again.stdout == f"{old} is of schema_version {SCHEMA_VERSION}; nothing to do\n"
    assert (first.returncode, again.returncode) == (0, 0)
    assert juesuan("migrate", old / "nowhere").returncode == 2


# Broken off ------------------------------------------------------------------------


MANY = 1 << 30


@pytest.mark.parametrize("can_exchange", [True, False])
@pytest.mark.parametrize(
    "kills", [4, pytest.param(MANY, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_killed_at_any_step_it_is_run_again(old, tmp_path, monkeypatch, can_exchange, kills):
    """A rename, a removal or an exchange is the last thing a migration does."""
    if not can_exchange:
        monkeypatch.setattr(exchange, "exchanged", lambda *_: False)
    whole = tmp_path / "whole"
    _copy(old, whole)
    steps = MANY - _killed_at(MANY, whole)
    # The datasets take their places among the last ones.
    for step in sorted(range(steps - 1, 0, -max(80 // kills, 1))[:kills]):
        broken = tmp_path / "broken"
        _copy(old, broken)
        assert _killed_at(step, broken) == 0
        versions = {_version(p) for p in broken.rglob("*.parquet") if ".migrating" not in p.parts}
        if versions != {SCHEMA_VERSION}:
            with pytest.raises(SchemaMismatch, match="juesuan migrate"):
                run(["in"], broken, executor=Serial(), read=making.read)
        migrate(broken)
        assert tree(broken) == tree(whole), f"killed at step {step}"
        shutil.rmtree(broken)


def _copy(one: Path, other: Path) -> None:
    shutil.copytree(one, other, ignore=shutil.ignore_patterns(".lock*"))


def _version(path: Path) -> str:
    return pq.read_schema(path).metadata[b"schema_version"].decode()


def _killed_at(step: int, root: Path) -> int:
    """How many changes of a name short of ``step`` a migration ended; 0 where it died at that one."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        left = _count_down(step)
        try:
            migrate(root)
            os.write(theirs, str(left[0]).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        return int(told.read() or 0)


def _count_down(step: int) -> list[int]:
    left = [step]

    def counted(call: Any) -> Any:
        def called(*given: Any, **named: Any) -> Any:
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return call(*given, **named)

        return called

    for name in ("rename", "replace", "unlink", "rmdir"):
        setattr(os, name, counted(getattr(os, name)))
    for name in ("rename", "replace", "unlink", "rmdir"):
        setattr(Path, name, counted(getattr(Path, name)))
    exchange.exchanged = counted(exchange.exchanged)
    return left
