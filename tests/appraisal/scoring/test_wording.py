from decimal import Decimal

import pytest

from appraisal.scoring.rules.base import Aim
from appraisal.scoring.wording import (
    aim_text,
    column_text,
    number_text,
    points_text,
    step_of,
    threshold_text,
)


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        ("0.876106195", "share", "87.6%", "87.6%"),
        ("0.95", "share", "95.0%", "95.0%"),
        ("0.8765", "share", "87.7%", "87.7%"),
        ("312.4", "s", "312 s", "312 秒"),
        ("43200", "s", "12 h", "12 小时"),
        ("50000", "s", "13.9 h", "13.9 小时"),
        ("1073", "count", "1,073", "1,073"),
        ("53.65", "count", "53.7", "53.7"),
        ("87.5", "points", "87.5", "87.5"),
        ("84", "points", "84", "84"),
        ("1.24", "per_thousand", "1.2‰", "1.2‰"),
        ("1", "days", "1 day", "1 天"),
        ("2.5", "days", "2.5 days", "2.5 天"),
        ("1.04", "days", "1 day", "1 天"),
        ("12.5", "min", "12.5 min", "12.5 分钟"),
        ("1234.5", "money", "1,234.50", "1,234.50"),
        ("0.125", "number", "0.13", "0.13"),
    ],
)
def test_value_is_written_with_its_unit(value, unit, english, chinese):
    assert number_text(Decimal(value), unit, "en") == english
    assert number_text(Decimal(value), unit, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0.95", "share", "95%"),
        ("0.9475", "share", "94.75%"),
        ("86400", "s", "24 h"),
        ("240", "s", "240 s"),
        ("23000", "s", "23,000 s"),
        ("1160", "count", "1,160"),
        ("0", "count", "0"),
    ],
)
def test_threshold_is_never_rounded(value, unit, text):
    assert threshold_text(Decimal(value), unit, "en") == text


@pytest.mark.parametrize(("points", "text"), [("8", "8"), ("9.3", "9.30"), ("14.29", "14.29")])
def test_points_have_two_places_or_none(points, text):
    assert points_text(Decimal(points)) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        ("0.95", None, "share", "≥ 95%"),
        (None, "43200", "s", "≤ 12 h"),
        ("240", "300", "s", "240–300 s"),
        ("3600", "7200", "s", "3,600 s–2 h"),
        (None, "0", "count", "0"),
        (None, None, "count", ""),
    ],
)
def test_aim_says_what_earns_the_whole_item(low, high, unit, text):
    aim = Aim(low and Decimal(low), high and Decimal(high))

    assert aim_text(aim, unit, "en") == text


@pytest.mark.parametrize(
    ("value", "unit", "step"), [("0.5", "share", "0.001"), ("300", "s", "1"), ("9000", "s", "360")]
)
def test_step_is_the_smallest_difference_that_shows(value, unit, step):
    assert step_of(Decimal(value), unit) == Decimal(step)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("94", "points", "94.0"),
        ("53.6", "number", "53.60"),
        ("5", "count", "5"),
        ("312", "s", "312 s"),
        ("0.94", "share", "94.0%"),
    ],
)
def test_values_of_a_column_have_the_same_places(value, unit, text):
    assert column_text(Decimal(value), unit, "en") == text
