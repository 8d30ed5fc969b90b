"""Rules along straight lines: linear, proportional, target range, share."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self

import numpy as np

from appraisal.scoring.fixed import Ints, to_fixed
from appraisal.scoring.reading import Reader, dump_number
from appraisal.scoring.rules.base import (
    DIRECTIONS,
    NOTHING,
    WHOLE,
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
class Linear(Rule):
    """Nothing at ``worst``, everything at ``best``, straight between; a target replaces best."""

    worst: Decimal
    best: Decimal

    kind: ClassVar[str] = "linear"

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``worst`` and ``best``; their order tells which way is better."""
        rule = cls(worst=reader.number("worst"), best=reader.number("best"))
        if rule.worst == rule.best and not reader.is_noted("worst", "best"):
            reader.note("best", "must differ from worst")
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the parameters."""
        ends = {"worst": dump_number(self.worst), "best": dump_number(self.best)}
        return {"type": self.kind, **ends}

    @property
    def sign(self) -> int:
        """Give 1 if more is better, -1 if less is."""
        return 1 if self.best > self.worst else -1

    def anchor(self) -> Decimal | None:
        """Give the best value."""
        return self.best

    def aimed_at(self, target: Decimal | None) -> "Linear":
        """Put a target in place of the best value, if it is better than the worst."""
        if target is None or self.sign * (target - self.worst) <= 0:
            return self
        return replace(self, best=target)

    def aim(self) -> Aim:
        """Give the best value."""
        return Aim(self.best, None) if self.sign > 0 else Aim(None, self.best)

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give how much of the way from worst to best is done.

        A target not better than ``worst`` leaves no way to go: reached, it gives everything.
        """
        best, worst = self.anchors(values, targets), to_fixed(self.worst)
        ways = self.sign * (best - worst)
        done = clipped(self.sign * (values - worst), np.maximum(ways, 1))
        if not (ways <= 0).any():
            return done
        reached = self.sign * (values - best) >= 0
        flat = pick(reached, constant(values, WHOLE), constant(values, NOTHING))
        return pick(ways > 0, done, flat)

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give the value that lies so far on the way."""
        best, worst = Fraction(self.best), Fraction(self.worst)
        return [worst + wanted * (best - worst)] if wanted <= 1 else []

    def span(self) -> Fraction:
        """Give the distance from worst to best."""
        return abs(Fraction(self.best) - Fraction(self.worst))

    def segments(self) -> tuple[Segment, ...]:
        """Give the slope, and a quarter of the span flat beyond both ends."""
        worst, best, margin = Fraction(self.worst), Fraction(self.best), self.span() / 4
        if self.sign > 0:
            return run((worst - margin, 0), (worst, 0), (best, 1), (best + margin, 1))
        return run((best - margin, 1), (best, 1), (worst, 0), (worst + margin, 0))


@dataclass(frozen=True, slots=True)
class Proportional(Rule):
    """As much of the item as of the target is reached, at most ``cap``, 0 below ``floor``.

    With ``better: lower`` the share is target / value: the whole up to the target, half of
    it at twice the target.
    """

    target: Decimal
    better: str
    cap: Decimal
    floor: Decimal

    kind: ClassVar[str] = "proportional"

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``target``, ``better``, ``cap`` (default 1) and ``floor`` (default 0)."""
        rule = cls(
            target=reader.number("target"),
            better=reader.choice("better", DIRECTIONS, "higher"),
            cap=reader.number("cap", Decimal(1), low=Decimal("0.01"), high=1),
            floor=reader.number("floor", Decimal(0), low=0, high=1),
        )
        if reader.has("target") and rule.target <= 0:
            reader.note("target", "must be more than 0")
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the parameters, those that say nothing left out."""
        written: dict[str, Any] = {"type": self.kind, "target": dump_number(self.target)}
        if self.better != "higher":
            written["better"] = self.better
        if self.cap != 1:
            written["cap"] = dump_number(self.cap)
        if self.floor:
            written["floor"] = dump_number(self.floor)
        return written

    def anchor(self) -> Decimal | None:
        """Give the target."""
        return self.target

    def aimed_at(self, target: Decimal | None) -> "Proportional":
        """Put a target of one's own in place of the rule's."""
        return self if target is None or target <= 0 else replace(self, target=target)

    def aim(self) -> Aim:
        """Give the target times the cap."""
        if self.better == "higher":
            return Aim(self.target * self.cap, None)
        return Aim(None, self.target)

    def top_share(self) -> Fraction:
        """Give the cap."""
        return Fraction(self.cap)

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give value / target (or target / value), capped, nothing below the floor.

        A target of 0 or less asks for nothing: it is reached by every value that is not
        worse than it.
        """
        aims, values = np.maximum(self.anchors(values, targets), 0), np.maximum(values, 0)
        parts, wholes = (values, aims) if self.better == "higher" else (aims, values)
        reached = (parts >= wholes) | (wholes == 0)
        raw = pick(reached, constant(values, WHOLE), Shares(parts, np.maximum(wholes, 1)))
        capped = raw
        if self.cap != 1:
            cap = Fraction(self.cap)
            capped = pick(at_least(*raw, cap), constant(values, cap), raw)
        if not self.floor:
            return capped
        enough = at_least(*raw, Fraction(self.floor))
        return pick(enough, capped, constant(values, NOTHING))

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give the value with that share, or the one at the floor if that is better."""
        aim, share = Fraction(self.target), max(wanted, Fraction(self.floor))
        if not 0 < share <= self.top_share():
            return []
        return [aim * share if self.better == "higher" else aim / share]

    def span(self) -> Fraction:
        """Give the target: the distance from nothing to everything."""
        return Fraction(self.target)

    def segments(self) -> tuple[Segment, ...]:
        """Give the line up to the target; with lower better, the curve in 12 pieces."""
        aim, cap = Fraction(self.target), Fraction(self.cap)
        if self.better == "lower":
            return self._falling(aim, cap)
        low = Fraction(self.floor) * aim
        start = run((NOTHING, 0), (low, 0)) if low else ()
        end = max(aim * cap, low)
        return (*start, *run((low, low / aim), (end, min(cap, end / aim)), (aim * 5 / 4, cap)))

    def _falling(self, aim: Fraction, cap: Fraction) -> tuple[Segment, ...]:
        """Give target / value from the target to four times the target, or to the floor."""
        far = min(Fraction(4), 1 / Fraction(self.floor)) if self.floor else Fraction(4)
        steps = [1 + (far - 1) * Fraction(at, 12) for at in range(13)]
        curve = [(aim * step, min(cap, 1 / step)) for step in steps]
        pieces = run((NOTHING, cap), *curve)
        last = aim * far
        return (*pieces, *run((last, 0), (last * 5 / 4, 0))) if self.floor else pieces


@dataclass(frozen=True, slots=True)
class TargetRange(Rule):
    """Everything from ``low`` to ``high``, straight down to nothing on either side."""

    low: Decimal
    high: Decimal
    zero_low: Decimal
    zero_high: Decimal

    kind: ClassVar[str] = "range"

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read the four corners, which must ascend."""
        rule = cls(
            zero_low=reader.number("zero_low"),
            low=reader.number("low"),
            high=reader.number("high"),
            zero_high=reader.number("zero_high"),
        )
        is_noted = reader.is_noted("zero_low", "low", "high", "zero_high")
        if not is_noted and not rule.zero_low < rule.low <= rule.high < rule.zero_high:
            reader.note("", "needs zero_low < low <= high < zero_high")
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the parameters."""
        keys = ("zero_low", "low", "high", "zero_high")
        return {"type": self.kind} | {key: dump_number(getattr(self, key)) for key in keys}

    def aim(self) -> Aim:
        """Give both ends of the full range."""
        return Aim(self.low, self.high)

    def span(self) -> Fraction:
        """Give the distance between the two zeros."""
        return Fraction(self.zero_high) - Fraction(self.zero_low)

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give 1 inside the range and the straight fall outside."""
        corners = (self.zero_low, self.low, self.high, self.zero_high)
        zero_low, low, high, zero_high = (to_fixed(corner) for corner in corners)
        rise = Shares(values - zero_low, np.full(values.shape, low - zero_low))
        fall = Shares(zero_high - values, np.full(values.shape, zero_high - high))
        sloped = pick(values < low, clipped(*rise), clipped(*fall))
        inside = (values >= low) & (values <= high)
        return pick(inside, constant(values, WHOLE), sloped)

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give the value on the same side that has the wanted share."""
        if wanted > 1:
            return []
        side = (self.zero_low, self.low) if value < self.low else (self.zero_high, self.high)
        zero, full = (Fraction(end) for end in side)
        return [zero + wanted * (full - zero)]

    def segments(self) -> tuple[Segment, ...]:
        """Give the trapezium, and a tenth of its width flat on both sides."""
        zero_low, low = Fraction(self.zero_low), Fraction(self.low)
        high, zero_high = Fraction(self.high), Fraction(self.zero_high)
        margin = (zero_high - zero_low) / 10
        corners = ((zero_low, 0), (low, 1), (high, 1), (zero_high, 0))
        return run((zero_low - margin, 0), *corners, (zero_high + margin, 0))


@dataclass(frozen=True, slots=True)
class ShareOf(Rule):
    """The value itself is the share of the item: an exam in points of 100, a rating."""

    of: Decimal

    kind: ClassVar[str] = "share"

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``of``: the value that is the whole (default 1)."""
        rule = cls(of=reader.number("of", Decimal(1)))
        if rule.of <= 0:
            reader.note("of", "must be more than 0")
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the parameters, the default left out."""
        return {"type": self.kind} | ({} if self.of == 1 else {"of": dump_number(self.of)})

    def anchor(self) -> Decimal | None:
        """Give the value that is the whole."""
        return self.of

    def aimed_at(self, target: Decimal | None) -> "ShareOf":
        """Put a target of one's own in place of the whole."""
        return self if target is None or target <= 0 else replace(self, of=target)

    def aim(self) -> Aim:
        """Give the value that is the whole."""
        return Aim(self.of, None)

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give value / of, from nothing to everything."""
        return clipped(values, np.maximum(self.anchors(values, targets), 1))

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give that share of the whole."""
        return [wanted * Fraction(self.of)] if wanted <= 1 else []

    def span(self) -> Fraction:
        """Give the whole."""
        return Fraction(self.of)

    def segments(self) -> tuple[Segment, ...]:
        """Give one line from nothing to everything."""
        return run((NOTHING, 0), (Fraction(self.of), 1))
