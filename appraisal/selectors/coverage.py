"""How much of each kind of data is there, day by day, against the usual volume."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Literal

from agents import periods
from agents.periods import Period
from kpi.formula.fields import FACTS
from kpi.selectors import count_by_day
from kpi.services.revisions import latest_revision

# The usual volume of a weekday is learned from this many days before the period as well.
LOOK_BACK = timedelta(days=56)
# Longer periods are shown week by week.
MOST_DAYS = 100
# Below this share of the usual volume something is missing; above it, days simply differ.
SHORT = 0.5
# With fewer than this on a usual day none at all may be chance.
FEWEST_USUAL = 5
# With fewer than this, half of it may be chance.
FEWEST_COMPARED = 20

State = Literal["full", "part", "none", "off"]


@dataclass(frozen=True)
class Cell:
    """One day, or one week of a long period: how many facts, and the share of the usual."""

    starts_on: date
    count: int
    share: float
    state: State


@dataclass(frozen=True)
class Strip:
    """One kind of facts over a period."""

    kind: str
    cells: tuple[Cell, ...]

    @property
    def count(self) -> int:
        """The facts of the period."""
        return sum(cell.count for cell in self.cells)

    def starts(self, state: State) -> list[date]:
        """The cells of a state by their first day."""
        return [cell.starts_on for cell in self.cells if cell.state == state]


def coverage_of(period: Period, *, today: date) -> list[Strip]:
    """The strips of every kind of facts, in the order of the language. Queries: 9."""
    watermark = latest_revision()
    wide = periods.custom(period.starts_on - LOOK_BACK, period.ends_on)
    return [
        Strip(kind, cells_of(count_by_day(kind, period=wide, watermark=watermark), period, today))
        for kind in FACTS
    ]


def cells_of(counts: Mapping[date, int], period: Period, today: date) -> tuple[Cell, ...]:
    """The cells of one kind.

    Args:
        counts: facts by day, of the period and of the days before it.
        today: from here on nothing is expected yet.
    """
    by_week = (period.ends_on - period.starts_on).days > MOST_DAYS
    volumes: defaultdict[date, int] = defaultdict(int)
    for day in _days(period.starts_on - LOOK_BACK, period.ends_on):
        volumes[_start(day, period.starts_on, by_week=by_week)] += counts.get(day, 0)
    usual = _usual(volumes, today, by_week=by_week)
    weekly = 7 if by_week else 1
    cells = []
    for start, count in volumes.items():
        if start < period.starts_on:
            continue
        length = min(weekly, (period.ends_on - start).days)
        is_over = start + timedelta(days=length) <= today
        expected = usual[0 if by_week else start.weekday()] * length / weekly
        cells.append(_cell(start, count, expected if is_over else 0))
    return tuple(cells)


def _usual(volumes: Mapping[date, int], today: date, *, by_week: bool) -> dict[int, float]:
    """The median volume of each weekday, or of a week; from the first day with data on."""
    filled = [start for start, count in volumes.items() if count]
    known: defaultdict[int, list[int]] = defaultdict(list)
    for start, count in volumes.items():
        if filled and filled[0] <= start < today:
            known[0 if by_week else start.weekday()].append(count)
    return {place: median(known[place]) if known[place] else 0 for place in range(7)}


def _cell(start: date, count: int, usual: float) -> Cell:
    if usual < FEWEST_USUAL:
        return Cell(start, count, 1.0 if count else 0.0, "full" if count else "off")
    share = min(count / usual, 1.0)
    if not count:
        return Cell(start, 0, 0.0, "none")
    if share < SHORT and usual >= FEWEST_COMPARED:
        return Cell(start, count, share, "part")
    return Cell(start, count, 1.0, "full")


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((end - first).days)]


def _start(day: date, first: date, *, by_week: bool) -> date:
    """The first day of the cell that a day belongs to; weeks begin with the period's first day."""
    if not by_week:
        return day
    return first + timedelta(days=(day - first).days // 7 * 7)
