"""What people call a period with its year: October 2026, quarter 3 of 2026, year 2026."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents.periods import Period


def long_name(period: Period) -> str:
    """The name with its year, in the language of the page."""
    if period.kind == "month":
        return date_format(period.starts_on, "YEAR_MONTH_FORMAT")
    if period.kind == "quarter":
        number, year = (period.starts_on.month + 2) // 3, period.starts_on.year
        return _("Quarter %(number)s of %(year)s") % {"number": number, "year": year}
    if period.kind == "year":
        return _("Year %(year)s") % {"year": period.starts_on.year}
    ends = {"first": _day(period.starts_on), "last": _day(period.last_day)}
    return _("%(first)s to %(last)s") % ends


def _day(day: date) -> str:
    is_chinese = (get_language() or "").startswith("zh")
    return date_format(day, "Y年n月j日" if is_chinese else "j M Y")
