import pytest
from django.utils import translation

from agents import periods
from appraisal.cycle_names import long_name, short_name, tick_name


@pytest.mark.parametrize(
    ("code", "long", "short", "tick"),
    [
        ("2026-10", "October 2026", "October", "Oct"),
        ("2026-Q3", "Quarter 3 of 2026", "quarter 3", "2026-Q3"),
        ("2026", "Year 2026", "Year 2026", "2026"),
    ],
)
def test_period_is_named_as_people_say_it(code, long, short, tick):
    period = periods.parse(code)

    assert (long_name(period), short_name(period), tick_name(period)) == (long, short, tick)


def test_any_days_are_named_by_their_ends():
    name = long_name(periods.parse("2026-10-05..2026-10-12"))

    assert "5" in name
    assert "11" in name


def test_month_is_named_in_chinese():
    with translation.override("zh-hans"):
        assert long_name(periods.parse("2026-10")) == "2026年10月"
