"""Lines that hang on conditions: by day, by month, and an award that is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from appraisal.pay.figures import (
    COUNTED,
    Column,
    Condition,
    Figure,
    Inputs,
    Numbers,
    Source,
    dump_figure,
    read_condition,
    read_figure,
    state_of,
    whole,
)
from appraisal.pay.money import flat, objects, priced
from appraisal.pay.rules.base import ONE, Settled, shown, texts_of
from appraisal.scoring.fixed import SCALE, Ints
from appraisal.scoring.reading import Reader


@dataclass(frozen=True, slots=True)
class Days:
    """So much for each day whose figure crosses a threshold; the part is the days measured."""

    condition: Condition
    amount: Figure

    kind: ClassVar[str] = "days"

    @classmethod
    def read(cls, reader: Reader) -> Days:
        """Read the rule."""
        condition = read_condition(reader.inner("when"))
        return cls(condition, read_figure(reader, "amount"))

    def dump(self) -> dict[str, Any]:
        """Write the rule as the document does."""
        return {"when": self.condition.dump(), "amount": dump_figure(self.amount)}

    def figures(self) -> Iterator[Figure]:
        """Give threshold and amount."""
        yield from (self.condition.threshold, self.amount)

    def sources(self, line: str, numbers: Numbers) -> Iterator[Source]:
        """Give the measure, day by day."""
        yield Source(line, self.condition.measure, each="day")

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Count the days past the threshold."""
        days = inputs.measured[line]
        states = objects(state_of(one) for one in days["state"])
        column = Column(whole(days["value"]), states)
        held = self.condition.verdicts(column, numbers)
        known = days.assign(known=column.is_known, held=[one is True for one in held])
        tally = known.groupby("agent_id")[["known", "held"]].sum()
        tally = tally.reindex(inputs.people.index, fill_value=0)
        why = {
            one for one in ("awaited", "not_measurable") if len(states) and (states == one).all()
        }
        counted, met = (objects(int(one) for one in tally[name]) for name in ("known", "held"))
        without = why.pop() if why else "no_data"
        return Settled(
            states=objects(COUNTED if one else without for one in counted),
            quantities=met * SCALE,
            money=priced(met * SCALE, numbers(self.amount), ONE),
            parts=texts_of([counted * SCALE]),
        )


@dataclass(frozen=True, slots=True)
class Conditional:
    """One amount that hangs on conditions; the parts are the figures held against them."""

    conditions: tuple[Condition, ...]
    amount: Figure

    key: ClassVar[str]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the rule."""
        conditions = [read_condition(entry) for entry in reader.entries(cls.key)]
        return cls(tuple(conditions), read_figure(reader, "amount"))

    def dump(self) -> dict[str, Any]:
        """Write the rule as the document does."""
        conditions = [one.dump() for one in self.conditions]
        return {self.key: conditions, "amount": dump_figure(self.amount)}

    def figures(self) -> Iterator[Figure]:
        """Give thresholds and amount."""
        yield from (one.threshold for one in self.conditions)
        yield self.amount

    def sources(self, line: str, numbers: Numbers) -> Iterator[Source]:
        """Give the measures of the conditions."""
        yield from _sources_of(line, self.conditions)


@dataclass(frozen=True, slots=True)
class Flat(Conditional):
    """One amount where every condition holds."""

    kind: ClassVar[str] = "flat"
    key: ClassVar[str] = "when"

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Give the amount where all hold; one that fails settles it, whatever is unknown."""
        columns, verdicts = _judged(line, self.conditions, inputs, numbers)
        fails = objects(any(one is False for one in row) for row in verdicts)
        holds = objects(all(one is True for one in row) for row in verdicts)
        return Settled(
            states=_states(fails | holds, columns),
            quantities=objects(int(bool(one)) * SCALE for one in holds),
            money=flat(holds, numbers(self.amount)),
            parts=texts_of([shown(column) for column in columns]),
        )


@dataclass(frozen=True, slots=True)
class Award(Conditional):
    """One amount, lost as soon as one of the conditions holds."""

    kind: ClassVar[str] = "award"
    key: ClassVar[str] = "lost_if"

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Give the amount where none holds; one that holds loses it, whatever is unknown."""
        columns, verdicts = _judged(line, self.conditions, inputs, numbers)
        lost = objects(any(one is True for one in row) for row in verdicts)
        kept = objects(all(one is False for one in row) for row in verdicts)
        return Settled(
            states=_states(lost | kept, columns),
            quantities=objects(int(bool(one)) * SCALE for one in kept),
            money=flat(kept, numbers(self.amount)),
            parts=texts_of([shown(column) for column in columns]),
        )


def _sources_of(line: str, conditions: tuple[Condition, ...]) -> Iterator[Source]:
    for at, condition in enumerate(conditions):
        yield Source(f"{line}.{at}", condition.measure)


def _judged(
    line: str, conditions: tuple[Condition, ...], inputs: Inputs, numbers: Numbers
) -> tuple[list[Column], list[tuple[Any, ...]]]:
    """The figure of each condition, and for each person what each condition says."""
    columns = [inputs.column(source) for source in _sources_of(line, conditions)]
    verdicts = [
        condition.verdicts(column, numbers)
        for condition, column in zip(conditions, columns, strict=True)
    ]
    return columns, list(zip(*verdicts, strict=True))


def _states(decided: Ints, columns: list[Column]) -> Ints:
    """Counted where it is decided, else why the first unknown figure is missing."""
    states: Ints = objects([COUNTED] * len(decided))
    for column in reversed(columns):
        states = np.where(column.is_known, states, column.states)
    return np.where(decided.astype(bool), COUNTED, states).astype(object)
