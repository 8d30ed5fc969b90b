from datetime import date

import pytest

from feedback.demo.cast import Cast, read_cast
from feedback.demo.timeline import Timeline

YEAR = Timeline(date(2026, 11, 21), 14)


@pytest.fixture
def cast() -> Cast:
    return read_cast(YEAR, teams=None, agents=None)


def test_log_ins_and_staff_numbers_are_unique(cast):
    logins = [person.login for person in cast.people] + [one["login"] for one in cast.others]
    codes = [person.code for person in cast.people]

    assert len(set(logins)) == len(logins)
    assert len(set(codes)) == len(codes)


def test_every_role_has_a_log_in(cast):
    roles = {person.role for person in cast.people} | {one["role"] for one in cast.others}

    assert roles == {
        "agent", "team_leader", "supervisor", "reviewer", "hr", "manager", "assessor",
        "administrator",
    }  # fmt: skip


def test_places_of_a_person_follow_each_other_without_a_gap(cast):
    for person in cast.people:
        ends = [place.ends_on for place in person.places]
        starts = [place.starts_on for place in person.places]
        assert starts[0] == person.hired_on
        assert starts[1:] == ends[:-1]
        assert ends[-1] == person.left_on


def test_places_name_what_the_document_has(cast):
    teams = {team["code"] for team in cast.teams}
    positions = {position["code"] for position in cast.positions}
    shifts = {shift["code"] for shift in cast.shifts}

    for person in cast.people:
        for place in person.places:
            assert place.team in teams
            assert place.position in positions
            assert place.shift in shifts
        assert {lead.team for lead in person.leads} <= teams


@pytest.mark.parametrize(
    ("day", "leader"),
    [(date(2026, 5, 31), "lead.mendoza"), (date(2026, 6, 1), "lead.zhao")],
)
def test_phone_b_changes_its_leader_in_mid_year(cast, day, leader):
    leaders = [
        person.login
        for person in cast.people
        for lead in person.leads
        if lead.team == "phone-b"
        and lead.starts_on <= day
        and (lead.ends_on is None or day < lead.ends_on)
    ]

    assert leaders == [leader]


def test_small_cast_keeps_the_staff_and_an_even_share_of_agents():
    timeline = Timeline(date(2026, 11, 21), 3)

    cast = read_cast(timeline, teams=frozenset({"phone-a", "after-sales"}), agents=8)

    agents = [person.places[-1].team for person in cast.people if "pace" in person.traits]
    specialists = [person for person in cast.people if "solved" in person.traits]
    assert agents == ["phone-a"] * 4
    assert len(specialists) == 4
    assert {"manager", "supervisor", "hr", "reviewer"} <= {person.role for person in cast.people}


def test_who_left_before_the_story_is_not_in_it():
    timeline = Timeline(date(2026, 11, 21), 3)

    cast = read_cast(timeline, teams=None, agents=None)

    assert "agent.park" not in {person.login for person in cast.people}
