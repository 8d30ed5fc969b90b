"""Whose scorecards somebody's own card rests on, and in which order the cards come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

import pandas as pd

from kpi.places import Led

Staff = Mapping[int, Collection[int]]


class CircularScores(Exception):
    """Cards would rest on each other.

    Attributes:
        circle: agent ids, each of whose cards rests on the next one's, the first again at the end.
    """

    def __init__(self, circle: tuple[int, ...]) -> None:
        super().__init__(" > ".join(map(str, circle)))
        self.circle = circle


def staff_of(led: Iterable[Led], teams: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """Give the people in the teams that each leader led, the leader left out.

    Args:
        led: teams led, subtrees included.
        teams: agent id to the team of the seat.
    """
    members: dict[int, list[int]] = {}
    for agent, team in teams.items():
        members.setdefault(team, []).append(agent)
    staff: dict[int, set[int]] = {}
    for span in led:
        staff.setdefault(span.leader_id, set()).update(members.get(span.team_id, ()))
    return {leader: tuple(sorted(people - {leader})) for leader, people in staff.items()}


def levels_of(readers: Collection[int], staff: Staff) -> dict[int, int]:
    """Give the order in which cards that rest on others can be computed.

    Args:
        readers: the people whose scheme reads the scores of their staff.

    Returns:
        Reader to level: 1 rests on no other reader, 2 on readers of level 1, and so on.

    Raises:
        CircularScores: two of them rest on each other, at whatever distance.
    """
    levels: dict[int, int] = {}
    for reader in sorted(readers):
        _settle(reader, frozenset(readers), staff, levels, path=[])
    return levels


def find_circle(readers: Collection[int], staff: Staff) -> tuple[int, ...]:
    """Give the people whose cards would rest on each other; nothing where all is well."""
    try:
        levels_of(readers, staff)
    except CircularScores as error:
        return error.circle
    return ()


def _settle(
    reader: int, readers: frozenset[int], staff: Staff, levels: dict[int, int], *, path: list[int]
) -> int:
    if reader in path:
        raise CircularScores((*path[path.index(reader) :], reader))
    if reader not in levels:
        path.append(reader)
        below = [
            _settle(one, readers, staff, levels, path=path)
            for one in staff.get(reader, ())
            if one in readers
        ]
        levels[reader] = 1 + max(below, default=0)
        path.pop()
    return levels[reader]


def mean_scores(staff: Staff, totals: Mapping[int, int | None]) -> pd.DataFrame:
    """Give the mean total of everybody's staff, as ``score_of("reports")`` reads it.

    Args:
        totals: agent id to total in hundredths, None for a card without one.

    Returns:
        A frame by leader with the sum of the totals, the number of cards with one, and that
        number again as the sample. A leader of nobody has no row.
    """
    rows = {}
    for leader, people in staff.items():
        known = [total for one in people if (total := totals.get(one)) is not None]
        if people:
            rows[leader] = (Decimal(sum(known)).scaleb(-2), len(known), len(known))
    columns = ["numerator", "denominator", "sample"]
    return pd.DataFrame(list(rows.values()), pd.Index(list(rows)), columns, dtype=object)
