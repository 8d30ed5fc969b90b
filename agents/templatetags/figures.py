"""Filters that write figures: ``{{ share|as_percent }}``, ``{{ line.value|with_unit:kpi.unit }}``.

A missing value gives an empty text, so that ``or_no_data`` can follow every filter.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents import figures
from agents.period_names import long_name
from agents.periods import Period

register = template.Library()

# English and Chinese, in the letters of Django's date formats.
_DAY = ("j M Y", "Y年n月j日")
_MOMENT = ("j M Y, H:i", "Y年n月j日 H:i")

_UP, _DOWN = "M4 1 7.5 7h-7z", "M4 7 .5 1h7z"
_ARROW = '<svg viewBox="0 0 8 8" aria-hidden="true"><path d="{}"/></svg>'


@register.filter
def as_percent(share: Decimal | int | None, places: int = 1) -> str:
    """0.876 as 87.6%."""
    return "" if share is None else figures.percent(share, places)


@register.filter
def as_points(points: Decimal | int | None, places: int = 2) -> str:
    """Points with two decimal places, or as many as are asked for."""
    return "" if points is None else figures.grouped(points, places)


@register.filter
def as_seconds(value: Decimal | int | None) -> str:
    """312 as 312 s."""
    return "" if value is None else figures.seconds(value)


@register.filter
def thousands(value: Decimal | int | None) -> str:
    """1073 as 1,073."""
    return "" if value is None else figures.grouped(value)


@register.filter
def plural_of(shown: str) -> int:
    """What ``blocktranslate count`` wants for a figure as it is shown: 1 for ``1``, else 2."""
    return figures.plural_of(shown)


@register.filter
def with_unit(value: Decimal | int | None, unit: str) -> str:
    """A KPI's value in its unit."""
    return "" if value is None else figures.with_unit(value, unit)


@register.filter
def day(value: date | None) -> str:
    """A day: 12 Nov 2026, 2026年11月12日."""
    return "" if value is None else date_format(value, _DAY[_is_chinese()])


@register.filter
def moment(value: datetime | None) -> str:
    """A day and the time of day, in the organisation's zone: 12 Nov 2026, 08:40."""
    if value is None:
        return ""
    return date_format(timezone.localtime(value), _MOMENT[_is_chinese()])


@register.filter
def period_name(value: Period | None) -> str:
    """A month, quarter or year: October 2026, 2026年10月."""
    return "" if value is None else long_name(value)


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.filter
def or_no_data(text: object) -> object:
    """The words for a missing figure. Zero is a figure."""
    return _("no data") if text is None or text == "" else text


@register.simple_tag
def delta(
    change: Decimal | int | None, unit: str = "", better: str = "higher", size: str = ""
) -> SafeString | str:
    """Write a change: the triangle tells the way, filled is better, hollow is worse.

    Args:
        change: now minus before, in the KPI's unit; nothing gives nothing.
        unit: the KPI's.
        better: the KPI's direction; neither better nor worse for ``range`` and ``context``.
        size: ``cell`` writes no change as ``=``; ``large`` stands beside a large figure.
    """
    if change is None:
        return ""
    large = " delta-lg" if size == "large" else ""
    if figures.is_no_change(change, unit):
        return _unchanged(large, size)
    rose = change > 0
    tone = {"higher": "worse better", "lower": "better worse"}.get(better, "same same").split()[
        rose
    ]
    return format_html(
        '<span class="delta{}" data-tone="{}">' + _ARROW + '{}<span class="vh"> {}</span></span>',
        large,
        tone,
        _UP if rose else _DOWN,
        figures.change(change, unit),
        _spoken(rose=rose, tone=tone),
    )


def _unchanged(large: str, size: str) -> SafeString:
    if size == "cell":
        inner = format_html('=<span class="vh"> {}</span>', _("no change"))
    else:
        inner = format_html("{}", _("no change"))
    return format_html('<span class="delta{}">{}</span>', large, inner)


def _spoken(*, rose: bool, tone: str) -> str:
    words = {
        (True, "better"): _("up, better"),
        (True, "worse"): _("up, worse"),
        (False, "better"): _("down, better"),
        (False, "worse"): _("down, worse"),
    }
    return words.get((rose, tone)) or (_("up") if rose else _("down"))
