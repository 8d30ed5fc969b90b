"""The people of a cycle, by how their scorecards stand."""

import pytest

from appraisal.models import Scorecard
from tests.factories import add_user

ADDRESS = "/cycles/2026-10/people/"


@pytest.fixture
def computed(october, compute):
    compute(october)
    return october


def names_in(answer, cast):
    text = answer.content.decode()
    return [
        name
        for name in ("ana", "ben", "bo")
        if f"/scorecards/{getattr(cast, name).agent_id}/2026-10/" in text
    ]


def test_hr_finds_everybody_and_those_without_a_grade(computed, cast):
    hana = cast.client("hana")
    ana = Scorecard.objects.get(agent=cast.ana.agent)
    Scorecard.objects.filter(pk=ana.pk).update(state="graded", grade="good", provisional=True)

    assert names_in(hana.get(ADDRESS), cast) == ["ana", "ben", "bo"]
    assert names_in(hana.get(ADDRESS, {"standing": "no_grade"}), cast) == ["ben", "bo"]
    assert names_in(hana.get(ADDRESS, {"standing": "provisional"}), cast) == ["ana"]
    assert "Show all scorecards" in hana.get(ADDRESS, {"standing": "final"}).content.decode()


def test_who_leads_sees_the_own_people_alone(computed, cast):
    assert names_in(cast.client("sam").get(ADDRESS), cast) == ["ana", "ben"]


def test_agents_and_strangers_find_nothing(computed, cast):
    add_user("nobody")

    assert cast.client("ana").get(ADDRESS).status_code == 404
    assert cast.client("hana").get(ADDRESS, {"standing": "odd"}).status_code == 404
    assert cast.client("hana").get("/cycles/2026-09/people/").status_code == 404


def test_a_cycle_without_a_run_has_no_people_yet(october, cast):
    assert cast.client("hana").get(ADDRESS).status_code == 404


def test_what_holds_up_a_cycle_leads_to_those_without_a_grade(computed, cast):
    page = cast.client("hana").get("/cycles/2026-10/").content.decode()

    assert f"{ADDRESS}?standing=no_grade" in page


def test_the_list_asks_no_more_for_more_people(computed, cast, django_assert_max_num_queries):
    hana = cast.client("hana")
    hana.get(ADDRESS)

    with django_assert_max_num_queries(9):
        hana.get(ADDRESS)
