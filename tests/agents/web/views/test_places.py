"""Teams and who leads them, positions, shifts."""

from datetime import date

import pytest

from agents.models import Leadership, Position, Shift, Team


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("hana", [("calls", 0), ("alpha", 1), ("beta", 1)]),
        ("mona", [("calls", 0), ("alpha", 1), ("beta", 1)]),
        ("sam", [("alpha", 1)]),
    ],
)
def test_tree_shows_the_teams_one_may_look_at_with_their_depth(cast, name, seen):
    answer = cast.client(name).get("/teams/")

    shown = [(branch.team.code, branch.depth) for branch in answer.context["branches"]]
    assert shown == seen


def test_tree_names_the_leaders_of_today_and_counts_the_people(cast):
    branches = cast.client("hana").get("/teams/").context["branches"]

    alpha = next(branch for branch in branches if branch.team == cast.alpha)
    assert [one.leader.name for one in alpha.leaders] == ["Sam"]
    assert alpha.people == 3


PAGES = ["/teams/", "/positions/", "/shifts/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("name", "status"), [("hana", 200), ("sam", 200), ("ana", 404), ("ada", 404)]
)
def test_places_are_open_to_those_who_look_at_people(cast, name, status, page):
    assert cast.client(name).get(page).status_code == status


@pytest.mark.parametrize("page", [f"{page}new/" for page in PAGES])
@pytest.mark.parametrize("name", ["sam", "mona", "ana", "ada"])
def test_only_hr_adds_places(cast, name, page):
    assert cast.client(name).get(page).status_code == 404


def test_new_team_belongs_below_another(cast):
    form = {"name_en": "Gamma", "name_zh": "丙组", "code": "gamma", "parent": cast.calls.pk}

    cast.client("hana").post("/teams/new/", form)

    team = Team.objects.get(code="gamma")
    assert (team.parent, team.name_zh) == (cast.calls, "丙组")


def test_code_that_is_taken_is_refused(cast):
    answer = cast.client("hana").post("/teams/new/", {"name_en": "Alpha two", "code": "alpha"})

    assert answer.status_code == 422
    assert Team.objects.count() == 3


def test_position_and_shift_are_added(cast):
    client = cast.client("hana")

    client.post("/positions/new/", {"name_en": "Chat agent", "code": "chat-agent"})
    client.post(
        "/shifts/new/",
        {"name_en": "Late", "code": "late", "starts_at": "14:00", "ends_at": "22:00"},
    )

    assert Position.objects.filter(code="chat-agent").exists()
    assert Shift.objects.get(code="late").ends_at.hour == 22
    assert "14:00–22:00" in client.get("/shifts/").content.decode()


def test_leader_is_appointed_from_a_day(cast):
    form = {"leader": cast.ana.agent_id, "starts_on": "2026-12-01"}

    cast.client("hana").post(f"/teams/{cast.beta.pk}/leaders/new/", form)

    leadership = Leadership.objects.get(leader=cast.ana.agent)
    assert (leadership.team, leadership.starts_on) == (cast.beta, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"starts_on": "2026-05-01"}, "Sam already leads Alpha on some of these days."),
        ({"starts_on": "2026-05-01", "ends_on": "2026-04-01"}, "Must be after the first day."),
    ],
)
def test_leader_with_days_that_cannot_be_is_refused(cast, days, words):
    form = {"leader": cast.sam.agent_id, **days}

    answer = cast.client("hana").post(f"/teams/{cast.alpha.pk}/leaders/new/", form)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_leadership_ends_and_with_it_the_sight_of_the_team(cast):
    leadership = Leadership.objects.get(leader=cast.sam.agent)
    sam = cast.client("sam")

    cast.client("hana").post(f"/leaderships/{leadership.pk}/end/", {"from_day": "2026-11-03"})

    assert sam.get(f"/people/{cast.ana.agent_id}/").status_code == 404


def test_leadership_cannot_end_before_it_began(cast):
    leadership = Leadership.objects.get(leader=cast.sam.agent)

    answer = cast.client("hana").post(
        f"/leaderships/{leadership.pk}/end/", {"from_day": "2025-12-01"}
    )

    assert answer.status_code == 422
    assert "It began on 2026-01-01." in answer.content.decode()


def test_tree_says_what_it_means_to_lead_no_team_now(cast):
    Leadership.objects.filter(leader=cast.sam.agent).delete()

    assert "You lead no team now" in cast.client("sam").get("/teams/").content.decode()


@pytest.mark.parametrize("kind", ["teams", "positions", "shifts"])
def test_hr_renames_places_and_their_codes_stay(cast, kind):
    place = {"teams": cast.alpha, "positions": cast.position, "shifts": cast.early}[kind]
    code = place.code
    sent = {"name_en": "Renamed", "name_zh": "新名", "code": "other", "parent": ""}

    shown = cast.client("hana").get(f"/{kind}/{place.pk}/rename/").content.decode()
    hidden = cast.client("sam").post(f"/{kind}/{place.pk}/rename/", sent)
    faulty = cast.client("hana").post(f"/{kind}/{place.pk}/rename/", sent | {"name_en": " "})
    answer = cast.client("hana").post(f"/{kind}/{place.pk}/rename/", sent, follow=True)

    assert 'name="code"' not in shown
    assert (hidden.status_code, faulty.status_code) == (404, 422)
    assert "Renamed is renamed." in answer.content.decode()
    assert f'href="/{kind}/{place.pk}/rename/"' in answer.content.decode()
    place.refresh_from_db()
    assert (place.name_en, place.name_zh, place.code) == ("Renamed", "新名", code)
