from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver, get_resolver

from agents import access, services

TODAY = date(2026, 11, 3)


def seen_by(user, on=TODAY):
    return set(access.people_visible_to(user, on).values_list("code", flat=True))


def test_agent_sees_only_oneself(cast):
    assert seen_by(cast.ana) == {"ana"}


def test_leader_sees_the_team_led(cast):
    assert seen_by(cast.sam) == {"ana", "ben", "sam"}
    assert seen_by(cast.omar) == {"bo", "omar"}


def test_manager_sees_the_subtree(cast):
    assert seen_by(cast.mona) == {"ana", "ben", "sam", "bo", "omar", "mona"}


def test_hr_sees_everybody(cast):
    assert seen_by(cast.hana) == {"ana", "ben", "sam", "bo", "omar", "mona"}


def test_administrator_and_reviewer_see_nobody(cast):
    assert seen_by(cast.ada) == set()
    assert seen_by(cast.quinn) == set()


def test_anonymous_visitor_has_no_role(db):
    assert access.roles_of(AnonymousUser()) == frozenset()


def test_deactivated_user_has_no_role_left(cast):
    cast.hana.is_active = False

    assert access.roles_of(cast.hana) == frozenset()


def test_transfer_moves_sight_on_the_day_itself(cast):
    services.move_agent(
        agent=cast.ben.agent,
        team=cast.beta,
        position=cast.position,
        shift=cast.early,
        from_day=date(2026, 11, 3),
    )

    assert "ben" in seen_by(cast.sam, date(2026, 11, 2))
    assert "ben" not in seen_by(cast.sam, date(2026, 11, 3))
    assert "ben" in seen_by(cast.omar, date(2026, 11, 3))


def test_leading_without_a_leading_role_shows_nobody_else(cast):
    services.appoint_leader(team=cast.beta, leader=cast.ana.agent, starts_on=date(2026, 1, 1))

    assert seen_by(cast.ana) == {"ana"}


def test_every_action_of_the_matrix_names_known_roles(db):
    known = {"agent", *(role for role, _label in services.RoleGrant.Role.choices)}

    assert all(known.issuperset(roles) for roles in access.matrix()["actions"].values())


@pytest.mark.parametrize(
    ("name", "action", "allowed"),
    [
        ("hana", "cycle.compute", True),
        ("hana", "cycle.publish", False),
        ("mona", "cycle.publish", True),
        ("mona", "cycle.compute", False),
        ("ada", "scorecard.read", False),
        ("ada", "users.edit", True),
        ("ana", "scorecard.read", True),
        ("ana", "board.read", False),
        ("sam", "import.read", False),
    ],
)
def test_matrix_decides_by_role(cast, name, action, allowed):
    assert access.allows(getattr(cast, name), action) is allowed


def our_views(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from our_views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            module = getattr(pattern.callback, "__module__", "")
            if module.split(".")[0] in {"agents", "kpi", "appraisal", "feedback"}:
                yield route, pattern.callback


def test_every_page_of_ours_declares_who_may_open_it(db):
    undeclared = [
        route
        for route, view in our_views(get_resolver().url_patterns)
        if not hasattr(view, "access_rule")
    ]

    assert undeclared == []
