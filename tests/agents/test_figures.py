"""Figures as people read them."""

from decimal import Decimal

import pytest
from django.utils import translation

from agents import figures


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Decimal("0.876106"), "share", "87.6%"),
        (Decimal("0.9995"), "share", "100.0%"),
        (Decimal("312.4"), "s", "312 s"),
        (Decimal("311.5"), "s", "312 s"),
        (Decimal("4.5"), "s", "5 s"),
        (7200, "s", "2 h"),
        (Decimal("12.5"), "min", "12.5 min"),
        (Decimal("8"), "h", "8 h"),
        (Decimal("20"), "days", "20 days"),
        (1, "days", "1 day"),
        (1073, "count", "1,073"),
        (Decimal("53.65"), "count", "53.7"),
        (Decimal("87.5"), "points", "87.5"),
        (Decimal("1.24"), "per_thousand", "1.2‰"),
        (Decimal("1234.5"), "money", "1,234.50"),
        (Decimal("2.10"), "number", "2.1"),
        (Decimal("-0.0001"), "number", "0"),
    ],
)
def test_value_is_written_with_its_unit_rounded_once_half_up(value, unit, expected):
    assert figures.with_unit(value, unit) == expected


def test_unknown_unit_is_written_as_a_plain_number():
    assert figures.with_unit(Decimal("3.14159"), "furlong") == "3.14"


def test_change_of_a_share_is_in_percentage_points_without_a_sign():
    assert figures.change(Decimal("-0.0374"), "share") == "3.7 pp"


@pytest.mark.parametrize(
    ("value", "unit", "vanishes"),
    [
        (Decimal("0.0004"), "share", True),
        (Decimal("0.0006"), "share", False),
        (Decimal("0.4"), "s", True),
        (0, "count", True),
        (Decimal("-1"), "count", False),
    ],
)
def test_change_that_rounds_to_nothing_is_no_change(value, unit, vanishes):
    assert figures.is_no_change(value, unit) is vanishes


def test_units_are_written_in_chinese():
    with translation.override("zh-hans"):
        assert figures.with_unit(312, "s") == "312 秒"
        assert figures.change(Decimal("0.012"), "share") == "1.2 个百分点"


@pytest.mark.parametrize(("shown", "number"), [("1", 1), (1, 1), ("1.0", 2), ("0", 2), ("11", 2)])
def test_only_a_figure_shown_as_one_is_singular(shown, number):
    assert figures.plural_of(shown) == number
