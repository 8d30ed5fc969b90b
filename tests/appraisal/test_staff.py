from datetime import date
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.staff import CircularScores, find_circle, levels_of, mean_scores, staff_of
from kpi.places import Led

OCTOBER = (date(2026, 10, 1), date(2026, 11, 1))


def test_staff_are_the_people_in_the_teams_led_without_the_leader():
    led = [Led(1, 10, *OCTOBER), Led(9, 10, *OCTOBER), Led(9, 20, *OCTOBER), Led(8, 30, *OCTOBER)]

    staff = staff_of(led, {1: 10, 2: 10, 3: 20, 9: 20})

    assert staff == {1: (2,), 9: (1, 2, 3), 8: ()}


def test_leaders_come_after_the_leaders_below_them():
    staff = {1: (2, 3), 2: (4,), 3: (5,), 5: (6,)}

    assert levels_of([1, 2, 3, 5], staff) == {5: 1, 3: 2, 2: 1, 1: 3}
    # Whoever reads no scores holds nobody up.
    assert levels_of([1, 5], staff) == {1: 1, 5: 1}


def test_two_who_lead_each_other_are_a_circle_at_any_distance():
    staff = {1: (2,), 2: (3,), 3: (1, 4)}

    with pytest.raises(CircularScores, match="1 > 2 > 3 > 1"):
        levels_of([1, 2, 3], staff)
    assert find_circle([1, 2, 3], staff) == (1, 2, 3, 1)
    assert find_circle([1, 2], staff) == ()


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7))))
def test_readers_always_stand_above_the_readers_of_their_staff(pairs):
    staff = {}
    for leader, person in pairs:
        staff.setdefault(leader, []).append(person)

    circle = find_circle(range(8), staff)

    if circle:
        assert circle[0] == circle[-1]
        assert all(after in staff[before] for before, after in pairwise(circle))
    else:
        levels = levels_of(range(8), staff)
        assert all(levels[leader] > levels[person] for leader, person in pairs)


def test_mean_is_of_the_cards_with_a_total():
    scores = mean_scores({1: (2, 3, 4), 5: (6,), 7: ()}, {2: 8535, 3: 7001, 4: None, 9: 1})

    # 85.35 and 70.01; nobody of 5's staff has a total, and 7 leads nobody.
    assert scores.loc[1].tolist() == [Decimal("155.36"), 2, 2]
    assert scores.loc[5].tolist() == [Decimal(0), 0, 0]
    assert list(scores.index) == [1, 5]
    assert isinstance(scores, pd.DataFrame)
