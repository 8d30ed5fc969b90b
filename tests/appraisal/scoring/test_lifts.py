from decimal import Decimal

import pytest

from appraisal.scoring.lifts import list_lifts
from appraisal.scoring.scheme import parse_scheme

UNITS = {
    "handle_time": "s",
    "answer_rate": "share",
    "service_standard": "points",
    "exam": "points",
    "satisfaction": "share",
} | dict.fromkeys(("calls", "rules_kept", "hygiene", "suggestions", "praise"), "count")


def facts_of(lift):
    return (lift.item, str(lift.to_value), str(lift.gain), str(lift.total), lift.grade)


def test_lifts_reach_the_next_grade_with_one_change_smallest_step_first(s2, s2_lines):
    found = list_lifts(s2, s2_lines, Decimal("88.25"), units=UNITS)

    # 1.75 are missing for 90; the steps are 2.05/58, 6.2/35, 7.5/21, 2/5 and 2/3 of the way
    assert [(lift.item, lift.more_rows) for lift in found] == [
        ("calls", None),
        ("service_standard", None),
        ("satisfaction", 17),
        ("praise", None),
        ("suggestions", None),
    ]
    assert all(lift.grade == "excellent" and lift.total >= 90 for lift in found)


def test_lift_of_a_ratio_counts_whole_rows(s2, s2_lines):
    lift = next(
        lift
        for lift in list_lifts(s2, s2_lines, Decimal("79.5"), units=UNITS)
        if lift.item == "satisfaction"
    )

    # 0.5 points are 2.1 pp of 226: 4.746, so 5 more; 203/226 gives 3.7716, rounded 3.77
    assert (lift.more_rows, lift.of_rows) == (5, 226)
    assert facts_of(lift) == ("satisfaction", "0.898230088", "0.53", "80.03", "good")


def test_lift_moves_to_the_next_value_that_can_be_seen(s2, s2_lines):
    lift = next(
        lift
        for lift in list_lifts(s2, s2_lines, Decimal("79.5"), units=UNITS)
        if lift.item == "service_standard"
    )

    # 8.36 of 10 points lie at 89.26, shown as 89.3: 8.3714 points
    assert facts_of(lift) == ("service_standard", "89.300000000", "0.51", "80.01", "good")


def test_lifts_leave_out_what_one_cannot_change(s2, s2_lines):
    found = list_lifts(s2, s2_lines, Decimal("79.9"), units=UNITS, leave_out={"answer_rate"})

    assert "answer_rate" not in {lift.item for lift in found}
    assert "calls" in {lift.item for lift in found}


def test_lifts_never_promise_more_than_an_item_can_give(s2, s2_lines):
    found = list_lifts(s2, s2_lines, Decimal("76.3"), units=UNITS)

    # 3.70 are missing: only the calls have as much left
    assert [facts_of(lift) for lift in found] == [
        ("calls", "58.000000000", "3.75", "80.05", "good")
    ]


def test_best_grade_needs_no_lift(s2, s2_lines):
    assert list_lifts(s2, s2_lines, Decimal("90"), units=UNITS) == []


def test_lift_uses_the_weight_that_missing_items_left(s2, s2_lines):
    for line in s2_lines:
        if line.item in {"exam", "satisfaction"}:
            line.state, line.value, line.points = "insufficient", None, None
        if line.item == "service_standard":
            # the whole quality group: 20 x 27.5/35
            line.effective_weight, line.points = Decimal(20), Decimal("15.71")

    found = list_lifts(s2, s2_lines, Decimal("79"), units=UNITS)

    lift = next(lift for lift in found if lift.item == "service_standard")
    # 16.71 of 20 lie at 89.2425, shown as 89.3: 16.7429
    assert facts_of(lift) == ("service_standard", "89.300000000", "1.03", "80.03", "good")


S9_VALUES = {
    "satisfaction": "0.92",
    "resolution": "0.96",
    "callback": "0.5",
    "response_time": "3600",
    "record_accuracy": "0.99",
    "teamwork": "0.95",
    "training": "1",
}
S9_UNITS = dict.fromkeys(S9_VALUES, "share") | {"response_time": "s", "training": "count"}


@pytest.fixture
def s9_lines(make_line):
    return [
        make_line(item, value, "14.285714", "0" if item == "callback" else "14.29")
        for item, value in S9_VALUES.items()
    ]


def test_lift_of_levels_is_the_nearest_level_that_suffices(s9, s9_lines):
    found = list_lifts(s9, s9_lines, Decimal("85.74"), units=S9_UNITS)

    # qualified gives 11.43: 97.17
    assert [facts_of(lift) for lift in found] == [
        ("callback", "0.800000000", "11.43", "97.17", "excellent")
    ]


def test_lift_out_of_a_cap_is_the_item_that_causes_it(s9_document, s9_lines):
    s9_document["grades"][0]["from"] = 85

    found = list_lifts(parse_scheme(s9_document), s9_lines, Decimal("85.74"), units=S9_UNITS)

    assert [(lift.item, lift.grade) for lift in found] == [("callback", "excellent")]


def test_veto_leaves_no_lift(s2_document, s2_lines, make_line):
    veto = {"type": "veto", "at": 1, "grade": "unqualified"}
    fatal = s2_document["items"][0] | {"code": "fatal", "weight": 0, "rule": veto}
    s2_document["items"].append(fatal)
    lines = [*s2_lines, make_line("fatal", "1", "0", "0")]

    found = list_lifts(parse_scheme(s2_document), lines, Decimal("85.35"), units=UNITS)

    assert found == []
