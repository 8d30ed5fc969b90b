"""Rules as pictures: the way from value to points as geometry, to be drawn elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from appraisal.scoring.fixed import fraction_to_decimal, half_up_int
from appraisal.scoring.rules.base import Rule, Segment
from appraisal.scoring.rules.steps import Steps

MINI = 1000
"""A mini picture is this wide and this high."""


class Point(NamedTuple):
    """A value and the points it gives."""

    value: Decimal
    points: Decimal


class Piece(NamedTuple):
    """A straight piece of the picture."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class RulePicture:
    """A rule in value and points coordinates; values ascend.

    ``stepped``: neighbouring pieces do not join, a dotted riser stands between them.
    ``here`` is the value looked at, ``next_step`` the nearest better threshold of a stepped
    rule, or where the whole item is reached.
    """

    pieces: tuple[Piece, ...]
    stepped: bool
    value_ticks: tuple[Decimal, ...]
    point_ticks: tuple[Decimal, ...]
    low: Decimal
    high: Decimal
    top: Decimal
    here: Point | None
    next_step: Point | None


def picture(
    rule: Rule,
    weight: Decimal | Fraction,
    value: Decimal | None = None,
    *,
    unit: str = "number",
    target: Decimal | None = None,
) -> RulePicture:
    """Draw a rule for an item of some weight.

    Args:
        weight: effective weight, the points at the top; exact (``changes.exact_weights``), the
            marked points are those of the line to the hundredth.
        value: the value to mark; the picture is made wide enough for it.
        unit: a share is drawn from 0 to 1 at most.
        target: a target of one's own, or the peers' average; without that, what is held
            against the average is drawn around 0.
    """
    around_zero = rule.needs_target and target is None
    rule, full = rule if around_zero else rule.aimed_at(target), Fraction(weight)
    top = fraction_to_decimal(full, 2)
    mark = None if value is None else Fraction(value)
    whole = fit(rule.segments(), mark, is_share=unit == "share")
    segments = rule.segments() if around_zero else whole
    pieces = tuple(make_piece(segment, full) for segment in segments)
    edges = {segment.from_value for segment in segments[1:]}
    heights = {end.points for piece in pieces for end in piece} | {Decimal(0), top}
    return RulePicture(
        pieces=pieces,
        stepped=isinstance(rule, Steps),
        value_ticks=tuple(fraction_to_decimal(edge) for edge in sorted(edges)),
        point_ticks=tuple(sorted(heights)) if isinstance(rule, Steps) else (Decimal(0), top),
        low=pieces[0].start.value,
        high=pieces[-1].end.value,
        top=top,
        here=None if mark is None else point_at(rule, mark, full),
        next_step=None if mark is None else next_point(rule, mark, full),
    )


def fit(
    segments: Sequence[Segment], mark: Fraction | None, *, is_share: bool
) -> tuple[Segment, ...]:
    """Widen the picture to hold the mark, and cut it to values that can be."""
    first, last = segments[0], segments[-1]
    low, high = first.from_value, last.to_value
    pieces = list(segments)
    if mark is not None and mark < low:
        pieces.insert(0, Segment(mark, first.from_share, low, first.from_share))
    if mark is not None and mark > high:
        pieces.append(Segment(high, last.to_share, mark, last.to_share))
    floor = min(Fraction(0), mark or Fraction(0))
    is_cut = is_share and last.from_value < 1  # a plan may be done by more than the whole
    ceiling = max(Fraction(1), mark or Fraction(1)) if is_cut else pieces[-1].to_value
    cut = [cut_segment(piece, floor, ceiling) for piece in pieces]
    return tuple(piece for piece in cut if piece.from_value < piece.to_value) or tuple(pieces)


def cut_segment(segment: Segment, floor: Fraction, ceiling: Fraction) -> Segment:
    """Keep the part of a piece between two values."""
    start = min(max(segment.from_value, floor), ceiling)
    end = min(max(segment.to_value, floor), ceiling)
    return Segment(start, height(segment, start), end, height(segment, end))


def height(segment: Segment, value: Fraction) -> Fraction:
    """Give the share of a piece at a value."""
    width = segment.to_value - segment.from_value
    if not width:
        return segment.from_share
    rise = segment.to_share - segment.from_share
    return segment.from_share + rise * (value - segment.from_value) / width


def make_piece(segment: Segment, full: Fraction) -> Piece:
    """Give a piece in value and points."""
    return Piece(
        Point(
            fraction_to_decimal(segment.from_value),
            fraction_to_decimal(segment.from_share * full, 2),
        ),
        Point(
            fraction_to_decimal(segment.to_value), fraction_to_decimal(segment.to_share * full, 2)
        ),
    )


def point_at(rule: Rule, value: Fraction, full: Fraction) -> Point:
    """Give the point of a value on the rule."""
    points = fraction_to_decimal(rule.share_of(value) * full, 2)
    return Point(fraction_to_decimal(value), points)


def next_point(rule: Rule, value: Fraction, full: Fraction) -> Point | None:
    """Give the nearest better threshold, or where the rule gives all it can."""
    here = rule.share_of(value)
    for candidate in rule.candidates(value, rule.top_share()):
        if rule.share_of(candidate) > here:
            return point_at(rule, candidate, full)
    return None


def mini_picture(rule: Rule) -> tuple[tuple[int, int], ...]:
    """Draw a rule as one line from (0, ...) to (1000, ...), the share 1 at height 1000.

    Steps are joined by upright risers.
    """
    segments = rule.segments()
    low, high = segments[0].from_value, segments[-1].to_value
    width = (high - low) or Fraction(1)
    corners = [
        (half_up_int((value - low) / width * MINI), half_up_int(share * MINI))
        for piece in segments
        for value, share in (
            (piece.from_value, piece.from_share),
            (piece.to_value, piece.to_share),
        )
    ]
    return tuple(corner for at, corner in enumerate(corners) if not at or corner != corners[at - 1])
