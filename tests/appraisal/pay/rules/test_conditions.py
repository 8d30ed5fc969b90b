"""Lines that hang on conditions, at their very edges and where a figure is missing."""

import pandas as pd
import pytest

from tests.appraisal.pay.conftest import fixed, frame

MEAN = {
    "name": {"en": "mean", "zh": "均值"},
    "unit": "s",
    "formula": "avg(contacts.after_call_s)",
}
RATE = {
    "name": {"en": "rate", "zh": "比率"},
    "unit": "share",
    "formula": "count(surveys) / count(contacts)",
}


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("above", ["0.00", "0.00", "50.00"]),
        ("at_least", ["0.00", "50.00", "50.00"]),
        ("below", ["50.00", "0.00", "0.00"]),
        ("at_most", ["50.00", "50.00", "0.00"]),
    ],
)
def test_threshold_counts_on_its_side(plan_of, amounts, side, expected):
    plan = plan_of({"type": "flat", "when": [MEAN | {side: 16}], "amount": 50})

    assert amounts(plan, {"line_1.0": frame(["15.99", "16", "16.01"])}) == expected


def test_all_conditions_must_hold(plan_of, amounts):
    line = {"type": "flat", "when": [MEAN | {"above": 16}, RATE | {"below": "0.35"}], "amount": 5}
    measured = {
        "line_1.0": frame([17, 17, 16, 17, 16]),
        "line_1.1": frame(["0.34", "0.35", "0.34", None, None]),
    }

    # the fourth is unknown; the fifth fails on the first condition, so nothing hangs on the other
    assert amounts(plan_of(line), measured) == ["5.00", "0.00", "0.00", "no_data", "0.00"]


def test_award_is_lost_with_one_and_kept_without_any(plan_of, amounts):
    line = {
        "type": "award",
        "lost_if": [MEAN | {"at_least": 4}, RATE | {"at_most": 0}],
        "amount": 200,
    }
    measured = {
        "line_1.0": frame([3, 4, 3, 3, 4]),
        "line_1.1": frame([1, 1, 0, None, None]),
    }

    assert amounts(plan_of(line), measured) == ["200.00", "0.00", "0.00", "no_data", "0.00"]


def days(rows):
    return pd.DataFrame(
        {
            "agent_id": [agent for agent, _value in rows],
            "state": ["measured" if value is not None else "no_data" for _agent, value in rows],
            "value": pd.array([fixed(value) for _agent, value in rows], dtype="Int64"),
        }
    )


def test_days_past_the_threshold_are_counted(plan_of, amounts):
    plan = plan_of({"type": "days", "when": MEAN | {"above": 16}, "amount": 5})
    measured = {"line_1": days([(1, "16.01"), (1, 16), (1, 17), (2, 16), (3, None)])}

    assert amounts(plan, measured, count=4) == ["10.00", "0.00", "no_data", "no_data"]


def test_days_of_nobody_are_no_data(plan_of, amounts):
    plan = plan_of({"type": "days", "when": MEAN | {"above": 16}, "amount": 5})
    nobody = days([(1, 17)]).iloc[:0]

    assert amounts(plan, {"line_1": nobody}, count=2) == ["no_data", "no_data"]


@pytest.mark.parametrize("state", ["awaited", "not_measurable"])
def test_days_without_any_data_say_why(plan_of, amounts, state):
    plan = plan_of({"type": "days", "when": MEAN | {"above": 16}, "amount": 5})
    without = days([(1, None), (2, None)]).assign(state=state)

    assert amounts(plan, {"line_1": without}, count=2) == [state, state]
