import polars as pl
import pytest

from feedback.demo.cast import read_cast
from feedback.demo.facts.branches import draw_branches
from feedback.demo.facts.month import Month

TEAMS = frozenset({"floor", "hotline", "shop", "key-accounts", "estate"})


@pytest.fixture
def month(timeline):
    cast = read_cast(timeline, teams=TEAMS, agents=None)
    return Month(timeline.month(-1), timeline, cast.people, volume=0.3)


@pytest.fixture
def frames(month):
    return dict(draw_branches(month))


def positions(frame):
    return set(frame["position"].drop_nulls().unique())


def test_each_branch_answers_its_own_contacts(frames):
    taken = frames["contacts"].filter(pl.col("answered"))

    pairs = set(taken.select("team", "position").unique().iter_rows())
    assert pairs == {
        ("hotline", "telephone_agent"),
        ("hotline", "shift_leader"),
        ("shop", "ecommerce_agent"),
        ("key-accounts", "enterprise_agent"),
        ("estate", "property_agent"),
    }


def test_external_ids_of_a_branch_are_unique(frames):
    for kind, frame in frames.items():
        assert frame["external_id"].n_unique() == frame.height > 0, kind


def test_telephone_agents_are_reviewed_on_two_forms(frames):
    reviews = frames["reviews"].filter(pl.col("position") == "telephone_agent")

    assert set(reviews["form"]) == {"service", "case"}


def test_complaints_alone_are_upheld_and_only_what_is_solved_is_scored(frames):
    tickets = frames["tickets"]

    judged = tickets.filter(pl.col("upheld").is_not_null())
    assert set(judged["kind"]) == {"complaint"}
    assert tickets.filter(~pl.col("solved"))["outcome_score"].null_count() == (
        tickets.filter(~pl.col("solved")).height
    )
    assert positions(tickets) == {"ecommerce_agent", "enterprise_agent", "property_agent"}


def test_key_accounts_answer_now_and_then_on_four_levels(frames):
    four = frames["surveys"].filter(pl.col("scale") == "1-4")

    assert positions(four) == {"enterprise_agent"}
    assert set(four["score"].unique()) <= {1, 2, 3, 4}


def test_centre_without_branches_draws_nothing(month_of):
    assert dict(draw_branches(month_of(-1))) == {}
