import re
from pathlib import Path

import pytest

from kpi.library.reading import FOLDER, WrongLibrary, read_folder, shipped_definitions

GOOD = (FOLDER / "sales.yaml").read_text(encoding="utf-8")

NEEDED_BY_SCHEMES = {
    "calls_per_shift": "number",
    "average_handle_time": "s",
    "centre_answer_rate": "share",
    "service_standard": "points",
    "exam_result": "points",
    "ivr_satisfaction": "share",
    "rule_breaches": "count",
    "hygiene_lapses": "count",
    "adopted_suggestions": "count",
    "praise_received": "count",
    "customer_satisfaction": "share",
    "resolution_rate": "share",
    "average_response_time": "s",
    "record_accuracy": "share",
    "callback_rate": "share",
    "training_given": "count",
}


def test_library_has_no_problem():
    _definitions, problems = read_folder(FOLDER)

    assert problems == []


def test_twenty_five_kpis_and_more_speak_of_contacts_tickets_and_surveys():
    facts = ("contacts", "tickets", "surveys")
    over = [one for one in shipped_definitions() if any(fact in one.formula for fact in facts)]

    assert len(over) >= 25


def test_kpis_of_the_shipped_schemes_have_the_unit_their_rules_are_written_in():
    units = {definition.code: definition.unit for definition in shipped_definitions()}

    assert {code: units.get(code) for code in NEEDED_BY_SCHEMES} == NEEDED_BY_SCHEMES


def test_each_file_holds_the_kpis_of_the_theme_it_is_named_for():
    for path in FOLDER.glob("*.yaml"):
        themes = {line for line in path.read_text("utf-8").splitlines() if "  theme: " in line}

        assert themes == {f"  theme: {path.stem}"}


def test_names_are_unique_in_both_languages():
    definitions = shipped_definitions()

    assert len({one.name.en for one in definitions}) == len(definitions)
    assert len({one.name.zh for one in definitions}) == len(definitions)


def test_dates_stay_the_text_that_json_can_hold():
    codes = {definition.code: definition for definition in shipped_definitions()}

    assert codes["calls_per_shift"].example["contacts"][0]["day"] == "2026-10-05"


def test_code_twice_in_one_file_is_a_problem_of_the_file(tmp_path: Path):
    (tmp_path / "sales.yaml").write_text(GOOD + GOOD, encoding="utf-8")

    definitions, (problem,) = read_folder(tmp_path)

    assert definitions == []
    assert (problem.file, problem.kind) == ("sales.yaml", "file")
    assert "sales_conversion stands there twice." in problem.message


def test_code_in_two_files_names_both(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(GOOD, encoding="utf-8")

    definitions, problems = read_folder(tmp_path)

    assert len(definitions) == 3
    assert [str(problem) for problem in problems] == [
        "b.yaml, sales_conversion: The code is taken by a KPI of a.yaml.",
        "b.yaml, sale_value_per_contact: The code is taken by a KPI of a.yaml.",
        "b.yaml, sales_penetration: The code is taken by a KPI of a.yaml.",
    ]


@pytest.mark.parametrize("content", ["a: [1", "- a\n- b\n", "\ufeff: : :"])
def test_file_that_is_no_list_of_kpis_is_a_problem(tmp_path: Path, content: str):
    (tmp_path / "odd.yaml").write_text(content, encoding="utf-8")

    _definitions, (problem,) = read_folder(tmp_path)

    assert (problem.file, problem.code, problem.kind) == ("odd.yaml", "", "file")


def test_wrong_library_raises_with_all_its_problems(tmp_path: Path):
    (tmp_path / "odd.yaml").write_text("a: {}\nb: 3\n", encoding="utf-8")

    with pytest.raises(WrongLibrary) as caught:
        shipped_definitions(tmp_path)

    assert [problem.code for problem in caught.value.problems] == ["a", "b"]
    assert "odd.yaml, b: A definition is a list of named parts." in str(caught.value)


def test_most_numbered_kpis_of_the_field_are_defined():
    sources = " ".join(one.source for one in shipped_definitions())
    numbers = {int(number) for number in re.findall(r"\bK(\d+)[a-f]?\b", sources)}

    assert numbers <= set(range(1, 101))
    assert len(numbers) >= 80
