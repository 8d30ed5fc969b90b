"""Rules in steps: bands of points, and named levels."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any, ClassVar, Self

import numpy as np

from appraisal.scoring.fixed import Ints, to_fixed
from appraisal.scoring.reading import Reader, Text, dump_number
from appraisal.scoring.rules.base import DIRECTIONS, Aim, Rule, Segment, Shares


@dataclass(frozen=True, slots=True)
class Step:
    """What is given from a value on, the value included."""

    at: Decimal
    share: Fraction
    points: Decimal | None = None
    code: str = ""
    name: Text | None = None

    def dump(self) -> dict[str, Any]:
        """Write the step as the document does."""
        written: dict[str, Any] = {"code": self.code} if self.code else {}
        if self.name:
            written["name"] = self.name.dump()
        written["at"] = dump_number(self.at)
        if self.points is not None:
            return written | {"points": dump_number(self.points)}
        return written | {
            "share": dump_number(Decimal(self.share.numerator) / self.share.denominator)
        }


@dataclass(frozen=True, slots=True)
class Steps(Rule):
    """Steps from the best to the worst; below the last one nothing is given."""

    better: str
    steps: tuple[Step, ...]

    entries: ClassVar[str]

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``better`` and the list of steps, best first."""
        better = reader.choice("better", DIRECTIONS, "higher")
        inner = reader.entries(cls.entries)
        steps = tuple(cls.parse_step(entry, weight=weight) for entry in inner)
        note_disorder(reader, cls.entries, steps, better=better, weight=weight)
        return cls(better=better, steps=steps)

    @classmethod
    def parse_step(cls, entry: Reader, *, weight: Decimal) -> Step:
        """Read one step."""
        raise NotImplementedError

    def dump(self) -> dict[str, Any]:
        """Write the parameters."""
        steps = [step.dump() for step in self.steps]
        return {"type": self.kind, "better": self.better, self.entries: steps}

    def reached(self, values: Ints) -> Ints:
        """Give the index of the first step that holds, ``len(steps)`` where none does."""
        thresholds = np.array([to_fixed(step.at) for step in self.steps], dtype=np.int64)
        if self.better == "lower":
            return np.searchsorted(thresholds, values, side="left")
        return len(thresholds) - np.searchsorted(thresholds[::-1], values, side="right")

    def step_at(self, value: int) -> int:
        """Give the index of the first step that holds for one fixed point value."""
        return int(self.reached(np.array([value], dtype=np.int64))[0])

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give the share of the step each value reaches."""
        whole = lcm(*(step.share.denominator for step in self.steps))
        table = [int(step.share * whole) for step in self.steps] + [0]
        numerators = np.array(table, dtype=np.int64)[self.reached(values)]
        return Shares(numerators, np.full(values.shape, whole, dtype=np.int64))

    def level_codes(self) -> tuple[str, ...]:
        """Give the codes of the steps, best first; empty for bands."""
        return tuple(step.code for step in self.steps if step.code)

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give the thresholds of the better steps, nearest first."""
        ends = [Fraction(step.at) for step in self.steps]
        if self.better == "lower":
            return sorted((end for end in ends if end < value), reverse=True)
        return sorted(end for end in ends if end > value)

    def aim(self) -> Aim:
        """Give the threshold of the best step."""
        best = self.steps[0].at
        return Aim(best, None) if self.better == "higher" else Aim(None, best)

    def top_share(self) -> Fraction:
        """Give the share of the best step."""
        return self.steps[0].share

    def span(self) -> Fraction:
        """Give the distance from the first to the last step."""
        distance = abs(Fraction(self.steps[0].at) - Fraction(self.steps[-1].at))
        return distance or abs(Fraction(self.steps[0].at)) or Fraction(1)

    def segments(self) -> tuple[Segment, ...]:
        """Give the treads, with one of a quarter of the span (at least) beyond both ends."""
        low = min(Fraction(step.at) for step in self.steps)
        margin = self.span() / 4
        return self.treads(max(low - margin, min(low, Fraction(0))), margin)

    def treads(self, start: Fraction, margin: Fraction) -> tuple[Segment, ...]:
        """Give the treads from a value on to a margin beyond the last threshold."""
        rising = self.steps[::-1] if self.better == "higher" else self.steps
        ends = [Fraction(step.at) for step in rising]
        edges = [start, *ends, ends[-1] + margin]
        shares = [step.share for step in rising]
        treads = [Fraction(0), *shares] if self.better == "higher" else [*shares, Fraction(0)]
        pieces = zip(edges, edges[1:], treads, strict=False)
        return tuple(Segment(start, share, end, share) for start, end, share in pieces)


@dataclass(frozen=True, slots=True)
class Bands(Steps):
    """Points or shares by bands: from (or down to) a threshold, that band's points."""

    kind: ClassVar[str] = "bands"
    entries: ClassVar[str] = "bands"

    @classmethod
    def parse_step(cls, entry: Reader, *, weight: Decimal) -> Step:
        """Read ``at`` and either ``points`` of the item's weight or ``share``."""
        at, points = entry.number("at"), entry.optional_number("points")
        share = Fraction(0)
        if points is not None:
            share = points_share(entry, "points", points, weight=weight)
        else:
            share = Fraction(entry.number("share", low=0, high=1))
        entry.finish()
        return Step(at=at, share=share, points=points)


@dataclass(frozen=True, slots=True)
class Levels(Steps):
    """Named levels, such as qualified and excellent, each worth a share of the item."""

    kind: ClassVar[str] = "levels"
    entries: ClassVar[str] = "levels"

    @classmethod
    def parse_step(cls, entry: Reader, *, weight: Decimal) -> Step:
        """Read ``code``, ``name`` (optional for known codes), ``at`` and ``share``."""
        step = Step(
            code=entry.text("code"),
            name=entry.names("name") if entry.has("name") else None,
            at=entry.number("at"),
            share=Fraction(entry.number("share", low=0, high=1)),
        )
        entry.finish()
        return step


def points_share(reader: Reader, key: str, points: Decimal, *, weight: Decimal) -> Fraction:
    """Give points as a share of the item's weight, noting points that do not fit in it.

    Nothing fits a faulty weight; it is noted where it stands, and nothing here.
    """
    if weight <= 0:
        return Fraction(0)
    if points < 0 or points > weight:
        reader.note(key, f"must be from 0 to the item's weight, {dump_number(weight)}")
    return Fraction(points) / Fraction(weight)


def note_disorder(
    reader: Reader, key: str, steps: tuple[Step, ...], *, better: str, weight: Decimal
) -> None:
    """Note steps that do not run from the best to the worst, those apart that are faulty."""
    codes = [step.code for step in steps if step.code]
    if len(codes) != len(set(codes)):
        reader.note(key, "has the same code twice")
    for at, (upper, lower) in enumerate(pairwise(steps), start=1):
        both = [f"{key}[{at - 1}]", f"{key}[{at}]"]
        ordered = upper.at > lower.at if better == "higher" else upper.at < lower.at
        if not ordered and not reader.is_noted(*(f"{one}.at" for one in both)):
            way = "descend" if better == "higher" else "ascend"
            reader.note(f"{key}[{at}].at", f"must {way}: write the best band first")
        gifts = (f"{one}.{field}" for one in both for field in ("points", "share"))
        if gives_more(lower, upper, weight=weight) and not reader.is_noted(*gifts):
            reader.note(f"{key}[{at}]", "must not give more than the better band before it")


def gives_more(lower: Step, upper: Step, *, weight: Decimal) -> bool:
    """Say whether a step gives more than the one before it; points are compared as points."""
    if lower.points is not None and upper.points is not None:
        return lower.points > upper.points
    is_mixed = (lower.points is None) != (upper.points is None)
    return not (is_mixed and weight <= 0) and lower.share > upper.share
