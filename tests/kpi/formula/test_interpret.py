from datetime import date
from decimal import Decimal

import pytest

from kpi.formula.compiler import compile_formula
from kpi.formula.interpret import Period, interpret

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


def measured(text, rows, **options):
    """Give the value of the formula's first measure, by group."""
    formula = compile_formula(text)
    key = formula.measures[0].key
    groups = interpret(formula, rows, **options)
    return {group: values[key] for group, values in groups.items()}


def one(text, rows, **options):
    return measured(text, rows, **options)["all"]


# wait_s of three contacts is 10, 40 and missing; the first two are answered.
CONTACTS = {
    "contacts": [
        {"wait_s": 10, "answered": True, "resolved": True, "queue": "loans"},
        {"wait_s": 40, "answered": True, "resolved": None, "queue": None},
        {"wait_s": None, "answered": False},
    ]
}


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("wait_s <= 30", 1),
        ("not wait_s <= 30", 1),
        ("wait_s > 30 or answered", 2),
        ("wait_s > 30 or not answered", 2),
        ("resolved", 1),
        ("not resolved", 0),
        ("resolved is None", 2),
        ("resolved is not None", 1),
        ("resolved or wait_s == 40", 2),
        ("not (resolved and wait_s == 40)", 1),
        ('queue != "savings"', 1),
        ('queue not in ("savings", "cards")', 1),
        ('queue in ("loans",)', 1),
        ("wait_s + 5 > 40", 1),
        ("wait_s / 0.5 == 80", 1),
        ("True", 3),
    ],
)
def test_missing_value_is_neither_true_nor_false(condition, rows):
    assert one(f"count(contacts, where={condition})", CONTACTS) == rows


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("count(contacts)", 3),
        ("sum(contacts.wait_s)", 50),
        ("min(contacts.wait_s)", 10),
        ("max(contacts.wait_s)", 40),
        ("median(contacts.wait_s)", 25),
        ("distinct(contacts.answered)", 2),
        ("distinct(contacts.queue)", 1),
        ("max(contacts.wait_s * 2)", 80),
        ("sum(contacts.wait_s, where=not answered)", None),
        ("stdev(contacts.wait_s)", Decimal("21.213203436")),
        ("stdev(contacts.wait_s, where=wait_s < 30)", None),
        ("max(contacts.wait_s / 3)", Decimal("13.33333333333333333333")),
    ],
)
def test_aggregates_leave_missing_values_out(formula, value):
    assert one(formula, CONTACTS) == value


@pytest.mark.parametrize(
    ("percent", "value"), [(1, 1), (10, 1), (11, 2), (50, 5), (90, 9), (91, 10), (99.5, 10)]
)
def test_percentile_is_the_nearest_rank(percent, value):
    rows = {"contacts": [{"wait_s": wait} for wait in (3, 1, 2, 10, 9, 8, 7, 6, 5, 4)]}

    assert one(f"percentile(contacts.wait_s, {percent})", rows) == value


def test_median_of_an_odd_number_is_the_middle():
    rows = {"contacts": [{"wait_s": wait} for wait in (9, 1, 4)]}

    assert one("median(contacts.wait_s)", rows) == 4


def test_sample_deviation_divides_by_one_less():
    rows = {"surveys": [{"score": score} for score in (2, 4, 4, 4, 5, 5, 7, 9)]}

    # squares sum to 32, 32 / 7 = 4.571428..., its root 2.138089935
    assert one("stdev(surveys.score)", rows) == Decimal("2.138089935")


def test_handle_time_is_derived_from_its_parts():
    rows = {
        "contacts": [
            {"talk_s": 100, "hold_s": 20, "after_call_s": 5},
            {"talk_s": 50},
            {"hold_s": 9},
        ]
    }

    assert one("sum(contacts.handle_s)", rows) == 175


def test_groups_are_the_values_of_a_field():
    rows = {
        "contacts": [{"agent": "ana"}, {"agent": "ana"}, {"agent": "ben"}, {"agent": None}],
        "shifts": [{"agent": "eve"}],
    }

    assert measured("count(contacts)", rows, group_by="agent") == {"ana": 2, "ben": 1, "eve": 0}


def test_scopes_reach_the_team_and_the_centre():
    rows = {
        "contacts": [
            {"agent": "ana", "team": "A"},
            {"agent": "ben", "team": "A"},
            {"agent": "cai", "team": "B"},
            {"agent": None, "team": "B"},
            {"agent": None, "team": None},
        ]
    }

    team = measured("team(count(contacts))", rows, group_by="agent")
    centre = measured("centre(count(contacts))", rows, group_by="agent")

    assert team == {"ana": 2, "ben": 2, "cai": 2}
    assert centre == {"ana": 5, "ben": 5, "cai": 5}


def test_period_is_half_open():
    rows = {"tickets": [{"day": "2026-10-01"}, {"day": "2026-10-31"}, {"day": "2026-11-01"}]}

    inside = "count(tickets, where=day >= period_start and day < period_end)"

    assert one(inside, rows, period=OCTOBER) == 2


def test_period_must_be_known_where_the_formula_speaks_of_it():
    with pytest.raises(ValueError, match="period"):
        one("count(tickets, where=day < period_end)", {"tickets": [{"day": "2026-10-01"}]})


def test_unknown_field_of_an_example_is_named():
    with pytest.raises(ValueError, match="contacts have no field wait"):
        one("count(contacts)", {"contacts": [{"wait": 3}]})


def test_decimals_of_an_example_are_exact():
    rows = {"surveys": [{"score": 0.1}, {"score": Decimal("0.2")}, {"score": "0.3"}]}

    assert one("sum(surveys.score)", rows) == Decimal("0.6")
