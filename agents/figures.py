"""Figures as people read them: rounded once, half up, with their unit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Number: TypeAlias = Decimal | int
Unit: TypeAlias = Literal[
    "share", "s", "min", "h", "days", "count", "points", "per_thousand", "money", "number", ""
]

HOUR = 3600
HOURS_FROM = 2 * HOUR
"""Seconds from which a duration reads better in hours."""


_steps = cache(lambda places: Decimal(1).scaleb(-places))


def rounded(value: Number, places: int) -> Decimal:
    """Round half up; minus zero becomes zero."""
    return Decimal(value).quantize(_steps(places), ROUND_HALF_UP) + 0


def grouped(value: Number, places: int = 0) -> str:
    """Give a number with commas between thousands and so many decimal places."""
    return f"{rounded(value, places):,f}"


def shortest(value: Number, places: int) -> str:
    """Give a number with at most so many places, without zeros at the end."""
    text = grouped(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: Number, places: int = 1) -> str:
    """Give a share of 1 as percent."""
    return f"{grouped(Decimal(share) * 100, places)}%"


def seconds(value: Number) -> str:
    """Give whole seconds; hours where they are many."""
    if not -HOURS_FROM < value < HOURS_FROM:
        return _hours(Decimal(value) / HOUR)
    return _("%(value)s s") % {"value": grouped(value)}


def plural_of(shown: str | int) -> int:
    """The number that ``ngettext`` wants for a figure as it is shown: ``1`` is one, ``1.0`` not."""
    return 1 if str(shown) == "1" else 2


def _minutes(value: Number) -> str:
    return _("%(value)s min") % {"value": shortest(value, 1)}


def _hours(value: Number) -> str:
    return _("%(value)s h") % {"value": shortest(value, 1)}


def _days(value: Number) -> str:
    shown = shortest(value, 1)
    return ngettext("%(value)s day", "%(value)s days", plural_of(shown)) % {"value": shown}


_WRITERS: dict[str, Callable[[Number], str]] = {
    "share": percent,
    "s": seconds,
    "min": _minutes,
    "h": _hours,
    "days": _days,
    "count": lambda value: shortest(value, 1),
    "points": lambda value: grouped(value, 1),
    "per_thousand": lambda value: f"{grouped(value, 1)}‰",
    "money": lambda value: grouped(value, 2),
    "number": lambda value: shortest(value, 2),
}


def with_unit(value: Number, unit: str) -> str:
    """Give a KPI's value as people read it.

    Args:
        value: in the KPI's unit; a share is 0 to 1.
        unit: one of ``Unit``; an unknown one is shown as a plain number.
    """
    return _WRITERS.get(unit, _WRITERS["number"])(value)


def change(value: Number, unit: str) -> str:
    """Give the size of a change, without its sign; of percentages in percentage points."""
    size = -value if value < 0 else value
    if unit == "share":
        return _("%(value)s pp") % {"value": grouped(Decimal(size) * 100, 1)}
    return with_unit(size, unit)


def is_no_change(value: Number, unit: str) -> bool:
    """Whether a change vanishes when it is rounded as it is shown."""
    return not any(digit in "123456789" for digit in change(value, unit))
