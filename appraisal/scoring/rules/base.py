"""What every scoring rule is: a frozen set of parameters that turns values into shares."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from appraisal.scoring.fixed import SCALE, Ints, multiply, to_fixed
from appraisal.scoring.reading import Reader

DIRECTIONS = ("higher", "lower")
NOTHING, WHOLE = Fraction(0), Fraction(1)


class Shares(NamedTuple):
    """Exact shares of an item: ``numerators / denominators``, denominators positive."""

    numerators: Ints
    denominators: Ints


class Aim(NamedTuple):
    """What the rule asks for: at least ``low``, at most ``high``, or between both."""

    low: Decimal | None
    high: Decimal | None


class Segment(NamedTuple):
    """A straight piece of the way from value to share."""

    from_value: Fraction
    from_share: Fraction
    to_value: Fraction
    to_share: Fraction


@dataclass(frozen=True, slots=True)
class Rule(ABC):
    """Parameters of one rule. Values and targets are int64 fixed point of nine places."""

    kind: ClassVar[str]
    role: ClassVar[str] = "scored"
    needs_target: ClassVar[bool] = False
    """Whether a value without a target of its own is not applicable (a peer average)."""

    @classmethod
    @abstractmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read the parameters; points in them are points of an item of ``weight``."""

    @abstractmethod
    def dump(self) -> dict[str, Any]:
        """Write the parameters as ``parse`` reads them, ``type`` first."""

    @abstractmethod
    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give the exact share of the item for each value.

        Args:
            values: fixed point, shape (n,), int64.
            targets: fixed point, shape (n,): replaces ``anchor`` row by row.
        """

    @abstractmethod
    def segments(self) -> tuple[Segment, ...]:
        """Give the way from value to share, in ascending values, for a picture."""

    @abstractmethod
    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give better values worth trying, nearest first, that may give the wanted share."""

    def anchor(self) -> Decimal | None:
        """Give the parameter that a target of one's own replaces."""
        return None

    def aimed_at(self, target: Decimal | None) -> "Rule":
        """Give the rule with a target of one's own in place of its anchor."""
        return self

    def aim(self) -> Aim:
        """Give the value that earns the whole item."""
        return Aim(None, None)

    def span(self) -> Fraction:
        """Give the distance from nothing to everything, to compare the size of steps."""
        ends = [end for piece in self.segments() for end in (piece.from_value, piece.to_value)]
        return (max(ends) - min(ends)) or Fraction(1)

    def top_share(self) -> Fraction:
        """Give the greatest share of the item the rule can give."""
        return Fraction(1)

    def share_of(self, value: Fraction) -> Fraction:
        """Give the exact share for one value."""
        shares = self.share(np.array([fixed(value)], dtype=np.int64))
        return Fraction(int(shares.numerators[0]), int(shares.denominators[0]))

    def anchors(self, values: Ints, targets: Ints | None) -> Ints:
        """Give a target for every value: its own, else the rule's."""
        anchor = self.anchor()
        if targets is not None or anchor is None:
            return values if targets is None else targets
        return np.full(values.shape, to_fixed(anchor), dtype=np.int64)


def fixed(value: Fraction) -> int:
    """Give a fraction as fixed point, rounded half up."""
    scaled = value * SCALE
    return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)


def clipped(numerators: Ints, denominators: Ints) -> Shares:
    """Keep shares between nothing and the whole."""
    return Shares(np.clip(numerators, 0, denominators), denominators)


def constant(values: Ints, share: Fraction) -> Shares:
    """Give the same share to every value."""
    ones = np.ones(values.shape, dtype=np.int64)
    return Shares(ones * share.numerator, ones * share.denominator)


def pick(condition: Ints, chosen: Shares, other: Shares) -> Shares:
    """Take the chosen share where the condition holds, the other elsewhere."""
    return Shares(
        np.where(condition, chosen.numerators, other.numerators),
        np.where(condition, chosen.denominators, other.denominators),
    )


def at_least(numerators: Ints, denominators: Ints, share: Fraction) -> Ints:
    """Say where ``numerators / denominators`` is at least a share, exactly."""
    left = multiply(numerators, share.denominator)
    return np.asarray(left >= multiply(denominators, share.numerator), dtype=bool)


def run(*corners: tuple[Fraction, Fraction | int]) -> tuple[Segment, ...]:
    """Join corners by straight pieces; a jump on the spot is no piece."""
    pairs = pairwise(corners)
    return tuple(Segment(a, Fraction(s), b, Fraction(t)) for (a, s), (b, t) in pairs if a < b)
