"""What people call a cycle: October 2026, third quarter of 2026, 2026."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agents.periods import Period


def long_name(period: Period) -> str:
    """The name with its year."""
    if period.kind == "month":
        return date_format(period.starts_on, "YEAR_MONTH_FORMAT")
    if period.kind == "quarter":
        return _("Quarter %(number)s of %(year)s") % _quarter(period)
    if period.kind == "year":
        return _("Year %(year)s") % {"year": period.starts_on.year}
    ends = {"first": _day(period.starts_on), "last": _day(period.last_day)}
    return _("%(first)s to %(last)s") % ends


def short_name(period: Period) -> str:
    """The name where the year is clear from what stands around it."""
    if period.kind == "month":
        return date_format(period.starts_on, "F")
    if period.kind == "quarter":
        return _("quarter %(number)s") % _quarter(period)
    return long_name(period)


def tick_name(period: Period) -> str:
    """The name at the axis of a chart."""
    if period.kind == "month":
        return date_format(period.starts_on, "M")
    return period.code


def _quarter(period: Period) -> dict[str, int]:
    return {"number": (period.starts_on.month + 2) // 3, "year": period.starts_on.year}


def _day(day: object) -> str:
    return date_format(day, "DATE_FORMAT")  # type: ignore[arg-type]  # a date
