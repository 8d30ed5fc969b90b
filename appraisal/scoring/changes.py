"""Which small change of a value gives how many points more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from appraisal.scoring.fixed import POINT, fraction_to_decimal, half_up_int
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.scheme import Item, Scheme
from appraisal.scoring.weights import spread_weights
from appraisal.scoring.wording import step_of


class Line(Protocol):
    """A line of a scorecard as it is stored, to be read only."""

    @property
    def item(self) -> str:
        """The code of the item."""

    @property
    def state(self) -> str:
        """How the line stands."""

    @property
    def value(self) -> Decimal | None:
        """What was measured, in its unit."""

    @property
    def numerator(self) -> Decimal | None:
        """The upper part of a ratio, or a sum."""

    @property
    def denominator(self) -> Decimal | None:
        """The lower part of a ratio."""

    @property
    def sample(self) -> int | None:
        """Rows behind the value."""

    @property
    def weight(self) -> Decimal:
        """Weight of 100 before anything moved."""

    @property
    def effective_weight(self) -> Decimal:
        """Weight of 100 as it counts, to the hundredth."""

    @property
    def points(self) -> Decimal | None:
        """Points of 100; none where the line gives none."""

    @property
    def target(self) -> Decimal | None:
        """The target that held, where it was not the rule's; the average of the peers."""

    @property
    def conditions(self) -> Any:
        """What the item's conditions came to, as ``beside.tell`` writes them; none without."""


def is_emptied(line: Line) -> bool:
    """Say whether a condition leaves the line without points, whatever its value."""
    return any(one["met"] and "zero" in one["effect"] for one in line.conditions or ())


@dataclass(frozen=True, slots=True)
class Change:
    """A better value and what it gives; ``more_rows`` where the value is a ratio of counts."""

    to_value: Decimal
    points: Decimal
    gain: Decimal
    more_rows: int | None
    of_rows: int | None


def rule_for(item: Item, line: Line) -> Rule:
    """Give the rule with the target that held for this line."""
    return item.rule.aimed_at(item.target if line.target is None else line.target)


def exact_weights(scheme: Scheme, lines: Sequence[Line]) -> Mapping[str, Fraction]:
    """Give the effective weights of one scorecard, exactly, by item."""
    return weights_by_state(scheme, {line.item: line.state for line in lines})


def weights_by_state(scheme: Scheme, states: Mapping[str, str]) -> Mapping[str, Fraction]:
    """Give the effective weights by item, exactly, where each item's line stands so."""
    scored = [states.get(item.code) == "scored" for item in scheme.items]
    zero = [
        item.missing == "zero" and states.get(item.code, "no_data") == "no_data"
        for item in scheme.items
    ]
    receives = [
        is_scored and item.role == "scored"
        for is_scored, item in zip(scored, scheme.items, strict=True)
    ]
    spread = spread_weights(
        scheme,
        counts=np.array([scored]) | np.array([zero]),
        receives=np.array([receives]),
    )
    pairs = zip(spread.numerators[0], spread.denominators[0], strict=True)
    weights = [Fraction(int(top), int(bottom)) for top, bottom in pairs]
    return dict(zip((item.code for item in scheme.items), weights, strict=True))


def points_at(rule: Rule, value: Decimal, weight: Fraction) -> Decimal:
    """Give the points of a value, rounded half up to the hundredth."""
    share = rule.share_of(Fraction(value))
    return Decimal(half_up_int(weight * share * POINT)).scaleb(-2)


def share_for(rule: Rule, points: Decimal, weight: Fraction) -> Fraction:
    """Give the least share whose points, rounded half up, are these.

    Where they are all that the rule gives, the share is all of it: nobody is told to aim at 99.9
    of 100.
    """
    top = rule.top_share()
    if half_up_int(weight * top * POINT) == points * POINT:
        return top
    return max((Fraction(points) - Fraction(1, 2 * POINT)) / weight, Fraction(0))


def list_changes(
    rule: Rule,
    line: Line,
    *,
    weight: Fraction,
    points: Decimal,
    unit: str,
    by_rows: bool = True,
) -> list[Change]:
    """Give changes worth trying to reach some points on a scored line, nearest first.

    None for a line that a condition empties: its own value decides nothing.

    Args:
        weight: the exact effective weight.
        points: the points wanted; steps are offered whether they reach them or not.
        unit: values are moved to the next one that can be seen in this unit.
        by_rows: a ratio of counts is moved by whole rows; not one of time, whose parts are no
            cases.
    """
    if line.value is None or line.points is None or weight <= 0 or is_emptied(line):
        return []
    wanted = share_for(rule, points, weight)
    changes = []
    for candidate in rule.candidates(Fraction(line.value), wanted):
        change = make_change(rule, line, candidate, weight=weight, unit=unit, by_rows=by_rows)
        if change is not None and change.gain > 0:
            changes.append(change)
    return changes


def make_change(
    rule: Rule,
    line: Line,
    candidate: Fraction,
    *,
    weight: Fraction,
    unit: str,
    by_rows: bool = True,
) -> Change | None:
    """Move a line to a value, by whole rows where it is a ratio of counts."""
    rows = count_rows(line, candidate, unit) if by_rows else None
    of_rows = None if rows is None else int(line.denominator or 0)
    if rows is not None and of_rows:
        numerator = int(line.numerator or 0) + rows
        if not 0 <= numerator <= of_rows:
            return None
        to_value = fraction_to_decimal(Fraction(numerator, of_rows))
    else:
        to_value = round_onwards(Fraction(line.value or 0), candidate, unit)
    if (unit == "share" and to_value > 1) or to_value < 0:
        return None
    points = points_at(rule, to_value, weight)
    return Change(to_value, points, points - (line.points or 0), rows, of_rows)


def is_count_ratio(line: Line, unit: str, *, may_exceed: bool = False) -> bool:
    """Say whether the value is so many of so many, or more than those where it ``may_exceed``."""
    top, bottom = line.numerator, line.denominator
    if unit != "share" or top is None or not bottom:
        return False
    if top < 0 or (top > bottom and not may_exceed):
        return False
    return top == int(top) and bottom == int(bottom)


def count_rows(line: Line, candidate: Fraction, unit: str) -> int | None:
    """Give how many rows more (or fewer) reach a ratio; ``None`` if it is no ratio of counts."""
    if not is_count_ratio(line, unit):
        return None
    missing = candidate * int(line.denominator or 0) - int(line.numerator or 0)
    if candidate >= Fraction(line.value or 0):
        return -(-missing.numerator // missing.denominator)
    return missing.numerator // missing.denominator


def round_onwards(start: Fraction, end: Fraction, unit: str) -> Decimal:
    """Round a value to what can be shown, away from where it started."""
    step = Fraction(step_of(fraction_to_decimal(end), unit))
    units = end / step
    floor = units.numerator // units.denominator
    whole = -(-units.numerator // units.denominator) if end >= start else floor
    return fraction_to_decimal(whole * step)
