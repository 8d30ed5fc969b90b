"""Exact numbers: fixed point integers of nine places, and rounding half up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

SCALE = 10**9
"""One unit of a KPI value or a target in fixed point."""

POINT = 100
"""Hundredths in a point: points and totals are whole numbers of them."""

PLACES = Decimal(1).scaleb(-9)
LIMIT = 2**62

Ints = npt.NDArray[Any]
"""Whole numbers: int64, or Python integers where int64 would overflow."""


def to_fixed(value: Decimal) -> int:
    """Give a decimal as fixed point, rounded half up to nine places."""
    return int(value.quantize(PLACES, ROUND_HALF_UP).scaleb(9))


def from_fixed(value: int) -> Decimal:
    """Give a fixed point number as a decimal."""
    return Decimal(int(value)).scaleb(-9)


def fraction_to_decimal(value: Fraction, places: int = 9) -> Decimal:
    """Round a fraction half up, for showing."""
    units = 10**places
    sign = -1 if value < 0 else 1
    return Decimal(sign * half_up_int(abs(value) * units)).scaleb(-places)


def half_up_int(value: Fraction) -> int:
    """Round a fraction to the next whole number, a half upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def largest(numbers: Ints) -> int:
    """Give the greatest absolute value, 0 for nothing."""
    return max(abs(int(numbers.max())), abs(int(numbers.min()))) if numbers.size else 0


def widen(numbers: Ints) -> Ints:
    """Give Python integers where a sum with another figure might leave int64."""
    return numbers.astype(object) if largest(numbers) >= LIMIT else numbers


def repeat(number: int, count: int) -> Ints:
    """Give the same whole number so many times."""
    return np.full(count, number, dtype=np.int64 if abs(number) < LIMIT else object)


def fits(left: Ints, right: Ints, factor: int) -> bool:
    """Say whether the product of all three surely stays in int64."""
    is_wide = object in (left.dtype, right.dtype)
    return not is_wide and largest(left) * largest(right) * factor < LIMIT


def multiply(left: Ints, right: Ints | int) -> Ints:
    """Multiply exactly: in int64 where the product fits, else in Python integers."""
    other = largest(right) if isinstance(right, np.ndarray) else abs(right)
    if left.dtype != object and largest(left) * other < LIMIT:
        return left * right
    return left.astype(object) * right


def half_up(numerators: Ints, denominators: Ints) -> npt.NDArray[np.int64]:
    """Divide whole numbers and round half up.

    Args:
        numerators: shape (n,), not negative.
        denominators: shape (n,), positive.
    """
    doubled = multiply(numerators, 2)
    if largest(doubled) + largest(denominators) >= LIMIT:
        doubled = doubled.astype(object)
    return ((doubled + denominators) // multiply(denominators, 2)).astype(np.int64)


def half_up_fixed(numerators: Ints, denominators: Ints) -> npt.NDArray[np.int64]:
    """Divide whole numbers and round half up to nine places, as fixed point.

    Args:
        numerators: shape (n,), not negative, at most a thousand times the denominators.
        denominators: shape (n,), positive.
    """
    is_wide = object in (numerators.dtype, denominators.dtype)
    if is_wide or largest(denominators) >= LIMIT // 4:
        return half_up(multiply(numerators, SCALE), denominators)
    # A float is off by one at most; the rest, exact although the products wrap around, tells
    # which way.
    digits = (numerators / denominators * SCALE).astype(np.int64)
    rest = numerators * SCALE - digits * denominators
    digits += np.where(rest < 0, -1, rest >= denominators)
    rest = numerators * SCALE - digits * denominators
    return np.asarray(digits + (2 * rest >= denominators), dtype=np.int64)


def reduce(numerators: Ints, denominators: Ints) -> tuple[Ints, Ints]:
    """Divide numerators and denominators by what they have in common."""
    divisors = np.gcd(numerators, denominators)
    return numerators // divisors, denominators // divisors
