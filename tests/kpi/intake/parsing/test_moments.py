from datetime import UTC, date, datetime

import polars as pl
import pytest

from kpi.intake.parsing.moments import Clock, local_day, outside, read_dates, read_moments

BERLIN = Clock("Europe/Berlin", "Europe/Berlin", date(1990, 1, 1), datetime(2026, 6, 1, tzinfo=UTC))


def one(text, *formats, clock=BERLIN):
    value, codes, twice = read_moments(pl.Series([text], dtype=pl.String), formats, clock)
    return value[0], codes[0], twice


@pytest.mark.parametrize(
    ("text", "formats", "value"),
    [
        ("2026-01-05 08:00:00", (), datetime(2026, 1, 5, 7, tzinfo=UTC)),
        ("2026-01-05T08:00", (), datetime(2026, 1, 5, 7, tzinfo=UTC)),
        ("2026-01-05T08:00:00.250Z", (), datetime(2026, 1, 5, 8, 0, 0, 250000, tzinfo=UTC)),
        ("2026-01-05T08:00:00+08:00", (), datetime(2026, 1, 5, 0, tzinfo=UTC)),
        ("2026-01-05T08:00:00-0530", (), datetime(2026, 1, 5, 13, 30, tzinfo=UTC)),
        ("2026-07-05", (), datetime(2026, 7, 4, 22, tzinfo=UTC)),
        ("990201 7:02:47", ("%y%m%d %H:%M:%S",), datetime(1999, 2, 1, 6, 2, 47, tzinfo=UTC)),
        ("1/2/2026 7:05", ("%d/%m/%Y %H:%M",), datetime(2026, 2, 1, 6, 5, tzinfo=UTC)),
        ("1767600000", ("epoch",), datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("1767600000250", ("epoch_ms",), datetime(2026, 1, 5, 8, 0, 0, 250000, tzinfo=UTC)),
        ("46027.5", ("excel",), datetime(2026, 1, 5, 11, tzinfo=UTC)),
        ("2026年1月5日", ("%Y年%m月%d日",), datetime(2026, 1, 4, 23, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_time_is_read_in_its_format_and_zone(text, formats, value):
    assert one(text, *formats) == (value, None, 0)


@pytest.mark.parametrize(
    "text",
    ["2026-02-29 08:00:00", "2026-01-05 24:00:00", "2026-01-05 23:59:60", "1900-01-00",
     "05.01.2026", "10000-01-01", "yesterday", "2026-13-01 00:00:00"],
)  # fmt: skip
def test_what_is_no_date_is_rejected(text):
    assert one(text)[:2] == (None, "date_format")


def test_a_time_that_the_clock_leaves_out_is_rejected():
    assert one("2026-03-29 02:30:00")[:2] == (None, "time_gap")


def test_a_time_that_the_clock_shows_twice_is_its_first_and_is_counted():
    assert one("2025-10-26 02:30:00") == (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), None, 1)


def test_an_offset_says_which_of_the_two_it_is():
    assert one("2025-10-26T02:30:00+01:00") == (datetime(2025, 10, 26, 1, 30, tzinfo=UTC), None, 0)


def test_the_first_fitting_format_counts():
    assert one("2026/01/05", "%Y-%m-%d", "%Y/%m/%d")[0] == datetime(2026, 1, 4, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (datetime(1989, 12, 31, tzinfo=UTC), "date_too_early"),
        (datetime(1990, 1, 1, tzinfo=UTC), None),
        (datetime(2026, 6, 2, tzinfo=UTC), None),
        (datetime(2026, 6, 2, 0, 0, 1, tzinfo=UTC), "date_in_future"),
        (datetime(9999, 12, 31, tzinfo=UTC), "date_in_future"),
    ],
)
def test_dates_outside_the_allowed_ones_are_named(moment, code):
    value = pl.Series([moment], dtype=pl.Datetime("us", "UTC"))

    assert outside(pl.Series(["x"]), value, BERLIN, may_be_ahead=0)[0] == code


def test_a_call_at_midnight_belongs_to_the_local_day():
    moments = pl.Series([datetime(2026, 1, 31, 23, 30, tzinfo=UTC)], dtype=pl.Datetime("us", "UTC"))

    assert local_day(moments, "Europe/Berlin")[0] == date(2026, 2, 1)
    assert local_day(moments, "UTC")[0] == date(2026, 1, 31)


def test_a_date_may_stand_before_a_time():
    value, codes = read_dates(pl.Series(["2026-01-05", "2026-01-06 10:00:00"]), (), BERLIN)

    assert value.to_list() == [date(2026, 1, 5), date(2026, 1, 6)]
    assert codes.null_count() == 2


def test_a_date_stays_as_written_whatever_zone_its_time_names():
    text = ["2026-01-06T00:30:00+08:00", "2026-01-06T23:00:00Z", "2026-01-06T20:00:00-0800"]

    value, codes = read_dates(pl.Series(text), (), BERLIN)

    assert value.to_list() == [date(2026, 1, 6)] * 3
    assert codes.null_count() == 3


def test_a_date_given_as_an_epoch_is_that_of_the_file_s_clocks():
    # 1767569400 is 2026-01-04 23:30 in UTC, 00:30 of the next day in Berlin.
    value, _codes = read_dates(pl.Series(["1767569400"]), ("epoch",), BERLIN)

    assert value.to_list() == [date(2026, 1, 5)]
