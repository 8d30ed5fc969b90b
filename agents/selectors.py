"""Reads of people and teams that several places need."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from agents.access import holding
from agents.models import Agent, Assignment, Organisation, Team
from agents.periods import Period


@dataclass(frozen=True)
class Stay:
    """Where an agent stood for most of a period, and on how many of its days at all."""

    agent_id: int
    team_id: int
    position_id: int
    shift_id: int | None
    days_present: int


def get_organisation() -> Organisation | None:
    """The organisation, once it is set up."""
    return Organisation.objects.first()


def codes_of(by: str, ids: list[int]) -> dict[int, str]:
    """The codes of agents or teams by id; of other groups nothing. Queries: at most 1."""
    if by == "agent":
        return dict(Agent.objects.filter(pk__in=ids).values_list("pk", "code"))
    if by == "team":
        return dict(Team.objects.filter(pk__in=ids).values_list("pk", "code"))
    return {0: "centre"} if by == "centre" else {}


def list_assignments_in(period: Period) -> QuerySet[Assignment]:
    """The assignments that touch a period."""
    reaches = Q(ends_on__isnull=True) | Q(ends_on__gt=period.starts_on)
    return Assignment.objects.filter(reaches, starts_on__lt=period.ends_on)


def list_members(team_ids: set[int], on: date) -> QuerySet[Agent]:
    """The agents assigned to these teams on a day."""
    placed = Assignment.objects.filter(holding(on), team_id__in=team_ids)
    return Agent.objects.filter(pk__in=placed.values("agent_id"))


def stays_in(period: Period) -> dict[int, Stay]:
    """Where everybody stood in a period: the place held on most of its days, the later if equal.

    Team, position and shift are decided each on its own days, so that somebody who changed team
    twice but never position is not split. Queries: 1.
    """
    parts: defaultdict[int, list[tuple[Assignment, int]]] = defaultdict(list)
    for placed in list_assignments_in(period).order_by("starts_on", "pk"):
        starts_on = max(placed.starts_on, period.starts_on)
        ends_on = min(placed.ends_on or period.ends_on, period.ends_on)
        parts[placed.agent_id].append((placed, (ends_on - starts_on).days))
    return {agent_id: _stay(agent_id, held) for agent_id, held in parts.items()}


def _stay(agent_id: int, held: list[tuple[Assignment, int]]) -> Stay:
    def longest(field: str) -> int | None:
        days: defaultdict[int | None, int] = defaultdict(int)
        latest: dict[int | None, int] = {}
        for order, (placed, length) in enumerate(held):
            days[getattr(placed, field)] += length
            latest[getattr(placed, field)] = order
        return max(days, key=lambda value: (days[value], latest[value]))

    return Stay(
        agent_id=agent_id,
        team_id=longest("team_id") or 0,
        position_id=longest("position_id") or 0,
        shift_id=longest("shift_id"),
        days_present=sum(length for _, length in held),
    )
