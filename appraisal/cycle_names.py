"""What people call a cycle: October 2026, third quarter of 2026, 2026."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agents import period_names
from agents.periods import Period

long_name = period_names.long_name


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
