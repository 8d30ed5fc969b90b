"""Half-open spans of local days: months, quarters, years, and what lies in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["month", "quarter", "year", "custom"]

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_YEAR = re.compile(r"(\d{4})")


class BadPeriod(ValueError):
    """The text names no month (2026-10), quarter (2026-Q3) or year (2026)."""


@dataclass(frozen=True, order=True)
class Period:
    """Days ``[starts_on, ends_on)`` with the code people write for them."""

    starts_on: date
    ends_on: date
    kind: Kind
    code: str

    @property
    def last_day(self) -> date:
        """The last day inside."""
        return self.ends_on - timedelta(days=1)

    def previous(self) -> Period:
        """The period of the same kind just before; of a custom one, the same number of days."""
        if self.kind == "custom":
            starts_on = self.starts_on - (self.ends_on - self.starts_on)
            return custom(starts_on, self.starts_on)
        return holding(self.starts_on - timedelta(days=1), self.kind)

    def next(self) -> Period:
        """The period of the same kind just after."""
        if self.kind == "custom":
            return custom(self.ends_on, self.ends_on + (self.ends_on - self.starts_on))
        return holding(self.ends_on, self.kind)


def contains(starts_on: date | None, ends_on: date | None, day: date) -> bool:
    """Whether a day lies in ``[starts_on, ends_on)``, where a missing end is open."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day < ends_on)


def month(year: int, number: int) -> Period:
    """A calendar month."""
    ends_on = date(year + number // 12, number % 12 + 1, 1)
    return Period(date(year, number, 1), ends_on, "month", f"{year:04}-{number:02}")


def quarter(year: int, number: int) -> Period:
    """A calendar quarter, 1 to 4."""
    starts_on = date(year, 3 * number - 2, 1)
    return Period(starts_on, month(year, 3 * number).ends_on, "quarter", f"{year:04}-Q{number}")


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1), "year", f"{number:04}")


def custom(starts_on: date, ends_on: date) -> Period:
    """Any days; the code is the ISO interval."""
    if ends_on <= starts_on:
        raise BadPeriod(f"{starts_on} to {ends_on} holds no day: the end must be after the start.")
    return Period(starts_on, ends_on, "custom", f"{starts_on}..{ends_on}")


def holding(day: date, kind: Kind) -> Period:
    """The month, quarter or year that a day lies in."""
    if kind == "month":
        return month(day.year, day.month)
    if kind == "quarter":
        return quarter(day.year, (day.month + 2) // 3)
    if kind == "year":
        return year(day.year)
    return custom(day, day + timedelta(days=1))


def parse(text: str) -> Period:
    """Read ``2026-10``, ``2026-Q3``, ``2026`` or ``2026-10-05..2026-10-12`` (end exclusive).

    Raises:
        BadPeriod: the text is none of these.
    """
    try:
        if found := _MONTH.fullmatch(text):
            return month(int(found[1]), int(found[2]))
        if found := _QUARTER.fullmatch(text):
            return quarter(int(found[1]), int(found[2]))
        if found := _YEAR.fullmatch(text):
            return year(int(found[1]))
        if ".." in text:
            starts_on, ends_on = (date.fromisoformat(part) for part in text.split(".."))
            return custom(starts_on, ends_on)
    except ValueError as error:
        raise BadPeriod(f"“{text}” is no period: {error}") from error
    raise BadPeriod(f"“{text}” is no period. Write 2026-10, 2026-Q3 or 2026.")
