"""A rule that holds each person against the average of the peers."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Self

import numpy as np

from appraisal.scoring.fixed import Ints, to_fixed
from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.base import DIRECTIONS, Aim, Segment, Shares
from appraisal.scoring.rules.steps import Bands, Step, Steps, note_disorder


@dataclass(frozen=True, slots=True)
class Peers(Steps):
    """Steps by how much worse than the peers' average a value is; beyond the last, nothing.

    A step's ``at`` is that distance in the KPI's unit, itself included; a negative one asks
    for better than the average. The average comes as the target of each value; without one
    the line is not applicable. Seen without an average, the rule stands around 0.
    """

    kind: ClassVar[str] = "peers"
    entries: ClassVar[str] = "bands"
    needs_target: ClassVar[bool] = True

    @classmethod
    def parse(cls, reader: Reader, *, weight: Decimal) -> Self:
        """Read ``better`` and the list of ``bands``, best first."""
        better = reader.choice("better", DIRECTIONS)
        inner = reader.entries(cls.entries)
        steps = tuple(cls.parse_step(entry, weight=weight) for entry in inner)
        note_disorder(reader, cls.entries, steps, better="lower", weight=weight)
        return cls(better=better, steps=steps)

    @classmethod
    def parse_step(cls, entry: Reader, *, weight: Decimal) -> Step:
        """Read ``at`` and either ``points`` of the item's weight or ``share``."""
        return Bands.parse_step(entry, weight=weight)

    def aimed_at(self, target: Decimal | None) -> Bands:
        """Give the bands of values that the distances make around an average."""
        average = Decimal(0) if target is None else target
        sign = 1 if self.better == "lower" else -1
        steps = (replace(step, at=average + sign * step.at) for step in self.steps)
        return Bands(better=self.better, steps=tuple(steps))

    def worse_by(self, values: Ints, averages: Ints | None) -> Ints:
        """Give how much worse than the average each value is, negative where it is better."""
        gaps = values if averages is None else values - averages
        return gaps if self.better == "lower" else -gaps

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give the share of the step that the distance to each average reaches."""
        return self.by_distance().share(self.worse_by(values, targets))

    def reached(self, values: Ints) -> Ints:
        """Give the index of the first step that holds around an average of 0."""
        return self.by_distance().reached(self.worse_by(values, None))

    def step_from(self, value: Decimal, average: Decimal) -> int:
        """Give the index of the step a value reaches, ``len(steps)`` where it reaches none."""
        gap = np.array([to_fixed(value) - to_fixed(average)])
        return int(self.reached(gap)[0])

    def by_distance(self) -> Bands:
        """Give the steps as bands of the distance, which is better the lower it is."""
        return Bands(better="lower", steps=self.steps)

    def candidates(self, value: Fraction, wanted: Fraction) -> list[Fraction]:
        """Give the better thresholds around an average of 0, nearest first."""
        return self.aimed_at(None).candidates(value, wanted)

    def aim(self) -> Aim:
        """Ask for the best step around an average of 0."""
        return self.aimed_at(None).aim()

    def segments(self) -> tuple[Segment, ...]:
        """Give the treads around an average of 0, with room on both sides."""
        bands, margin = self.aimed_at(None), self.span() / 4
        low = min(Fraction(step.at) for step in bands.steps)
        return bands.treads(low - margin, margin)
