import json

import pytest

from appraisal.scoring.reading import SchemeError
from appraisal.scoring.scheme import dump_scheme, parse_scheme


@pytest.fixture(params=["s2", "s9"])
def document(request, s2_document, s9_document):
    return {"s2": s2_document, "s9": s9_document}[request.param]


def problems_of(document):
    with pytest.raises(SchemeError) as caught:
        parse_scheme(document)
    return [str(problem) for problem in caught.value.problems]


def test_shipped_document_is_written_back_identically(document):
    assert dump_scheme(parse_scheme(document)) == document


def test_written_document_fits_into_json(document):
    written = json.loads(json.dumps(dump_scheme(parse_scheme(document))))

    assert parse_scheme(written) == parse_scheme(document)


def test_role_follows_from_the_rule(s2):
    roles = {item.code: item.role for item in s2.items}

    assert roles["calls"] == "scored"
    assert roles["rules_kept"] == "deduction"
    assert roles["praise"] == "bonus"


def test_every_field_that_is_not_a_default_is_written_back(s2_document):
    s2_document["minimum_cover"] = "0.6"
    s2_document["items"][0] |= {"missing": "zero", "role": "bonus", "target": "60.5"}
    del s2_document["description"]

    assert dump_scheme(parse_scheme(s2_document)) == s2_document


def test_weights_of_99_are_normalised(s2_document):
    s2_document["items"][0]["weight"] = 49

    scheme = parse_scheme(s2_document)

    assert scheme.is_normalised
    assert sum(scheme.weight_of(item) for item in scheme.items) == 100


def test_weights_of_100_are_not_normalised(s2):
    assert not s2.is_normalised


def test_all_problems_are_named_at_once(s2_document):
    s2_document["items"][0]["rule"] = {"type": "curve"}
    s2_document["items"][1]["weight"] = 0
    s2_document["items"][2]["group"] = "nowhere"
    s2_document["items"][3]["code"] = "exam"
    s2_document["grades"][3]["from"] = 10
    s2_document["cycles"] = ["fortnight"]
    s2_document["total"] = 120
    s2_document["grade_caps"] = [{"below": "gold", "grade": "golden"}]

    found = problems_of(s2_document)

    assert found[0].startswith("items[0].rule.type: must be one of")
    assert found[1:] == [
        "items[1].weight: must be more than 0",
        "total: must be 100: weights are scaled to it",
        "items: has the code exam 2 times",
        "cycles: has fortnight, which is not one of month, quarter, year, custom",
        "items.answer_rate.group: nowhere is not one of the groups",
        "grades[3].from: must be 0: the last grade takes the rest",
        "grade_caps[0].grade: golden is not one of the grades",
        "grade_caps[0].below: no item has a level gold",
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kpi": None}, "items[0].kpi: is missing"),
        ({"rating": "team"}, "items[0].kpi: and rating are both given: an item has one of them"),
        ({"weight": None}, "items[0].weight: is missing"),
        ({"weight": -1}, "items[0].weight: must be more than 0"),
        ({"role": "veto"}, "items[0].role: veto goes with the rule type veto, and only with it"),
        ({"wieght": 5}, "items[0].wieght: is not known here; check the spelling"),
    ],
)
def test_faulty_item_is_named_by_its_place(change, problem, s2_document):
    s2_document["items"][0] |= change

    assert problem in problems_of(s2_document)


def test_veto_must_name_a_grade(s2_document):
    veto = {"type": "veto", "at": 1, "grade": "bad"}
    s2_document["items"][0] |= {"weight": 0, "rule": veto}

    assert problems_of(s2_document) == ["items.calls.rule.grade: bad is not one of the grades"]


def test_grades_must_descend_by_hundredths(s2_document):
    s2_document["grades"][1]["from"] = "90.001"

    assert problems_of(s2_document) == [
        "grades[1].from: must have at most two decimal places, as totals have",
    ]


def test_grades_must_descend(s2_document):
    s2_document["grades"][1]["from"] = s2_document["grades"][0]["from"]

    assert problems_of(s2_document) == ["grades[1].from: must descend: write the best grade first"]


@pytest.mark.parametrize(
    ("weight", "problem"),
    [
        (-5, "must be more than 0"),
        (0, "must be more than 0"),
        ("five", "must be a number with at most nine decimal places"),
    ],
)
@pytest.mark.parametrize(
    "rule",
    [
        {"type": "bands", "bands": [{"at": 2, "points": 5}, {"at": 1, "points": 4}]},
        {"type": "bands", "bands": [{"at": 2, "points": 5}, {"at": 1, "share": "0.5"}]},
        {"type": "peers", "better": "lower", "bands": [{"at": 0, "points": 3}]},
        {"type": "deduction", "points": 1, "floor": 2},
    ],
)
def test_of_a_wrong_weight_nothing_else_is_said(s2_document, rule, weight, problem):
    s2_document["items"][0] |= {"weight": weight, "rule": rule}

    assert problems_of(s2_document) == [f"items[0].weight: {problem}"]


def test_a_single_item_of_no_weight_is_one_thing_to_mend(s2_document):
    s2_document["items"] = [s2_document["items"][0] | {"weight": 0}]

    assert problems_of(s2_document) == ["items[0].weight: must be more than 0"]


def test_a_figure_that_cannot_be_read_is_not_held_against_its_neighbours(s2_document):
    s2_document["grades"][1]["from"] = "much"
    s2_document["grades"][-1]["from"] = "nothing"

    assert problems_of(s2_document) == [
        f"grades[{at}].from: must be a number with at most nine decimal places"
        for at in (1, len(s2_document["grades"]) - 1)
    ]


def test_empty_document_is_answered_with_what_it_needs():
    found = problems_of({})

    assert "code: is missing" in found
    assert "items: must be a list with at least one entry" in found
