from datetime import date
from decimal import Decimal

import pytest

from appraisal.selectors.boards import list_boards
from appraisal.selectors.timeline import NoSuchCycle

TODAY = date(2026, 11, 3)


@pytest.fixture
def months(results):
    cast = results.cast
    results.run("2026-09")
    results.card("2026-09", cast.ana, 70)
    results.run("2026-10")
    results.card("2026-10", cast.ana, 80)
    results.card("2026-10", cast.ben, 50, grade="unqualified")
    results.card("2026-10", cast.bo, 90, team=cast.beta, grade="excellent")
    return results


def read(months, user, cycle=""):
    found = list_boards(user=getattr(months.cast, user), cycle_code=cycle, on=TODAY)
    return [
        (row.team.code, row.depth, row.people, row.score and round(row.score, 2), row.change)
        for row in found.rows
    ]


def test_teams_stand_below_the_one_they_belong_to(months):
    assert read(months, "mona") == [
        ("calls", 0, 3, Decimal("73.33"), 10),
        ("alpha", 1, 2, 65, 10),
        ("beta", 1, 1, 90, None),
    ]


def test_leader_sees_the_own_team_alone(months):
    assert read(months, "sam") == [("alpha", 0, 2, 65, 10)]


def test_grades_are_counted(months):
    found = list_boards(user=months.cast.sam, cycle_code="", on=TODAY)

    assert {grade: count for (_version, grade), count in found.rows[0].grades.items()} == {
        "good": 1,
        "unqualified": 1,
    }


def test_without_a_run_the_teams_stand_there_alone(cast):
    found = list_boards(user=cast.sam, cycle_code="", on=TODAY)

    assert found.timeline is None
    assert [(row.team.code, row.people) for row in found.rows] == [("alpha", 0)]


def test_unknown_cycle_does_not_exist(months):
    with pytest.raises(NoSuchCycle):
        read(months, "sam", "1999-01")
