"""Rules of the field, worked out by hand: what a scheme must be able to say."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring import cards
from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.scheme import parse_scheme

ATTENDANCE = {
    "code": "attendance",
    "weight": 10,
    "kpi": "attendance_points_off",
    "rule": {"type": "deduction", "points": 1},
    "conditions": [
        {"kpi": "longest_lateness_min", "above": 30, "effect": ["zero"]},
        {"kpi": "days_of_leave", "at_least": 5, "effect": ["zero"]},
    ],
}
PAUSES = {
    "code": "pauses",
    "weight": 3,
    "kpi": "pause_seconds",
    "rule": {
        "type": "bands",
        "better": "lower",
        "bands": [
            {"at": 23000, "points": 3},
            {"at": 27600, "points": 2},
            {"at": 32200, "points": 1},
        ],
    },
    "conditions": [
        {"kpi": "longest_pause_in_a_shift", "above": 1800, "effect": ["zero", "no_stars"]}
    ],
}
VOLUME = {
    "code": "volume",
    "weight": 15,
    "kpi": "completion",
    "rule": {"type": "proportional", "target": 1, "floor": "0.85"},
}
BUDGET = {
    "code": "budget",
    "weight": 15,
    "kpi": "spent_of_budget",
    "rule": {"type": "linear", "worst": "1.1", "best": 1},
}
TARGETS = {
    "code": "targets",
    "weight": 10,
    "kpi": "target_completion",
    "rule": {
        "type": "bands",
        "better": "higher",
        "bands": [
            {"at": 1, "points": 10},
            {"at": "0.95", "points": 8},
            {"at": "0.9", "points": 6},
            {"at": "0.85", "points": 4},
            {"at": "0.8", "points": 2},
        ],
    },
}
OWN = {"code": "own", "weight": 5, "kpi": "service_standard", "rule": {"type": "share", "of": 100}}
TEAM = OWN | {"code": "team", "kpi": "service_standard_team"}


def scheme_of(*entries):
    base = {"group": "g", "name": {"en": "Item", "zh": "项目"}}
    used = sum(entry["weight"] for entry in entries)
    rest = {"code": "rest", "weight": 100 - used, "kpi": "rest", "rule": {"type": "share"}}
    return parse_scheme(
        {
            "code": "made",
            "name": {"en": "Made", "zh": "示例"},
            "positions": ["agent"],
            "cycles": ["month"],
            "groups": [{"code": "g", "name": {"en": "g", "zh": "g"}}],
            "items": [base | entry for entry in (*entries, rest)],
            "grades": [{"code": "all", "name": {"en": "All", "zh": "全部"}, "from": 0}],
            "stars": [{"from": 60, "stars": 1}],
        }
    )


def score(scheme, figures):
    rows = [(1, key, "measured", to_fixed(Decimal(str(value))), 20) for key, value in
            {"rest": 1, **figures}.items()]  # fmt: skip
    columns = ["agent_id", "item", "state", "value", "sample"]
    values = pd.DataFrame(rows, columns=columns).astype({"value": "Int64", "sample": "Int64"})
    people = pd.DataFrame({"agent_id": [1], "position": "agent", "present": True})
    scored = cards.score(scheme, values, people)
    points = dict(zip(scored.lines["item"], scored.lines["points"], strict=True))
    return points, scored.cards.iloc[0]


def points_off(short=0, middling=0, leave_days=0, half_days=0):
    """Late or early under 10 min 1 each, 10 to 30 min 2 each; leave 1 a day, 0.5 a half day."""
    return short + 2 * middling + leave_days + Decimal("0.5") * half_days


@pytest.mark.parametrize(
    ("off", "longest", "leave", "points"),
    [
        (points_off(), 0, 0, 1000),
        (points_off(short=2, middling=1), 30, 0, 600),
        (points_off(short=1, half_days=1), 9, "0.5", 850),
        (points_off(middling=6), 25, 0, 0),
        (points_off(short=1), "30.5", 0, 0),
        (points_off(leave_days=4, half_days=1), 0, "4.5", 550),
        (points_off(leave_days=5), 0, 5, 0),
    ],
)
def test_attendance_takes_by_severity_and_is_lost_past_a_limit(off, longest, leave, points):
    figures = {"attendance": off, "attendance#1": longest, "attendance#2": leave}

    found, card = score(scheme_of(ATTENDANCE), figures)

    assert found["attendance"] == points
    assert card["total"] == 9000 + points


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 4), st.integers(0, 9))
def test_attendance_never_falls_below_nothing(short, middling, leave, half_days):
    off = points_off(short, middling, leave, half_days)

    found, _card = score(scheme_of(ATTENDANCE), {"attendance": off})

    assert found["attendance"] == max(1000 - off * 100, 0)


@pytest.mark.parametrize(
    ("seconds", "longest", "points", "stars"),
    [
        (23000, 1800, 300, 1),
        (23001, 900, 200, 1),
        (27600, 900, 200, 1),
        (32200, 900, 100, 1),
        (32201, 900, 0, 1),
        (10000, 1801, 0, None),
    ],
)
def test_pauses_are_lost_with_the_stars_past_half_an_hour_in_one_shift(
    seconds, longest, points, stars
):
    found, card = score(scheme_of(PAUSES), {"pauses": seconds, "pauses#1": longest})

    assert found["pauses"] == points
    assert card["grade"] == "all"
    assert (None if pd.isna(card["stars"]) else card["stars"]) == stars


@pytest.mark.parametrize(
    ("completion", "points"),
    [
        ("1.2", 1500),
        ("1", 1500),
        ("0.99", 1485),
        ("0.85", 1275),
        ("0.849999999", 0),
    ],
)
def test_volume_is_in_proportion_and_nothing_below_85_percent(completion, points):
    assert score(scheme_of(VOLUME), {"volume": completion})[0]["volume"] == points


@pytest.mark.parametrize(
    ("spent", "points"), [("0.8", 1500), ("1", 1500), ("1.05", 750), ("1.1", 0), ("1.3", 0)]
)
def test_budget_is_full_up_to_the_target_and_nothing_at_110_percent(spent, points):
    assert score(scheme_of(BUDGET), {"budget": spent})[0]["budget"] == points


@pytest.mark.parametrize(
    ("completion", "points"),
    [("1", 1000), ("0.999999999", 800), ("0.9", 600), ("0.85", 400), ("0.8", 200), ("0.79", 0)],
)
def test_target_completion_of_a_team_leader_is_banded(completion, points):
    assert score(scheme_of(TARGETS), {"targets": completion})[0]["targets"] == points


def test_own_and_team_halves_are_two_items():
    found, card = score(scheme_of(OWN, TEAM), {"own": 90, "team": 70})

    assert (found["own"], found["team"]) == (450, 350)
    assert card["total"] == 9800


WEIGHTS_99 = (10, 10, 13, 13, 4, 10, 6, 10, 5, 4, 3, 3, 3, 5)


def test_weights_of_99_are_scaled_exactly_and_rounded_once_a_line():
    entry = {"group": "g", "name": {"en": "Item", "zh": "项目"}, "rule": {"type": "share"}}
    document = {
        "code": "made",
        "name": {"en": "Made", "zh": "示例"},
        "positions": ["qa"],
        "cycles": ["month"],
        "groups": [{"code": "g", "name": {"en": "g", "zh": "g"}}],
        "items": [
            entry | {"code": f"i{at}", "kpi": f"k{at}", "weight": weight}
            for at, weight in enumerate(WEIGHTS_99)
        ],
        "grades": [{"code": "all", "name": {"en": "All", "zh": "全部"}, "from": 0}],
    }
    scheme = parse_scheme(document)

    found, card = score(scheme, {f"i{at}": "0.9" for at in range(len(WEIGHTS_99))})

    # 10 x 100/99 x 0.9 = 9.0909, 13: 11.8182, 4: 3.6364, 6: 5.4545, 5: 4.5455, 3: 2.7273
    by_weight = {10: 909, 13: 1182, 4: 364, 6: 545, 5: 455, 3: 273}
    assert scheme.is_normalised
    assert [found[f"i{at}"] for at in range(14)] == [by_weight[weight] for weight in WEIGHTS_99]
    assert card["total"] == sum(by_weight[weight] for weight in WEIGHTS_99) == 9002
    assert sum(scheme.weight_of(item) for item in scheme.items) == Fraction(100)
