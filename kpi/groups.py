"""Which rows form a group: the keys of a grouped query, and whose rows are one's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, TruncMonth, TruncWeek

from agents.periods import Period
from kpi.places import ALL_SHIFTS, NO_SHIFT, Led, Places
from kpi.tables import Table

By = Literal["agent", "team", "centre", "day", "month"]

_IDS = ArrayField(BigIntegerField())
_ID = BigIntegerField()


class Unnest(Func):
    """One row for each entry of an array; none for an empty or missing one."""

    function = "unnest"
    set_returning = True
    output_field = _ID


def group_keys(table: Table, *, by: By, places: Places, period: Period) -> dict[str, Any]:
    """The columns that rows are grouped by; none where all rows form one group."""
    keys: dict[str, Any] = {}
    if (whose := _whose(table, by, places, period)) is not None:
        keys["group_key"] = whose
    elif table.grain:
        keys["group_key"] = Value(0)
    if table.grain:
        keys["part_key"] = _part(table.column, table.grain)
    if table.by_shift:
        keys["shift_key"] = _shift(places)
    return keys


def of_position(positions: Mapping[int, int], stamped_only: Collection[int] = ()) -> Q:
    """Facts stamped with the position that their agent is appraised in, or with none.

    Args:
        positions: agent id to position id; nobody leaves no fact out.
        stamped_only: people whose facts without a stamp are left out.
    """
    if not positions:
        return Q()
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for agent, position in sorted(positions.items()):
        holders[position].append(agent)
    # The position of most people needs no list of them.
    usual = commonest(positions)
    others = [
        When(agent_id__in=agents, then=Value(position))
        for position, agents in sorted(holders.items())
        if position != usual
    ]
    own = Case(*others, default=Value(usual), output_field=_ID) if others else Value(usual)
    unstamped = Q(position_id__isnull=True)
    if stamped_only:
        unstamped &= ~Q(agent_id__in=sorted(stamped_only))
    return unstamped | Q(position_id=own)


def commonest(positions: Mapping[int, int]) -> int:
    """The position of most agents, which whoever is not among them is taken to hold."""
    holders = Counter(positions.values())
    return max(holders, key=lambda position: (holders[position], position))


def _whose(table: Table, by: By, places: Places, period: Period) -> Any | None:
    if by == "day":
        return F(table.column)
    if by == "month":
        return TruncMonth(table.column)
    if table.scope == "centre" or by == "centre":
        return None
    if by == "team" or table.scope == "team":
        return F("team_id")
    return _leaders(places.led, table.column, period) if table.scope == "led" else F("agent_id")


def _part(column: str, grain: str) -> Any:
    if grain == "day":
        return F(column)
    return TruncWeek(column) if grain == "week" else TruncMonth(column)


def _shift(places: Places) -> Case:
    """The shift that a fact of somebody who changed shift is stamped with, else that of most days.

    A fact without a stamp has neither position nor shift.
    """
    changers = sorted(places.changers)
    usual: defaultdict[int, list[int]] = defaultdict(list)
    for agent, shift in sorted(places.changers.items()):
        usual[shift].append(agent)
    return Case(
        When(agent_id__in=changers, position_id__isnull=False, then=Coalesce("shift_id", NO_SHIFT)),
        *(When(agent_id__in=agents, then=Value(shift)) for shift, agents in usual.items()),
        default=Value(ALL_SHIFTS),
        output_field=_ID,
    )


def _leaders(led: Iterable[Led], column: str, period: Period) -> Unnest:
    """Whoever led the team of a fact on its day: a fact counts for each of them."""
    by_team: defaultdict[int, list[Led]] = defaultdict(list)
    for span in sorted(led):
        by_team[span.team_id].append(span)
    nobody = Value([], output_field=_IDS)
    teams = [
        When(team_id=team, then=_leaders_of_team(spans, column, period))
        for team, spans in sorted(by_team.items())
    ]
    return Unnest(Case(*teams, default=nobody, output_field=_IDS) if teams else nobody)


def _leaders_of_team(spans: list[Led], column: str, period: Period) -> Any:
    """The leaders of one team, day by day where they changed within the period."""
    bounds = {day for span in spans for day in (span.starts_on, span.ends_on)}
    inside = {day for day in bounds if period.starts_on < day < period.ends_on}
    edges = sorted(inside | {period.starts_on, period.ends_on})
    pieces = [
        (end, _value([span.leader_id for span in spans if _covers(span, start)]))
        for start, end in pairwise(edges)
    ]
    if len(pieces) == 1:
        return pieces[0][1]
    return Case(
        *(When(**{f"{column}__lt": end}, then=leaders) for end, leaders in pieces[:-1]),
        default=pieces[-1][1],
        output_field=_IDS,
    )


def _covers(span: Led, day: date) -> bool:
    return span.starts_on <= day < span.ends_on


def _value(leaders: list[int]) -> Value:
    return Value(sorted(set(leaders)), output_field=_IDS)
