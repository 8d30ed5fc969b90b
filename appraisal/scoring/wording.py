"""Numbers as people read them, by unit and language."""

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from appraisal.scoring.rules.base import Aim

HOUR = 3600
HOURS_FROM = 2 * HOUR
"""Seconds from which a duration reads better in hours."""
FINEST = 9
"""Decimal places that stored values have."""

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
MEASURE_WORDS = frozenset("次份通张件封项个条分名位笔单")
"""Chinese measure words that the nouns of samples begin with."""
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
    rounded: ``94.75%``. Seconds that are no round hours are split: ``6 h 23 min 20 s``.
    """
    if is_split(value, unit):
        return duration_text(value, language)
    shown, scale = displayed(value, unit)
    places = max(PLACES.get(scale, 2), -int(shown.normalize().as_tuple().exponent))
    figure = grouped(shown, places, keep_zeros=False)
    return figure + suffix(scale, language, figure)


def is_split(value: Decimal, unit: str) -> bool:
    """Say whether seconds are so long that they are read in hours, and are no round hours."""
    shown, scale = displayed(value, unit)
    return scale != unit and shown != round(shown, 2)


def duration_text(seconds: Decimal, language: str, *, places: int = FINEST) -> str:
    """Write seconds by hours, minutes and seconds: ``6 h 23 min 20 s``, ``45 min``, ``0 s``.

    Args:
        places: decimal places of the seconds, rounded half up; none that are zeros are written.
    """
    left = abs(seconds).quantize(_step(places), ROUND_HALF_UP)
    hours, left = divmod(left, HOUR)
    minutes, left = divmod(left, 60)
    last = grouped(left, places, keep_zeros=False)
    units = (("h", "小时"), ("min", "分" if last != "0" else "分钟"), ("s", "秒"))
    figures = (f"{hours:,f}", f"{minutes:f}", last)
    chinese = is_chinese(language)
    told = [
        f"{figure} {unit[chinese]}"
        for figure, unit in zip(figures, units, strict=True)
        if figure != "0"
    ]
    sign = "-" if seconds < 0 else ""
    return sign + (" ".join(told) or f"0 {units[-1][chinese]}")


def beside_text(value: Decimal, unit: str, language: str, *, beside: Collection[Decimal]) -> str:
    """Write a value that stands in one sentence with the figures it is held against.

    It gets as many decimal places as it takes to stand on the same side of each of them when
    rounded: ``4.496`` beside 4.5, ``87.6%`` beside 90%. Beside hours that are split it is split.
    """
    split = any(is_split(one, unit) for one in beside)
    _shown, scale = displayed(value, unit)
    start = 0 if split else PLACES.get(scale, 2)
    for places in range(start, FINEST + 1):
        if all(_is_apart(value, one, unit, places=places, split=split) for one in beside):
            break
    if split:
        return duration_text(value, language, places=places)
    return write(value, unit, language, keep_zeros=unit in ALWAYS_PLACES, places=places)


def _is_apart(value: Decimal, other: Decimal, unit: str, *, places: int, split: bool) -> bool:
    """Say whether a value rounded to some places lies as it does beside another one."""
    (shown, scale), held = displayed(value, unit), other
    if split:
        shown = value
    elif scale != unit:
        held = other / HOUR
    elif unit == "share":
        held = other * 100
    rounded = shown.quantize(_step(places), ROUND_HALF_UP)
    return (rounded > held, rounded < held) == (value > other, value < other)


def counted_text(count: int, noun: str, language: str) -> str:
    """Write so many of what a noun names, where the noun stands elsewhere in the sentence.

    Chinese repeats the measure word that the noun begins with: ``1,659 次`` of ``次联络``.
    """
    if not is_chinese(language):
        return f"{count:,}"
    return f"{count:,} {noun[:1] if noun[:1] in MEASURE_WORDS else '个'}"


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


def write(
    value: Decimal, unit: str, language: str, *, keep_zeros: bool, places: int | None = None
) -> str:
    """Round half up, to the places of the unit unless told otherwise, and add its sign."""
    shown, scale = displayed(value, unit)
    figure = grouped(
        shown, PLACES.get(scale, 2) if places is None else places, keep_zeros=keep_zeros
    )
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
        if scale == other and not (is_split(low, unit) or is_split(high, unit)):
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
