"""Lines that price a quantity: pieces by tiers, occurrences by size, what lies over a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np

from appraisal.pay.figures import (
    COUNTED,
    Figure,
    Inputs,
    Measure,
    Numbers,
    OverSource,
    Source,
    dump_figure,
    read_figure,
    read_measure,
    read_optional_figure,
)
from appraisal.pay.money import fixed_limit, nothing, objects, priced
from appraisal.pay.rules.base import (
    Settled,
    dump_per,
    field_of,
    note_field,
    read_per,
    texts_of,
)
from appraisal.scoring.fixed import SCALE, Ints, to_fixed
from appraisal.scoring.reading import Reader


@dataclass(frozen=True, slots=True)
class Tier:
    """A rate up to a quantity; the last tier has no end."""

    up_to: Figure | None
    rate: Figure

    def dump(self) -> dict[str, Any]:
        """Write the tier as the document does."""
        end = {} if self.up_to is None else {"up_to": dump_figure(self.up_to)}
        return end | {"rate": dump_figure(self.rate)}


@dataclass(frozen=True, slots=True)
class Pieces:
    """So much for each piece, by tiers; the parts are the quantities in each tier.

    Attributes:
        per: the rate is for so many units of the measure: 3600 turns seconds into hours.
        free: so many pieces count for nothing.
    """

    measure: Measure
    tiers: tuple[Tier, ...]
    per: Decimal
    free: Figure | None

    kind: ClassVar[str] = "pieces"

    @classmethod
    def read(cls, reader: Reader) -> Pieces:
        """Read the rule; ``rate`` alone stands for one tier."""
        measure = read_measure(reader)
        if reader.has("rate"):
            tiers = [Tier(None, read_figure(reader, "rate"))]
            reader.get("tiers")
        else:
            reader.get("rate")
            tiers = [_read_tier(entry) for entry in reader.entries("tiers")]
        if any(tier.up_to is None for tier in tiers[:-1]) or (
            tiers and tiers[-1].up_to is not None
        ):
            reader.note("tiers", "must each end at up_to, but for the last, which has no end")
        return cls(measure, tuple(tiers), read_per(reader), read_optional_figure(reader, "free"))

    def dump(self) -> dict[str, Any]:
        """Write the rule as the document does."""
        tiers: dict[str, Any] = {"tiers": [tier.dump() for tier in self.tiers]}
        if len(self.tiers) == 1:
            tiers = {"rate": dump_figure(self.tiers[0].rate)}
        free = {} if self.free is None else {"free": dump_figure(self.free)}
        return self.measure.dump() | tiers | dump_per(self.per) | free

    def figures(self) -> Iterator[Figure]:
        """Give rates, ends of tiers and what is free."""
        for tier in self.tiers:
            yield from (one for one in (tier.up_to, tier.rate) if one is not None)
        if self.free is not None:
            yield self.free

    def sources(self, line: str, numbers: Numbers) -> Iterator[Source]:
        """Give the measure."""
        yield Source(line, self.measure)

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Cut the quantity into tiers and price each."""
        column = inputs.column(Source(line, self.measure))
        free = to_fixed(numbers(self.free)) if self.free is not None else 0
        counted = np.maximum(column.values - free, 0)
        money, parts, start = nothing(inputs.size), [], 0
        for tier in self.tiers:
            end = fixed_limit(numbers(tier.up_to)) if tier.up_to is not None else None
            reached = counted if end is None else np.minimum(counted, end)
            portion = np.maximum(reached - start, 0)
            money += priced(portion, numbers(tier.rate), self.per)
            parts.append(portion)
            start = start if end is None else max(start, end)
        return Settled(column.states, column.values, money, texts_of(parts))


def _read_tier(reader: Reader) -> Tier:
    tier = Tier(read_optional_figure(reader, "up_to"), read_figure(reader, "rate"))
    reader.finish()
    return tier


@dataclass(frozen=True, slots=True)
class Step:
    """From so much in one occurrence on, the whole of it costs this rate."""

    at: Figure
    rate: Figure

    def dump(self) -> dict[str, Any]:
        """Write the step as the document does."""
        return {"from": dump_figure(self.at), "rate": dump_figure(self.rate)}


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Each occurrence by its own size: the whole of it at the rate of the step it reaches.

    The parts are, step by step, how many occurrences and what they add up to.
    """

    field: str
    where: str
    steps: tuple[Step, ...]
    per: Decimal

    kind: ClassVar[str] = "occurrences"

    @classmethod
    def read(cls, reader: Reader) -> Occurrences:
        """Read the rule."""
        rule = cls(
            field=reader.text("field"),
            where=reader.text("where") if reader.has("where") else "",
            steps=tuple(_read_step(entry) for entry in reader.entries("steps")),
            per=read_per(reader),
        )
        reader.get("where")
        note_field(reader, rule.field, rule.where)
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the rule as the document does."""
        where = {"where": self.where} if self.where else {}
        steps = {"steps": [step.dump() for step in self.steps]}
        return {"field": self.field} | where | steps | dump_per(self.per)

    def figures(self) -> Iterator[Figure]:
        """Give the steps and their rates."""
        for step in self.steps:
            yield from (step.at, step.rate)

    def sources(self, line: str, numbers: Numbers) -> Iterator[Source]:
        """Give, for each step, how many occurrences reach it and what they add up to."""
        fact, name = field_of(self.field)
        edges = [numbers(step.at) for step in self.steps]
        for at, low in enumerate(edges):
            start = f"{name} >= {low:f}" if low > 0 else f"{name} > 0"
            end = f" and {name} < {edges[at + 1]:f}" if at + 1 < len(edges) else ""
            also = f" and ({self.where})" if self.where else ""
            where = start + end + also
            yield Source(f"{line}.{at}.count", Measure(formula=f"count({fact}, where={where})"))
            added = f"coalesce(sum({self.field}, where={where}), 0)"
            yield Source(f"{line}.{at}.sum", Measure(formula=added))

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Price what the occurrences of each step add up to."""
        money, parts = nothing(inputs.size), []
        quantities = np.zeros(inputs.size, dtype=object)
        states: Ints = objects([COUNTED] * inputs.size)
        for at, step in enumerate(self.steps):
            counts = inputs.over(f"{line}.{at}.count")
            sums = inputs.over(f"{line}.{at}.sum")
            money += priced(sums.values, numbers(step.rate), self.per)
            quantities = quantities + counts.values
            states = np.where(states == COUNTED, counts.states, states)
            parts += [counts.values, sums.values]
        return Settled(states, quantities, money, texts_of(parts))


def _read_step(reader: Reader) -> Step:
    step = Step(read_figure(reader, "from"), read_figure(reader, "rate"))
    reader.finish()
    return step


@dataclass(frozen=True, slots=True)
class ShiftLimit:
    """How much is allowed in one row of these shifts, and in how many a day; 0 for any number."""

    shifts: tuple[str, ...]
    at: Figure
    times: int = 0

    def dump(self) -> dict[str, Any]:
        """Write the limit as the document does."""
        times = {"times": self.times} if self.times else {}
        return {"shifts": list(self.shifts), "at": dump_figure(self.at)} | times


@dataclass(frozen=True, slots=True)
class Overrun:
    """What lies beyond the limit of the shift, row by row; the part is what lies beyond in all."""

    field: str
    where: str
    limits: tuple[ShiftLimit, ...]
    unit: Decimal
    rate: Figure
    per: Decimal

    kind: ClassVar[str] = "overrun"

    @classmethod
    def read(cls, reader: Reader) -> Overrun:
        """Read the rule; ``unit`` is how much of the field one of a limit is."""
        rule = cls(
            field=reader.text("field"),
            where=reader.text("where") if reader.has("where") else "",
            limits=tuple(_read_limit(entry) for entry in reader.entries("limits")),
            unit=read_per(reader, "unit"),
            rate=read_figure(reader, "rate"),
            per=read_per(reader),
        )
        reader.get("where")
        note_field(reader, rule.field, rule.where)
        return rule

    def dump(self) -> dict[str, Any]:
        """Write the rule as the document does."""
        where = {"where": self.where} if self.where else {}
        limits = {"limits": [limit.dump() for limit in self.limits]}
        rate = {"rate": dump_figure(self.rate)}
        unit = dump_per(self.unit, "unit")
        return {"field": self.field} | where | limits | unit | rate | dump_per(self.per)

    def figures(self) -> Iterator[Figure]:
        """Give the limits and the rate."""
        yield from (limit.at for limit in self.limits)
        yield self.rate

    def sources(self, line: str, numbers: Numbers) -> Iterator[OverSource]:
        """Give the rows and the limits they are held against."""
        fact, name = field_of(self.field)
        limits = [
            (shift, numbers(limit.at) * self.unit)
            for limit in self.limits
            for shift in limit.shifts
        ]
        times = [
            (shift, limit.times) for limit in self.limits if limit.times for shift in limit.shifts
        ]
        yield OverSource(line, fact, name, self.where, tuple(limits), tuple(times))

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Price what lies beyond."""
        beyond = inputs.over(line)
        rows = inputs.measured[line].reindex(inputs.people.index)["sample"]
        quantities = objects(int(one) * SCALE for one in rows.fillna(0))
        money = priced(beyond.values, numbers(self.rate), self.per)
        return Settled(beyond.states, quantities, money, texts_of([beyond.values]))


def _read_limit(reader: Reader) -> ShiftLimit:
    limit = ShiftLimit(
        reader.words("shifts"), read_figure(reader, "at"), reader.whole("times", 0, low=0)
    )
    reader.finish()
    return limit
