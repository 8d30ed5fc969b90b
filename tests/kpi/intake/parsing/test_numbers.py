from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.intake.parsing.numbers import read_decimals, read_seconds, read_whole


def one(reader, text, *arguments):
    values, codes = reader(pl.Series([text], dtype=pl.String), *arguments)
    return values[0], codes[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", Decimal(12)),
        ("-3", Decimal(-3)),
        ("0", Decimal(0)),
        ("1.50", Decimal("1.5")),
        ("1,234", Decimal(1234)),
        ("1,234,567.8", Decimal("1234567.8")),
        ("-0", Decimal(0)),
        (None, None),
    ],
)
def test_a_number_of_the_grammar_is_read_exactly(text, value):
    assert one(read_decimals, text) == (value, None)


@pytest.mark.parametrize(
    "text",
    [
        "185s", "１２３", "٣", "1_000", "50%", "nan", "NaN", "inf", "-inf", "Infinity", "1e999",
        "1E3", "+5", "−5", "1.234,5", "12,34", "1,2345", ".5", "5.", "--1", "0x10", "N/A", "-",
        "1 000", "true", "9" * 40,
    ],
)  # fmt: skip
def test_everything_else_is_no_number(text):
    assert one(read_decimals, text) == (None, "number")


def test_percent_and_share_are_read_where_the_mapping_says_so():
    assert one(read_decimals, "87.5 %", "percent") == (Decimal("87.5"), None)
    assert one(read_decimals, "0.875", "share") == (Decimal("87.5"), None)


@pytest.mark.parametrize(
    ("text", "value", "code"), [("3", 3, None), ("3.0", 3, None), ("3.5", 3, "whole_number")]
)
def test_a_whole_number_has_no_part_behind_the_point(text, value, code):
    assert one(read_whole, text) == (value, code)


@pytest.mark.parametrize(
    ("text", "reading", "value"),
    [
        ("185", "seconds", 185),
        ("12.5", "seconds", 13),
        ("374561", "milliseconds", 375),
        ("2.5", "minutes", 150),
        ("1.5", "hours", 5400),
        ("0:02:23", "hms", 143),
        ("00:02:23", "hms", 143),
        ("27:00:00", "hms", 97200),
        ("3:05", "hms", 185),
        ("0:02:05.280000", "hms", 125),
        ("-0:00:10", "hms", -10),
        ("0.00145", "excel_time", 125),
        ("0:02:05", "excel_time", 125),
    ],
)
def test_a_duration_is_read_in_the_unit_that_the_mapping_names(text, reading, value):
    assert one(read_seconds, text, reading) == (value, None)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("0:02:23", "seconds"),
        ("185", "hms"),
        ("1:75", "hms"),
        ("1:02:75", "hms"),
        ("185s", "seconds"),
    ],
)
def test_a_duration_of_another_form_is_none(text, reading):
    assert one(read_seconds, text, reading)[1] is not None


@given(st.integers(min_value=0, max_value=359_999))
def test_a_clock_form_gives_the_seconds_it_was_made_of(seconds):
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    assert one(read_seconds, text, "hms") == (seconds, None)


@given(st.text(max_size=12))
def test_no_text_breaks_a_reader(text):
    for reading in ("seconds", "hms", "excel_time", "minutes"):
        value, code = one(read_seconds, text, reading)
        assert (value is None) == (code is not None)
