from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import periods


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on", "kind"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1), "month"),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "month"),
        ("2028-02", date(2028, 2, 1), date(2028, 3, 1), "month"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1), "quarter"),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), "quarter"),
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "year"),
        ("2026-10-05..2026-10-12", date(2026, 10, 5), date(2026, 10, 12), "custom"),
    ],
)
def test_text_names_half_open_days(text, starts_on, ends_on, kind):
    period = periods.parse(text)

    assert (period.starts_on, period.ends_on, period.kind, period.code) == (
        starts_on,
        ends_on,
        kind,
        text,
    )


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "10/2026", "2026-10-05..2026-10-05"])
def test_other_text_is_refused_with_the_forms_that_work(text):
    with pytest.raises(periods.BadPeriod):
        periods.parse(text)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["month", "quarter", "year"]))
def test_day_lies_in_its_period_and_the_neighbours_touch(day, kind):
    period = periods.holding(day, kind)

    assert period.starts_on <= day < period.ends_on
    assert period.previous().ends_on == period.starts_on
    assert period.next().starts_on == period.ends_on
    assert period.next().previous() == period
    assert period.last_day + timedelta(days=1) == period.ends_on


def test_custom_period_moves_by_its_own_length():
    week = periods.custom(date(2026, 10, 5), date(2026, 10, 12))

    assert week.previous() == periods.custom(date(2026, 9, 28), date(2026, 10, 5))
    assert week.next() == periods.custom(date(2026, 10, 12), date(2026, 10, 19))
