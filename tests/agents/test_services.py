from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agents import access, services
from agents.models import Agent, Assignment, Leadership, Organisation, RoleGrant
from tests.factories import NOW


def test_first_set_up_makes_the_organisation_and_its_hr_user(db):
    user = services.set_up_organisation(
        name="Harbour",
        zone="Asia/Shanghai",
        language="en",
        username="hana",
        email="hana@example.org",
        password="a long harbour wall",
        now=NOW,
    )

    assert Organisation.objects.get().zone == "Asia/Shanghai"
    assert access.roles_of(user) == {"hr"}
    assert user.check_password("a long harbour wall")


def test_second_set_up_is_refused(cast):
    with pytest.raises(services.AlreadySetUp):
        services.set_up_organisation(
            name="Other",
            zone="UTC",
            language="en",
            username="x",
            email="",
            password="a long harbour wall",
            now=NOW,
        )

    assert Organisation.objects.get().name == "Harbour"


def test_weak_password_leaves_nothing_behind(db):
    with pytest.raises(ValidationError):
        services.set_up_organisation(
            name="Harbour",
            zone="UTC",
            language="en",
            username="hana",
            email="",
            password="short",
            now=NOW,
        )

    assert not Organisation.objects.exists()


def test_overlapping_assignment_is_refused_by_name(cast):
    with pytest.raises(services.Overlap, match="Ana"):
        services.place_agent(
            agent=cast.ana.agent,
            team=cast.beta,
            position=cast.position,
            shift=None,
            starts_on=date(2026, 5, 1),
            ends_on=date(2026, 6, 1),
        )


def test_database_itself_refuses_an_overlap(cast):
    with pytest.raises(IntegrityError, match="assignment_no_overlap"), transaction.atomic():
        Assignment.objects.create(
            agent=cast.ana.agent,
            team=cast.beta,
            position=cast.position,
            starts_on=date(2026, 5, 1),
            ends_on=date(2026, 5, 2),
        )


def test_assignments_may_touch(cast):
    services.end_agent(agent=cast.ana.agent, from_day=date(2026, 5, 1))

    placed = services.place_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=None,
        starts_on=date(2026, 5, 1),
    )

    assert placed.team == cast.beta


def test_move_splits_what_held(cast):
    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=cast.early,
        from_day=date(2026, 5, 1),
    )

    spans = cast.ana.agent.assignments.order_by("starts_on").values_list(
        "team__code", "starts_on", "ends_on"
    )
    assert list(spans) == [
        ("alpha", date(2026, 1, 1), date(2026, 5, 1)),
        ("beta", date(2026, 5, 1), None),
    ]


def test_move_on_the_first_day_replaces(cast):
    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=cast.early,
        from_day=date(2026, 1, 1),
    )

    assert [placed.team for placed in cast.ana.agent.assignments.all()] == [cast.beta]


def test_nothing_to_move_before_joining(cast):
    with pytest.raises(services.NotAssigned):
        services.move_agent(
            agent=cast.ana.agent,
            team=cast.beta,
            position=cast.position,
            shift=None,
            from_day=date(2025, 1, 1),
        )


def test_leaving_ends_assignment_and_leadership(cast):
    agent = services.end_agent(agent=cast.sam.agent, from_day=date(2026, 7, 1))

    assert agent.left_on == date(2026, 7, 1)
    assert agent.assignments.get().ends_on == date(2026, 7, 1)
    assert Leadership.objects.get(leader=agent).ends_on == date(2026, 7, 1)


def test_nobody_changes_their_own_roles(cast):
    with pytest.raises(services.RoleRefused):
        services.set_roles(user=cast.ada, roles=["hr"], granted_by=cast.ada, now=NOW)

    assert set(cast.ada.role_grants.values_list("role", flat=True)) == {"administrator"}


def test_roles_that_exclude_each_other_are_refused(cast):
    with pytest.raises(services.RoleRefused, match="HR"):
        services.set_roles(user=cast.hana, roles=["hr", "manager"], granted_by=cast.ada, now=NOW)


def test_roles_are_replaced_as_a_whole(cast):
    services.set_roles(user=cast.sam, roles=["team_leader"], granted_by=cast.ada, now=NOW)

    grant = RoleGrant.objects.get(user=cast.sam)
    assert (grant.role, grant.granted_by) == ("team_leader", cast.ada)


def test_alias_is_moved_not_doubled(cast):
    services.add_alias(source="phone", value="4711", agent=cast.ana.agent)
    services.add_alias(source="phone", value="4711", agent=cast.ben.agent)

    assert Agent.objects.get(aliases__value="4711") == cast.ben.agent


def test_who_comes_back_has_not_left(cast):
    services.end_agent(agent=cast.ana.agent, from_day=date(2026, 5, 1))
    services.place_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=None,
        starts_on=date(2026, 9, 1),
    )

    cast.ana.agent.refresh_from_db()
    assert cast.ana.agent.left_on is None
