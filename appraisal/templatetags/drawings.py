"""Rules and grade scales as inline SVG, each for a wide page and for a phone.

Text in a picture is never scaled down, so that the phone has a drawing of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents.figures import rounded
from appraisal.scoring.pictures import Piece, Point, RulePicture
from appraisal.scoring.wording import HOURS_FROM, points_text, threshold_text

register = template.Library()

# Class of the drawing, and its width in the units of its view box.
_SIZES = (("wide-pic", 470), ("phone-pic", 322))
_HEIGHT, _TOP, _GROUND, _LEFT, _RIGHT = 196, 22.0, 162.0, 34.0, 14.0
# Two labels of an axis closer than this would run into each other.
_LABEL_WIDTH, _LABEL_HEIGHT = 40.0, 12.0
_LETTER = 6.0
# About how wide a letter of 11 pixels is.
_LETTER, _IDEOGRAM = 5.8, 11.5
# How far a name may stand out at the right: less than the gutter of a phone.
_OVERHANG = 12.0

_SCALE_SIZES = (("wide-pic", 560), ("phone-pic", 358))


@dataclass(frozen=True)
class Frame:
    """Turns values and points into places on the drawing."""

    picture: RulePicture
    width: int

    def across(self, value: Decimal) -> float:
        """Where a value stands."""
        span = float(self.picture.high - self.picture.low) or 1.0
        room = self.width - _LEFT - _RIGHT
        return _LEFT + float(value - self.picture.low) / span * room

    def up(self, points: Decimal) -> float:
        """Where points stand."""
        return _GROUND - float(points) / (float(self.picture.top) or 1.0) * (_GROUND - _TOP)


@register.filter
def shortly(points: Decimal | None) -> str:
    """Points with two places, whole ones with none."""
    return "" if points is None else points_text(points)


@register.simple_tag
def rule_picture(picture: RulePicture, unit: str, value_name: str = "") -> SafeString:
    """Draw a rule from value to points, with the value and the next step marked.

    Args:
        unit: of the values.
        value_name: what stands under the axis: the KPI's name.
    """
    return format_html_join(
        "", "{}", ((_rule(picture, unit, value_name, *size),) for size in _SIZES)
    )


def _rule(
    picture: RulePicture, unit: str, value_name: str, css_class: str, width: int
) -> SafeString:
    frame = Frame(picture, width)
    written = _writer(unit)
    return format_html(
        '<svg class="rule-pic {}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '{}{}{}{}<text x="{}" y="192" text-anchor="end">{}</text>'
        '<text x="0" y="10">{}</text>{}</svg>',
        css_class,
        width,
        _HEIGHT,
        _spoken(picture, written),
        _grid(frame),
        _risers(frame),
        _pieces(frame),
        _ticks(frame, written),
        f"{width - _RIGHT:.0f}",
        value_name,
        _("points"),
        _marks(frame, written),
    )


def _writer(unit: str) -> Callable[[Decimal], str]:
    language = get_language() or "en"
    return lambda value: threshold_text(_shown(value, unit), unit, language)


def _shown(value: Decimal, unit: str) -> Decimal:
    """A marked value is measured: two places are enough beside a drawing, seconds beside hours."""
    if unit == "s" and abs(value) >= HOURS_FROM:
        return rounded(value, 0)
    return rounded(value, 3 if unit == "share" else 1)


def _spoken(picture: RulePicture, written: Callable[[Decimal], str]) -> str:
    corners = [picture.pieces[0].start, *(piece.end for piece in picture.pieces)]
    parts = [f"{written(corner.value)} → {points_text(corner.points)}" for corner in corners]
    if picture.here is not None:
        here = f"{written(picture.here.value)} → {points_text(picture.here.points)}"
        return _("Here: %(here)s. The rule: %(rule)s.") % {
            "here": here,
            "rule": _(", ").join(parts),
        }
    return _(", ").join(parts)


def _grid(frame: Frame) -> SafeString:
    lines, last = [], float("inf")
    for points in frame.picture.point_ticks:
        at = frame.up(points)
        label = points_text(points) if last - at >= _LABEL_HEIGHT else ""
        last = at if label else last
        lines.append(
            (f"{frame.width - _RIGHT:.0f}", f"{at:.1f}", f"{at:.1f}", f"{at + 4:.1f}", label)
        )
    return format_html_join(
        "",
        '<line class="gridline" x1="34" x2="{}" y1="{}" y2="{}"/>'
        '<text x="26" y="{}" text-anchor="end">{}</text>',
        lines,
    )


def _risers(frame: Frame) -> SafeString:
    if not frame.picture.stepped:
        return SafeString()
    pairs = zip(frame.picture.pieces, frame.picture.pieces[1:], strict=False)
    risers = [(left, right) for left, right in pairs if left.end.points != right.start.points]
    return format_html_join(
        "",
        '<line class="riser" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
        (
            (
                f"{frame.across(right.start.value):.1f}",
                f"{min(frame.up(left.end.points), frame.up(right.start.points)):.1f}",
                f"{_GROUND:.0f}",
            )
            for left, right in risers
        ),
    )


def _pieces(frame: Frame) -> SafeString:
    return format_html_join(
        "", '<path class="fn" d="{}"/>', ((_path(frame, run),) for run in _runs(frame.picture))
    )


def _runs(picture: RulePicture) -> list[list[Piece]]:
    """Pieces that join are one line; steps stay apart."""
    runs: list[list[Piece]] = []
    for piece in picture.pieces:
        if runs and not picture.stepped and runs[-1][-1].end == piece.start:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _path(frame: Frame, run: Sequence[Piece]) -> str:
    corners = [run[0].start, *(piece.end for piece in run)]
    places = [f"{frame.across(one.value):.1f} {frame.up(one.points):.1f}" for one in corners]
    return "M" + "L".join(places)


def _ticks(frame: Frame, written: Callable[[Decimal], str]) -> SafeString:
    labels = [(written(one), frame.across(one)) for one in frame.picture.value_ticks]
    return format_html_join(
        "",
        '<text x="{}" y="178" text-anchor="middle">{}</text>',
        ((f"{at:.1f}", text) for text, at in _spaced(labels)),
    )


def _spaced(labels: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Leave out labels that would run into the one before them."""
    kept: list[tuple[str, float]] = []
    for text, at in labels:
        if not kept or at - kept[-1][1] >= max(
            _LABEL_WIDTH, (_width(text) + _width(kept[-1][0])) / 2
        ):
            kept.append((text, at))
    return kept


def _width(text: str) -> float:
    """About how wide a label is; a Chinese character is twice as wide as a Latin letter."""
    return sum(_LETTER * (1 + ("\u4e00" <= letter <= "\u9fff")) for letter in text)


def _marks(frame: Frame, written: Callable[[Decimal], str]) -> SafeString | str:
    here, after = frame.picture.here, frame.picture.next_step
    if here is None:
        return ""
    drawn = _next(frame, after, written) if after is not None else ""
    x, y = frame.across(here.value), frame.up(here.points)
    slope = _slope(frame.picture, here)
    text = f"{written(here.value)} → {points_text(here.points)}"
    # Under a rising line there is room at its right, under a falling one at its left, and
    # above what is flat.
    side = y + 20 if slope and y + 24 < _GROUND else y - 10
    return format_html(
        '{}<line class="here-line" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<circle class="here" cx="{}" cy="{}" r="5.5"/>{}',
        drawn,
        f"{x:.1f}",
        f"{x:.1f}",
        f"{y:.1f}",
        f"{_GROUND:.0f}",
        f"{x:.1f}",
        f"{y:.1f}",
        _label("here-text", text, x, side, right=slope >= 0, width=frame.width),
    )


def _slope(picture: RulePicture, here: Point) -> int:
    """Whether the rule rises (1), falls (-1) or is flat (0) where the value lies; steps rise."""
    if picture.stepped:
        return 1
    over = [one for one in picture.pieces if one.start.value <= here.value <= one.end.value]
    rises = [one.end.points - one.start.points for one in over]
    sloped = [rise for rise in rises if rise]
    if not sloped or len(sloped) < len(rises):
        return 0
    return 1 if sloped[0] > 0 else -1


def _next(frame: Frame, after: Point, written: Callable[[Decimal], str]) -> SafeString:
    x, y = frame.across(after.value), frame.up(after.points)
    text = f"{written(after.value)} → {points_text(after.points)}"
    here = frame.picture.here
    is_left = here is not None and after.value > here.value
    return format_html(
        '<circle class="next" cx="{}" cy="{}" r="4"/>{}',
        f"{x:.1f}",
        f"{y:.1f}",
        _label("strong", text, x, y - 8, right=not is_left, width=frame.width),
    )


def _label(css_class: str, text: str, x: float, y: float, *, right: bool, width: int) -> SafeString:
    """Put a label on the wanted side of its mark, or on the other where there is no room."""
    reach = _width_of(text) + 7
    right = (right and x + reach <= width) or x - reach < 0
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
        css_class,
        f"{x + 7 if right else x - 7:.1f}",
        f"{y:.1f}",
        "start" if right else "end",
        text,
    )


@dataclass(frozen=True)
class Threshold:
    """A grade and the total from which it is given."""

    at: Decimal
    name: str
    is_reached: bool


@register.simple_tag
def grade_scale(total: Decimal, thresholds: Sequence[Threshold], missing: str = "") -> SafeString:
    """Draw a total between 0 and 100 with the grades.

    Args:
        thresholds: ascending, without the grade that begins at nothing.
        missing: the words for the way to the next grade; empty at the best one.
    """
    return format_html_join(
        "", "{}", ((_scale(total, thresholds, missing, *size),) for size in _SCALE_SIZES)
    )


def _scale(
    total: Decimal, thresholds: Sequence[Threshold], missing: str, css_class: str, width: int
) -> SafeString:
    full = float(min(max(total, Decimal(0)), Decimal(100))) / 100 * width
    after = next((one for one in thresholds if one.at > total), None)
    gap = 0.0 if after is None else float(after.at) / 100 * width - full
    return format_html(
        '<svg class="scale {}" viewBox="0 0 {} 52" role="img" aria-label="{}">'
        '<rect class="seg" y="18" width="{}" height="8" rx="2"/>'
        '<rect class="fill" y="18" width="{}" height="8" rx="2"/>'
        '<rect class="miss" x="{}" y="18" width="{}" height="8"/>{}{}{}</svg>',
        css_class,
        width,
        _scale_words(total, thresholds),
        width,
        f"{full:.1f}",
        f"{full:.1f}",
        f"{max(gap, 0):.1f}",
        _scale_ticks(thresholds, width),
        _scale_names(thresholds, width),
        _scale_now(total, missing, full, width),
    )


def _scale_words(total: Decimal, thresholds: Sequence[Threshold]) -> str:
    grades = _(", ").join(
        _("%(grade)s from %(points)s") % {"grade": one.name, "points": points_text(one.at)}
        for one in thresholds
    )
    return _("Total %(total)s of 100. %(grades)s.") % {"total": total, "grades": grades}


def _scale_ticks(thresholds: Sequence[Threshold], width: int) -> SafeString:
    return format_html_join(
        "",
        '<line class="tick" x1="{0}" x2="{0}" y1="17" y2="27"/>',
        ((f"{float(one.at) / 100 * width:.1f}",) for one in thresholds),
    )


def _scale_names(thresholds: Sequence[Threshold], width: int) -> SafeString:
    """The names right of their ticks: first the grade reached, then what is above it."""
    reached = next((at for at, one in enumerate(thresholds) if one.is_reached), 0)
    order = [*thresholds[reached:], *thresholds[:reached][::-1]]
    taken: list[tuple[float, float]] = []
    names = []
    for one in order:
        text = f"{points_text(one.at)} {one.name}"
        start = min(float(one.at) / 100 * width + 2, width + _OVERHANG - _width_of(text))
        end = start + _width_of(text) + 4
        if all(end <= left or start >= right for left, right in taken):
            taken.append((start, end))
            names.append(("now" if one.is_reached else "", f"{start:.1f}", text))
    return format_html_join("", '<text class="{}" x="{}" y="43">{}</text>', names)


def _scale_now(total: Decimal, missing: str, full: float, width: int) -> SafeString:
    now = f"{total:.2f}"
    end = max(full, _width_of(now))
    start = end + 6
    if start + _width_of(missing) > width:
        start = width - _width_of(missing)
        end = min(end, start - 6)
    return format_html(
        '<text class="now" x="{}" y="10" text-anchor="end">{}</text><text x="{}" y="10">{}</text>',
        f"{end:.1f}",
        now,
        f"{start:.1f}",
        missing,
    )


def _width_of(text: str) -> float:
    return sum(_IDEOGRAM if ord(letter) > 0x2E80 else _LETTER for letter in text)
