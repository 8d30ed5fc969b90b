"""The list of people, one person, and what is done with them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import services
from agents.models import Agent, Alias
from tests.factories import add_agent


def agent_of(user):
    assert user.agent is not None
    return user.agent


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("hana", {"Ana", "Ben", "Bo", "Sam", "Omar", "Mona"}),
        ("mona", {"Ana", "Ben", "Bo", "Sam", "Omar", "Mona"}),
        ("sam", {"Ana", "Ben", "Sam"}),
        ("omar", {"Bo", "Omar"}),
    ],
)
def test_list_shows_the_people_one_may_look_at(cast, name, seen):
    answer = cast.client(name).get("/people/")

    assert {agent.name for agent in answer.context["page"]} == seen


@pytest.mark.parametrize("name", ["ana", "quinn", "ada"])
def test_list_does_not_exist_for_those_who_look_at_nobody(cast, name):
    assert cast.client(name).get("/people/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=an", ["Ana"]),
        ("?q=4011", ["Bo"]),
        ("?q=nobody", []),
        ("?presence=gone", []),
        ("?presence=all&q=ben", ["Ben"]),
        ("?team=nonsense&q=ben", ["Ben"]),
        ("?page=99&q=ben", ["Ben"]),
        ("?page=x&q=ben", ["Ben"]),
        ("?position=99999999999999999999&q=ben", ["Ben"]),
    ],
)
def test_list_is_narrowed_by_what_is_asked(cast, query, found):
    services.add_alias(source="phone", value="4011", agent=agent_of(cast.bo))

    answer = cast.client("hana").get(f"/people/{query}")

    assert [agent.name for agent in answer.context["page"]] == found


def test_list_of_a_team_holds_the_teams_below_it(cast):
    answer = cast.client("hana").get(f"/people/?team={cast.calls.pk}")

    assert answer.context["page"].paginator.count == 6


def test_list_says_what_to_do_where_nobody_is_found(cast):
    answer = cast.client("hana").get("/people/?q=nobody")

    assert "Show everybody" in answer.content.decode()


def test_htmx_gets_the_table_without_the_page(cast):
    answer = cast.client("hana").get("/people/?q=ana", headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert text.lstrip().startswith('<section id="people-table"')
    assert "<html" not in text


def test_list_costs_the_same_number_of_queries_for_few_and_for_many(cast):
    client = cast.client("hana")
    client.get("/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/people/")

    for number in range(20):
        add_agent(f"n{number}", team=cast.beta, position=cast.position, shift=cast.early)
    with CaptureQueriesContext(connection) as many:
        client.get("/people/")

    assert len(many) == len(few) <= 14


@pytest.mark.parametrize(
    ("name", "status"), [("hana", 200), ("sam", 200), ("mona", 200), ("omar", 404), ("ana", 404)]
)
def test_person_is_open_to_hr_and_to_those_who_lead_them(cast, name, status):
    page = f"/people/{agent_of(cast.ana).pk}/"

    assert cast.client(name).get(page).status_code == status


def test_person_looks_the_same_forbidden_and_unknown(cast):
    client = cast.client("omar")

    forbidden = client.get(f"/people/{agent_of(cast.ana).pk}/")
    unknown = client.get("/people/999999/")

    assert forbidden.status_code == unknown.status_code == 404
    assert forbidden.content == unknown.content


def test_person_who_moved_away_is_out_of_the_old_leaders_sight_at_once(cast):
    client = cast.client("sam")
    page = f"/people/{agent_of(cast.ana).pk}/"
    assert client.get(page).status_code == 200

    services.move_agent(
        agent=agent_of(cast.ana),
        team=cast.beta,
        position=cast.position,
        shift=None,
        from_day=date(2026, 11, 3),
    )

    assert client.get(page).status_code == 404


WRITING = ["edit", "move", "place", "end", "aliases/new"]


@pytest.mark.parametrize("deed", WRITING)
@pytest.mark.parametrize("name", ["sam", "mona", "ana", "ada"])
def test_only_hr_changes_people(cast, name, deed):
    page = f"/people/{agent_of(cast.ana).pk}/{deed}/"

    assert cast.client(name).get(page).status_code == 404
    assert cast.client(name).post(page, {}).status_code == 404


@pytest.mark.parametrize("deed", WRITING)
def test_empty_form_is_refused_with_words_and_not_with_a_crash(cast, deed):
    page = f"/people/{agent_of(cast.ana).pk}/{deed}/"

    assert cast.client("hana").get(page).status_code == 200
    assert cast.client("hana").post(page, {"x": "1"}).status_code == 422


def hire(cast, **change):
    form = {
        "code": "1009",
        "hired_on": "2026-11-01",
        "name": "Wang Jiahao",
        "name_zh": "王嘉豪",
        "team": cast.alpha.pk,
        "position": cast.position.pk,
    }
    return cast.client("hana").post("/people/new/", form | change)


def test_new_person_is_placed_from_the_first_day(cast):
    hire(cast)

    agent = Agent.objects.get(code="1009")
    placed = agent.assignments.get()
    assert agent.name_zh == "王嘉豪"
    assert (placed.team, placed.starts_on, placed.ends_on) == (cast.alpha, date(2026, 11, 1), None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "ana"}, "Ana has this staff number already."),
        ({"hired_on": "yesterday"}, "Enter a valid date."),
        ({"hired_on": "0026-11-01"}, "Write a day between 1950 and 2100."),
        ({"team": "999"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
        ({"email": "nowhere"}, "Enter a valid email address."),
        ({"code": "x" * 65}, "at most 64 characters"),
    ],
)
def test_new_person_with_something_wrong_is_not_made(cast, change, words):
    answer = hire(cast, **change)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Agent.objects.filter(code="1009").exists()


def test_move_ends_the_old_place_on_the_day(cast):
    ana = agent_of(cast.ana)
    form = {"from_day": "2026-12-01", "team": cast.beta.pk, "position": cast.position.pk}

    cast.client("hana").post(f"/people/{ana.pk}/move/", form)

    held = list(ana.assignments.order_by("starts_on").values_list("team__code", "ends_on"))
    assert held == [("alpha", date(2026, 12, 1)), ("beta", None)]


def test_move_before_anything_held_says_so(cast):
    ana = agent_of(cast.ana)
    form = {"from_day": "2020-01-01", "team": cast.beta.pk, "position": cast.position.pk}

    answer = cast.client("hana").post(f"/people/{ana.pk}/move/", form)

    assert answer.status_code == 422
    assert "Ana has no assignment on 2020-01-01." in answer.content.decode()


def test_overlapping_place_is_refused_with_the_persons_name(cast):
    ana = agent_of(cast.ana)
    form = {"starts_on": "2026-05-01", "team": cast.beta.pk, "position": cast.position.pk}

    answer = cast.client("hana").post(f"/people/{ana.pk}/place/", form)

    assert answer.status_code == 422
    assert "Ana already has an assignment on some of these days." in answer.content.decode()
    assert ana.assignments.count() == 1


def test_place_that_ends_before_it_begins_is_refused(cast):
    ana = agent_of(cast.ana)
    form = {
        "starts_on": "2025-05-01",
        "ends_on": "2025-04-01",
        "team": cast.beta.pk,
        "position": cast.position.pk,
    }

    answer = cast.client("hana").post(f"/people/{ana.pk}/place/", form)

    assert answer.status_code == 422
    assert "Must be after the first day." in answer.content.decode()


def test_person_who_leaves_is_recorded(cast):
    ana = agent_of(cast.ana)

    cast.client("hana").post(f"/people/{ana.pk}/end/", {"from_day": "2026-12-01"})

    ana.refresh_from_db()
    assert ana.left_on == date(2026, 12, 1)
    assert ana.assignments.get().ends_on == date(2026, 12, 1)


def test_correction_changes_how_a_person_is_called(cast):
    ana = agent_of(cast.ana)
    form = {"code": "ana", "name": "Ana Lindt", "name_zh": "安娜", "email": ""}

    cast.client("hana").post(f"/people/{ana.pk}/edit/", form)

    ana.refresh_from_db()
    assert (ana.name, ana.name_zh) == ("Ana Lindt", "安娜")


def test_alias_is_added_and_removed(cast):
    ana = agent_of(cast.ana)
    client = cast.client("hana")

    client.post(f"/people/{ana.pk}/aliases/new/", {"source": "phone", "value": "4011"})
    alias = Alias.objects.get()
    shown = client.get(f"/people/{ana.pk}/").content.decode()
    client.post(f"/people/{ana.pk}/aliases/{alias.pk}/remove/")

    assert "4011" in shown
    assert not Alias.objects.exists()


def test_alias_of_somebody_else_is_refused_with_the_name(cast):
    services.add_alias(source="", value="4011", agent=agent_of(cast.ben))
    page = f"/people/{agent_of(cast.ana).pk}/aliases/new/"

    answer = cast.client("hana").post(page, {"source": "", "value": "4011"})

    assert answer.status_code == 422
    assert "This already stands for Ben." in answer.content.decode()
    assert Alias.objects.get().agent == agent_of(cast.ben)


def test_alias_is_not_removed_by_following_a_link(cast):
    alias = services.add_alias(source="", value="4011", agent=agent_of(cast.ana))
    page = f"/people/{agent_of(cast.ana).pk}/aliases/{alias.pk}/remove/"

    assert cast.client("hana").get(page).status_code == 405
    assert Alias.objects.exists()


def test_nul_in_the_search_is_no_crash(cast):
    assert cast.client("hana").get("/people/?q=%00").status_code in (200, 400)
