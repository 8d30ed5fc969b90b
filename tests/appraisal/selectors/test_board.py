from datetime import date
from decimal import Decimal

import pytest

from agents import access
from appraisal.selectors.board import NoSuchBoard, get_board, score_of
from tests.factories import add_agent, add_user

TODAY = date(2026, 11, 3)


@pytest.fixture
def months(results):
    """Ana 70 and 80, Ben 60 and 50, both in Alpha; Bo in Beta only in October."""
    cast = results.cast
    results.run("2026-09", published=True)
    results.line(results.card("2026-09", cast.ana, 70), "calls", 40, 35)
    results.line(results.card("2026-09", cast.ben, 60), "calls", 41, 36)
    results.publish("2026-09")
    results.run("2026-10")
    results.line(results.card("2026-10", cast.ana, 80), "calls", "44.5", 40)
    results.line(results.card("2026-10", cast.ben, 50, grade="unqualified"), "calls", 20, 18)
    results.card("2026-10", cast.bo, 90, team=cast.beta)
    return results


def read(months, user, team="alpha", cycle=""):
    return get_board(user=getattr(months.cast, user), team_code=team, cycle_code=cycle, on=TODAY)


def test_board_shows_the_newest_cycle_and_what_came_before(months):
    board = read(months, "sam")

    assert board.cycle.code == "2026-10"
    assert board.published_at is None
    assert [(card.name, card.totals) for card in board.cards] == [
        ("Ana", [70, 80]),
        ("Ben", [60, 50]),
    ]
    assert board.cards[0].lines["calls"].value == Decimal("44.5")
    assert board.cards[0].lines["calls"].before == 40
    assert board.cards[0].change == 10


def test_lines_know_their_kpi(months):
    kpi = read(months, "sam").cards[0].lines["calls"].kpi

    assert (kpi.unit, kpi.direction, kpi.scope) == ("number", "higher", "agent")


def test_department_holds_its_teams(months):
    board = read(months, "mona", "calls")

    assert [card.name for card in board.cards] == ["Ana", "Ben", "Bo"]
    assert [team.code for team in board.teams] == ["alpha", "beta", "calls"]


@pytest.mark.parametrize(
    ("user", "team"), [("sam", "beta"), ("omar", "alpha"), ("sam", "calls"), ("ana", "alpha")]
)
def test_board_of_others_does_not_exist(months, user, team):
    with pytest.raises(NoSuchBoard):
        read(months, user, team)


def test_unknown_cycle_does_not_exist(months):
    with pytest.raises(NoSuchBoard):
        read(months, "sam", cycle="2027-01")


def test_own_draft_is_not_on_the_board_of_who_leads(months):
    months.card("2026-10", months.cast.sam, 99)

    assert [card.name for card in read(months, "sam").cards] == ["Ana", "Ben"]
    assert len(read(months, "hana").cards) == 3


def test_total_without_enough_cover_is_no_total(months):
    months.run("2026-11")
    months.card("2026-11", months.cast.ana, 30, state="no_grade", grade="", covered=50)

    (card,) = read(months, "sam").cards

    assert card.totals == [70, 80, None]
    assert card.total == 30


def test_score_is_the_mean_and_its_change_that_of_the_same_people(months):
    months.card("2026-10", months.cast.sam, 65)

    score = score_of(read(months, "hana").cards)

    # October: (80 + 50 + 65) / 3; Ana and Ben: 65 after 65.
    assert score.score == 65
    assert score.people == 3
    assert (score.before, score.change, score.same) == (65, 0, 2)
    assert score.history == [65, 65]


def test_score_of_nobody_is_no_score():
    score = score_of([])

    assert (score.score, score.change, score.history) == (None, None, [])


def test_queries_do_not_grow_with_people(months, django_assert_num_queries):
    access.roles_of(months.cast.sam)

    with django_assert_num_queries(7):
        read(months, "sam")
    for number in range(5):
        agent = add_agent(f"new{number}", team=months.cast.alpha, position=months.cast.position)
        months.card("2026-10", add_user(f"new{number}", agent=agent), 60 + number)

    with django_assert_num_queries(7):
        board = read(months, "sam")
    with django_assert_num_queries(5):
        read(months, "sam")

    assert len(board.cards) == 7


def test_nobody_sees_the_own_rank_on_a_board(months):
    cast = months.cast
    months.run("2026-11", published=True)
    months.card("2026-11", cast.sam, 65, rank=2, ranked_among=3)
    months.publish("2026-11")

    (own,) = read(months, "sam").cards
    (same,) = read(months, "hana").cards

    assert (own.name, own.total, own.rank) == ("Sam", 65, None)
    assert same.rank == 2


def test_earlier_totals_of_another_team_stay_with_its_leader(months):
    """Bo was in Alpha in November: Omar sees that month of Bo no more than before."""
    months.run("2026-11")
    months.card("2026-11", months.cast.bo, 33)
    months.run("2026-12")
    months.card("2026-12", months.cast.bo, 91, team=months.cast.beta)

    (omar,) = read(months, "omar", "beta").cards
    (mona,) = read(months, "mona", "beta").cards

    assert omar.totals == [None, 90, None, 91]
    assert mona.totals == [None, 90, 33, 91]
