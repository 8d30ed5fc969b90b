"""Numbers as people read them, by unit and language."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from appraisal.scoring.rules.base import Aim

HOUR = 3600
HOURS_FROM = 2 * HOUR
"""Seconds from which a duration reads better in hours."""

PLACES = {
    "share": 1,
    "s": 0,
    "min": 1,
    "h": 1,
    "days": 1,
    "count": 1,
    "points": 1,
    "per_thousand": 1,
    "money": 2,
}
SUFFIXES = {
    "share": ("%", "%"),
    "s": (" s", " 秒"),
    "min": (" min", " 分钟"),
    "h": (" h", " 小时"),
    "days": (" days", " 天"),
    "per_thousand": ("‰", "‰"),
}
ALWAYS_PLACES = ("share", "money")
"""Units whose values keep their decimal places even where they are zeros."""
_PLACES_IN_COLUMNS = frozenset({*ALWAYS_PLACES, "points", "number"})


_step = cache(lambda places: Decimal(1).scaleb(-places))


def is_chinese(language: str) -> bool:
    """Say whether a language code is one of the Chinese ones."""
    return language.startswith("zh")


def number_text(value: Decimal, unit: str, language: str) -> str:
    """Write a value with its unit: ``87.6%``, ``312 s``, ``1,073``."""
    return write(value, unit, language, keep_zeros=unit in ALWAYS_PLACES)


def column_text(value: Decimal, unit: str, language: str) -> str:
    """Write a value that stands above others of its unit: all with the same decimal places."""
    return write(value, unit, language, keep_zeros=unit in _PLACES_IN_COLUMNS)


def threshold_text(value: Decimal, unit: str, language: str) -> str:
    """Write a figure of a rule, without decimal places that say nothing: ``95%``, ``24 h``.

    A figure finer than its unit is usually shown is written out, so that a threshold is never
    rounded: ``94.75%``. Seconds that are no round hours stay seconds: ``23,000 s``.
    """
    shown, scale = displayed(value, unit)
    if scale != unit and shown != round(shown, 2):
        shown, scale = value, unit
    places = max(PLACES.get(scale, 2), -int(shown.normalize().as_tuple().exponent))
    figure = grouped(shown, places, keep_zeros=False)
    return figure + suffix(scale, language, figure)


def distance_text(value: Decimal, unit: str, language: str, *, places: int | None = None) -> str:
    """Write how far two values lie apart: ``3 s``; of shares, percentage points: ``1.5 pp``.

    Args:
        places: as many as the unit is shown with; by default as many as the figure has.
    """
    if unit != "share":
        write_it = threshold_text if places is None else number_text
        return write_it(value, unit, language)
    shown = value * 100
    finest = max(0, -int(shown.normalize().as_tuple().exponent))
    figure = grouped(shown, finest if places is None else places, keep_zeros=False)
    return f"{figure} 个百分点" if is_chinese(language) else f"{figure} pp"


def write(value: Decimal, unit: str, language: str, *, keep_zeros: bool) -> str:
    """Round half up to the places of the unit and add its sign."""
    shown, scale = displayed(value, unit)
    figure = grouped(shown, PLACES.get(scale, 2), keep_zeros=keep_zeros)
    return figure + suffix(scale, language, figure)


def displayed(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Give the figure as it is shown and the unit it is shown in."""
    if unit == "share":
        return value * 100, unit
    if unit == "s" and abs(value) >= HOURS_FROM:
        return value / HOUR, "h"
    return value, unit


def suffix(unit: str, language: str, figure: str) -> str:
    """Give the sign of a unit, as it stands after a figure: ``1 day``, ``1.5 days``."""
    english, chinese = SUFFIXES.get(unit, ("", ""))
    if is_chinese(language):
        return chinese
    return " day" if unit == "days" and figure == "1" else english


def grouped(value: Decimal, places: int, *, keep_zeros: bool) -> str:
    """Write a number with commas, rounded half up."""
    text = f"{value.quantize(_step(places), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".") if "." in text and not keep_zeros else text


def points_text(points: Decimal) -> str:
    """Write points: two places, none for whole points."""
    text = grouped(points, 2, keep_zeros=True)
    return text.removesuffix(".00")


def step_of(value: Decimal, unit: str) -> Decimal:
    """Give the smallest difference that can be seen between two shown values."""
    if unit == "share":
        return Decimal("0.001")
    if unit == "s":
        return Decimal(HOUR // 10 if abs(value) >= HOURS_FROM else 1)
    return Decimal(1).scaleb(-PLACES.get(unit, 2))


def aim_text(aim: Aim, unit: str, language: str) -> str:
    """Write what a rule asks for: ``≥ 95%``, ``≤ 12 h``, ``240–300 s``; empty if nothing."""
    low, high = aim
    if low is not None and high is not None:
        first, scale = displayed(low, unit)
        second, other = displayed(high, unit)
        if scale == other:
            start = grouped(first, 9, keep_zeros=False)
            end = grouped(second, 9, keep_zeros=False)
            return f"{start}–{end}{suffix(scale, language, end)}"
        ends = (threshold_text(end, unit, language) for end in (low, high))
        return "–".join(ends)
    if low is not None:
        return f"≥ {threshold_text(low, unit, language)}"
    if high is None:
        return ""
    return "0" if high == 0 else f"≤ {threshold_text(high, unit, language)}"
