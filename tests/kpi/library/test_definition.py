from typing import Any

import pytest

from kpi.library.definition import Text, Wording, WrongDefinition, parse_definition


def document(**changes: Any) -> dict[str, Any]:
    """A good definition with some parts changed; a part changed to ... is left out."""
    good: dict[str, Any] = {
        "name": {"en": "Talk time", "zh": "通话时长"},
        "theme": "handling",
        "formula": "avg(contacts.talk_s, where=answered)",
        "unit": "s",
        "better": "range",
        "scope": "agent",
        "anchor": "day",
        "minimum_sample": 20,
        "sample": {"en": "calls", "zh": "通电话"},
        "meaning": {"en": "How long people talk.", "zh": "通话多久。"},
        "attribution": {"en": "The agent.", "zh": "坐席。"},
        "leaves_out": {"en": "Holding.", "zh": "保持。"},
        "source": "K21",
        "example": {
            "contacts": [{"answered": True, "talk_s": 30}, {"answered": False, "talk_s": 5}],
            "gives": {"numerator": 30, "denominator": 1, "value": "30"},
        },
    }
    return {part: value for part, value in (good | changes).items() if value is not ...}


def problems(**changes: Any) -> list[str]:
    with pytest.raises(WrongDefinition) as caught:
        parse_definition("talk_time", document(**changes))
    return caught.value.problems


def test_good_document_is_read_whole():
    definition = parse_definition("talk_time", document())

    assert definition.code == "talk_time"
    assert definition.name == Text(en="Talk time", zh="通话时长")
    assert definition.minimum_sample == 20
    assert definition.document == document()


def test_everything_wrong_is_named_at_once():
    found = problems(unit="seconds", meaning={"en": "Only English."}, source=..., colour="red")

    assert len(found) == 4
    assert found[0].startswith("There is no part called colour.")
    assert found[1] == "These parts are missing: source."
    assert found[2] == "meaning (“What it says”) needs text in English and in Chinese."
    assert found[3].startswith("unit (“Unit”) cannot be seconds. Allowed: share, s, min")


def test_who_fills_in_the_editor_reads_labels_and_no_codes():
    wrong = document(unit="share", anchor="solved_day", meaning=..., minimum_sample=-1)

    with pytest.raises(WrongDefinition) as caught:
        parse_definition("talk_time", wrong, wording=Wording(in_codes=False))

    assert caught.value.problems == [
        "These parts are missing: “What it says”.",
        "“Smallest sample” is a whole number, 0 for none, not -1.",
        "“Unit” is percent, but the formula gives seconds.",
        "“Dated by” cannot be day solved (tickets). Allowed: day of the row.",
    ]


def test_text_cut_at_a_comma_is_refused():
    # {en: Complaints per 1,000 contacts} in YAML reads as two keys.
    found = problems(name={"en": "Complaints per 1", "000 contacts": None, "zh": "投诉"})

    assert found == ["name (“Name”) needs text in English and in Chinese."]


def test_name_that_does_not_fit_is_refused():
    assert problems(sample={"en": "c" * 41, "zh": "个"}) == [
        "sample (“What the sample counts”) is longer than 40 characters."
    ]


def test_unknown_field_is_named_with_its_place_in_the_formula():
    found = problems(formula="avg(contacts.talking_s)")

    assert len(found) == 1
    assert found[0].startswith("formula (“Formula”), character 5: ")
    assert "have no field talking_s." in found[0]


def test_unit_that_the_formula_does_not_give_is_refused():
    assert problems(unit="share") == ["unit (“Unit”) is share, but the formula gives s."]


def test_contacts_have_no_day_on_which_they_are_solved():
    assert problems(anchor="solved_day") == [
        "anchor (“Dated by”) cannot be solved_day. Allowed: day."
    ]


@pytest.mark.parametrize("minimum", [-1, 2.5, True, "20", 2**31])
def test_minimum_sample_is_a_whole_number(minimum: object):
    assert len(problems(minimum_sample=minimum)) == 1


@pytest.mark.parametrize(
    ("example", "problem"),
    [
        ({}, "example needs rows of facts"),
        ({"gives": {"value": 1}}, "example has no rows."),
        ({"calls": [], "gives": {"value": 1}}, "example has rows of calls."),
        ({"contacts": [3], "gives": {"value": 1}}, "example needs a list of rows for contacts."),
        ({"contacts": [{"age": 3}], "gives": {"value": 1}}, "example: contacts have no field age."),
        ({"contacts": [], "gives": {"sample": 1}}, "example does not say which value it gives."),
        ({"contacts": [], "gives": {"value": "much"}}, "example gives value: much"),
        ({"scores": {"reports": []}, "gives": {"value": 1}}, "example needs a list of totals"),
        ({"scores": [80], "gives": {"value": 1}}, "example needs a list of totals"),
        ({"scores": {"reports": [None]}, "gives": {"value": 1}}, "example needs a list of totals"),
        ({"contacts": [], "gives": {"value": 1, "mean": 2}}, "example gives mean: 2"),
    ],
)
def test_example_that_cannot_be_run_is_refused(example: dict[str, Any], problem: str):
    (found,) = problems(example=example)

    assert found.startswith(problem)


def test_missing_example_is_named():
    assert problems(example=...) == ["These parts are missing: example."]


@pytest.mark.parametrize("document", [None, "avg(contacts.talk_s)", [1]])
def test_what_is_no_mapping_is_no_definition(document: object):
    with pytest.raises(WrongDefinition, match="talk_time: A definition is a list of named parts"):
        parse_definition("talk_time", document)
