"""What follows from totals: grade, stars, the guideline and the rank."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from appraisal.scoring.fixed import POINT, half_up_int
from appraisal.scoring.grid import Whole
from appraisal.scoring.guideline import advise
from appraisal.scoring.scheme import Scheme
from appraisal.scoring.weights import Flags


@dataclass(frozen=True, slots=True)
class Standings:
    """People and their totals, before anything is concluded; all of shape (agents,).

    Attributes:
        totals: hundredths.
        enough: enough of the weight is measured for a grade.
        present: there long enough to be ranked.
        lowest: index of the best grade that caps and vetoes leave, 0 for any.
        starless: a condition takes the stars.
    """

    positions: npt.NDArray[Any]
    totals: Whole
    enough: Flags
    present: Flags
    lowest: Whole
    starless: Flags


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Grades (index, 0 for the best; -1 none), what lowered them, stars (0 none) and ranks."""

    grades: Whole
    capped: Flags
    by_guideline: Flags
    stars: Whole
    ranked: Flags
    rank: Whole
    ranked_among: Whole


def conclude(scheme: Scheme, people: Standings) -> Verdicts:
    """Give everybody a grade, stars and a rank, as far as the scheme has them.

    An enforced guideline takes the grade of those beyond it; an advisory one changes nothing.
    """
    by_total = grades_by_total(scheme, people.totals)
    grades = np.maximum(by_total, people.lowest)
    ranked = people.enough & people.present
    over, below = beyond_guideline(scheme, people.totals, grades, ranked)
    rank, among = rank_totals(people.positions, people.totals, ranked)
    return Verdicts(
        grades=np.where(people.enough, np.where(over, below, grades), -1),
        capped=(grades > by_total) & people.enough,
        by_guideline=over,
        stars=np.where(people.enough & ~people.starless, stars_by_total(scheme, people.totals), 0),
        ranked=ranked,
        rank=rank,
        ranked_among=among,
    )


def grades_by_total(scheme: Scheme, totals: Whole) -> Whole:
    """Give the index of the grade of each total, 0 for the best."""
    floors = [half_up_int(Fraction(grade.at) * POINT) for grade in scheme.grades[::-1]]
    return len(floors) - np.searchsorted(np.array(floors), totals, side="right")


def stars_by_total(scheme: Scheme, totals: Whole) -> Whole:
    """Give the stars of each total, 0 below the lowest."""
    ascending = scheme.stars[::-1]
    floors = [half_up_int(Fraction(step.at) * POINT) for step in ascending]
    given = np.array([0, *(step.stars for step in ascending)], dtype=np.int64)
    return given[np.searchsorted(np.array(floors, dtype=np.int64), totals, side="right")]


def beyond_guideline(
    scheme: Scheme, totals: Whole, grades: Whole, counted: Flags
) -> tuple[Flags, int]:
    """Say whose grade an enforced guideline takes, and which one they get instead."""
    guideline = scheme.guideline
    if guideline is None or guideline.mode != "enforced":
        return np.zeros(totals.shape, dtype=bool), 0
    grade = scheme.grade_index(guideline.grade)
    advice = advise(guideline, grade=grade, totals=totals, grades=grades, counted=counted)
    return advice.over, grade + 1


def rank_totals(positions: npt.NDArray[Any], totals: Whole, ranked: Flags) -> tuple[Whole, Whole]:
    """Rank within position, 1, 2, 2, 4; give the rank and among how many."""
    rank, among = np.zeros((2, len(totals)), dtype=np.int64)
    places = pd.factorize(positions, use_na_sentinel=False)[0]
    order = np.lexsort((-totals, places))
    order = order[ranked[order]]
    if not len(order):
        return rank, among
    group, total = places[order], totals[order]
    index = np.arange(len(order))
    opens = np.r_[True, group[1:] != group[:-1]]
    differs = opens | np.r_[True, total[1:] != total[:-1]]
    group_start = np.maximum.accumulate(np.where(opens, index, 0))
    tie_start = np.maximum.accumulate(np.where(differs, index, 0))
    rank[order] = tie_start - group_start + 1
    among[order] = np.bincount(group)[group]
    return rank, among
