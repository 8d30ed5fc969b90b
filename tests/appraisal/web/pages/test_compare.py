"""Two versions of a scheme in words."""

from copy import deepcopy

import pytest
from django.utils import translation

from appraisal.models import SchemeVersion
from appraisal.web.pages.compare import differences
from kpi.selectors import list_current_versions

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def before():
    return SchemeVersion.objects.get(scheme__code="s9_after_sales_specialist").document


def told(before, after):
    kpis = {one.kpi.code: one for one in list_current_versions()}
    with translation.override("en"):
        return [
            (one.where, one.kind, one.what, one.before, one.after)
            for one in differences(before, after, kpis)
        ]


def test_same_documents_differ_in_nothing(before):
    assert told(before, deepcopy(before)) == []


def test_weight_and_threshold_are_told_as_people_read_them(before):
    after = deepcopy(before)
    after["items"][0]["weight"] = 2
    after["items"][3]["rule"]["levels"][1]["at"] = 72000

    assert told(before, after) == [
        ("Customer satisfaction", "changed", "Weight", "1", "2"),
        (
            "Average response time",
            "changed",
            "Levels, the best first",
            "excellent → 12 h → 100%, qualified → 24 h → 80%",
            "excellent → 12 h → 100%, qualified → 20 h → 80%",
        ),
    ]


def test_items_that_came_and_went_are_named(before):
    after = deepcopy(before)
    gone = after["items"].pop(6)
    after["items"].append(gone | {"code": "drill", "name": {"en": "Drill", "zh": "演练"}})

    assert told(before, after) == [
        ("Training given", "removed", "Item", "weight 1", ""),
        ("Drill", "added", "Item", "", "weight 1"),
    ]


def test_another_rule_is_told_whole(before):
    after = deepcopy(before)
    after["items"][1]["rule"] = {"type": "linear", "worst": "0.6", "best": "0.95"}

    ((where, _kind, what, _before, new),) = told(before, after)

    assert (where, what) == ("Resolution rate", "Rule")
    assert new == "Linear between two values, No points at 60%, All points from 95%"


def test_grades_limits_and_order_are_told(before):
    after = deepcopy(before)
    after["grades"][0]["from"] = 92
    after["grade_caps"][0]["count"] = 2
    after["items"][0], after["items"][1] = after["items"][1], after["items"][0]

    found = told(before, after)

    assert found[0][:3] == ("Item", "changed", "Order")
    assert ("Excellent", "changed", "From", "90", "92") in found
    assert ("Grades", "changed", "Limits", "1 → qualified → good", "2 → qualified → good") in found


def test_conditions_and_choices_are_told_in_words(before):
    after = deepcopy(before)
    after["items"][0]["missing"] = "zero"
    after["items"][0]["conditions"] = [
        {"kpi": "average_response_time", "above": 172800, "effect": ["zero"]}
    ]

    found = told(before, after)

    assert found[0][2:] == (
        "Without data", "Its weight goes to other items", "It gives 0 points"
    )  # fmt: skip
    assert found[1][2:4] == ("Conditions", "–")
    assert found[1][4].endswith("is above 48 h")
