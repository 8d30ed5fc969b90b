"""Days and moments as people write them, short."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from appraisal.web.pages.grades import language


def day_text(day: date) -> str:
    """A day of a year that is clear: 1 Oct, 10月1日.

    Django's own Chinese form of it writes months with a zero: 09月1日.
    """
    return date_format(day, "n月j日" if _is_chinese() else "j M")


def date_text(day: date) -> str:
    """A day with its year: 1 Oct 2026."""
    return date_format(day, "DATE_FORMAT" if _is_chinese() else "j M Y")


def moment_text(moment: datetime) -> str:
    """A moment of a year that is clear, in the organisation's zone: 1 Oct, 08:14."""
    local = timezone.localtime(moment)
    gap = " " if _is_chinese() else ", "
    return f"{day_text(local)}{gap}{local:%H:%M}"


def _is_chinese() -> bool:
    return language().startswith("zh")
