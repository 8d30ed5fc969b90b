"""Where people stood in a period, as formulas need it beside the stamps of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from kpi.formula.peers import Membership

# A person's facts of a single shift stand together, and facts without a shift are of shift 0.
ALL_SHIFTS = -1
NO_SHIFT = 0


@dataclass(frozen=True, order=True)
class Led:
    """A team that somebody led on the days ``[starts_on, ends_on)``, its subtree apart."""

    leader_id: int
    team_id: int
    starts_on: date
    ends_on: date


def clip(led: Iterable[Led], spans: Mapping[int, Iterable[tuple[date, date]]]) -> Iterator[Led]:
    """Give the spans of leaders inside the days given; those of others as they are."""
    for one in led:
        for start, end in spans.get(one.leader_id, [(one.starts_on, one.ends_on)]):
            starts_on, ends_on = max(one.starts_on, start), min(one.ends_on, end)
            if starts_on < ends_on:
                yield replace(one, starts_on=starts_on, ends_on=ends_on)


@dataclass(frozen=True)
class Places:
    """The places of the people measured, by agent id.

    Attributes:
        teams: the team, for ``team(...)``.
        positions: the position that somebody is appraised in.
        is_one_position: facts stamped with another position are not one's own; those without a
            stamp are.
        shifts: days in each shift while in that position, for ``peers(...)``. Nobody: there are
            no peers.
        counted: who was present long enough to count in an average of peers.
        led: for ``led(...)``, the spans of one leader and team apart from each other.
        stamped_only: people whose facts without a stamp are not their own here, but elsewhere.
    """

    teams: Mapping[int, int] = field(default_factory=dict)
    positions: Mapping[int, int] = field(default_factory=dict)
    is_one_position: bool = False
    shifts: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    counted: frozenset[int] = frozenset()
    led: tuple[Led, ...] = ()
    stamped_only: frozenset[int] = frozenset()

    @cached_property
    def changers(self) -> dict[int, int]:
        """Who changed shift, with the shift of most days."""
        return {
            agent: max(days, key=lambda shift: (days[shift], shift))
            for agent, days in self.shifts.items()
            if len(days) > 1
        }

    @cached_property
    def membership(self) -> Membership:
        """Everybody's groups of peers: the same position and shift."""
        days = {
            agent: {(self.positions.get(agent), shift): length for shift, length in held.items()}
            for agent, held in self.shifts.items()
        }
        return Membership(days, self.counted)

    def row_of(self, agent: int, shift: int) -> int | tuple[int, int]:
        """The row of a table by shift that holds the facts of somebody in a shift."""
        if not self.changers:
            return agent
        return agent, shift if agent in self.changers else ALL_SHIFTS


NOWHERE = Places()
