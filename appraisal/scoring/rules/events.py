"""Rules that count events: each one takes from the item, or earns a part of it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, ClassVar, Self

import numpy as np

from appraisal.scoring.fixed import SCALE, Ints, multiply, repeat, to_fixed
from appraisal.scoring.reading import Reader, dump_number
from appraisal.scoring.rules.base import (
    NOTHING,
    Aim,
    Rule,
    Segment,
    Shares,
    at_least,
    clipped,
    constant,
    pick,
    run,
)


@dataclass(frozen=True, slots=True)
class Deduction(Rule):
    """The item is full without events; each takes ``points`` of its weight.

    Never below ``floor`` points; from ``zero_at`` events on (if given) the item is 0.
    """

    points: Decimal
    floor: Decimal
    zero_at: Decimal | None
    weight: Decimal

    kind: ClassVar[str] = "deduction"
    role: ClassVar[str] = "deduction"

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``points`` per event, ``floor`` and ``zero_at``."""
        most = weight if weight > 0 else None  # a faulty weight is noted where it stands
        rule = cls(
            points=reader.number("points"),
            floor=reader.number("floor", Decimal(0), low=0, high=most),
            zero_at=reader.optional_number("zero_at"),
            weight=weight,
        )
        note_event_rule(reader, rule.points)
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the parameters, those that say nothing left out."""
        written: dict[str, Any] = {"type": self.kind, "points": dump_number(self.points)}
        if self.floor:
            written["floor"] = dump_number(self.floor)
        if self.zero_at is not None:
            written["zero_at"] = dump_number(self.zero_at)
        return written

    def aim(self) -> Aim:
        """Ask for no event."""
        return Aim(None, Decimal(0))

    def span(self) -> Fraction:
        """Give the events that take the whole item."""
        return Fraction(self.weight) / Fraction(self.points)

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give what is left of the item after the events."""
        each = Fraction(self.points) / Fraction(self.weight)
        wholes = repeat(each.denominator * SCALE, len(values))
        lost = multiply(np.maximum(values, 0), each.numerator)
        left = clipped(wholes - lost, wholes)
        if self.floor:
            floor = Fraction(self.floor) / Fraction(self.weight)
            left = pick(at_least(*left, floor), left, constant(values, floor))
        if self.zero_at is None:
            return left
        return pick(values < to_fixed(self.zero_at), left, constant(values, NOTHING))

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give the number of events that leaves the wanted share, if that is not below 0."""
        events = (1 - wanted) * Fraction(self.weight) / Fraction(self.points)
        if self.zero_at is not None and events >= self.zero_at:
            events = Fraction(ceil(self.zero_at) - 1)
        return [Fraction(floor(events))] if events >= 0 else []

    def segments(self) -> tuple[Segment, ...]:
        """Give the fall to the floor, or to ``zero_at``, and a flat end."""
        weight, points = Fraction(self.weight), Fraction(self.points)
        floor = Fraction(self.floor) / weight
        low = (weight - Fraction(self.floor)) / points
        margin = max(low / 4, Fraction(1))
        if self.zero_at is None:
            return run((NOTHING, 1), (low, floor), (low + margin, floor))
        end = Fraction(self.zero_at)
        left = max(floor, 1 - end * points / weight)
        fall = run((NOTHING, 1), (min(low, end), left), (end, left))
        return (*fall, *run((end, 0), (end + margin, 0)))


@dataclass(frozen=True, slots=True)
class Bonus(Rule):
    """The item is empty without events; each earns ``points`` of its weight, up to all of it."""

    points: Decimal
    weight: Decimal

    kind: ClassVar[str] = "bonus"
    role: ClassVar[str] = "bonus"

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``points`` per event."""
        rule = cls(points=reader.number("points"), weight=weight)
        note_event_rule(reader, rule.points)
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the parameters."""
        return {"type": self.kind, "points": dump_number(self.points)}

    def aim(self) -> Aim:
        """Ask for as many events as fill the item."""
        return Aim(Decimal(ceil(Fraction(self.weight) / Fraction(self.points))), None)

    def span(self) -> Fraction:
        """Give the events that earn the whole item."""
        return Fraction(self.weight) / Fraction(self.points)

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give what the events earned of the item."""
        each = Fraction(self.points) / Fraction(self.weight)
        wholes = repeat(each.denominator * SCALE, len(values))
        return clipped(multiply(values, each.numerator), wholes)

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give the number of events that earns the wanted share."""
        events = wanted * Fraction(self.weight) / Fraction(self.points)
        return [Fraction(ceil(events))] if wanted <= 1 else []

    def segments(self) -> tuple[Segment, ...]:
        """Give the rise to the whole item and a flat end."""
        end = Fraction(self.weight) / Fraction(self.points)
        return run((NOTHING, 0), (end, 1), (end + max(end / 4, Fraction(1)), 1))


@dataclass(frozen=True, slots=True)
class Veto(Rule):
    """From ``at`` events on the grade is at most ``grade``, whatever the total; no points."""

    at: Decimal
    grade: str

    kind: ClassVar[str] = "veto"
    role: ClassVar[str] = "veto"

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``at`` and ``grade``; a veto has no weight."""
        if weight:
            reader.note("", "a veto caps the grade and has no weight: set the weight to 0")
        rule = cls(at=reader.number("at"), grade=reader.text("grade"))
        if reader.has("at") and rule.at <= 0:
            reader.note("at", "must be more than 0")
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the parameters."""
        return {"type": self.kind, "at": dump_number(self.at), "grade": self.grade}

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give nothing: a veto has no points."""
        return constant(values, NOTHING)

    def is_broken(self, values: Ints) -> Ints:
        """Say which values cap the grade."""
        return values >= to_fixed(self.at)

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Offer nothing: a veto gives no points."""
        return []

    def segments(self) -> tuple[Segment, ...]:
        """Give a flat line: there are no points."""
        return run((NOTHING, 0), (Fraction(self.at) * 2, 0))


def note_event_rule(reader: Reader, points: Decimal) -> None:
    """Note points per event that are not more than nothing."""
    if reader.has("points") and points <= 0:
        reader.note("points", "must be more than 0: the points of one event")
