"""How many may have a grade: who keeps it, ties never split, small groups left alone."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from appraisal.scoring.grid import Whole
from appraisal.scoring.terms import Guideline
from appraisal.scoring.weights import Flags


@dataclass(frozen=True, slots=True)
class Advice:
    """What a guideline says of a group.

    Attributes:
        people: those with a grade who are compared with each other.
        allowed: how many of them may have the grade or a better one.
        holders: how many have it by their total.
        keepers: how many would keep it: those tied at the edge all do.
        applies: false in a group too small for it, where everybody keeps the grade.
        over: shape (n,): whose grade it takes.
    """

    people: int
    allowed: int
    holders: int
    keepers: int
    applies: bool
    over: Flags

    @property
    def is_kept(self) -> bool:
        """Whether nobody's grade goes beyond it."""
        return self.holders == self.keepers


def advise(
    guideline: Guideline, *, grade: int, totals: Whole, grades: Whole, counted: Flags
) -> Advice:
    """Say whose grade a guideline takes.

    The best totals keep the grade; all who are tied with the last of them keep it too.

    Args:
        grade: index of the guideline's grade, 0 for the best of the scheme.
        totals: hundredths, shape (n,).
        grades: index of each person's grade, shape (n,).
        counted: shape (n,): those with a grade who may be compared; others are left alone.
    """
    people = int(np.count_nonzero(counted))
    share = Fraction(guideline.at_most)
    allowed = people * share.numerator // share.denominator
    holds = counted & (grades <= grade)
    holders = int(np.count_nonzero(holds))
    applies = people >= guideline.minimum_people
    over = np.zeros(totals.shape, dtype=bool)
    if applies and holders > allowed:
        over = holds & (totals < last_kept(totals[holds], allowed))
    keepers = holders - int(np.count_nonzero(over))
    return Advice(people, allowed, holders, keepers, applies, over)


def last_kept(totals: Whole, allowed: int) -> int:
    """Give the lowest total that keeps the grade; more than any where none may."""
    descending = np.sort(totals)[::-1]
    return int(descending[allowed - 1]) if allowed else int(descending[0]) + 1
