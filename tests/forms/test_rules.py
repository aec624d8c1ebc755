"""Rules are data: what a file may say, and how it is refused when it says something else."""

import pytest

from extract.errors import SchemaError
from extract.forms.catalogue import FORMS
from extract.forms.rules import Term, expected_forms, load, relation, rules

SOUND = """
- id: vehicles.first
  forms: [three_public]
  each: rows
  says: "vehicle_total = vehicle_purchase + vehicle_operation"
  zh: 购置费与运行费相加
  en: purchase and operation add to
"""


def written(folder, text):
    (folder / "new.yaml").write_text(text, encoding="utf-8")
    return load(folder)


def test_every_rule_of_the_project_loads_and_has_a_name_of_its_own():
    names = [rule.id for rule in rules()]
    assert len(names) > 50
    assert len(set(names)) == len(names)
    assert all(rule.zh and rule.en for rule in rules())


def test_every_form_is_expected_and_the_state_capital_form_only_from_2020():
    assert [entry.form for entry in expected_forms()] == list(FORMS)
    assert {entry.form: entry.since for entry in expected_forms() if entry.since} == {
        "state_capital": 2020
    }


@pytest.mark.parametrize(
    ("form", "year", "province", "due"),
    [
        ("state_capital", 2019, None, False),
        ("state_capital", 2019, "湖南省", False),
        ("state_capital", 2019, "四川省", True),
        ("state_capital", 2020, "河南省", False),
        ("state_capital", 2021, "河南省", True),
        ("three_public", 2020, "内蒙古自治区", False),
        ("three_public", 2021, "内蒙古自治区", True),
        ("three_public", 2019, "江苏省", True),
    ],
)
def test_a_form_is_due_by_year_and_province(form, year, province, due):
    [entry] = [one for one in expected_forms() if one.form == form]
    assert entry.is_due(year, province, ()) is due


def test_a_form_whose_figures_stand_in_another_is_not_due():
    [entry] = [one for one in expected_forms() if one.form == "three_public"]
    assert not entry.is_due(2019, None, ("organ_operation_information",))


def test_a_new_file_is_a_new_rule(tmp_path):
    [rule] = written(tmp_path, SOUND)
    assert (rule.kind, rule.total) == ("equality", Term(1, None, "row", "vehicle_total"))
    assert not rule.ties


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("three_public", "three_publics", "no such form"),
        ("vehicle_purchase", "vehicle_purchases", "no measure"),
        ("vehicle_total =", "[total].vehicle_total =", "no line total"),
        ("vehicle_total =", "[3O1].vehicle_total =", "no line 3O1"),
        ("vehicle_total =", "vehicle_total", "does not have one ="),
        ("vehicle_total =", "vehicle_total <", "does not have one ="),
        ("vehicle_total =", "- vehicle_total =", "cannot be read"),
        ("vehicle_total =", "[below].vehicle_total =", "must be one cell"),
        ("+", "*", "cannot be read"),
        ("each: rows", "each: row", "each"),
        ("  each: rows\n", "", "go with `each`"),
        ("  each: rows\n", "  each: rows\n  measures: all\n", "go with `measures`"),
        ("forms: [three_public]", "forms: []", "no `forms`"),
        ("zh:", "cn:", "zh"),
        ("- id: vehicles.first", SOUND + "- id: vehicles.first", "twice"),
    ],
)
def test_a_rule_that_names_what_is_not_there_is_refused_with_its_file(
    tmp_path, old, new, complaint
):
    with pytest.raises(SchemaError, match=complaint) as refusal:
        written(tmp_path, SOUND.replace(old, new, 1))
    assert "new.yaml" in str(refusal.value)


def test_terms_left_of_the_sign_change_sides():
    total, parts, sense = relation("total - basic >= project")
    assert (total.measure, sense) == ("total", 1)
    assert {(part.measure, part.sign) for part in parts} == {("project", 1), ("basic", 1)}
