"""Exact arithmetic on cells: quotients of integers or fractions, never a float.

A cell is a pair ``(numerator, denominator)``, the denominator None where nothing measured
stands below the line; a missing cell is None. Numerator and denominator stay apart.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from math import isqrt, lcm
from typing import Any, Final, cast

SCALE: Final = 10**9

Exact = int | Fraction
Quotient = tuple[Exact, Exact | None]
Cell = Quotient | None
Column = list[Cell]


def to_fixed(value: Decimal) -> int:
    """Give fixed point at 9 places, rounded half away from zero."""
    numerator, denominator = value.as_integer_ratio()
    return fixed_point(numerator, denominator)


def from_fixed(value: int) -> Decimal:
    """Give the decimal that a fixed-point integer stands for, without trailing zeros."""
    digits = f"{abs(int(value)):010d}"
    whole, rest = digits[:-9], digits[-9:].rstrip("0")
    sign = "-" if value < 0 else ""
    return Decimal(f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}")


def combined(operation: Callable[[Any, Any], Cell], left: Column, right: Column) -> Column:
    return [
        None if a is None or b is None else operation(a, b)
        for a, b in zip(left, right, strict=True)
    ]


def times(a: Quotient, b: Quotient) -> Cell:
    below = b[1] if a[1] is None else a[1] if b[1] is None else a[1] * b[1]
    return a[0] * b[0], below


def over(a: Quotient, b: Quotient) -> Cell:
    above = a[0] if b[1] is None else a[0] * b[1]
    below = b[0] if a[1] is None else a[1] * b[0]
    if not below:
        return None
    return (above, below) if below > 0 else (-above, -below)


def scaled_down(a: Quotient, b: Quotient) -> Cell:
    """Divide by a plain number: below the line if there is one, else at once."""
    divisor = b[0] if b[1] is None else Fraction(b[0]) / b[1]
    if not divisor:
        return None
    if a[1] is None:
        return Fraction(a[0]) / divisor, None
    below = a[1] * divisor
    return (a[0], below) if below > 0 else (-a[0], -below)


def plus(a: Quotient, b: Quotient) -> Cell:
    if a[1] is None:
        return (a[0] + b[0], None) if b[1] is None else (a[0] * b[1] + b[0], b[1])
    if b[1] is None:
        return a[0] + b[0] * a[1], a[1]
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


def plus_shared(a: Quotient, b: Quotient) -> Cell:
    return a[0] + b[0], a[1]


def worth(cell: Quotient) -> Exact:
    return cell[0] if cell[1] is None else Fraction(cell[0]) / cell[1]


def least(cells: Iterable[Cell]) -> Cell:
    present = list(cells)
    return None if None in present else min(cast(Any, present), key=worth)


def greatest(cells: Iterable[Cell]) -> Cell:
    present = list(cells)
    return None if None in present else max(cast(Any, present), key=worth)


def first(cells: Iterable[Cell]) -> Cell:
    return next((cell for cell in cells if cell is not None), None)


def root(cell: Quotient) -> Cell:
    """Give the square root to 9 places; of a negative there is no data."""
    value = Fraction(worth(cell))
    return None if value < 0 else (square_root(value), None)


def square_root(value: Fraction) -> Fraction:
    """Give the square root, rounded half-up to 9 places, by integers alone."""
    # floor(2 sqrt(x)) is isqrt(floor(4 x)); its last bit decides the rounding.
    doubled = isqrt(4 * value.numerator * SCALE**2 // value.denominator)
    return Fraction((doubled + 1) // 2, SCALE)


def rated(above: Any, below: Any) -> Cell:
    if is_missing(above):
        return None
    if is_missing(below):
        return exact(above), None
    return (exact(above), exact(below)) if below else None


def exact(value: Any) -> Exact:
    """Read a cell of a frame.

    Raises:
        TypeError: a float with a fraction: it is not what was recorded.
    """
    if isinstance(value, Decimal):
        above, below = value.as_integer_ratio()
        return above if below == 1 else Fraction(above, below)
    if isinstance(value, float) and not value.is_integer():
        raise TypeError(f"Measures are integers or Decimal, not the float {value}.")
    return int(value)


def is_missing(value: Any) -> bool:
    """Say whether a cell of a frame is empty: None, NaN, NaT or pandas' NA."""
    if isinstance(value, int | Decimal):
        return False
    return value is None or type(value).__name__ == "NAType" or value != value


def rounded(value: Exact) -> Exact:
    """Round what a database can only give approximately, so that servers agree."""
    fraction = Fraction(value)
    return Fraction(fixed_point(fraction.numerator, fraction.denominator), SCALE)


def fixed_point(above: int, below: int) -> int:
    """Round a quotient half away from zero to fixed point; ``below`` is positive."""
    size = (2 * abs(above) * SCALE + below) // (2 * below)
    return size if above >= 0 else -size


def whole_quotient(above: Exact, below: Exact) -> tuple[int, int]:
    """Write a quotient of fractions as one of integers, the denominator positive."""
    if isinstance(above, int) and isinstance(below, int):
        return above, below
    quotient = Fraction(above) / below
    return quotient.numerator, quotient.denominator


def decimal_of(value: Exact) -> Decimal:
    """Write a number that ends after finitely many digits exactly.

    Raises:
        ValueError: it does not end, as 1/3.
    """
    if isinstance(value, int):
        return Decimal(value)
    below, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while below % prime == 0:
            below //= prime
            power += 1
        places = max(places, power)
    if below != 1:
        raise ValueError(f"{value} has no finite decimal notation.")
    return Decimal(f"{value.numerator * 10**places // value.denominator}E-{places}")


def shown(cell: Quotient, value: int) -> tuple[int | Decimal, int | Decimal | None]:
    """Give exact numerator and denominator; an endless one is cleared or is the value."""
    above, below = cell
    try:
        return _shown(above), None if below is None else _shown(below)
    except ValueError:
        if below is None:
            return from_fixed(value), None
        factor = lcm(Fraction(above).denominator, Fraction(below).denominator)
        return int(above * factor), int(below * factor)


def _shown(value: Exact) -> int | Decimal:
    return value if isinstance(value, int) else decimal_of(value)
