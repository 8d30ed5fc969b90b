"""Exact money for many people at once: whole numbers over one denominator, rounded once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from appraisal.scoring.fixed import SCALE, Ints, half_up, to_fixed

CENTS = 100


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts that are not rounded yet.

    Attributes:
        numerators: shape (n,), Python integers, not negative.
        denominator: the same for all.
    """

    numerators: Ints
    denominator: int

    def __add__(self, other: "Money") -> "Money":
        common = lcm(self.denominator, other.denominator)
        return Money(
            self.numerators * (common // self.denominator)
            + other.numerators * (common // other.denominator),
            common,
        )

    def cents(self) -> Ints:
        """Round half up to whole cents; Python integers, shape (n,)."""
        size = len(self.numerators)
        below = np.full(size, self.denominator, dtype=object)
        return half_up(self.numerators * CENTS, below).astype(object)


def priced(quantities: Ints, rate: Decimal, per: Decimal) -> Money:
    """So much for every ``per`` of a quantity.

    Args:
        quantities: shape (n,), fixed point of nine places as Python integers, not negative.
    """
    price = Fraction(rate) / Fraction(per)
    return Money(quantities * price.numerator, SCALE * price.denominator)


def flat(given: Any, amount: Decimal) -> Money:
    """The whole amount where ``given`` is true, else nothing."""
    hundredth = Fraction(amount)
    numerators = np.array([hundredth.numerator if one else 0 for one in given], dtype=object)
    return Money(numerators, hundredth.denominator)


def nothing(size: int) -> Money:
    """No money for anybody."""
    return Money(np.zeros(size, dtype=object), 1)


def fixed_limit(value: Decimal | None) -> int | None:
    """A limit in fixed point; None for no limit."""
    return None if value is None else to_fixed(value)


def whole_cents(amount: Decimal) -> int:
    """An amount of at most two places as cents; finer ones are rounded half up."""
    return int((to_fixed(amount) * CENTS * 2 + SCALE) // (2 * SCALE))


def as_amount(cents: int) -> Decimal:
    """Cents as an amount: 1234 is 12.34."""
    return Decimal(cents).scaleb(-2)


def objects(values: Iterable[Any]) -> Ints:
    """An array of Python objects, one a value, also where the values are sequences."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
