from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.formula import cells


@pytest.mark.parametrize(
    ("value", "fixed"),
    [
        ("1", 1_000_000_000),
        ("0.0000000005", 1),
        ("0.00000000049", 0),
        ("-0.0000000005", -1),
        ("87.6", 87_600_000_000),
        ("0", 0),
    ],
)
def test_fixed_point_rounds_half_away_from_zero(value, fixed):
    assert cells.to_fixed(Decimal(value)) == fixed


def test_fixed_point_reads_back():
    assert cells.from_fixed(87_600_000_000) == Decimal("87.6")
    assert cells.from_fixed(-1) == Decimal("-0.000000001")
    assert str(cells.from_fixed(3_000_000_000)) == "3"


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_fixed_point_survives_the_way_there_and_back(value):
    assert cells.to_fixed(cells.from_fixed(value)) == value


@pytest.mark.parametrize(
    ("value", "root"),
    [
        (Fraction(4), Fraction(2)),
        (Fraction(1, 4), Fraction(1, 2)),
        (Fraction(2), Fraction(1_414_213_562, 10**9)),
        (Fraction(0), Fraction(0)),
        (Fraction(1, 2), Fraction(707_106_781, 10**9)),
    ],
)
def test_square_root_has_nine_places(value, root):
    assert cells.square_root(value) == root


@given(st.integers(min_value=0, max_value=10**15), st.integers(min_value=1, max_value=10**6))
def test_square_root_is_the_nearest_of_nine_places(above, below):
    value = Fraction(above, below)

    root = cells.square_root(value)

    half = Fraction(1, 2 * 10**9)
    assert max(root - half, Fraction(0)) ** 2 <= value < (root + half) ** 2


def test_root_of_a_negative_is_no_data():
    assert cells.root((-1, None)) is None


def test_division_by_zero_is_no_data():
    assert cells.over((3, None), (0, 5)) is None
    assert cells.scaled_down((3, None), (0, None)) is None


def test_denominator_is_never_negative():
    assert cells.over((3, None), (-2, None)) == (-3, 2)
    assert cells.scaled_down((3, 4), (-2, None)) == (-3, 8)


def test_endless_number_is_no_decimal():
    with pytest.raises(ValueError, match="1/3"):
        cells.decimal_of(Fraction(1, 3))


def test_long_decimal_is_kept_whole():
    digits = 1234567890123456789012345678901234567891

    assert cells.decimal_of(Fraction(digits, 10)).as_tuple().digits == tuple(map(int, str(digits)))


def test_float_with_a_fraction_is_refused():
    with pytest.raises(TypeError, match=r"12\.5"):
        cells.exact(12.5)


@given(st.fractions(), st.fractions())
def test_sum_of_quotients_is_exact(left, right):
    a, b = (left.numerator, left.denominator), (right.numerator, right.denominator)

    assert cells.worth(cells.plus(a, b)) == left + right
    assert cells.worth(cells.times(a, b)) == left * right
