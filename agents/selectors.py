"""Reads of people and teams that several places need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet

from agents import access
from agents.access import holding
from agents.models import (
    Agent,
    Alias,
    Assignment,
    Leadership,
    Organisation,
    Position,
    RoleGrant,
    Shift,
    Team,
    User,
)
from agents.periods import Period

_Id = TypeVar("_Id", int, int | None)


@dataclass(frozen=True)
class Stay:
    """Where an agent stood for most of a period, and on how many of its days at all.

    ``shifts`` gives the days in each shift while in that position, 0 for none.
    """

    agent_id: int
    team_id: int
    position_id: int
    shift_id: int | None
    days_present: int
    shifts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Tenure:
    """The days of a period on which an agent held one position, and the place there.

    Team and shift are those of most of these days; ``spans`` are half-open and in order.
    """

    position_id: int
    team_id: int
    shift_id: int | None
    shifts: tuple[tuple[int, int], ...]
    spans: tuple[tuple[date, date], ...]

    @property
    def days(self) -> int:
        """How many days they are."""
        return sum((end - start).days for start, end in self.spans)


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


def list_assignments_on(day: date) -> QuerySet[Assignment]:
    """The assignments that hold on a day."""
    return Assignment.objects.filter(holding(day))


def list_members(team_ids: set[int], on: date) -> QuerySet[Agent]:
    """The agents assigned to these teams on a day."""
    placed = Assignment.objects.filter(holding(on), team_id__in=team_ids)
    return Agent.objects.filter(pk__in=placed.values("agent_id"))


def stays_in(period: Period) -> dict[int, Stay]:
    """Where everybody stood in a period: the place held on most of its days, the later if equal.

    Team, position and shift are decided each on its own days, so that somebody who changed team
    twice but never position is not split. Queries: 1.
    """
    return {agent_id: _stay(agent_id, held) for agent_id, held in _held_in(period).items()}


def tenures_in(period: Period) -> dict[int, list[Tenure]]:
    """The positions that everybody held in a period who held more than one. Queries: 1."""
    return {
        agent_id: _tenures(held)
        for agent_id, held in _held_in(period).items()
        if len({one.position_id for one in held}) > 1
    }


class _Held(NamedTuple):
    """A place that was held, and on which days of a period."""

    team_id: int
    position_id: int
    shift_id: int | None
    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days


def _held_in(period: Period) -> dict[int, list[_Held]]:
    """The places of everybody in a period, in their order."""
    held: defaultdict[int, list[_Held]] = defaultdict(list)
    placed = list_assignments_in(period).order_by("starts_on", "pk")
    names = ("agent_id", "team_id", "position_id", "shift_id", "starts_on", "ends_on")
    for agent_id, team_id, position_id, shift_id, starts_on, ends_on in placed.values_list(*names):
        since = max(starts_on, period.starts_on)
        until = min(ends_on or period.ends_on, period.ends_on)
        held[agent_id].append(_Held(team_id, position_id, shift_id, since, until))
    return held


def _stay(agent_id: int, held: list[_Held]) -> Stay:
    position_id = _longest([(one.position_id, one.days) for one in held])
    return Stay(
        agent_id=agent_id,
        team_id=_longest([(one.team_id, one.days) for one in held]),
        position_id=position_id,
        shift_id=_longest([(one.shift_id, one.days) for one in held]),
        days_present=sum(one.days for one in held),
        shifts=_by_shift(one for one in held if one.position_id == position_id),
    )


def _tenures(held: list[_Held]) -> list[Tenure]:
    found = []
    for position_id in dict.fromkeys(one.position_id for one in held):
        there = [one for one in held if one.position_id == position_id]
        found.append(
            Tenure(
                position_id=position_id,
                team_id=_longest([(one.team_id, one.days) for one in there]),
                shift_id=_longest([(one.shift_id, one.days) for one in there]),
                shifts=_by_shift(there),
                spans=tuple(_joined([(one.starts_on, one.ends_on) for one in there])),
            )
        )
    return found


def _by_shift(held: Iterable[_Held]) -> tuple[tuple[int, int], ...]:
    """The days in each shift, 0 for none."""
    shifts: defaultdict[int, int] = defaultdict(int)
    for one in held:
        shifts[one.shift_id or 0] += one.days
    return tuple(sorted(shifts.items()))


def _longest(held: list[tuple[_Id, int]]) -> _Id:
    """What was held on most days, the later if equal; of one there is nothing to decide."""
    if len(held) == 1:
        return held[0][0]
    days: defaultdict[_Id, int] = defaultdict(int)
    latest: dict[_Id, int] = {}
    for order, (value, length) in enumerate(held):
        days[value] += length
        latest[value] = order
    return max(days, key=lambda value: (days[value], latest[value]))


def led_in(period: Period) -> list[tuple[int, int, date, date]]:
    """Who led which teams on which days of a period, subtrees included.

    Returns:
        Leader, team, first day, day after the last, in order. Spans of one leader and team
        neither overlap nor touch.
    Queries: 2.
    """
    parents = list(Team.objects.values_list("id", "parent_id"))
    reaches = Q(ends_on__isnull=True) | Q(ends_on__gt=period.starts_on)
    spans: defaultdict[tuple[int, int], list[tuple[date, date]]] = defaultdict(list)
    for one in Leadership.objects.filter(reaches, starts_on__lt=period.ends_on):
        days = (
            max(one.starts_on, period.starts_on),
            min(one.ends_on or period.ends_on, period.ends_on),
        )
        for team_id in access.subtree_among([one.team_id], parents):
            spans[one.leader_id, team_id].append(days)
    return sorted(
        (leader, team, *days) for (leader, team), held in spans.items() for days in _joined(held)
    )


def _joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans that overlap or touch as one."""
    joined: list[tuple[date, date]] = []
    for starts_on, ends_on in sorted(spans):
        if joined and starts_on <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends_on, joined[-1][1])
        else:
            joined.append((starts_on, ends_on))
    return joined


def list_people(
    *,
    user: User,
    on: date,
    text: str = "",
    team: Team | None = None,
    position: Position | None = None,
    shift: Shift | None = None,
    presence: str = "here",
) -> QuerySet[Agent]:
    """The people a user may look at, by name.

    Args:
        text: part of a name, a staff number, an e-mail or an alias.
        team: this team and everything below it.
        presence: ``here`` has an assignment on the day, ``gone`` has none any more, ``all``.
    """
    people = access.people_visible_to(user, on)
    places = Q()
    if team is not None:
        places &= Q(team__in=access.subtree([team.pk]))
    if position is not None:
        places &= Q(position=position)
    if shift is not None:
        places &= Q(shift=shift)
    if presence == "here" or places:
        held = Assignment.objects.filter(places if presence == "all" else places & holding(on))
        people = people.filter(pk__in=held.values("agent_id"))
    if presence == "gone":
        people = people.exclude(pk__in=Assignment.objects.filter(holding(on)).values("agent_id"))
    if text:
        people = people.filter(_is_called(text))
    placed = Assignment.objects.filter(holding(on)).select_related("team", "position", "shift")
    held_today = Prefetch("assignments", queryset=placed, to_attr="held_today")
    return people.prefetch_related(held_today).order_by("name", "pk")


def _is_called(text: str) -> Q:
    named = Q(name__icontains=text) | Q(name_zh__icontains=text) | Q(code__icontains=text)
    aliases = Alias.objects.filter(value__icontains=text).values("agent_id")
    return named | Q(email__icontains=text) | Q(pk__in=aliases)


@dataclass(frozen=True)
class Branch:
    """A team in the tree: how deep it lies, who leads it on a day, how many people it has."""

    team: Team
    depth: int
    leaders: list[Leadership]
    people: int


def team_tree(on: date) -> list[Branch]:
    """All teams, each after the one it belongs to. Queries: 3."""
    below: defaultdict[int | None, list[Team]] = defaultdict(list)
    for team in Team.objects.order_by("name_en", "pk"):
        below[team.parent_id].append(team)
    leaders: defaultdict[int, list[Leadership]] = defaultdict(list)
    leading = Leadership.objects.filter(holding(on)).select_related("leader")
    for leadership in leading.order_by("starts_on", "pk"):
        leaders[leadership.team_id].append(leadership)
    placed = Assignment.objects.filter(holding(on)).values_list("team_id")
    people = dict(placed.annotate(people=Count("pk")))

    def branches(parent: int | None, depth: int) -> Iterator[Branch]:
        for team in below[parent]:
            yield Branch(team, depth, leaders[team.pk], people.get(team.pk, 0))
            yield from branches(team.pk, depth + 1)

    return list(branches(None, 0))


def may_edit_users(user: User) -> bool:
    """Whether a user may make log-ins and give roles.

    The administrator may. As long as there is none, HR may, or else nobody could ever.
    """
    if access.allows(user, "users.edit"):
        return True
    administrators = RoleGrant.objects.filter(
        role=RoleGrant.Role.ADMINISTRATOR, user__is_active=True
    )
    return access.allows(user, "people.edit") and not administrators.exists()
