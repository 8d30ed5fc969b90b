from datetime import UTC, date, datetime

from feedback.demo.timeline import Timeline, moment


def test_months_end_with_the_current_one():
    timeline = Timeline(date(2026, 11, 21), 14)

    codes = [month.code for month in timeline.months]

    assert codes[0] == "2025-10"
    assert codes[-1] == "2026-11"
    assert len(codes) == 14


def test_current_month_is_known_until_today():
    timeline = Timeline(date(2026, 11, 21), 2)
    october, november = timeline.months

    assert timeline.known_until(october) == date(2026, 11, 1)
    assert timeline.known_until(november) == date(2026, 11, 21)


def test_quarters_are_those_that_are_over():
    timeline = Timeline(date(2026, 11, 21), 14)

    codes = [quarter.code for quarter in timeline.quarters()]

    assert codes == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]


def test_outage_is_the_second_wednesday_of_the_newest_full_month():
    assert Timeline(date(2026, 11, 21), 2).outage_day == date(2026, 10, 14)
    assert Timeline(date(2026, 7, 3), 2).outage_day == date(2026, 6, 10)


def test_nothing_happens_after_this_morning():
    timeline = Timeline(date(2026, 11, 2), 2)

    planned = timeline.after(timeline.month(-1), 3, 9, 15)

    assert planned == moment(date(2026, 11, 2), 7, 15)


def test_moments_are_local():
    assert moment(date(2026, 11, 21), 7, 30) == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def test_age_counts_back_from_the_newest_full_month():
    timeline = Timeline(date(2026, 11, 21), 4)

    assert [timeline.age(month) for month in timeline.months] == [2, 1, 0, 0]
