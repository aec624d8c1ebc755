"""Ties between documents: asked of those that are there, whatever order they came in."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from extract import api
from extract.forms.rules import is_between, rules, rules_between
from extract.merging import merged
from extract.model import Fact, Item, Reading, Section
from extract.neighbours import tie
from extract.recheck import recheck
from extract.stages.publish import Output, pack, readings, runs
from extract.stages.reconcile import Account, Neighbours, beside
from tests.making import tree
from tests.outs import accounts
from tests.stages.accounts import item

FUND = "government_fund"


def balances(opening: str, closing: str, *, proven: bool = True, **more: object) -> list[Item]:
    """The balances of 01 and 04, in 万元, proven by their own document or not."""
    stand = {"checks_passed": 1} if proven else {"checks_passed": 1, "checks_failed": 1}
    summary, funds = "income_expenditure_summary", "fiscal_appropriation_summary"
    return [
        item(form, key, measure, raw, **(stand | more))
        for form, key, measure, raw in (
            (summary, "income.opening_balance", "amount", opening),
            (summary, "expenditure.closing_balance", "amount", closing),
            (funds, "income.opening_balance", "amount", opening),
            (funds, "expenditure.closing_balance", "total", closing),
        )
    ]


def publish(out: Path, *found: Reading) -> None:
    """A run in which they are read."""
    with Output.open(out) as output:
        for one in found:
            output.name(one.source, one.doc_id, one.bytes)
            output.keep(pack(one))
        tie(output)
        output.publish()


def rows(out: Path, sql: str) -> list[tuple[object, ...]]:
    with api.ask(out, sql) as answer:
        return list(answer.rows)


VERDICTS = "select fiscal_year, rule, verdict from checks where rule like '{}%' order by 1, 2"


def verdicts(out: Path, rule: str = "years.") -> dict[tuple[int, str], str]:
    return {(y, r): v for y, r, v in rows(out, VERDICTS.format(rule))}  # type: ignore[misc]


# Years --------------------------------------------------------------------------------


def test_a_tie_is_untested_until_the_year_before_is_there(tmp_path):
    publish(tmp_path, accounts("甲局", 2021, balances("3.00", "4.00")))
    assert verdicts(tmp_path) == {
        (2021, "years.appropriation"): "untested",
        (2021, "years.balance"): "untested",
    }
    publish(tmp_path, accounts("甲局", 2020, balances("1.00", "3.00")))
    assert verdicts(tmp_path)[2021, "years.balance"] == "holds"
    assert verdicts(tmp_path)[2020, "years.balance"] == "untested"
    [(parts, documents)] = rows(
        tmp_path,
        "select parts, part_documents from checks where rule = 'years.balance' and fiscal_year = 2021",
    )
    assert parts[0]["amount"] == Decimal(30000)
    assert parts[0]["variant"] == "last_year"
    [(before,)] = rows(tmp_path, "select doc_id from documents where fiscal_year = 2020")
    assert documents == [before]


def test_what_does_not_hold_is_a_note_where_both_years_add_up(tmp_path):
    publish(
        tmp_path,
        accounts("甲局", 2020, balances("1.00", "3.00")),
        accounts("甲局", 2021, balances("3.50", "4.00")),
    )
    assert verdicts(tmp_path)[2021, "years.balance"] == "fails"
    told = rows(
        tmp_path,
        "select fiscal_year, rule, severity, category, key, measure, difference, len(evidence), message from findings",
    )
    [(year, rule, severity, category, key, measure, difference, evidence, message)] = told
    assert (year, rule, severity, category) == (2021, "years.balance", "info", "source_error")
    assert (key, measure) == (None, None)  # nobody is blamed
    assert difference == Decimal(5000)
    assert evidence == 2  # both forms say one balance
    assert "上年决算的年末结转和结余为 3.00 万元" in message
    assert "年初调整" in message
    assert rows(tmp_path, "select distinct status, findings_info from documents order by 2") == [
        ("clean", 0),
        ("clean", 1),
    ]
    assert rows(tmp_path, "select sum(checks_failed) from items") == [(0,)]


def test_a_figure_in_doubt_is_a_warning_and_a_suspect_where_it_was_read_by_ocr():
    last = Account("a" * 16, 0, balances("1.00", "3.00"))
    own = Account("b" * 16, 0, balances("8.00", "4.00", proven=False), text_layer="ocr")
    _, [told] = beside(own, Neighbours(last))
    assert (told.severity, told.category) == ("warning", "ocr_digit")
    assert told.suspects[0].key == "income.opening_balance"
    assert told.suggested == Decimal(30000)
    assert (told.key, told.measure) == (None, None)
    _, [printed] = beside(replace(own, text_layer="native"), Neighbours(last))
    assert (printed.severity, printed.category, printed.suspects) == ("warning", "source_error", ())


def test_honest_rounding_is_never_accused():
    """3.00 of one year may be 30,049.99 元 of the next."""
    last = Account("a" * 16, 0, balances("1.00", "3.00"))
    for yuan, verdict in (
        ("30049.99", "rounding"),
        ("30050.01", "fails"),
        ("29950.00", "rounding"),
    ):
        exact = balances("3.00", "4.00", unit="元", amount=Decimal(yuan))
        exact = [replace(cell, raw=yuan) for cell in exact]
        checks, _ = beside(Account("b" * 16, 0, exact), Neighbours(last))
        assert {one.verdict for one in checks} == {verdict}, yuan


def test_a_line_that_last_year_did_not_print_is_no_zero():
    last = Account("a" * 16, 0, [item("income_expenditure_summary", "income.total", "amount", "9")])
    checks, told = beside(Account("b" * 16, 0, balances("3.00", "4.00")), Neighbours(last))
    assert {one.verdict for one in checks} == {"untested"}
    assert told == ()


def test_each_code_of_a_fund_is_tied_and_a_new_one_is_untested():
    def fund(measure: str, **codes: str) -> list[Item]:
        return [item(FUND, key.removeprefix("c"), measure, raw) for key, raw in codes.items()]

    last = Account("a" * 16, 0, fund("closing_balance", total="5.00", c212="5.00"))
    own = Account("b" * 16, 0, fund("opening_balance", total="5.00", c212="4.00", c229="1.00"))
    checks, _ = beside(own, Neighbours(last))
    assert {(one.rule, one.key): one.verdict for one in checks} == {
        ("years.fund", "total"): "holds",
        ("years.fund_codes", "212"): "fails",
        ("years.fund_codes", "229"): "untested",
    }


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        (accounts("甲局", 2020, balances("1.00", "3.00")), "holds"),
        (accounts("甲 局", 2020, balances("1.00", "3.00")), "holds"),
        (accounts("乙局", 2020, balances("1.00", "3.00")), "untested"),
        (accounts("甲局", 2019, balances("1.00", "3.00")), "untested"),
        (accounts("甲局", 2020, balances("1.00", "3.00"), kind="单位决算"), "untested"),
        (accounts("甲局", 2020, balances("1.00", "3.00"), kind="部门预算"), "untested"),
    ],
)
def test_the_year_before_is_that_of_the_same_body_and_kind(before, verdict, tmp_path):
    publish(tmp_path, before, accounts("甲局", 2021, balances("3.00", "4.00")))
    assert verdicts(tmp_path)[2021, "years.balance"] == verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("某市地方金融监督管理局", "某市地方金融管理局", "holds"),
        ("某市环境保护局", "某市生态环境局", "untested"),  # functions, and balances, moved
    ],
)
def test_a_renamed_body_is_tied_and_a_reorganised_one_is_not(before, after, verdict, tmp_path):
    publish(
        tmp_path,
        accounts(before, 2020, balances("1.00", "3.00")),
        accounts(after, 2021, balances("3.00", "4.00")),
    )
    assert verdicts(tmp_path)[2021, "years.balance"] == verdict


# The narrative ------------------------------------------------------------------------


def told(metric: str, raw: str, text: str, *, period: str = "current") -> Fact:
    sign = -1 if "减少" in text and metric.endswith("change") else 1
    value = Decimal(raw.removesuffix("万元")) * 10000 * sign
    return Fact(
        "", 0, "three_public", metric, None, "三公经费", period, value, "yuan", raw, text, 7
    )


def three_public(total: str, *, proven: bool = True) -> list[Item]:
    stand = {"checks_passed": 1, "checks_failed": 0 if proven else 1}
    return [item("three_public", "actual", "total", total, **stand)]


def changes(now: str, change: str, before: str, *, proven: bool = True) -> list[tuple[str, str]]:
    text = f"“三公”经费支出决算为{now}万元，比上年减少{change}万元。"
    facts = [
        told("three_public_actual", f"{now}万元", text),
        told("three_public_yoy_change", f"{change}万元", text),
    ]
    own = Account("b" * 16, 0, three_public(now), facts)
    last = Account("a" * 16, 0, three_public(before, proven=proven))
    _, found = beside(own, Neighbours(last))
    return [(one.rule, one.severity) for one in found]


def test_a_change_is_held_against_last_years_form():
    assert changes("3.00", "2.00", "5.00") == []
    assert changes("3.00", "2.01", "5.01") == []
    assert changes("3.00", "2.50", "5.00") == [("years.change", "warning")]
    assert changes("3.00", "2.50", "5.00", proven=False) == [("years.change", "info")]


def test_a_change_within_rounding_is_no_news():
    assert changes("3.00", "2.01", "5.00") == []  # half a step of each of three figures
    assert changes("3.00", "2.02", "5.00") != []


def test_a_figure_of_last_year_is_held_against_last_years_form():
    prior = told("three_public_actual", "5.20万元", "上年为5.20万元。", period="prior")
    now = told("three_public_actual", "3.00万元", "决算为3.00万元。")
    own = Account("b" * 16, 0, three_public("3.00"), [now, prior])
    _, [found] = beside(own, Neighbours(Account("a" * 16, 0, three_public("5.00"))))
    assert found.rule == "years.prior"
    assert "文中为 5.20万元，上年决算为 5.00 万元，差 0.20 万元" in found.message
    assert beside(own, Neighbours(Account("a" * 16, 0, three_public("5.20"))))[1] == ()


def test_last_years_sentence_speaks_where_no_form_prints_it():
    text = "决算为3.00万元，比上年减少2.50万元。"
    facts = [
        told("three_public_actual", "3.00万元", text),
        told("three_public_yoy_change", "2.50万元", text),
    ]
    then = [told("three_public_actual", "5.00万元", "决算为5.00万元。")]
    _, found = beside(Account("b" * 16, 0, [], facts), Neighbours(Account("a" * 16, 0, [], then)))
    assert [(one.rule, one.severity) for one in found] == [("years.change", "info")]


# Units --------------------------------------------------------------------------------


def spent(total: str) -> list[Item]:
    return [
        item("general_budget_expenditure", "total", "total", total, checks_passed=1),
        item("income", "total", "fiscal_appropriation", total, checks_passed=1),
    ]


def department(total: str, *units: str) -> Reading:
    reading = accounts("甲局", 2021, spent(total))
    listed = Section(reading.doc_id, 0, 0, None, "units", "部门决算单位构成", "…", 1, 1, units)
    return replace(reading, sections=(listed,))


def unit(name: str, total: str) -> Reading:
    return accounts(name, 2021, spent(total), kind="单位决算")


LISTED = ("甲局（本级）", "甲局信息中心（下属事业单位）")


def test_a_department_is_the_sum_of_its_units_once_all_are_there(tmp_path):
    publish(tmp_path, department("10.00", *LISTED))
    found = verdicts(tmp_path, "subordinates.")
    assert set(found.values()) == {"untested"}
    publish(tmp_path, unit("甲局信息中心", "4.00"))
    found = verdicts(tmp_path, "subordinates.")
    assert found[2021, "subordinates.general_budget"] == "untested"
    assert found[2021, "subordinates.part_of_general_budget"] == "holds"
    publish(tmp_path, unit("甲局本级", "6.00"))
    found = verdicts(tmp_path, "subordinates.")
    assert found[2021, "subordinates.general_budget"] == "holds"
    assert found[2021, "subordinates.appropriation"] == "holds"
    [(documents,)] = rows(
        tmp_path,
        "select part_documents from checks where rule = 'subordinates.general_budget' and fiscal_year = 2021 and verdict = 'holds'",
    )
    assert len(documents) == 2


def test_a_year_before_that_comes_late_takes_nothing_from_the_units(tmp_path):
    publish(tmp_path, department("10.00", *LISTED), unit("甲局本级", "6.00"), unit("甲局信息中心", "4.00"))  # fmt: skip
    before = verdicts(tmp_path, "subordinates.")
    assert before[2021, "subordinates.general_budget"] == "holds"
    publish(tmp_path, accounts("甲局", 2020, spent("9.00")))
    after = verdicts(tmp_path, "subordinates.")
    assert {at: told for at, told in after.items() if at[0] == 2021} == before


def test_a_sum_that_misses_is_told_once_and_blames_nobody(tmp_path):
    publish(
        tmp_path,
        department("9.00", *LISTED),
        unit("甲局本级", "6.00"),
        unit("甲局信息中心", "4.00"),
    )
    told = rows(
        tmp_path,
        "select agency, rule, severity, f.key, difference from findings f join documents using (doc_id)",
    )
    assert told == [("甲局", "subordinates.appropriation", "info", None, Decimal(-10000))]


def test_units_that_nobody_lists_are_no_part(tmp_path):
    publish(tmp_path, department("9.00"), unit("甲局本级", "6.00"), unit("甲局信息中心", "4.00"))
    assert set(verdicts(tmp_path, "subordinates.").values()) == {"untested"}
    assert rows(tmp_path, "select count(*) from findings") == [(0,)]


# Determinism --------------------------------------------------------------------------


def family() -> list[Reading]:
    """Four years of one body, one of which does not open as the last closed, and a department with its units."""
    years = [("1.00", "3.00"), ("3.00", "4.00"), ("4.50", "2.00"), ("2.00", "2.00")]
    return [
        *(
            accounts("甲局", 2018 + n, balances(*pair), source=f"{n}.txt")
            for n, pair in enumerate(years)
        ),
        department("10.00", *LISTED),
        unit("甲局本级", "6.00"),
        unit("甲局信息中心", "4.00"),
        accounts("乙局", 2019, balances("0.00", "1.00")),
    ]


@pytest.fixture(scope="module")
def at_once(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("once") / "out"
    publish(out, *family())
    return out


@pytest.mark.parametrize("seed", range(2))
def test_the_order_in_which_documents_come_leaves_no_trace(seed, at_once, tmp_path):
    shuffled: Sequence[Reading] = random.Random(seed).sample(family(), len(family()))
    for one in shuffled:
        publish(tmp_path / "out", one)
    assert tree(tmp_path / "out") == tree(at_once)


def test_what_came_and_went_leaves_no_trace_but_history(at_once, tmp_path):
    """A revision that was superseded ties nobody any more, and lies in history without ties."""
    out = tmp_path / "out"
    wrong = accounts("甲局", 2019, balances("9.00", "9.00"), source="1.txt")
    publish(out, wrong, *(one for one in family() if one.source != "1.txt"))
    publish(out, family()[1])
    assert tree(out, without=("runs", "history", "documents")) == tree(
        at_once, without=("runs", "documents")
    )
    assert rows(out, "select rule from history.checks") == []
    assert rows(out, "select rule from history.findings") == []


def test_only_documents_whose_ties_changed_are_written_again(tmp_path):
    out = tmp_path / "out"
    publish(out, *(one for one in family() if one.source != "1.txt"))
    with Output.open(out) as output:
        one = family()[1]
        output.name(one.source, one.doc_id, one.bytes)
        output.keep(pack(one))
        assert tie(output) == 1  # the next year; the one before looks at nobody after it
        output.publish()
        assert len(output.changes.added) == 1
        assert len(output.changes.changed) == 1


def test_a_run_killed_between_tying_and_publishing_is_made_good(at_once, tmp_path):
    out, one = tmp_path / "out", family()[1]
    publish(out, *(other for other in family() if other.source != "1.txt"))
    with Output.open(out) as output:
        output.name(one.source, one.doc_id, one.bytes)
        output.keep(pack(one))
        assert tie(output) == 1  # and here it dies
    publish(out)
    assert tree(out) == tree(at_once)


def test_check_finds_nothing_to_do_where_a_run_was(at_once, tmp_path):
    out = shutil.copytree(at_once, tmp_path / "out")
    recheck(out)  # what is made up here was never reconciled
    before = tree(out)
    assert recheck(out).read == 0
    assert tree(out) == before


def test_check_ties_what_a_run_left_untied(at_once, tmp_path):
    with Output.open(tmp_path / "out") as output:
        for one in family():
            output.name(one.source, one.doc_id, one.bytes)
            output.keep(pack(one))
        output.publish()
    out = shutil.copytree(at_once, tmp_path / "again")
    for folder in (tmp_path / "out", out):
        recheck(folder)
    assert tree(tmp_path / "out") == tree(out)


@pytest.mark.parametrize("seed", range(2))
def test_shards_are_tied_where_they_are_merged(seed, at_once, tmp_path):
    parts = [tmp_path / f"part-{n}" for n in range(3)]
    dealt = random.Random(seed)
    for one in family():
        publish(dealt.choice(parts), one)
    whole = [part for part in parts if part.exists()]
    merged(tmp_path / "out", whole)
    assert tree(tmp_path / "out") == tree(at_once)
    told = merged(tmp_path / "out", whole)
    assert told.read == 0
    assert tree(tmp_path / "out") == tree(at_once)


def test_a_tie_counts_for_no_cells_proof(at_once):
    tied_at_all: list[object] = []
    for reading, _ in readings(at_once):
        between = [one for one in reading.checks if is_between(one.rule)]
        tied_at_all.extend(between)
        assert all(i.checks_passed <= 1 and i.checks_failed == 0 for i in reading.items)
    assert tied_at_all
    assert not any(True for _ in runs(at_once))


# Rules --------------------------------------------------------------------------------


def test_rules_of_one_document_and_between_them_are_apart():
    assert {rule.beside for rule in rules()} == {None}
    assert {rule.beside for rule in rules_between()} == {"last_year", "subordinates"}
    assert all(is_between(rule.id) for rule in rules_between())


def test_what_people_decide_is_what_ties_are_asked_of(tmp_path):
    publish(
        tmp_path,
        accounts("甲局", 2020, balances("1.00", "3.00")),
        accounts("甲局", 2021, balances("3.50", "4.00")),
    )
    api.check(tmp_path)
    before = tree(tmp_path)
    [(finding,)] = rows(tmp_path, "select finding_id from findings where rule = 'years.balance'")
    cell = ("income_expenditure_summary", "income.opening_balance", "amount")
    api.decide(tmp_path, finding, "amount", by="王", amount="3.00万元", cell=cell)
    assert verdicts(tmp_path)[2021, "years.balance"] == "holds"
    decided = tree(tmp_path)
    assert api.check(tmp_path).read == 0
    assert tree(tmp_path) == decided
    told = rows(tmp_path, "select severity, decided from findings where rule = 'years.balance'")
    assert told == [("info", "amount")]
    api.decide(tmp_path, finding, "undo", by="王")
    after = tree(tmp_path)
    assert {n: d for n, d in after.items() if "decisions" not in n} == before


def test_a_tie_that_is_the_publishers_own_stays_decided(tmp_path):
    publish(
        tmp_path,
        accounts("甲局", 2020, balances("1.00", "3.00", proven=False)),
        accounts("甲局", 2021, balances("3.50", "4.00", proven=False), text_layer="ocr"),
    )
    api.check(tmp_path)
    told = "select finding_id, severity, decided from findings where rule like 'years.%'"
    loud = [one for one in rows(tmp_path, told) if one[1] != "info"]
    for finding, _, _ in loud:
        api.decide(tmp_path, str(finding), "publisher", by="王")
    assert all(severity == "info" for _, severity, _ in rows(tmp_path, told))
    decided = tree(tmp_path)
    assert api.check(tmp_path).read == 0
    assert tree(tmp_path) == decided
