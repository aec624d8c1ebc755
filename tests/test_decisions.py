"""What people decide lies on top of the extraction: it survives it, and is told where it does not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import api, document
from extract.cli import exit_code
from extract.deciding import decide, parsed
from extract.decisions import Decision, Decisions, ink_of, mark, same_ink, stale_id, standing
from extract.errors import DecisionRefused, OutputError
from extract.model import Finding, Item, Reading
from extract.repair import judged
from extract.settling import on_top
from extract.stages.publish import Output, pack, readings
from tests.making import tree

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
LOST = CASES / "zhuzhou-2020-ocr" / "zhuzhou-2020.txt"
MISREAD = CASES / "shisun-2022-ocr" / "shisun-2022.txt"
SLIP = CASES / "fengqiao-2021-slip" / "fengqiao-2021.pdf"
SPORTS = ("income", "", "2070308", "total")
PURPOSE = ("general_budget_expenditure", "", "2120104", "project")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@cache
def reading(path: Path) -> Reading:
    return document.read(path.read_bytes(), path.name)


@cache
def _published(name: str) -> Path:
    import tempfile

    out = Path(tempfile.mkdtemp()) / "out"
    api.run([CASES / name], out, executor="serial")
    return out


@pytest.fixture
def out(tmp_path):
    """Where the misread digit is published."""
    shutil.copytree(_published("shisun-2022-ocr"), tmp_path / "out")
    return tmp_path / "out"


def now(out: Path) -> Reading:
    [(found, _)] = readings(out)
    return found


def cell(of: Reading, place: tuple[str, str, str, str]) -> Item:
    [found] = [item for item in of.items if item.place == place]
    return found


def told(of: Reading, place: tuple[str, str, str, str]) -> Finding:
    [found] = [f for f in of.findings if (f.form, f.variant, f.key, f.measure) == place]
    return found


def row(of: Reading, place: tuple[str, str, str, str], what: str, **more: object) -> Decision:
    finding = told(of, place)
    amount = finding.suggested if what == "accept" else None
    return Decision.model_validate(
        {
            "decision_id": "",
            "at": NOON,
            "by": "王",
            "what": what,
            "finding_id": finding.finding_id,
            "doc_id": of.doc_id,
            **dict(zip(("form", "variant", "key", "measure"), place, strict=True)),
            "amount": amount,
            "ink": (ink_of(cell(of, place)),),
            "rule": finding.rule,
            "category": finding.category,
            "severity": finding.severity,
            "message": finding.message,
            "message_en": finding.message_en,
        }
        | more
    ).named()


# On top of a reading ------------------------------------------------------------


def test_an_accepted_proposal_is_the_amount_and_the_ink_stays():
    before = reading(MISREAD)
    after = judged(before, "suggest", [row(before, SPORTS, "accept")])
    item, finding = cell(after, SPORTS), told(after, SPORTS)
    assert (item.amount, item.raw, item.status) == (Decimal("2126900.00"), "272.69", "repaired")
    assert item.checks_failed == 0
    assert (finding.decided, finding.severity, finding.found_severity) == (
        "accept",
        "info",
        "error",
    )
    assert finding.applied


def test_the_publishers_own_error_is_news_and_no_longer_open():
    before = reading(MISREAD)
    after = judged(before, "suggest", [row(before, SPORTS, "publisher")])
    item, finding = cell(after, SPORTS), told(after, SPORTS)
    assert (item.amount, item.status) == (cell(before, SPORTS).amount, "ok")
    assert (finding.category, finding.found_category) == ("source_error", "ocr_digit")
    assert (finding.severity, finding.finding_id) == ("info", told(before, SPORTS).finding_id)
    assert [c.verdict for c in after.checks] == [c.verdict for c in before.checks]


def test_nobody_mends_what_people_left_as_printed():
    before = reading(MISREAD)
    assert cell(judged(before, "apply"), SPORTS).status == "repaired"
    kept = judged(before, "apply", [row(before, SPORTS, "publisher")])
    assert cell(kept, SPORTS).amount == cell(before, SPORTS).amount


def test_an_amount_that_does_not_settle_it_stays_open():
    before = reading(MISREAD)
    after = judged(before, "suggest", [row(before, SPORTS, "amount", amount=Decimal("2226900"))])
    assert cell(after, SPORTS).amount == Decimal("2226900.00")
    assert told(after, SPORTS).severity == "error"


def test_deciding_is_undone_to_the_last_value():
    for path, place, what in ((MISREAD, SPORTS, "accept"), (SLIP, PURPOSE, "publisher")):
        before = reading(path)
        after = judged(before, "suggest", [row(before, place, what)])
        assert after != before
        assert judged(after, "suggest", ()) == judged(before, "suggest")


def test_it_is_put_on_once_however_often_it_is_put_on():
    before = reading(SLIP)
    rows = [row(before, PURPOSE, "accept")]
    once = judged(before, "suggest", rows)
    assert cell(once, PURPOSE).amount == Decimal("8938300.00")
    assert judged(once, "suggest", rows) == once


def test_a_finding_of_reading_is_decided_and_found_again():
    before = reading(LOST)
    [lost] = [f for f in before.findings if f.category == "header_lost"]
    said = Decision(
        decision_id="d", at=NOON, by="王", what="publisher", finding_id=lost.finding_id,
        doc_id=before.doc_id, page=lost.page, expected=lost.expected, actual=lost.actual,
    )  # fmt: skip
    after = judged(before, "suggest", [said])
    [found] = [f for f in after.findings if f.finding_id == lost.finding_id]
    assert (found.category, found.severity) == ("source_error", "info")
    assert lost in judged(after, "suggest", ()).findings


# Ink ----------------------------------------------------------------------------


def reread(of: Reading, place: tuple[str, str, str, str], **other: object) -> Reading:
    items = tuple(replace(i, **other) if i.place == place else i for i in of.items)
    return judged(replace(of, items=items), "suggest")


def test_what_was_decided_on_other_ink_is_told_and_not_done():
    before = reading(MISREAD)
    said = row(before, SPORTS, "accept")
    again = reread(before, SPORTS, raw="222.69", amount=Decimal("2226900"))
    after = judged(again, "suggest", [said])
    assert cell(after, SPORTS).amount == Decimal("2226900")
    [stale] = [f for f in after.findings if f.category == "decision_stale"]
    assert stale.finding_id == stale_id(said)
    assert (stale.severity, stale.suggested) == ("warning", Decimal("2126900.00"))
    assert "“272.69” 万元" in stale.message
    assert "222.69" in stale.message


def test_a_cell_that_is_gone_is_told_too():
    before = reading(MISREAD)
    items = tuple(item for item in before.items if item.key != "2070308")
    after = judged(replace(before, items=items), "suggest", [row(before, SPORTS, "accept")])
    [stale] = [f for f in after.findings if f.category == "decision_stale"]
    assert stale.suggested is None
    assert "无此单元格" in stale.message


def test_ink_is_found_where_it_is_called_otherwise_now():
    before = reading(SLIP)
    ink = ink_of(cell(before, PURPOSE))
    renamed = tuple(
        replace(i, key="2120105", code="2120105", x0=i.x0 + 0.4 if i.x0 else None)
        if i.place == PURPOSE
        else i
        for i in before.items
    )
    found = same_ink(ink, renamed)
    assert found is not None
    assert found.key == "2120105"


@given(st.integers(0, 10_000), st.floats(-3, 3), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_a_box_drawn_a_little_otherwise_is_the_same_ink(n, dx, dy):
    items = [i for i in reading(SLIP).items if i.x0 is not None and i.raw]
    item = items[n % len(items)]
    moved = replace(item, x0=item.x0 + dx, x1=item.x1 + dx, y0=item.y0 + dy, y1=item.y1 + dy)
    assert same_ink(ink_of(item), [moved]) is moved
    assert same_ink(ink_of(item), [replace(moved, raw=f"{item.raw}0")]) is None
    assert same_ink(ink_of(item), [replace(moved, page=(item.page or 0) + 1)]) is None


# The rows -----------------------------------------------------------------------


def test_of_a_finding_the_last_that_was_not_undone_stands():
    before = reading(MISREAD)
    first = row(before, SPORTS, "accept")
    second = row(before, SPORTS, "publisher")
    undo = row(before, SPORTS, "undo", undoes=second.decision_id)
    assert standing([first, second]) == (second,)
    assert standing([first, second, undo]) == (first,)
    assert mark([first, second, undo]) == mark([first]) != mark([second])
    assert mark([first, row(before, SPORTS, "undo", undoes=first.decision_id)]) is None


def test_a_line_that_a_kill_cut_off_says_nothing(tmp_path):
    kept, said = Decisions(tmp_path), row(reading(MISREAD), SPORTS, "accept")
    kept.add([said])
    [path] = (tmp_path / "decisions").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    assert kept.of(said.doc_id) == (said,)
    kept.add([said])
    assert path.read_bytes() == whole * 2
    path.write_bytes(whole[:-1])  # as an editor leaves it
    kept.add([said])
    assert path.read_bytes() == whole * 2


def test_a_line_that_is_no_decision_is_told_by_its_number(tmp_path):
    kept, said = Decisions(tmp_path), row(reading(MISREAD), SPORTS, "accept")
    kept.add([said])
    [path] = (tmp_path / "decisions").iterdir()
    path.write_bytes(b'{"by": "nobody"}\n' + path.read_bytes())
    with pytest.raises(OutputError, match=r"line 1 is no decision .*mend the line or delete it"):
        kept.of(said.doc_id)


# Through an output directory -----------------------------------------------------


def test_a_decision_is_published_at_once_and_an_undo_leaves_no_trace(out):
    before = tree(out)
    finding = told(now(out), SPORTS)
    done = decide(out, finding.finding_id, "accept", by="王", why="看了原件")
    assert done.settled
    assert cell(now(out), SPORTS).status == "repaired"
    [line] = (out / "decisions" / f"{now(out).doc_id}.jsonl").read_text("utf-8").splitlines()
    assert {"by": "王", "what": "accept", "why": "看了原件"}.items() <= json.loads(line).items()
    decide(out, finding.finding_id, "undo", by="王")
    after = {name: data for name, data in tree(out).items() if "decisions" not in name}
    assert after == before


def test_check_and_runs_keep_what_was_decided(out):
    finding = told(now(out), SPORTS)
    decide(out, finding.finding_id, "accept", by="王")
    decided = tree(out)
    for again in (
        lambda: api.check(out),
        lambda: api.run([MISREAD.parent], out, executor="serial", narrative=False),
        lambda: api.run([MISREAD.parent], out, executor="serial"),
    ):
        again()
        assert cell(now(out), SPORTS).status == "repaired"
    assert tree(out) == decided
    api.check(out, repair="apply")
    assert cell(now(out), SPORTS).amount == Decimal("2126900.00")


@pytest.mark.slow
def test_every_executor_puts_the_same_on_top(out, tmp_path):
    decide(out, told(now(out), SPORTS).finding_id, "accept", by="王")
    kept = tmp_path / "elsewhere"
    shutil.copytree(out / "decisions", kept / "decisions")
    api.run([MISREAD.parent], kept, executor="processes", jobs=2)
    assert cell(now(kept), SPORTS).status == "repaired"
    documents = {
        n: d for n, d in tree(kept).items() if n.startswith(("items", "findings", "checks"))
    }
    assert documents.items() <= tree(out).items()


def test_only_files_of_the_document_are_written(out):
    api.run([LOST.parent], out, executor="serial")
    before = tree(out)
    decide(
        out,
        told(next(r for r, _ in readings(out) if "shisun" in r.source), SPORTS).finding_id,
        "accept",
        by="王",
    )
    changed = {name for name, data in tree(out).items() if before.get(name) != data}
    assert changed
    assert all("fiscal_year=2022" in name or "decisions" in name for name in changed)


def test_lines_changed_by_hand_are_put_on_top_by_the_next_run(out):
    finding = told(now(out), SPORTS)
    decide(out, finding.finding_id, "accept", by="王")
    shutil.rmtree(out / "decisions")
    told_by = api.run([MISREAD.parent], out, executor="serial")
    assert (told_by.read, told_by.changed) == (0, 1)
    assert cell(now(out), SPORTS).status == "flagged"


def test_a_decision_waits_while_a_run_holds_the_folder(out):
    finding = told(now(out), SPORTS)
    with Output.open(out):
        done = decide(out, finding.finding_id, "accept", by="王")
    assert done.waits is not None
    assert "another run is writing" in done.waits
    assert cell(now(out), SPORTS).status == "flagged"
    api.check(out)
    assert cell(now(out), SPORTS).status == "repaired"


def test_who_decides_on_a_stale_decision_decides_anew(out):
    finding = told(now(out), SPORTS)
    decide(out, finding.finding_id, "accept", by="王")
    [old] = Decisions(out).of(now(out).doc_id)
    again = reread(now(out), SPORTS, raw="222.69", amount=Decimal("2226900"))
    with Output.open(out, on_top(out)) as output:
        output.keep(pack(again))
        output.publish()
    assert cell(now(out), SPORTS).amount == Decimal("2226900.00")
    assert "decision_stale" in {f.category for f in now(out).findings}
    held = tree(out)
    done = decide(out, stale_id(old), "accept", by="李")
    assert (done.decision.finding_id, done.decision.amount) == (old.finding_id, old.amount)
    assert done.settled
    assert cell(now(out), SPORTS).amount == Decimal("2126900.00")
    assert "decision_stale" not in {f.category for f in now(out).findings}
    decide(out, finding.finding_id, "undo", by="李")
    assert {n: d for n, d in tree(out).items() if "decisions" not in n} == {
        n: d for n, d in held.items() if "decisions" not in n
    }
    decide(out, stale_id(old), "undo", by="李")
    assert now(out).decisions is None


def test_another_revision_is_told_of_what_was_decided_before(tmp_path, caplog):
    source = tmp_path / "a.txt"
    source.write_bytes(MISREAD.read_bytes())
    out = tmp_path / "out"
    api.run([source], out, executor="serial")
    decide(out, told(now(out), SPORTS).finding_id, "publisher", by="王")
    source.write_bytes(MISREAD.read_bytes() + b"\n")
    api.run([source], out, executor="serial")
    assert "1 decisions on the one before" in caplog.text
    assert told(now(out), SPORTS).decided is None


def test_merging_brings_the_decisions_of_the_shards(out, tmp_path):
    decide(out, told(now(out), SPORTS).finding_id, "accept", by="王")
    api.merge(tmp_path / "whole", [out])
    assert tree(tmp_path / "whole", without=("runs", ".decisions")) == tree(
        out, without=("runs", ".decisions")
    )
    again = api.merge(tmp_path / "whole", [out])
    assert again.read == 0


def test_what_cannot_be_decided_is_refused_with_what_to_do(out):
    [row_lost] = [f for f in now(out).findings if f.category == "missing_row"]
    with pytest.raises(DecisionRefused, match="proposes no amount"):
        decide(out, row_lost.finding_id, "accept", by="王")
    with pytest.raises(DecisionRefused, match="--cell"):
        decide(out, row_lost.finding_id, "amount", by="王", amount="1")
    with pytest.raises(DecisionRefused, match="has no finding"):
        decide(out, "0" * 16, "accept", by="王")
    with pytest.raises(DecisionRefused, match="nothing was decided"):
        decide(out, row_lost.finding_id, "undo", by="王")
    with pytest.raises(DecisionRefused, match="who decides"):
        decide(out, row_lost.finding_id, "publisher", by=" ")
    assert not (out / "decisions").exists()


@pytest.mark.parametrize("text", ["", "三万", "1e99", "NaN", "--", "万元"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(DecisionRefused, match="is no amount"):
        parsed(text)


@given(st.decimals(-(10**12), 10**12, places=2))
def test_amounts_are_read_as_people_write_them(yuan):
    assert parsed(f"{yuan:,.2f}") == parsed(f"{yuan} 元") == yuan
    assert parsed(f"{yuan / 10000:f}万元") == yuan


def test_the_command_decides(out, capsys):
    finding = told(now(out), SPORTS)
    assert exit_code(["decide", str(out), finding.finding_id, "--accept", "--by", "王"]) == 0
    assert "2,126,900.00 yuan (repaired), printed: “272.69” 万元" in capsys.readouterr().out
    assert (
        exit_code(["decide", str(out), finding.finding_id, "--undo", "--by", "王", "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["status"] == "flagged"
    assert exit_code(["decide", str(out), finding.finding_id]) == 2
    assert exit_code(["decide", str(out), finding.finding_id, "--amount", "x", "--by", "王"]) == 2
