from fractions import Fraction

import pytest

from kpi.formula.compiler import compile_formula
from kpi.formula.units import NUMBER, Unit, UnitMismatch, common, compatible, literal, over, times


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("count(contacts)", "count"),
        ("count(contacts, where=answered) / count(contacts)", "share"),
        ("1 - count(contacts, where=answered) / count(contacts)", "share"),
        ("100 * count(contacts, where=answered) / count(contacts)", "percent"),
        ("1000 * count(tickets, where=upheld) / count(contacts)", "per_thousand"),
        ("count(tickets, where=upheld) / count(contacts) * 1000", "per_thousand"),
        ("count(contacts) / count(shifts)", "rate"),
        ("count(contacts) / count(shifts) / 58", "rate"),
        ("avg(contacts.talk_s)", "s"),
        ("sum(contacts.talk_s) / count(contacts)", "s"),
        ("sum(contacts.talk_s) / sum(shifts.logged_in_s)", "share"),
        ("sum(shifts.logged_in_s) / 60", "min"),
        ("sum(shifts.logged_in_s) / 3600", "h"),
        ("sum(shifts.logged_in_s) / 86400", "day"),
        ("60 * sum(shifts.late_min)", "s"),
        ("2 * avg(contacts.talk_s)", "s"),
        ("count(contacts) / (sum(shifts.logged_in_s) / 3600)", "per_h"),
        ("sum(contacts.sale_amount) / (sum(shifts.logged_in_s) / 3600)", "money_per_h"),
        ("sum(contacts.sale_amount) / count(contacts)", "money"),
        ("avg(reviews.score)", "percent"),
        ("avg(reviews.score) / 100", "share"),
        ("avg(surveys.score)", "points"),
        ("sum(figures.value)", "number"),
        ("count(contacts) / sum(figures.value)", "number"),
        ("0.6 * (count(contacts, where=answered) / count(contacts)) + 0.4", "share"),
        ("coalesce(avg(contacts.talk_s), 0)", "s"),
        ("sqrt(least(1, count(contacts) / count(shifts) / 58))", "rate"),
        ("distinct(contacts.day)", "count"),
        ("sum(shifts.leave_days)", "count"),
        ("max(contacts.ring_s * contacts.ring_count)", "s"),
    ],
)
def test_unit_of_a_formula_follows_from_its_fields(formula, unit):
    assert compile_formula(formula).unit == unit


def test_seconds_and_a_count_have_no_common_unit():
    with pytest.raises(UnitMismatch):
        common(Unit("s"), Unit("count", "contacts"))


def test_seconds_and_minutes_have_no_common_unit():
    with pytest.raises(UnitMismatch):
        common(Unit("s"), Unit("min"))


def test_plain_number_takes_the_unit_of_its_neighbour():
    assert common(literal(Fraction(1)), Unit("share")) == Unit("share")


def test_figure_from_outside_goes_with_everything_and_leaves_the_unit_open():
    assert common(Unit("s"), NUMBER) == NUMBER
    assert over(Unit("money"), NUMBER) == NUMBER


def test_counts_of_different_things_divide_to_a_rate_not_a_share():
    assert over(Unit("count", "contacts"), Unit("count", "shifts")) == Unit("rate")


def test_seconds_times_seconds_mean_nothing():
    with pytest.raises(UnitMismatch):
        times(Unit("s"), Unit("s"))


@pytest.mark.parametrize(
    ("display", "result", "fits"),
    [
        ("share", "share", True),
        ("s", "share", False),
        ("share", "percent", False),
        ("points", "percent", True),
        ("days", "day", True),
        ("days", "count", True),
        ("share", "rate", True),
        ("per_thousand", "per_thousand", True),
        ("per_thousand", "rate", False),
        ("h", "s", False),
        ("money", "number", True),
        ("number", "s", True),
        ("count", "per_h", True),
        ("share", "count", False),
    ],
)
def test_display_unit_must_fit_the_result(display, result, fits):
    assert compatible(display, result) is fits
