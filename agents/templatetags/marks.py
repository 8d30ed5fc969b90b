"""Small drawings as inline SVG: sparklines, bars, grades, progress, icons.

Sizes stand in attributes and colours in the stylesheet, so no inline style is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

Number = Decimal | int | float

# Share of an item's points from which a cell has its level; below the last one it is 1.
LEVELS = ((Decimal("0.95"), 4), (Decimal("0.70"), 3), (Decimal("0.45"), 2))

_ICONS = {
    "back": ("12", "M8 2 4 6l4 4"),
    "forward": ("12", "m4 2 4 4-4 4"),
    "open": ("12", "m4 2 4 4-4 4"),
    "done": ("12", "m2 6.5 2.8 2.8L10 3.5"),
    "failed": ("12", "m3 3 6 6M9 3 3 9"),
    "close": ("12", "m3 3 6 6M9 3 3 9"),
    "menu": ("14", "M1.5 4h11M1.5 10h11"),
    "down": ("14", "M7 1.5v7M4 6l3 3 3-3M2 12h10"),
    "up": ("14", "M7 9.5v-7M4 5l3-3 3 3M2 12h10"),
    "add": ("14", "M7 2v10M2 7h10"),
    "arrow": ("14", "M1 7h12M9 3l4 4-4 4"),
    "search": ("14", "M6 10.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M9.5 9.5l3 3"),
}
_GRADE_BARS = ((0, 8, 3.6), (3.6, 5.4, 6.2), (7.2, 2.8, 8.8), (10.8, 0.2, 11.4))
_SPARK = {"": (72, 22, 4, 18), "large": (120, 28, 5, 23)}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon; the words beside it say what it means."""
    size, path = _ICONS[name]
    return format_html(
        '<svg viewBox="0 0 {} {}" aria-hidden="true"><path d="{}"/></svg>', size, size, path
    )


def level_of(share: Number) -> int:
    """Give the level, 4 to 1, of a share of an item's points."""
    return next((level for floor, level in LEVELS if share >= floor), 1)


@register.simple_tag
def bar(share: Number | None, level: int | str = "") -> SafeString | str:
    """Draw a share, 0 to 1, as a bar; without a share there is no bar."""
    if share is None:
        return ""
    return format_html(
        '<svg class="bar" data-level="{}" viewBox="0 0 100 4" preserveAspectRatio="none"'
        ' aria-hidden="true"><rect width="{}" height="4"/></svg>',
        level or level_of(share),
        f"{min(max(float(share), 0), 1) * 100:.1f}",
    )


@register.simple_tag
def grade_glyph(step: int, name: str) -> SafeString:
    """Write a grade: a word and one to four bars; step 0 is no grade."""
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="2.6" height="{}" rx=".5"{}/>',
        (
            (x, y, height, mark_safe(' class="on"' if place < step else ""))  # noqa: S308
            for place, (x, y, height) in enumerate(_GRADE_BARS)
        ),
    )
    return format_html(
        '<span class="grade" data-grade="{}"><svg viewBox="0 0 14 12" aria-hidden="true">{}</svg>'
        "{}</span>",
        step,
        bars,
        name,
    )


@register.simple_tag
def sparkline(values: Sequence[Number | None], label: str = "", size: str = "") -> SafeString | str:
    """Draw values in their order; a missing one is a gap. Fewer than two values give nothing.

    Args:
        values: oldest first, evenly spaced.
        label: what a screen reader says, with the values in words.
        size: nothing or ``large``.
    """
    points = _spark_points(values, size)
    if len(points) < 2:
        return ""
    width, height = _SPARK[size][:2]
    _place, x, y = points[-1]
    # A board draws one for everybody: but for the label all of it is written here.
    return mark_safe(  # noqa: S308
        f'<svg class="spark{" spark-lg" if size else ""}" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{conditional_escape(label)}"><path d="{_spark_path(points)}"/>'
        f'<circle cx="{x}" cy="{y}" r="2.25"/></svg>'
    )


def _spark_points(values: Sequence[Number | None], size: str) -> list[tuple[int, str, str]]:
    """Place, x and y of every value that is there; the values' own range fills the height."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return []
    width, _height, top, bottom = _SPARK[size]
    low, span = min(known), max(known) - min(known)
    step = (width - 6) / max(len(values) - 1, 1)
    middle = (top + bottom) / 2

    def height_of(value: float) -> float:
        return bottom - (value - low) / span * (bottom - top) if span else middle

    return [
        (place, f"{3 + place * step:.1f}", f"{height_of(float(value)):.1f}")
        for place, value in enumerate(values)
        if value is not None
    ]


def _spark_path(points: list[tuple[int, str, str]]) -> str:
    path, before = "", None
    for place, x, y in points:
        path += f"{'L' if before is not None and place == before + 1 else 'M'}{x} {y}"
        before = place
    return path


@register.simple_tag
def stackbar(parts: Iterable[tuple[int | str, int]]) -> SafeString | str:
    """Draw how many there are of each grade as one bar, in the order given.

    Args:
        parts: grade step and count.
    """
    shown = [(step, count) for step, count in parts if count]
    total = sum(count for _step, count in shown)
    if not total:
        return ""
    gap = 0.6
    rects, at = [], 0.0
    for step, count in shown:
        width = count * 100 / total
        rects.append((step, f"{at:.2f}", f"{max(width - gap, 0.3):.2f}"))
        at += width
    return format_html(
        '<svg class="stackbar" viewBox="0 0 100 8" preserveAspectRatio="none"'
        ' aria-hidden="true">{}</svg>',
        format_html_join("", '<rect data-grade="{}" x="{}" width="{}" height="8"/>', rects),
    )


@register.simple_tag
def progress(done: int, total: int, label: str) -> SafeString:
    """Draw how far something has come; an unknown total moves without an end."""
    if not total:
        return format_html('<progress max="100" aria-label="{}"></progress>', label)
    share = min(100, 100 * done // total)
    return format_html(
        '<progress value="{}" max="100" aria-label="{}">{}</progress>',
        share,
        label,
        _("%(share)s%%") % {"share": share},
    )
