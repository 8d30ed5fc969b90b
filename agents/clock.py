"""The organisation's day: the one place that knows its zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from agents.models import Organisation


def organisation_zone() -> ZoneInfo:
    """The zone of the organisation's days; UTC while none is set up."""
    name = Organisation.objects.values_list("zone", flat=True).first()
    return ZoneInfo(name or "UTC")


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day of an aware moment in a zone."""
    return moment.astimezone(zone).date()


def local_today(now: datetime) -> date:
    """The organisation's day at an aware moment."""
    return local_day(now, organisation_zone())
