import numpy as np
import pytest

from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.scheme import parse_scheme
from appraisal.scoring.verdicts import Standings, conclude

STARS = [
    {"from": 95, "stars": 5},
    {"from": 90, "stars": 4},
    {"from": 80, "stars": 3},
    {"from": 70, "stars": 2},
    {"from": 60, "stars": 1},
]


def shipped(**more):
    documents = {document["code"]: document for document in list_shipped_documents()}
    return parse_scheme(documents["s2_call_centre_agent"] | more)


def standings(totals, **more):
    count = len(totals)
    given = {
        "positions": np.full(count, "agent", dtype=object),
        "totals": np.array(totals, dtype=np.int64),
        "enough": np.ones(count, dtype=bool),
        "present": np.ones(count, dtype=bool),
        "lowest": np.zeros(count, dtype=np.int64),
        "starless": np.zeros(count, dtype=bool),
    }
    return Standings(**(given | {key: np.array(value) for key, value in more.items()}))


def test_stars_follow_from_the_total_to_the_hundredth():
    found = conclude(shipped(stars=STARS), standings([9500, 9499, 9000, 8000, 6999, 6000, 5999]))

    assert found.stars.tolist() == [5, 4, 4, 3, 1, 1, 0]


@pytest.mark.parametrize("reason", [{"enough": [False]}, {"starless": [True]}])
def test_no_star_without_a_grade_or_past_a_condition(reason):
    assert conclude(shipped(stars=STARS), standings([9900], **reason)).stars.tolist() == [0]


def test_star_is_lost_and_the_grade_stays():
    found = conclude(shipped(stars=STARS), standings([9900], starless=[True]))

    assert found.grades.tolist() == [0]


def test_who_was_there_too_short_has_stars_but_no_rank():
    found = conclude(shipped(stars=STARS), standings([9900], present=[False]))

    assert (found.stars.tolist(), found.ranked.tolist()) == ([5], [False])


def test_scheme_without_stars_gives_none():
    assert conclude(shipped(), standings([9900])).stars.tolist() == [0]


TEN = [9900, 9500, 9500, 9000, 8900, 8800, 8700, 8000, 7000, 6000]


def guided(mode, **more):
    return shipped(guideline={"grade": "excellent", "at_most": "0.2", "mode": mode} | more)


def test_enforced_guideline_lowers_the_grade_and_says_so():
    found = conclude(guided("enforced"), standings(TEN))

    # 20% of 10 = 2; the two of 95.00 are tied and both keep it, 90.00 becomes good.
    assert found.grades.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 2, 2]
    assert np.flatnonzero(found.by_guideline).tolist() == [3]
    assert not found.capped.any()
    assert found.rank.tolist() == [1, 2, 2, 4, 5, 6, 7, 8, 9, 10]


def test_advisory_guideline_changes_nothing():
    found = conclude(guided("advisory"), standings(TEN))

    assert found.grades.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert not found.by_guideline.any()


def test_guideline_for_a_lower_grade_takes_it_and_every_better_one():
    # Good or better for at most 20% of 10 = 2, and those tied with the second.
    found = conclude(guided("enforced", grade="good"), standings(TEN))

    assert found.grades.tolist() == [0, 0, 0, 2, 2, 2, 2, 2, 2, 2]


def test_grade_that_a_cap_took_does_not_use_up_a_place():
    lowest = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]

    found = conclude(guided("enforced"), standings(TEN, lowest=lowest))

    assert found.grades.tolist()[:4] == [1, 1, 0, 0]
    assert found.capped.tolist()[:4] == [True, True, False, False]
    assert not found.by_guideline.any()


def test_newcomers_are_left_out_of_the_guideline():
    present = [True] * 9 + [False]

    found = conclude(guided("enforced"), standings(TEN, present=present))

    assert not found.by_guideline.any()
