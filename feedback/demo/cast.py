"""Who works in the demo centre: read from ``cast.yaml``, dated by the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from agents import periods
from feedback.demo.timeline import Timeline

SPECIALIST = "after_sales_specialist"
# Who sees to the centre and is left out of no size of it.
_STAFF = frozenset({"manager", "supervisor", "hr", "qa_reviewer"})


@dataclass(frozen=True)
class Place:
    """A team, position and shift over half-open days."""

    team: str
    position: str
    shift: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Lead:
    """A team led over half-open days."""

    team: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Person:
    """Somebody on record, with the traits from which the facts are drawn."""

    code: str
    login: str
    name: str
    name_zh: str
    role: str
    places: tuple[Place, ...]
    leads: tuple[Lead, ...]
    hired_on: date
    left_on: date | None = None
    away: tuple[date, date] | None = None
    no_exam: frozenset[date] = frozenset()
    traits: Mapping[str, float] = field(default_factory=dict)

    def place_on(self, day: date) -> Place | None:
        """Where the person stands on a day."""
        held = (
            place for place in self.places if periods.contains(place.starts_on, place.ends_on, day)
        )
        return next(held, None)

    def is_away(self, day: date) -> bool:
        """Whether the person is on long leave."""
        return self.away is not None and self.away[0] <= day < self.away[1]


@dataclass(frozen=True)
class Cast:
    """Teams, positions and shifts as documents, and everybody on record."""

    teams: Sequence[Mapping[str, str]]
    positions: Sequence[Mapping[str, str]]
    shifts: Sequence[Mapping[str, Any]]
    people: tuple[Person, ...]
    others: Sequence[Mapping[str, str]]


def read_cast(timeline: Timeline, *, teams: frozenset[str] | None, agents: int | None) -> Cast:
    """Read who works in the centre.

    Args:
        teams: the teams whose leaders and agents are wanted; None for all.
        agents: at most so many agents and specialists, evenly over these teams; None for all.
    """
    path = Path(__file__).with_name("cast.yaml")
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = [entry for entry in document["people"] if _is_known(entry, timeline)]
    return Cast(
        teams=document["teams"],
        positions=document["positions"],
        shifts=document["shifts"],
        people=tuple(_person(entry, timeline) for entry in _chosen(known, teams, agents)),
        others=document["others"],
    )


def _is_known(entry: dict[str, Any], timeline: Timeline) -> bool:
    """Whether somebody was still there when the story starts."""
    return "leaves" not in entry or timeline.day(tuple(entry["leaves"])) > timeline.starts_on


def _chosen(
    entries: Sequence[dict[str, Any]], teams: frozenset[str] | None, agents: int | None
) -> Iterator[dict[str, Any]]:
    share = None if agents is None or teams is None else agents // len(teams)
    taken: dict[str, int] = {}
    for entry in entries:
        team, position = entry["team"], entry.get("position", "agent")
        if position in _STAFF:
            yield entry
        elif teams is None or team in teams:
            if position != "team_leader":
                taken[team] = taken.get(team, 0) + 1
            if share is None or taken.get(team, 0) <= share or position == "team_leader":
                yield entry


def _person(entry: dict[str, Any], timeline: Timeline) -> Person:
    left = timeline.day(tuple(entry["leaves"])) if "leaves" in entry else None
    hired = _hired_before(entry["code"], timeline)
    if "joins" in entry:
        hired = timeline.day(tuple(entry["joins"]))
    steps = list(_steps(entry, hired, timeline))
    traits = {key: float(entry[key]) for key in _TRAITS if key in entry}
    return Person(
        code=entry["code"],
        login=entry["login"],
        name=entry["name"],
        name_zh=entry["zh"],
        role=entry.get("role", "agent"),
        places=tuple(_places(steps, left)),
        leads=tuple(_leads(steps, left)),
        hired_on=hired,
        left_on=left,
        away=_away(entry, timeline),
        no_exam=frozenset(timeline.month(offset).starts_on for offset in entry.get("no_exam", [])),
        traits=traits,
    )


_TRAITS = (
    "pace", "handle", "satisfied", "care", "exam", "slips", "praise", "drift", "solved",
    "records", "callbacks", "response_h", "given", "seldom",
)  # fmt: skip


def _hired_before(code: str, timeline: Timeline) -> date:
    """A day one to six years before the story, spread by the staff number."""
    back = 370 + 131 * int(code[1:]) % 1900
    return date.fromordinal(timeline.starts_on.toordinal() - back)


def _away(entry: dict[str, Any], timeline: Timeline) -> tuple[date, date] | None:
    if "away" not in entry:
        return None
    first, until = entry["away"]
    return timeline.day(tuple(first)), timeline.day(tuple(until))


def _steps(
    entry: dict[str, Any], starts_on: date, timeline: Timeline
) -> Iterator[tuple[date, dict[str, Any]]]:
    """What holds from which day on: the first place, then each move on top of the one before."""
    held = {"shift": "early", "position": "agent"} | {
        key: entry[key] for key in ("team", "position", "shift", "leads") if key in entry
    }
    moves = [(timeline.day(tuple(move["from"])), move) for move in entry.get("moves", [])]
    before = held | entry.get("was", {})
    for day, move in moves:
        if day <= timeline.starts_on:
            before = _moved(before, move)
    yield starts_on, before
    for day, move in moves:
        if day > timeline.starts_on:
            before = _moved(before, move)
            yield day, before


def _moved(before: dict[str, Any], move: dict[str, Any]) -> dict[str, Any]:
    return before | {key: value for key, value in move.items() if key != "from"}


def _places(steps: list[tuple[date, dict[str, Any]]], left: date | None) -> Iterator[Place]:
    ends = [day for day, _ in steps[1:]] + [left]
    for (starts_on, held), ends_on in zip(steps, ends, strict=True):
        yield Place(held["team"], held["position"], held["shift"], starts_on, ends_on)


def _leads(steps: list[tuple[date, dict[str, Any]]], left: date | None) -> Iterator[Lead]:
    """The teams led; who goes on leading the same one is not split."""
    ends = [day for day, _ in steps[1:]] + [left]
    for (starts_on, held), ends_on in zip(steps, ends, strict=True):
        if "leads" in held:
            yield Lead(held["leads"], starts_on, ends_on)
