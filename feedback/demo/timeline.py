"""The months of the demo centre, counted back from today, and its moments in local time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from agents import periods
from agents.periods import Period

ZONE = "Asia/Shanghai"
# Answers reach the survey system two days late, so the newest are still to come.
SURVEYS_LATE_DAYS = 2


@dataclass(frozen=True)
class Timeline:
    """The story's days: whole months, then the current one up to yesterday.

    Attributes:
        today: the day on which somebody looks at the centre; nothing else depends on the clock.
        count: how many months, the current one among them.
    """

    today: date
    count: int

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The months, oldest first; the last one is not over."""
        months = [periods.holding(self.today, "month")]
        while len(months) < self.count:
            months.insert(0, months[0].previous())
        return tuple(months)

    @property
    def starts_on(self) -> date:
        """The first day of which anything is known."""
        return self.months[0].starts_on

    def month(self, offset: int) -> Period:
        """The month so many after the current one; those before it are negative."""
        found = self.months[-1]
        for _ in range(-offset):
            found = found.previous()
        return found

    def day(self, place: tuple[int, int]) -> date:
        """A day written as [months after the current one, day of the month]."""
        return self.month(place[0]).starts_on + timedelta(days=place[1] - 1)

    def age(self, month: Period) -> int:
        """How many months before the newest full one; of the current month 0 as well."""
        return max(len(self.months) - 2 - self.months.index(month), 0)

    def is_current(self, month: Period) -> bool:
        """Whether the month is not over."""
        return month == self.months[-1]

    def known_until(self, month: Period) -> date:
        """The day from which on nothing of the month is known."""
        return min(month.ends_on, self.today)

    def after(self, period: Period, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment so many days after the end of a period, but never after this morning."""
        planned = moment(period.ends_on + timedelta(days=days), hour, minute)
        return min(planned, moment(self.today, 7, minute))

    @property
    def outage_day(self) -> date:
        """The second Wednesday of the newest full month: the telephone exchange failed."""
        first = self.month(-1).starts_on
        return first + timedelta(days=(2 - first.weekday()) % 7 + 7)

    def quarters(self) -> Iterator[Period]:
        """The quarters whose last month is among the full ones, oldest first."""
        for month in self.months[:-1]:
            quarter = periods.holding(month.starts_on, "quarter")
            if quarter.ends_on == month.ends_on:
                yield quarter


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An aware moment of the centre's local time."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(ZONE))
