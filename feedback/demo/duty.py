"""Who is on duty on which day, and how everybody is in form that month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from agents.periods import Period
from feedback.demo.cast import Person
from feedback.demo.timeline import Timeline

SEED = 20_261_121
SHIFT_S = 8 * 3600
SHIFT_STARTS_H = {"early": 8, "late": 16, "night": 0}
# The share of duty days on which somebody is on leave or ill.
_LEAVE, _ILL = 0.035, 0.02
# Traits that shrink when somebody gets better.
_LOWER_IS_BETTER = frozenset({"handle", "response_h", "slips"})
_HOW_MUCH = {"pace": 1.0, "handle": 1.0, "response_h": 1.5, "slips": 3.0, "praise": 2.0}
_SHARES = frozenset({"satisfied", "solved", "records", "callbacks"})


@dataclass(frozen=True)
class Duty:
    """One person on one day that the roster names: at work, on leave, ill or on long leave."""

    person: Person
    day: date
    team: str
    position: str
    shift: str
    state: str

    @property
    def is_work(self) -> bool:
        """Whether the person worked."""
        return self.state == "work"


def stream(kind: str, month: Period) -> np.random.Generator:
    """The random numbers of one kind of fact in one month, whatever else is drawn."""
    letters = int.from_bytes(kind.encode()[:6], "big")
    return np.random.default_rng([SEED, letters, month.starts_on.toordinal()])


def duties_in(people: tuple[Person, ...], month: Period, timeline: Timeline) -> list[Duty]:
    """Everybody's roster of a month: five days a week, two days off that move on each week."""
    rng = stream("duty", month)
    until = timeline.known_until(month)
    return [
        duty
        for number, person in enumerate(people)
        for duty in _duties_of(person, number, month.starts_on, until, rng)
    ]


def _duties_of(
    person: Person, number: int, first: date, until: date, rng: np.random.Generator
) -> Iterator[Duty]:
    for ahead in range((until - first).days):
        day = first + timedelta(days=ahead)
        luck = rng.random()
        place = person.place_on(day)
        if place is None or _is_day_off(number, day, place.position):
            continue
        state = "away" if person.is_away(day) else _state(luck)
        yield Duty(person, day, place.team, place.position, place.shift, state)


def _is_day_off(number: int, day: date, position: str) -> bool:
    if position not in {"agent", "after_sales_specialist"}:
        return day.weekday() >= 5
    first_off = number + day.isocalendar().week // 2
    return (day.weekday() - first_off) % 7 < 2


def _state(luck: float) -> str:
    if luck < _LEAVE:
        return "leave"
    return "ill" if luck < _LEAVE + _ILL else "work"


def form_of(person: Person, month: Period, timeline: Timeline) -> dict[str, float]:
    """Somebody's traits in a month: the newest ones, taken back by the drift, with some luck."""
    rng = np.random.default_rng([SEED, int(person.code[1:]), month.starts_on.toordinal()])
    drift = person.traits.get("drift", 0.0) * timeline.age(month)
    form = {}
    for name in sorted(person.traits.keys() - {"drift"}):
        luck = rng.normal(0, 0.02)
        form[name] = _taken_back(name, person.traits[name], drift, luck)
    return form


def _taken_back(name: str, level: float, drift: float, luck: float) -> float:
    if name in {"seldom", "given"}:
        return level
    if name in _SHARES:
        return float(np.clip(level - 0.4 * drift + luck / 2, 0.5, 0.995))
    if name in {"care", "exam"}:
        return float(np.clip(level * (1 - 0.4 * drift + luck), 40, 99))
    change = _HOW_MUCH[name] * drift
    factor = 1 + change if name in _LOWER_IS_BETTER else 1 - change
    return max(level * (factor + luck), 0.0)
