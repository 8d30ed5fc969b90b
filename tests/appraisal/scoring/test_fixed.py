from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring import fixed


@pytest.mark.parametrize(
    ("value", "units"),
    [("1", 10**9), ("0.0000000005", 1), ("0.0000000004", 0), ("-2.5", -2_500_000_000)],
)
def test_decimal_becomes_fixed_point_rounded_half_up(value, units):
    assert fixed.to_fixed(Decimal(value)) == units


def test_fixed_point_becomes_the_same_decimal():
    assert fixed.from_fixed(876_106_195) == Decimal("0.876106195")


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(1, 2, 1), (5, 2, 3), (249, 100, 2), (0, 7, 0)]
)
def test_quotients_are_rounded_half_up(numerator, denominator, rounded):
    found = fixed.half_up(np.array([numerator]), np.array([denominator]))

    assert found.tolist() == [rounded]
    assert fixed.half_up_int(Fraction(numerator, denominator)) == rounded


@given(st.integers(0, 10**30), st.integers(1, 10**30))
def test_large_quotients_are_rounded_as_fractions_are(numerator, denominator):
    quotient = Fraction(numerator, denominator) % 10**9
    tops = np.array([quotient.numerator], dtype=object)
    bottoms = np.array([quotient.denominator], dtype=object)

    assert fixed.half_up(tops, bottoms).tolist() == [fixed.half_up_int(quotient)]


@given(st.integers(-(2**62), 2**62), st.integers(-(2**62), 2**62))
def test_products_never_overflow(left, right):
    found = fixed.multiply(np.array([left]), np.array([right]))

    assert int(found[0]) == left * right


def test_figures_near_the_edge_of_int64_are_widened():
    assert fixed.widen(np.array([2**62])).dtype == object
    assert fixed.widen(np.array([2**61])).dtype == np.int64


def test_negative_fractions_are_rounded_away_from_zero_for_showing():
    assert fixed.fraction_to_decimal(Fraction(-1, 8), 2) == Decimal("-0.13")


@given(st.integers(1, 2**60 - 1), st.data())
def test_shares_are_rounded_half_up_to_nine_places(denominator, data):
    numerator = data.draw(st.integers(0, min(denominator * 1000, 2**62)))

    found = fixed.half_up_fixed(np.array([numerator]), np.array([denominator]))

    exact = Fraction(numerator, denominator) * fixed.SCALE
    assert found.tolist() == [fixed.half_up_int(exact)]


@pytest.mark.parametrize(
    ("numerator", "denominator", "places"),
    [
        (1, 3, 333_333_333),
        (2, 3, 666_666_667),
        (1, 2 * 10**9, 1),
        (1, 2 * 10**9 + 1, 0),
        (57, 100, 570_000_000),
        (2**80, 2**81, 500_000_000),
    ],
)
def test_share_is_exact_to_the_last_place(numerator, denominator, places):
    found = fixed.half_up_fixed(np.array([numerator]), np.array([denominator]))

    assert found.tolist() == [places]
