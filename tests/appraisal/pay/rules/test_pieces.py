"""Quantities priced: tiers, occurrences by size, what lies over a limit."""

from tests.appraisal.pay.conftest import frame

CALLS = {"type": "pieces", "formula": "count(contacts)"}
LATE = {
    "type": "occurrences",
    "field": "shifts.late_min",
    "steps": [{"from": 0, "rate": 1}, {"from": 5, "rate": 2}],
}


def test_tiers_price_what_falls_into_each(plan_of, amounts):
    tiers = [{"up_to": 100, "rate": "0.2"}, {"up_to": 150, "rate": "0.3"}, {"rate": "0.5"}]

    given = amounts(plan_of(CALLS | {"tiers": tiers}), {"line_1": frame([100, 101, 150, 151])})

    assert given == ["20.00", "20.30", "35.00", "35.50"]


def test_rounding_is_half_up_and_once_a_line(plan_of, amounts):
    tiers = [{"up_to": 1, "rate": "0.004"}, {"rate": "0.001"}]

    given = amounts(plan_of(CALLS | {"tiers": tiers}), {"line_1": frame([1, 2])})

    # 0.004 and 0.005: rounded apart the second would be 0.00 twice
    assert given == ["0.00", "0.01"]


def test_free_pieces_count_for_nothing(plan_of, amounts):
    plan = plan_of(CALLS | {"rate": 10, "free": 3})

    assert amounts(plan, {"line_1": frame([3, 4])}) == ["0.00", "10.00"]


def test_limit_cuts_and_says_what_it_would_be(plan_of, amounts):
    plan = plan_of(CALLS | {"rate": 10, "limit": 25, "group": "deduction"})

    assert amounts(plan, {"line_1": frame([2, 3])}) == ["-20.00", "-25.00"]


def test_seconds_are_priced_by_the_hour_without_rounding_between(plan_of, amounts):
    plan = plan_of(CALLS | {"rate": 6, "per": 3600})

    # 3 s x 6 / 3600 = 0.005
    assert amounts(plan, {"line_1": frame([3, 5400])}) == ["0.01", "9.00"]


def test_missing_quantity_gives_no_amount(plan_of, amounts):
    assert amounts(plan_of(CALLS | {"rate": 1}), {"line_1": frame([None, 0])}) == [
        "no_data", "0.00",
    ]  # fmt: skip


def test_years_are_those_of_the_person(plan_of, amounts):
    plan = plan_of({"type": "pieces", "person": "years", "rate": 10})

    assert amounts(plan, count=3, years=[0, 7, None]) == ["0.00", "70.00", "no_data"]


def test_each_occurrence_counts_whole_at_the_rate_of_its_step(plan_of, amounts):
    plan = plan_of(LATE)
    measured = {
        "line_1.0.count": frame([1, 0, 0]),
        "line_1.0.sum": frame([4, 0, 0]),
        "line_1.1.count": frame([0, 1, 1]),
        "line_1.1.sum": frame([0, 5, 7]),
    }

    assert amounts(plan, measured) == ["4.00", "10.00", "14.00"]


def test_occurrences_are_asked_for_step_by_step(plan_of):
    formulas = [source.measure.formula for source in plan_of(LATE).sources()]

    assert formulas == [
        "count(shifts, where=late_min > 0 and late_min < 5)",
        "coalesce(sum(shifts.late_min, where=late_min > 0 and late_min < 5), 0)",
        "count(shifts, where=late_min >= 5)",
        "coalesce(sum(shifts.late_min, where=late_min >= 5), 0)",
    ]


def test_what_lies_over_the_limit_is_priced(plan_of, amounts):
    plan = plan_of(
        {
            "type": "overrun",
            "field": "shifts.break_s",
            "limits": [{"shifts": ["early"], "at": 15}],
            "unit": 60,
            "rate": "0.5",
            "per": 60,
        }
    )

    (source,) = plan.sources()
    assert [(shift, str(limit)) for shift, limit in source.limits] == [("early", "900")]
    # 60 s over: 0.50; 1 s over: 0.0083
    assert amounts(plan, {"line_1": frame([60, 1, 0])}) == ["0.50", "0.01", "0.00"]
