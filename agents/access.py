"""Who may do what, and who may see whom. Forbidden and unknown look the same: 404."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from agents.models import Agent, Assignment, Leadership, Team, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@cache
def matrix() -> dict[str, Any]:
    """The rights as written in ``matrix.yaml``."""
    text = (Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))


def roles_of(user: User) -> frozenset[str]:
    """The roles a user holds now; everybody with a person behind the log-in is also an agent.

    Queries: 1 for each user object; kept on it, so a change holds from the next request on.
    """
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    held: frozenset[str] | None = getattr(user, "_roles", None)
    if held is None:
        granted = set(user.role_grants.values_list("role", flat=True))
        held = frozenset(granted | ({"agent"} if user.agent_id else set()))
        user._roles = held  # type: ignore[attr-defined]  # one question a request
    return held


def allows(user: User, action: str) -> bool:
    """Whether one of the user's roles may do this.

    Raises:
        KeyError: the matrix names no such action.
    """
    return not roles_of(user).isdisjoint(matrix()["actions"][action])


def conflicting_roles(roles: Iterable[str]) -> list[list[str]]:
    """The pairs among these roles that one person may not hold together."""
    held = set(roles)
    return [pair for pair in matrix()["conflicts"] if held.issuperset(pair)]


def requires(action: str) -> Callable[[View], View]:
    """Let a view be served only to those who may do this; to others it does not exist.

    The rule is kept on the view, so that a test can find views without one.
    """
    matrix()["actions"][action]

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not allows(cast("User", request.user), action):
                raise Http404
            return view(request, *args, **kwargs)

        served = login_required(guarded)
        served.access_rule = action  # type: ignore[attr-defined]
        return cast("View", served)

    return declare


def open_to_all(view: View) -> View:
    """Mark a view that anybody may open, logged in or not."""
    view.access_rule = "open"  # type: ignore[attr-defined]
    return view


def subtree(team_ids: Iterable[int]) -> set[int]:
    """These teams and everything below them. Queries: 1."""
    return subtree_among(team_ids, Team.objects.values_list("id", "parent_id"))


def subtree_among(team_ids: Iterable[int], parents: Iterable[tuple[int, int | None]]) -> set[int]:
    """These teams and everything below them, among teams given with their parents."""
    below: defaultdict[int | None, list[int]] = defaultdict(list)
    for team_id, parent_id in parents:
        below[parent_id].append(team_id)
    found: set[int] = set()
    waiting = list(team_ids)
    while waiting:
        team_id = waiting.pop()
        if team_id not in found:
            found.add(team_id)
            waiting.extend(below[team_id])
    return found


def holding(on: date) -> Q:
    """Dated rows that hold on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))


def reach_of(user: User) -> str:
    """How far a user sees: "all", "led" (the teams led), or "self"."""
    reaches = {matrix()["reach"].get(role, "self") for role in roles_of(user)}
    return next((reach for reach in ("all", "led") if reach in reaches), "self")


def teams_led_by(user: User, on: date) -> set[int]:
    """The teams, subtrees included, that a user leads on a day. Queries: at most 2."""
    led = _teams_led_directly(user, on)
    return subtree(led) if led else set()


def _teams_led_directly(user: User, on: date) -> list[int]:
    if not user.agent_id or reach_of(user) == "self":
        return []
    leaderships = Leadership.objects.filter(holding(on), leader_id=user.agent_id)
    return list(leaderships.values_list("team_id", flat=True))


def teams_visible_to(user: User, on: date) -> QuerySet[Team]:
    """The teams whose boards a user may open: all, or those led on the day."""
    if reach_of(user) == "all":
        return Team.objects.all()
    return Team.objects.filter(pk__in=teams_led_by(user, on))


def list_teams_visible_to(user: User, on: date) -> list[Team]:
    """Those teams themselves, by code. Queries: at most 2."""
    teams = list(Team.objects.order_by("code"))
    if reach_of(user) == "all":
        return teams
    led = _teams_led_directly(user, on)
    visible = subtree_among(led, ((one.pk, one.parent_id) for one in teams))
    return [one for one in teams if one.pk in visible]


def people_visible_to(user: User, on: date) -> QuerySet[Agent]:
    """The people a user may look at on a day: oneself, those in the teams led, or everybody.

    Rights follow the assignments at the moment of asking: who moved away is out of sight on the
    next request, and who arrived is in it.
    """
    if reach_of(user) == "all":
        return Agent.objects.all()
    own = Q(pk=user.agent_id) if user.agent_id else Q(pk__in=[])
    led = teams_led_by(user, on)
    if not led:
        return Agent.objects.filter(own)
    members = Assignment.objects.filter(holding(on), team__in=led).values("agent_id")
    return Agent.objects.filter(own | Q(pk__in=members))
