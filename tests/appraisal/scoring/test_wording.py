from decimal import Decimal

import pytest

from appraisal.scoring.rules.base import Aim
from appraisal.scoring.wording import (
    aim_text,
    beside_text,
    column_text,
    counted_text,
    duration_text,
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
        ("23000", "s", "6 h 23 min 20 s"),
        ("7199", "s", "7,199 s"),
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
        ("7200", "23000", "s", "2 h–6 h 23 min 20 s"),
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


@pytest.mark.parametrize(
    ("seconds", "places", "english", "chinese"),
    [
        ("23000", 0, "6 h 23 min 20 s", "6 小时 23 分 20 秒"),
        ("17640", 0, "4 h 54 min", "4 小时 54 分钟"),
        ("1872000", 0, "520 h", "520 小时"),
        ("7205", 0, "2 h 5 s", "2 小时 5 秒"),
        ("59.6", 0, "1 min", "1 分钟"),
        ("59.6", 1, "59.6 s", "59.6 秒"),
        ("0", 0, "0 s", "0 秒"),
        ("-90", 0, "-1 min 30 s", "-1 分 30 秒"),
    ],
)
def test_duration_is_split_into_hours_minutes_and_seconds(seconds, places, english, chinese):
    assert duration_text(Decimal(seconds), "en", places=places) == english
    assert duration_text(Decimal(seconds), "zh-hans", places=places) == chinese


@pytest.mark.parametrize(
    ("value", "unit", "beside", "text"),
    [
        ("4.496", "number", ["4.5"], "4.496"),
        ("4.46", "number", ["4.5"], "4.46"),
        # Not only onto the figure: rounding would carry it across, too.
        ("4.496", "number", ["4.498"], "4.496"),
        ("4.5", "number", ["4.5"], "4.5"),
        ("0.89963", "share", ["0.9"], "89.96%"),
        ("0.89963", "share", ["0.95"], "90.0%"),
        ("43190", "s", ["43200"], "11.997 h"),
        ("7199.8", "s", ["7200"], "7,199.8 s"),
        ("17644.2", "s", ["23000"], "4 h 54 min 4 s"),
        ("22999.7", "s", ["23000"], "6 h 23 min 19.7 s"),
    ],
)
def test_value_is_told_apart_from_the_figures_beside_it(value, unit, beside, text):
    figures = [Decimal(one) for one in beside]

    assert beside_text(Decimal(value), unit, "en", beside=figures) == text


@pytest.mark.parametrize(
    ("noun", "language", "text"),
    [
        ("contacts", "en", "1,659"),
        ("次联络", "zh-hans", "1,659 次"),
        ("张已解决工单", "zh-hans", "1,659 张"),
        ("班次", "zh-hans", "1,659 个"),
    ],
)
def test_chinese_repeats_the_measure_word_of_the_noun(noun, language, text):
    assert counted_text(1659, noun, language) == text
