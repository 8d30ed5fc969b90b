"""Move the weight of lines without a score to lines that have one, exactly."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from appraisal.scoring.fixed import LIMIT, Ints, largest, reduce
from appraisal.scoring.scheme import TOTAL, Scheme

ROOMY = 2**24
"""Below this a factor leaves room enough in int64 for values, so it need not be reduced."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spread:
    """Effective weights of all lines, in points of a total of 100.

    ``numerators / denominators`` has shape (agents, items), ``unassigned`` shape (agents,):
    whether some weight found no line to go to.
    """

    numerators: Ints
    denominators: Ints
    unassigned: Flags

    def weights(self) -> tuple[Ints, Ints]:
        """Give numerators and denominators."""
        return self.numerators, self.denominators


@dataclass(frozen=True, slots=True)
class Cover:
    """The part of the weight that rests on data: ``scored / counted``, shape (agents,)."""

    scored: Ints
    counted: Ints

    def reaches(self, share: Fraction) -> Flags:
        """Say where the cover is at least a share; nothing counted reaches nothing."""
        enough = self.scored * share.denominator >= self.counted * share.numerator
        return np.asarray(enough & (self.counted > 0), dtype=bool)


def whole_weights(scheme: Scheme) -> Ints:
    """Give the weights as the smallest whole numbers in the same proportion, shape (items,)."""
    weights = [Fraction(item.weight) for item in scheme.items]
    common = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * common) for weight in weights]
    divisor = gcd(*whole) or 1
    whole = [weight // divisor for weight in whole]
    fits = 4 * TOTAL * 100 * sum(whole) ** 3 < LIMIT
    return np.array(whole, dtype=np.int64 if fits else object)


def group_matrix(scheme: Scheme) -> npt.NDArray[Any]:
    """Give 1 where an item is in a group, shape (items, groups)."""
    codes = [group.code for group in scheme.groups]
    matrix = np.zeros((len(scheme.items), len(codes)), dtype=np.int64)
    for at, item in enumerate(scheme.items):
        matrix[at, codes.index(item.group)] = 1
    return matrix


def spread_weights(scheme: Scheme, *, counts: Flags, receives: Flags) -> Spread:
    """Give every line its effective weight.

    The weight of a line that does not count goes to the receiving lines of its group, in
    proportion to their weights; where the group has none, to all receiving lines, in
    proportion to the weights they have by then.

    Args:
        counts: shape (agents, items): the line keeps its weight.
        receives: shape (agents, items): it may be given more; only where it counts.
    """
    weights, groups = whole_weights(scheme), group_matrix(scheme)
    standing, missing = (_by_group(lines, weights, groups) for lines in (receives, ~counts))
    can_receive = standing > 0
    grown = np.where(can_receive, standing + missing, 0)
    pool = np.where(can_receive, 0, missing).sum(axis=1)
    receivers = grown.sum(axis=1)
    own = groups.argmax(axis=1)
    numerators = grown[:, own] * (receivers + pool)[:, None]
    denominators = standing[:, own] * receivers[:, None]
    factors = np.where(receives, numerators, 1), np.where(receives, denominators, 1)
    tops = np.where(counts, factors[0] * weights * TOTAL, 0)
    bottoms = factors[1] * weights.sum()
    if max(largest(tops), largest(bottoms)) >= ROOMY:
        tops, bottoms = reduce(tops, bottoms)
    return Spread(tops, bottoms, unassigned=np.asarray((receivers == 0) & (pool > 0), dtype=bool))


def _by_group(lines: Flags, weights: Ints, groups: npt.NDArray[Any]) -> Ints:
    """Add the weights of these lines up by group, shape (agents, groups)."""
    sums = np.zeros((groups.shape[1], len(lines)), dtype=weights.dtype)
    for item, group in enumerate(groups.argmax(axis=1)):
        sums[group] += lines[:, item] * weights[item]
    return sums.T


def measure_cover(scheme: Scheme, *, counts: Flags, applies: Flags) -> Cover:
    """Give the weight of the lines that count, against that of all that apply."""
    weights = whole_weights(scheme)
    return Cover(scored=counts @ weights, counted=applies @ weights)
