"""What a sentence about a line rests on, and how its figures are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from appraisal.scoring.changes import Line
from appraisal.scoring.fixed import fraction_to_decimal
from appraisal.scoring.phrases import say
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.steps import Steps
from appraisal.scoring.scheme import Item
from appraisal.scoring.wording import (
    PLACES,
    beside_text,
    distance_text,
    duration_text,
    is_split,
    number_text,
    points_text,
    threshold_text,
)
from kpi.formula.basis import Basis


@dataclass(frozen=True, slots=True)
class ToldCondition:
    """A condition of an item as it is stored with the line, and how its KPI is called.

    ``value`` and ``met`` are ``None`` where the figure is unknown; ``on`` says when the value
    was reached, in words, empty where no single day did.
    """

    name: str
    unit: str
    side: str
    threshold: Decimal
    effects: tuple[str, ...]
    value: Decimal | None
    met: bool | None
    on: str = ""

    @property
    def empties(self) -> bool:
        """Whether it leaves the item without points."""
        return bool(self.met) and "zero" in self.effects


def read_conditions(
    stored: Sequence[Mapping[str, Any]] | None,
    names: Mapping[str, tuple[str, str]],
    days: Mapping[str, str] | None = None,
) -> list[ToldCondition]:
    """Read what a line stored of its conditions.

    Args:
        stored: as ``beside.tell`` writes them.
        names: KPI code to its name and its unit; an unknown one is called by its code.
        days: KPI code to the words for the day that reached the value.
    """
    return [read_condition(one, names, days or {}) for one in stored or ()]


def read_condition(
    stored: Mapping[str, Any], names: Mapping[str, tuple[str, str]], days: Mapping[str, str]
) -> ToldCondition:
    """Read one condition."""
    name, unit = names.get(stored["kpi"], (stored["kpi"], "number"))
    return ToldCondition(
        name=name,
        unit=unit,
        side=stored["side"],
        threshold=Decimal(stored["threshold"]),
        effects=tuple(stored["effect"]),
        value=None if stored["value"] is None else Decimal(stored["value"]),
        met=stored["met"],
        on=days.get(stored["kpi"], ""),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A scored line being told: its value and the way numbers are written.

    ``beside`` are the figures that the sentences hold the value against; ``basis`` is what a
    ratio is made of.
    """

    item: Item
    line: Line
    value: Decimal
    unit: str
    language: str
    beside: tuple[Decimal, ...] = ()
    basis: Basis = "cases"

    def number(self, value: Decimal) -> str:
        """Write a measured value."""
        return number_text(value, self.unit, self.language)

    def own(self) -> str:
        """Write the line's value, so that it can be told from the figures beside it."""
        return beside_text(self.value, self.unit, self.language, beside=self.beside)

    def gap(self, value: Decimal) -> str:
        """Write how far the value lies beyond a figure, which is never nothing."""
        if any(is_split(one, self.unit) for one in self.beside):
            return duration_text(value, self.language)
        return beside_text(value, self.unit, self.language, beside=(Decimal(0),))

    def threshold(self, value: Decimal) -> str:
        """Write a figure of the rule, in the unit of those beside it."""
        if any(is_split(one, self.unit) for one in self.beside):
            return duration_text(value, self.language)
        return threshold_text(value, self.unit, self.language)

    def distance(self, value: Decimal, *, is_exact: bool) -> str:
        """Write how far two values lie apart, as measured or as the rule has it."""
        places = None if is_exact else PLACES["share"]
        return distance_text(value, self.unit, self.language, places=places)

    def per_event(self, points: Decimal) -> str:
        """Write the points of one event, on the scale of the total of 100."""
        scaled = Fraction(points) * Fraction(self.line.effective_weight)
        return points_text(fraction_to_decimal(scaled / Fraction(self.item.weight)))

    def say(self, key: str, **fields: str) -> str:
        """Fill a sentence; value, points and full weight are always at hand."""
        known = {
            "value": self.own(),
            "points": points_text(self.line.points or Decimal(0)),
            "full": points_text(self.line.effective_weight),
        }
        return say(key, self.language, **(known | fields))


def figures_of(rule: Rule) -> tuple[Decimal, ...]:
    """Give the figures of a rule that a value is held against."""
    if isinstance(rule, Steps):
        return tuple(step.at for step in rule.steps)
    names = ("worst", "best", "target", "low", "high", "zero_low", "zero_high", "of", "at")
    found = (getattr(rule, name, None) for name in names)
    return tuple(figure for figure in found if figure is not None)


def percent(share: Fraction) -> str:
    """Write a share as a percentage, with more than one place where it is just under the whole."""
    exact = fraction_to_decimal(share)
    return beside_text(exact, "share", "en", beside=(Decimal(0), Decimal(1)))
