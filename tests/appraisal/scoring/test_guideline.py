from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring.guideline import advise
from appraisal.scoring.terms import Guideline

FIFTH = Guideline("excellent", Decimal("0.2"), 10, "enforced")


def advice_for(totals, guideline=FIFTH, *, grades=None, counted=None):
    totals = np.array(totals, dtype=np.int64)
    if grades is None:
        grades = np.where(totals >= 9000, 0, 1)
    if counted is None:
        counted = np.ones(len(totals), dtype=bool)
    found = (np.asarray(grades), np.asarray(counted, dtype=bool))
    return advise(guideline, grade=0, totals=totals, grades=found[0], counted=found[1])


def test_best_fifth_of_ten_keeps_the_grade():
    # 20% of 10 = 2; the third and the fourth of those from 90 on lose it.
    advice = advice_for([9900, 9500, 9400, 9000, 8900, 8800, 8700, 8000, 7000, 6000])

    assert (advice.people, advice.allowed, advice.holders, advice.keepers) == (10, 2, 4, 2)
    assert np.flatnonzero(advice.over).tolist() == [2, 3]
    assert not advice.is_kept


def test_those_tied_with_the_last_place_keep_it_together():
    advice = advice_for([9900, 9500, 9500, 9500, 9499, 8800, 8700, 8000, 7000, 6000])

    assert (advice.allowed, advice.holders, advice.keepers) == (2, 5, 4)
    assert np.flatnonzero(advice.over).tolist() == [4]


def test_group_under_the_minimum_is_left_alone():
    advice = advice_for([9900] * 5 + [9500] * 4)

    assert (advice.people, advice.applies, advice.keepers) == (9, False, 9)
    assert not advice.over.any()


def test_those_who_are_not_compared_neither_count_nor_lose():
    counted = [False] + [True] * 9

    advice = advice_for([9100] + [9900] * 5 + [9500] * 4, counted=counted)

    assert (advice.people, advice.applies) == (9, False)
    assert not advice.over.any()


def test_share_is_rounded_down_and_exact():
    # 29% of 100 is exactly 29, though 0.29 x 100 in floats is 28.999...
    guideline = Guideline("excellent", Decimal("0.29"), 10, "enforced")

    assert advice_for(range(9000, 9100), guideline).keepers == 29
    assert advice_for(range(9000, 9099), guideline).keepers == 28


def test_where_nobody_may_have_the_grade_everybody_loses_it():
    guideline = Guideline("excellent", Decimal("0.05"), 10, "enforced")

    assert advice_for([9900] * 3 + [8000] * 7, guideline).over.sum() == 3


@pytest.mark.parametrize("people", [0, 1])
def test_hardly_anybody_is_no_fault(people):
    assert not advice_for([9900] * people).over.any()


@given(
    st.lists(st.integers(8000, 8000 + 30), min_size=1, max_size=60),
    st.decimals(0, 1, places=2),
    st.integers(1, 20),
)
def test_ties_are_never_split_and_the_guideline_is_met_but_for_them(totals, share, minimum):
    guideline = Guideline("excellent", share, minimum, "enforced")
    grades = np.where(np.array(totals) >= 8010, 0, 1)

    advice = advice_for(totals, guideline, grades=grades)

    kept = {total for total, over, grade in zip(totals, advice.over, grades, strict=True)
            if grade == 0 and not over}  # fmt: skip
    lost = {total for total, over in zip(totals, advice.over, strict=True) if over}
    assert not kept & lost
    if kept and lost:
        assert min(kept) > max(lost)
    if advice.applies and kept:
        above_the_edge = sum(total > min(kept) for total in totals)
        assert above_the_edge < max(advice.allowed, 1) or advice.is_kept
